"""The roster of a shift with names, as its leader needs it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shanshi.activities import queries as activities
from shanshi.activities.queries import ShiftFacts
from shanshi.attendance import queries as attendance
from shanshi.attendance.queries import VisitFacts
from shanshi.attendance.rules import DayLimits, reaches_share, time_inside
from shanshi.kernel.period import Period
from shanshi.kernel.quantities import MINUTE, city_day
from shanshi.policies import queries as policies
from shanshi.portal.queries.roles import RoleLine, role_lines
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


class Doubt(StrEnum):
    """What a leader should look at before vouching.

    TOO_SHORT   the stay is below the share of the shift that counts
    OVER_LIMIT  minutes above the day's limit wait for a review
    """

    CAME_FAR = "came_far"
    LEFT_FAR = "left_far"
    LEFT_UNDONE = "left_undone"
    TOO_SHORT = "too_short"
    OVER_LIMIT = "over_limit"


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person of a roster; the name is masked.

    minutes         confirmed ones; None before
    inside_minutes  of visits that wait: whole minutes inside the shift, before confirmation
    is_accompanied  a child who comes only together with an adult; how old it is nobody is told
    stands_out      whether a leader should look at it: a doubt, no check-out, no place, not there
    """

    holder_id: UUID
    name: str
    number: str
    state: RosterState
    came_at: datetime | None
    left_at: datetime | None
    minutes: int | None
    inside_minutes: int | None
    over_minutes: int
    reason: str
    doubts: tuple[Doubt, ...]
    is_placed: bool
    is_accompanied: bool
    stands_out: bool


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster, exceptions on top, and how many wait for a place."""

    lines: tuple[RosterLine, ...]
    waiting: int

    @property
    def exceptions(self) -> tuple[RosterLine, ...]:
        """Those whom a leader should look at."""
        return tuple(line for line in self.lines if line.stands_out)

    @property
    def others(self) -> tuple[RosterLine, ...]:
        """Those with whom everything is as planned."""
        return tuple(line for line in self.lines if not line.stands_out)

    @property
    def to_confirm(self) -> int:
        """Visits that a confirmation would accept now."""
        return sum(line.state is RosterState.LEFT for line in self.lines) + sum(
            line.state is RosterState.WITHOUT_PLACE for line in self.lines
        )

    @property
    def inside(self) -> int:
        """People who are checked in."""
        return sum(line.state is RosterState.INSIDE for line in self.lines)

    def of(self, numbers: Collection[str]) -> Roster:
        """Return the same roster with those of the volunteer numbers alone, by name; of none: all of them."""
        chosen = [line for line in self.lines if not numbers or line.number in numbers]
        return Roster(tuple(sorted(chosen, key=lambda line: (line.name, line.number))), self.waiting)

    def named(self, names: Mapping[UUID, str]) -> Roster:
        """Return the same roster with the real names that were looked at, by name."""
        lines = [replace(line, name=names.get(line.holder_id, line.name)) for line in self.lines]
        return Roster(tuple(sorted(lines, key=lambda line: (line.name, line.number))), self.waiting)


def roster_of(shift_id: UUID, *, is_over: bool = False) -> Roster:
    """Return the roster of a shift, exceptions on top, then by name; as many queries however long it is.

    is_over  whether who has not come by now stands out
    """
    rows = attendance.roster(shift_id)
    people = registry.volunteers([row.holder_id for row in rows])
    shift = activities.shift(shift_id)
    day = city_day(shift.starts_at)
    children = registry.accompanied(people.values(), day)
    share = DayLimits.of(policies.in_force("hours", day).values).least_share_percent
    lines = [
        _line(
            row,
            people.get(row.holder_id),
            shift,
            share_percent=share,
            is_over=is_over,
            is_accompanied=row.holder_id in children,
        )
        for row in rows
    ]
    order = list(RosterState)
    lines.sort(key=lambda line: (not line.stands_out, order.index(line.state), line.name, line.number))
    return Roster(tuple(lines), shift.waiting)


def masked_name(holder_id: UUID) -> str:
    """Return the masked name of a volunteer."""
    return registry.volunteer(holder_id).masked_name


def substitutes_of(shift_id: UUID, *, on: date) -> list[RoleLine]:
    """Return who leads this one shift, now or later, with masked names.

    on  in the city
    """
    place = f"shift:{shift_id}"
    # No other role is held at a shift.
    rows = registry.grants([place], on=on).filter(place=place)
    return role_lines([registry.grant_facts(row) for row in rows.order_by("given_at")[:20]], on=on)


def _line(
    row: attendance.RosterRow,
    person: VolunteerFacts | None,
    shift: ShiftFacts,
    *,
    share_percent: int,
    is_over: bool,
    is_accompanied: bool,
) -> RosterLine:
    visit = row.latest
    state = _state(visit, is_placed=row.is_placed)
    inside = _inside(row.visits, shift)
    doubts = _doubts(row.visits, shift, inside, share_percent=share_percent)
    grave = {RosterState.FORGOTTEN, RosterState.WITHOUT_PLACE}
    return RosterLine(
        holder_id=row.holder_id,
        name=person.masked_name if person else "—",
        number=person.number if person else "",
        state=state,
        came_at=row.visits[0].came_at if row.visits else None,
        left_at=visit.left_at if visit else None,
        minutes=_minutes(row.visits),
        inside_minutes=None if inside is None else inside // MINUTE,
        over_minutes=sum(one.minutes_over_limit or 0 for one in row.visits),
        reason=visit.reason if visit else "",
        doubts=doubts,
        is_placed=row.is_placed,
        is_accompanied=is_accompanied,
        stands_out=state in grave or bool(doubts) or (state is RosterState.ABSENT and is_over),
    )


def _state(visit: VisitFacts | None, *, is_placed: bool) -> RosterState:
    if visit is None:
        return RosterState.ABSENT
    if visit.state == "open":
        return RosterState.INSIDE
    if not is_placed and visit.state == "left":
        return RosterState.WITHOUT_PLACE
    return RosterState(visit.state)


def _inside(visits: tuple[VisitFacts, ...], shift: ShiftFacts) -> timedelta | None:
    """The time inside the shift of visits that wait for a confirmation; None without any."""
    waiting = [one for one in visits if one.state == "left" and one.left_at is not None]
    if not waiting or shift.kind != "service":
        return None
    span = Period(shift.starts_at, shift.ends_at)
    return sum((time_inside(one.came_at, one.left_at, span) for one in waiting if one.left_at), timedelta())


def _doubts(
    visits: tuple[VisitFacts, ...], shift: ShiftFacts, inside: timedelta | None, *, share_percent: int
) -> tuple[Doubt, ...]:
    noted = {doubt for one in visits for doubt in one.doubts}
    found = [doubt for doubt in Doubt if doubt in noted]
    span = Period(shift.starts_at, shift.ends_at)
    is_waiting = all(one.state in {"left", "confirmed"} for one in visits)
    if inside is not None and is_waiting and not reaches_share(inside, span, percent=share_percent):
        found.append(Doubt.TOO_SHORT)
    if any(one.minutes_over_limit for one in visits):
        found.append(Doubt.OVER_LIMIT)
    return tuple(found)


def _minutes(visits: tuple[VisitFacts, ...]) -> int | None:
    known = [visit.minutes for visit in visits if visit.minutes is not None]
    return sum(known) if known else None
