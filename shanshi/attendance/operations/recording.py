"""Visits of the past that come with a city's case: into a demo database only, by the rules of every visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from psycopg.types.range import TimestamptzRange

from shanshi.activities import queries as activities
from shanshi.activities.queries import ShiftFacts
from shanshi.activities.queries.doors import placed_on
from shanshi.attendance import rules
from shanshi.attendance.rules import Band, CodeKind, Direction, VisitState
from shanshi.foundation import installation
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import DomainError
from shanshi.kernel.ids import id_of, new_id
from shanshi.kernel.period import Period
from shanshi.kernel.quantities import MINUTE
from shanshi.policies import queries as policies

_DEVICE: Final = id_of("device", "case")
_VISITS: Final = (
    "COPY attendance_visit (id, holder_id, activity_id, shift_id, served_on, state, came_at, left_at, during,"
    " came_scan, left_scan, doubts, reason, policy, source) FROM STDIN"
)
_SCANS: Final = (
    "COPY attendance_scan (id, holder_id, visit_id, activity_id, shift_id, direction, code_kind, device,"
    " nonce, scanned_at, received_at, scanned_by, band, minutes, source) FROM STDIN"
)


@dataclass(frozen=True, slots=True)
class VisitRow:
    """One visit of a case. Times carry a zone.

    left_at  None: never checked out, or still inside
    """

    shift_id: UUID
    activity_id: UUID
    holder_id: UUID
    came_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Kept:
    """A visit that was found possible, ready to be written."""

    id: UUID
    row: VisitRow
    shift: Period
    kind: str
    state: VisitState
    until: datetime

    @property
    def minutes(self) -> int | None:
        """What the check-out said."""
        if self.row.left_at is None or self.kind != rules.EARNING_KIND:
            return None
        return rules.time_inside(self.row.came_at, self.row.left_at, self.shift) // MINUTE


@transaction.atomic
def record_visits(rows: Sequence[VisitRow], *, source: str, by: Actor, at: datetime) -> list[UUID]:
    """Write the visits of a case with a scan for each end, and return their ids in the order given.

    Every rule of a visit holds: the shift was published before it began, the person has a place on it, the
    door was open, nobody is in two places at once. A visit without an end is forgotten once its door is shut.

    source  "case"
    at      when it is written, with a time zone; no visit is later

    Raises SignInNeeded. rules.NotACase: another source, or this is no demo database. rules.VisitImpossible:
    says which visit and why. Then nothing has changed.
    """
    by.known()
    if source != "case" or not installation.is_demo():
        raise rules.NotACase
    shifts = {shift.id: shift for shift in activities.shifts({row.shift_id for row in rows})}
    placed = placed_on(shifts)
    kept = []
    for number, row in enumerate(rows, start=1):
        try:
            kept.append(_checked(row, shifts.get(row.shift_id), placed, at))
        except DomainError as refusal:
            raise rules.VisitImpossible(number=number, why=refusal.code) from refusal
    _check_overlaps(kept)
    _write(kept, by=by, at=at)
    return [one.id for one in kept]


def _checked(
    row: VisitRow, shift: ShiftFacts | None, placed: Mapping[UUID, frozenset[UUID]], at: datetime
) -> _Kept:
    if shift is None or shift.activity_id != row.activity_id:
        raise rules.ShiftUnknown
    if not rules.takes_check_ins(
        shift.starts_at, shift.published_at, state=shift.state, cancelled_at=shift.cancelled_at
    ):
        raise rules.ShiftNotOpen
    if row.holder_id not in placed[shift.id]:
        raise rules.NotSignedUp
    period = Period(shift.starts_at, shift.ends_at)
    day = rules.day_of(shift.starts_at)
    times = rules.DoorTimes.of(policies.in_force("check_in", day).values)
    hours = rules.door_hours(period, times)
    if row.came_at < hours.starts_at:
        raise rules.CheckInNotYet(opens_at=rules.local(hours.starts_at))
    if row.came_at >= min(period.ends_at, at):
        raise rules.CheckInOver(ended_at=rules.local(min(period.ends_at, at)))
    if row.left_at is not None and not row.came_at < row.left_at <= min(hours.ends_at, at):
        raise rules.CheckOutOver(closed_at=rules.local(min(hours.ends_at, at)))
    state = VisitState.LEFT
    if row.left_at is None:
        state = VisitState.FORGOTTEN if hours.ends_at < at else VisitState.OPEN
    return _Kept(new_id(), row, period, shift.kind, state, hours.ends_at)


def _check_overlaps(kept: Sequence[_Kept]) -> None:
    # The database forbids it too; here the line is known.
    in_order = sorted(enumerate(kept, start=1), key=lambda pair: (pair[1].row.holder_id, pair[1].row.came_at))
    last: _Kept | None = None
    for number, one in in_order:
        same = last is not None and last.row.holder_id == one.row.holder_id
        if last is not None and same and one.row.came_at < (last.row.left_at or last.until):
            raise rules.VisitImpossible(number=number, why=rules.VisitOverlaps.code)
        last = one


def _write(kept: Sequence[_Kept], *, by: Actor, at: datetime) -> None:
    scans: list[tuple[Any, ...]] = []
    visits: list[tuple[Any, ...]] = []
    for one in kept:
        row, came_scan = one.row, new_id()
        left_scan = new_id() if row.left_at else None
        scans.append(_scan(came_scan, one, Direction.IN, row.came_at, None, by, at))
        if left_scan and row.left_at:
            scans.append(_scan(left_scan, one, Direction.OUT, row.left_at, one.minutes, by, at))
        visits.append(
            (
                one.id,
                row.holder_id,
                row.activity_id,
                row.shift_id,
                rules.day_of(one.shift.starts_at),
                one.state.value,
                row.came_at,
                row.left_at,
                TimestamptzRange(row.came_at, row.left_at or one.until, "[)"),
                came_scan,
                left_scan,
                [],
                "",
                "",
                "case",
            )
        )
    try:
        with transaction.atomic():
            _copy(_VISITS, visits)
            _copy(_SCANS, scans)
    except IntegrityError as error:
        raise rules.VisitImpossible(number="?", why=rules.VisitOverlaps.code) from error


def _scan(
    scan_id: UUID,
    one: _Kept,
    direction: Direction,
    happened_at: datetime,
    minutes: int | None,
    by: Actor,
    at: datetime,
) -> tuple[Any, ...]:
    row = one.row
    return (
        scan_id,
        row.holder_id,
        one.id,
        row.activity_id,
        row.shift_id,
        direction.value,
        CodeKind.CASE.value,
        _DEVICE,
        scan_id.hex,
        happened_at,
        at,
        by.known(),
        Band.UNKNOWN.value,
        minutes,
        "case",
    )


def _copy(statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
