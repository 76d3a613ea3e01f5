"""A leader takes a scan back at the door: the visit is as it was before, and the scan stays in the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from shanshi.activities import queries as activities
from shanshi.attendance import models, rules
from shanshi.attendance.rules import Direction, VisitState
from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies
from shanshi.registry import queries as registry

# A doubt, so that whoever confirms sees it: this visit goes on after a check-out that was taken back.
REOPENED: Final = "left_undone"

_REOPEN: Final = """
    UPDATE attendance_visit
    SET state = 'open', left_at = NULL, left_scan = NULL, during = tstzrange(came_at, %s),
        doubts = array_append(array_remove(array_remove(doubts, 'left_far'), %s), %s)
    WHERE holder_id = %s AND id = %s
"""
_TAKE_AWAY: Final = """
    UPDATE attendance_visit SET state = 'undone', during = 'empty' WHERE holder_id = %s AND id = %s
"""


@dataclass(frozen=True, slots=True)
class Undone:
    """A scan that was taken back; `is_again`: it was so before."""

    scan_id: UUID
    visit_id: UUID
    holder_id: UUID
    direction: Direction
    undone_at: datetime
    is_again: bool = False


@transaction.atomic
def undo(scan_id: UUID, *, shift_id: UUID, by: Actor, at: datetime) -> Undone:
    """Take a scan back, and return what was taken back. Twice is once.

    A visit that it opened was never made; one that it closed is open again, until its volunteer checks out.
    Nobody gains a minute: a visit still earns only between a check-in and a check-out of its own.

    shift_id  at whose door it was; by whoever runs it, as access decides
    at        with a time zone

    Raises SignInNeeded; rules.ScanUnknown; OwnScan, UndoTooLate, ScanOvertaken, also where the person has
    been somewhere else since. Then nothing has changed.
    Source: policy "check_in", undo_minutes.
    Locks the visit: a check-out and a confirmation wait for it, or it for them.
    """
    by.known()
    scan = models.Scan.objects.filter(pk=scan_id, shift_id=shift_id).first()
    if scan is None:
        raise rules.ScanUnknown
    visit = models.Visit.objects.select_for_update().get(holder_id=scan.holder_id, pk=scan.visit_id)
    before = models.ScanUndone.objects.filter(holder_id=scan.holder_id, scan_id=scan.pk).first()
    if before is not None:
        return _answer(scan, before.undone_at, is_again=True)
    values = policies.in_force("check_in", city_day(at)).values
    closes_at = activities.shift(shift_id).ends_at + rules.DoorTimes.of(values).closes_after
    after = rules.state_before(
        rules.ScanToUndo(scan.pk, scan.received_at, visit.state, visit.came_scan, visit.left_scan),
        at=at,
        minutes=int(values["undo_minutes"]),
        closes_at=closes_at,
        is_own=scan.holder_id in {by.holder_id, *registry.guarded(by.known(), at=at)},
    )
    _write(visit, after, closes_at)
    models.ScanUndone.objects.create(
        holder_id=scan.holder_id,
        scan_id=scan.pk,
        visit_id=visit.pk,
        shift_id=shift_id,
        undone_at=at,
        undone_by=by.known(),
    )
    audit.record(
        "attendance.undo",
        f"shift:{shift_id}",
        by=by,
        at=at,
        before={"scan": str(scan.pk), "visit": visit.state},
        after={"visit": after.value},
    )
    return _answer(scan, at)


def _write(visit: models.Visit, after: VisitState, closes_at: datetime) -> None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            if after is VisitState.UNDONE:
                cursor.execute(_TAKE_AWAY, [visit.holder_id, visit.pk])
            else:
                cursor.execute(_REOPEN, [closes_at, REOPENED, REOPENED, visit.holder_id, visit.pk])
    except IntegrityError as error:
        # Open again it would overlap where the person has been since.
        raise rules.ScanOvertaken from error


def _answer(scan: models.Scan, undone_at: datetime, *, is_again: bool = False) -> Undone:
    return Undone(scan.pk, scan.visit_id, scan.holder_id, Direction(scan.direction), undone_at, is_again)
