"""Who came when: sign-ups and visits of a case, drawn shift by shift."""

from __future__ import annotations

from bisect import bisect, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Final

from shanshi.activities.rules.kinds import ActivityKind
from shanshi.cities.rules.case import Case, Shift
from shanshi.cities.rules.checks.visits import youngest
from shanshi.cities.rules.drawing.people import Drawn, in_order
from shanshi.cities.rules.identity import birth_of, full_years
from shanshi.cities.rules.shapes import ActivityRow, ConductRow, PersonRow, WrittenState

SIGNS_UP_BEFORE: Final = timedelta(days=10)
CONFIRMED_AFTER: Final = timedelta(minutes=75)
TRIES_PER_PLACE: Final = 25
MOST_AT_ONCE_MINUTES: Final = 480
LEAST_SHARE_PERCENT: Final = 60
LONG_SHIFT: Final = timedelta(hours=7)
MANY_HOURS: Final = 400
QUIET_CONDUCT: Final = ConductRow(
    no_show_per_mille=0, late_per_mille=0, left_early_per_mille=0, forgot_per_mille=0, near_per_mille=1000
)


@dataclass(frozen=True, slots=True)
class Turn:
    """One volunteer and one shift: the sign-up, and the visit if there was one.

    person         id of a named or an invented volunteer
    came_at        None: did not come, or has still to come
    left_at        None: forgot to check out, or is still there
    line           line of sign_ups.csv, or 0 if drawn
    """

    person: str
    shift: Shift
    signed_up_at: datetime
    came_at: datetime | None
    left_at: datetime | None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Volunteer:
    """What the drawing has to know of a volunteer, named or invented."""

    id: str
    birth_on: date
    residence: str
    registered_at: datetime
    eager: float


class Pool:
    """Volunteers in the order of registration, drawn by eagerness among those registered by a moment."""

    def __init__(self, people: Sequence[Drawn]) -> None:
        self._people = in_order(people)
        self._since = [person.registered_at for person in self._people]
        self._sums = list(accumulate(person.eager for person in self._people))

    def draw(self, rng: Random, at: datetime) -> Drawn | None:
        """Return somebody who was registered at a moment, or None."""
        count = bisect_right(self._since, at)
        if not count:
            return None
        return self._people[min(bisect(self._sums, rng.random() * self._sums[count - 1]), count - 1)]


@dataclass(slots=True)
class Diary:
    """Who is where on which day; nobody is drawn twice for a day."""

    busy: set[tuple[str, date]]
    turns: dict[Shift, list[Turn]]

    def add(self, turn: Turn) -> None:
        """Write one turn down."""
        self.busy.add((turn.person, turn.shift.starts_at.date()))
        self.turns[turn.shift].append(turn)

    def has_time(self, person: str, shift: Shift) -> bool:
        """Whether the person has nothing else that day."""
        return (person, shift.starts_at.date()) not in self.busy


def drawn_turns(case: Case, people: Sequence[Drawn]) -> tuple[Turn, ...]:
    """Return all sign-ups and visits: given by name, earlier hours of named people, and drawn ones.

    people  the invented volunteers
    """
    diary = Diary(set(), defaultdict(list))
    shifts = {(shift.activity, shift.starts_at): shift for found in case.shifts.values() for shift in found}
    for row in case.sign_ups:
        shift = shifts[row.activity, row.shift_starts_at]
        diary.add(Turn(row.person, shift, row.signed_up_at, row.came_at, row.left_at, row.line))
    activities = {row.id: row for row in case.activities if row.state == WrittenState.PUBLISHED}
    in_time = sorted(
        (shift for shift in shifts.values() if shift.activity in activities),
        key=lambda shift: (shift.starts_at, shift.activity),
    )
    if case.population is not None and case.population.conduct is not None:
        rng = Random(f"{case.population.seed} visits")
        for person in case.people:
            if person.earlier_hours:
                _give_hours(rng, person, in_time, activities, case, diary)
        _fill(rng, people, in_time, activities, case, diary)
    return tuple(
        turn
        for shift in in_time
        for turn in sorted(diary.turns[shift], key=lambda turn: (turn.signed_up_at, turn.person))
    )


def _give_hours(
    rng: Random,
    person: PersonRow,
    shifts: Sequence[Shift],
    activities: dict[str, ActivityRow],
    case: Case,
    diary: Diary,
) -> None:
    birth_on = birth_of(person.id_number)
    assert birth_on is not None
    volunteer = Volunteer(person.id, birth_on, str(person.residence), person.registered_at, 1.0)
    mine = [
        shift
        for shift in shifts
        if shift.ends_at < case.clock
        and activities[shift.activity].kind == ActivityKind.SERVICE
        and (person.earlier_hours < MANY_HOURS or shift.ends_at - shift.starts_at >= LONG_SHIFT)
    ]
    near = [shift for shift in mine if _district(activities[shift.activity], case) == volunteer.residence]
    rng.shuffle(near)
    far = [shift for shift in mine if _district(activities[shift.activity], case) != volunteer.residence]
    rng.shuffle(far)
    missing = person.earlier_hours * 60
    for shift in (*near, *far):
        if missing <= 0:
            return
        if len(diary.turns[shift]) < shift.capacity and _may_come(
            volunteer, shift, activities[shift.activity], diary
        ):
            turn = _turn(rng, volunteer, shift, activities[shift.activity], QUIET_CONDUCT, case)
            if turn is not None:
                diary.add(turn)
                missing -= minutes_of(turn)


def _fill(
    rng: Random,
    people: Sequence[Drawn],
    shifts: Sequence[Shift],
    activities: dict[str, ActivityRow],
    case: Case,
    diary: Diary,
) -> None:
    assert case.population is not None
    conduct = case.population.conduct
    assert conduct is not None
    everybody = Pool(people)
    by_district: dict[str, list[Drawn]] = defaultdict(list)
    for person in people:
        by_district[person.residence].append(person)
    pools = {district: Pool(found) for district, found in by_district.items()}
    for shift in shifts:
        activity = activities[shift.activity]
        wanted = rng.randint(*shift.signed_up)
        # Who is too many for a shift to come waits; for a past shift nobody has waited.
        room = shift.capacity - len(diary.turns[shift]) if shift.ends_at <= case.clock else wanted
        near = pools.get(_district(activity, case), everybody)
        for _ in range(TRIES_PER_PLACE * min(wanted, room)):
            if min(wanted, room) <= 0:
                break
            pool = near if rng.randrange(1000) < conduct.near_per_mille else everybody
            someone = pool.draw(rng, min(shift.starts_at, case.clock) - timedelta(hours=2))
            if someone is None or not _may_come(someone, shift, activity, diary):
                continue
            turn = _turn(rng, someone, shift, activity, conduct, case)
            if turn is not None:
                diary.add(turn)
                wanted, room = wanted - 1, room - 1


def _district(activity: ActivityRow, case: Case) -> str:
    kind, _, name = activity.at[0].partition(":")
    places = case.venues if kind == "venue" else case.stations
    return next(str(place.division) for place in places if place.id == name)


def _may_come(who: Drawn | Volunteer, shift: Shift, activity: ActivityRow, diary: Diary) -> bool:
    return full_years(who.birth_on, shift.starts_at.date()) >= youngest(activity) and diary.has_time(
        who.id, shift
    )


def _turn(
    rng: Random, who: Drawn | Volunteer, shift: Shift, activity: ActivityRow, conduct: ConductRow, case: Case
) -> Turn | None:
    assert activity.published_at is not None
    earliest = max(activity.published_at, who.registered_at, shift.starts_at - SIGNS_UP_BEFORE)
    latest = min(shift.starts_at - timedelta(minutes=65), case.clock - timedelta(minutes=5))
    if earliest >= latest:
        return None
    signed_up_at = earliest + timedelta(seconds=int((latest - earliest).total_seconds() * rng.random()))
    came_at, left_at = _stay(rng, shift, conduct)
    if came_at is not None and came_at >= case.clock:
        came_at = None
    if came_at is None or (left_at is not None and left_at >= case.clock):
        left_at = None
    return Turn(who.id, shift, signed_up_at, came_at, left_at)


def _stay(rng: Random, shift: Shift, conduct: ConductRow) -> tuple[datetime | None, datetime | None]:
    length_s = int((shift.ends_at - shift.starts_at).total_seconds())
    if rng.randrange(1000) < conduct.no_show_per_mille:
        return None, None
    came_at = shift.starts_at + timedelta(seconds=rng.randint(-900, 60))
    if rng.randrange(1000) < conduct.late_per_mille:
        came_at = shift.starts_at + timedelta(seconds=rng.randint(120, max(121, length_s // 3)))
    left_at = shift.ends_at + timedelta(seconds=rng.randint(-90, 900))
    if rng.randrange(1000) < conduct.left_early_per_mille:
        left_at = max(came_at, shift.starts_at) + timedelta(
            seconds=rng.randint(length_s // 4, length_s * 4 // 5)
        )
    if rng.randrange(1000) < conduct.forgot_per_mille:
        return came_at, None
    return came_at, left_at


def minutes_of(turn: Turn) -> int:
    """Return the minutes that a turn will earn, at least: inside the shift, 60 % of it, at most 8 hours.

    The rules of attendance decide; this only plans with them.
    """
    if turn.came_at is None or turn.left_at is None:
        return 0
    shift = turn.shift
    stayed = min(turn.left_at, shift.ends_at) - max(turn.came_at, shift.starts_at)
    length = shift.ends_at - shift.starts_at
    if stayed * 100 < length * LEAST_SHARE_PERCENT:
        return 0
    return min(stayed // timedelta(minutes=1), MOST_AT_ONCE_MINUTES)
