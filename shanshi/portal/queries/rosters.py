"""The roster of a shift with names, as its leader needs it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shanshi.activities import queries as activities
from shanshi.attendance import queries as attendance
from shanshi.attendance.queries import VisitFacts
from shanshi.kernel.quantities import city_day
from shanshi.registry import queries as registry
from shanshi.registry.queries import VolunteerFacts


class RosterState(StrEnum):
    """How somebody of a roster stands, the exceptions first."""

    FORGOTTEN = "forgotten"
    WITHOUT_PLACE = "without_place"
    ABSENT = "absent"
    INSIDE = "inside"
    LEFT = "left"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person of a roster; the name is masked.

    minutes         confirmed ones; None before
    is_accompanied  a child who comes only together with an adult; how old it is nobody is told
    """

    name: str
    number: str
    state: RosterState
    came_at: datetime | None
    left_at: datetime | None
    minutes: int | None
    reason: str
    is_accompanied: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster, exceptions on top, and how many wait for a place."""

    lines: tuple[RosterLine, ...]
    waiting: int

    @property
    def to_confirm(self) -> int:
        """Visits that a confirmation would accept now."""
        return sum(line.state is RosterState.LEFT for line in self.lines)


def roster_of(shift_id: UUID) -> Roster:
    """Return the roster of a shift, exceptions on top, then by name; five queries however long it is."""
    rows = attendance.roster(shift_id)
    people = registry.volunteers([row.holder_id for row in rows])
    shift = activities.shift(shift_id)
    children = registry.accompanied(people.values(), city_day(shift.starts_at))
    lines = [_line(row, people.get(row.holder_id), is_accompanied=row.holder_id in children) for row in rows]
    order = list(RosterState)
    lines.sort(key=lambda line: (order.index(line.state), line.name, line.number))
    return Roster(tuple(lines), shift.waiting)


def masked_name(holder_id: UUID) -> str:
    """Return the masked name of a volunteer."""
    return registry.volunteer(holder_id).masked_name


def _line(row: attendance.RosterRow, person: VolunteerFacts | None, *, is_accompanied: bool) -> RosterLine:
    visit = row.latest
    return RosterLine(
        name=person.masked_name if person else "—",
        number=person.number if person else "",
        state=_state(visit, is_placed=row.is_placed),
        came_at=row.visits[0].came_at if row.visits else None,
        left_at=visit.left_at if visit else None,
        minutes=_minutes(row.visits),
        reason=visit.reason if visit else "",
        is_accompanied=is_accompanied,
    )


def _state(visit: VisitFacts | None, *, is_placed: bool) -> RosterState:
    if visit is None:
        return RosterState.ABSENT
    if visit.state == "open":
        return RosterState.INSIDE
    if not is_placed and visit.state == "left":
        return RosterState.WITHOUT_PLACE
    return RosterState(visit.state)


def _minutes(visits: tuple[VisitFacts, ...]) -> int | None:
    known = [visit.minutes for visit in visits if visit.minutes is not None]
    return sum(known) if known else None
