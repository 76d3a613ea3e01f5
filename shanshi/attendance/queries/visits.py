"""Who was where, when, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from shanshi.activities import queries as activities
from shanshi.attendance.models import Evaluation, FailedScan, Scan, ScanLocation, ScanUndone, Stamp, Visit
from shanshi.attendance.rules import PastVisit, VisitState
from shanshi.foundation import statements

_TO_DECIDE: Final = """
    SELECT id, shift_id, activity_id, state, came_at, left_at FROM attendance_visit
    WHERE holder_id = %s::uuid AND (state = 'open' OR (served_on = %s::date AND state <> 'undone'))
"""


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """One visit. Times carry a zone; minutes and coin units are None until it is confirmed.

    served_on           the local day to which it counts
    minutes_over_limit  minutes that wait for a review
    reason              why it earned less than the time there; may be empty
    doubts              what a reviewer may want to know, such as "came_far"
    """

    id: UUID
    holder_id: UUID
    activity_id: UUID
    shift_id: UUID
    served_on: date
    state: str
    came_at: datetime
    left_at: datetime | None
    came_scan: UUID
    left_scan: UUID | None
    minutes: int | None
    minutes_over_limit: int | None
    coin_units: int | None
    reason: str
    doubts: tuple[str, ...]
    policy: str
    confirmed_at: datetime | None
    confirmed_by: UUID | None
    settled_at: datetime | None
    source: str


@dataclass(frozen=True, slots=True)
class ScanFacts:
    """One scan, as evidence. `band` says how near it was; `accuracy_m` what the device said of its error."""

    id: UUID
    holder_id: UUID
    visit_id: UUID
    shift_id: UUID
    direction: str
    code_kind: str
    scanned_at: datetime
    received_at: datetime
    scanned_by: UUID
    band: str
    accuracy_m: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many people of a shift are where.

    expected  have a place; inside: checked in now; left: checked out; forgotten: never checked out
    """

    expected: int
    inside: int
    left: int
    forgotten: int
    confirmed: int

    @property
    def came(self) -> int:
        """Visits so far, whatever became of them."""
        return self.inside + self.left + self.forgotten + self.confirmed


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of a shift: with a place, or who came without one, and the latest visit, if any."""

    holder_id: UUID
    is_placed: bool
    visits: tuple[VisitFacts, ...]

    @property
    def latest(self) -> VisitFacts | None:
        """The last visit, or None for somebody who has not come."""
        return self.visits[-1] if self.visits else None


def visits(holder_id: UUID) -> QuerySet[Visit]:
    """Return a volunteer's visits, in no order; for pages."""
    return Visit.objects.filter(holder_id=holder_id)


def visit(visit_id: UUID, *, holder_id: UUID | None = None) -> VisitFacts | None:
    """Return one visit, or None.

    holder_id  whose it must be, if that is known; the question is then asked at one place only
    """
    rows = Visit.objects.filter(pk=visit_id)
    if holder_id is not None:
        rows = rows.filter(holder_id=holder_id)
    row = rows.first()
    return visit_facts(row) if row else None


def open_visit(holder_id: UUID) -> VisitFacts | None:
    """Return the visit that a volunteer is at now, or None."""
    row = Visit.objects.filter(holder_id=holder_id, state=VisitState.OPEN).first()
    return visit_facts(row) if row else None


def scan(scan_id: UUID) -> ScanFacts | None:
    """Return one scan, or None."""
    row = Scan.objects.filter(pk=scan_id).first()
    return _scan_facts(row) if row else None


def scans(visit_id: UUID, *, holder_id: UUID) -> list[ScanFacts]:
    """Return the scans of a visit, the earliest first."""
    rows = Scan.objects.filter(holder_id=holder_id, visit_id=visit_id).order_by("scanned_at", "id")
    return [_scan_facts(row) for row in rows]


def counts(shift_id: UUID) -> Counts:
    """Return how many people of a shift are expected, inside, and gone."""
    shift = activities.shift(shift_id)
    found = Visit.objects.filter(shift_id=shift_id).aggregate(
        **{state.value: Count("id", filter=Q(state=state.value)) for state in VisitState}
    )
    return Counts(
        expected=shift.taken,
        inside=found[VisitState.OPEN],
        left=found[VisitState.LEFT],
        forgotten=found[VisitState.FORGOTTEN],
        confirmed=found[VisitState.CONFIRMED],
    )


def roster(shift_id: UUID) -> list[RosterRow]:
    """Return everybody of a shift: first those with a place, by their place; then those who came without.

    A visit that was taken back at the door is left out.
    """
    shift = activities.shift(shift_id)
    placed = [sign_up.holder_id for sign_up in activities.placed(shift.activity_id, shift_id)]
    came: dict[UUID, list[VisitFacts]] = {}
    here = Visit.objects.filter(shift_id=shift_id).exclude(state=VisitState.UNDONE)
    for row in here.order_by("came_at", "id"):
        came.setdefault(row.holder_id, []).append(visit_facts(row))
    known = set(placed)
    people = [*placed, *(holder for holder in came if holder not in known)]
    return [RosterRow(holder, holder in known, tuple(came.get(holder, ()))) for holder in people]


def to_decide(holder_id: UUID, served_on: date) -> list[PastVisit]:
    """Return the visits that a new scan may have to do with: the open one, and those of its day.

    served_on  the local day on which the shift begins
    """
    return [PastVisit(*row) for row in statements.rows(_TO_DECIDE, [holder_id, served_on])]


def first_answer(
    holder_id: UUID, *, device: UUID, nonce: str, code_nonce: str | None
) -> tuple[ScanFacts, int | None] | None:
    """Return the scan that answered this request, or this personal code on this device, with its minutes.

    device      keyed hash of the device's name
    code_nonce  of the personal code, or None
    """
    asked = Q(nonce=nonce)
    if code_nonce is not None:
        asked |= Q(code_nonce=code_nonce)
    row = Scan.objects.filter(asked, holder_id=holder_id, device=device).order_by("id").first()
    return (_scan_facts(row), row.minutes) if row else None


def is_spent(holder_id: UUID, code_nonce: str) -> bool:
    """Return whether a personal code was used."""
    return Scan.objects.filter(holder_id=holder_id, code_nonce=code_nonce).exists()


def failed_scans(shift_id: UUID) -> Sequence[tuple[datetime, str]]:
    """Return when and why scans at a shift were refused, the latest first."""
    rows = FailedScan.objects.filter(shift_id=shift_id).order_by("-scanned_at")
    return list(rows.values_list("scanned_at", "reason"))


def held_about(holder_id: UUID) -> dict[str, object]:
    """Return everything that this room holds about a volunteer, as plain values.

    Source: PIPL art. 45, as in rules of the city, section 3.
    """
    listed: tuple[tuple[str, Any, str], ...] = (
        ("visits", Visit, "came_at"),
        ("scans", Scan, "scanned_at"),
        ("locations", ScanLocation, "recorded_at"),
        ("failed_scans", FailedScan, "scanned_at"),
        ("scans_undone", ScanUndone, "undone_at"),
        ("stamps", Stamp, "stamped_at"),
        ("evaluations", Evaluation, "given_at"),
    )
    return {
        name: [
            # Whose rows they are is said once; `during` is the time from coming to leaving once more.
            {column: value for column, value in row.items() if column not in {"holder_id", "during"}}
            for row in table.objects.filter(holder_id=holder_id).order_by(order, "pk").values()
        ]
        for name, table, order in listed
    }


def visit_facts(row: Visit) -> VisitFacts:
    """Return a row as plain facts."""
    return VisitFacts(
        id=row.id,
        holder_id=row.holder_id,
        activity_id=row.activity_id,
        shift_id=row.shift_id,
        served_on=row.served_on,
        state=row.state,
        came_at=row.came_at,
        left_at=row.left_at,
        came_scan=row.came_scan,
        left_scan=row.left_scan,
        minutes=row.minutes,
        minutes_over_limit=row.minutes_over_limit,
        coin_units=row.coin_units,
        reason=row.reason,
        doubts=tuple(row.doubts),
        policy=row.policy,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
        settled_at=row.settled_at,
        source=row.source,
    )


def _scan_facts(row: Scan) -> ScanFacts:
    return ScanFacts(
        id=row.id,
        holder_id=row.holder_id,
        visit_id=row.visit_id,
        shift_id=row.shift_id,
        direction=row.direction,
        code_kind=row.code_kind,
        scanned_at=row.scanned_at,
        received_at=row.received_at,
        scanned_by=row.scanned_by,
        band=row.band,
        accuracy_m=row.accuracy_m,
        source=row.source,
    )
