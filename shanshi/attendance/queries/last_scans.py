"""The last scans at a door, with those that were taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Coalesce

from shanshi.attendance.models import Scan, ScanUndone, Visit
from shanshi.attendance.rules import Direction, VisitState
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies

MOST: Final = 10


@dataclass(frozen=True, slots=True)
class LastScan:
    """One of the last scans at a door.

    undone_at  when it was taken back, or None
    undo_until until when it may be; None if it may not
    """

    id: UUID
    holder_id: UUID
    direction: Direction
    scanned_at: datetime
    undone_at: datetime | None
    undo_until: datetime | None


def last_scans(shift_id: UUID, *, at: datetime, limit: int = MOST) -> list[LastScan]:
    """Return the last scans at a shift that opened or closed a visit, the latest first, in three queries.

    at  with a time zone
    """
    latest = (
        Visit.objects.filter(shift_id=shift_id)
        .annotate(moved_at=Coalesce(F("left_at"), F("came_at")))
        .order_by("-moved_at", "-id")[:limit]
    )
    visits = list(latest)
    undone = {
        row.scan_id: row
        for row in ScanUndone.objects.filter(shift_id=shift_id).order_by("-undone_at")[:limit]
    }
    last_word = {
        scan
        for visit in visits
        for scan in [visit.left_scan or visit.came_scan]
        if visit.state in {VisitState.OPEN, VisitState.LEFT}
    }
    wanted = {scan for visit in visits for scan in (visit.came_scan, visit.left_scan) if scan}
    holders = {visit.holder_id for visit in visits} | {row.holder_id for row in undone.values()}
    rows = Scan.objects.filter(Q(pk__in=wanted | set(undone)), holder_id__in=holders)
    within = timedelta(minutes=int(policies.in_force("check_in", city_day(at)).values["undo_minutes"]))
    return [
        LastScan(
            id=row.pk,
            holder_id=row.holder_id,
            direction=Direction(row.direction),
            scanned_at=row.scanned_at,
            undone_at=undone[row.pk].undone_at if row.pk in undone else None,
            undo_until=row.received_at + within
            if row.pk in last_word and row.pk not in undone and at - row.received_at <= within
            else None,
        )
        for row in rows.order_by("-scanned_at", "-id")[:limit]
    ]
