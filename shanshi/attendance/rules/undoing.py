"""When a scan may be taken back at the door, and what then becomes of its visit. Plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shanshi.attendance.rules.states import VisitState
from shanshi.kernel.errors import N_, DomainError, Missing


class ScanUnknown(Missing):
    """There is no such scan at this shift."""

    code = "attendance.scan_unknown"
    says = N_("There is no such scan at this shift.")
    way = N_("Choose one of the last scans on the door's page.")


class UndoTooLate(DomainError):
    """A scan is taken back within minutes, or not at all."""

    code = "attendance.undo_too_late"
    says = N_("A scan can be taken back for {minutes} minutes, and this one is older.")
    way = N_("Let the volunteer scan again; what is wrong afterwards is set right by a correction.")


class ScanOvertaken(DomainError):
    """Something came after the scan: another one, the confirmation, the end of the door's time."""

    code = "attendance.scan_overtaken"
    says = N_("What came after this scan stands on it, so it can no longer be taken back.")
    way = N_("Take back the latest scan of this person first, if it was wrong too.")


class OwnScan(DomainError):
    """The scan is the leader's own, or that of a child in the leader's care."""

    code = "attendance.own_scan"
    says = N_("Nobody takes back the own scan, or that of a child in the own care.")
    way = N_("Ask another leader of the shift.")


@dataclass(frozen=True, slots=True)
class ScanToUndo:
    """A scan as it is on record, with the visit that it opened or closed.

    received_at  when the platform took it, with a time zone
    state        of the visit, as it stands now
    came_scan, left_scan  the scans that opened and closed the visit
    """

    scan_id: UUID
    received_at: datetime
    state: str
    came_scan: UUID
    left_scan: UUID | None


def state_before(
    scan: ScanToUndo, *, at: datetime, minutes: int, closes_at: datetime, is_own: bool
) -> VisitState:
    """Return how the visit stands once the scan is taken back: open again, or never made.

    at         with a time zone
    minutes    within which a scan may be taken back (policy "check_in")
    closes_at  until when somebody may check out of the shift, with a time zone
    is_own     whether the scan is that of the person who asks, or of a ward

    Raises OwnScan; UndoTooLate; ScanOvertaken: it is no longer the last word about its visit, the visit is
    confirmed, or nobody could check out any more, so that the volunteer would lose it.
    Source: check_in policy, undo_minutes (sample policy of this project).
    """
    if is_own:
        raise OwnScan
    if at - scan.received_at > timedelta(minutes=minutes):
        raise UndoTooLate(minutes=minutes)
    if scan.state == VisitState.OPEN and scan.scan_id == scan.came_scan:
        return VisitState.UNDONE
    if scan.state == VisitState.LEFT and scan.scan_id == scan.left_scan and at <= closes_at:
        return VisitState.OPEN
    raise ScanOvertaken
