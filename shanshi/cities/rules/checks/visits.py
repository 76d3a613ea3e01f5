"""Sign-ups and visits of named people: inside their shift, in order of time, one place at a time."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Final

from shanshi.activities.rules.kinds import RiskKind
from shanshi.cities.rules.case import Case, Shift
from shanshi.cities.rules.identity import birth_of, full_years
from shanshi.cities.rules.problems import Notes
from shanshi.cities.rules.shapes import ActivityRow, PersonRow, SignUpRow, WrittenState

OPENS_BEFORE: Final = timedelta(minutes=30)
CLOSES_AFTER: Final = timedelta(minutes=60)
FOR_ADULTS: Final = frozenset({RiskKind.DANGER, RiskKind.RESCUE})
ADULT_AGE: Final = 18


def youngest(activity: ActivityRow) -> int:
    """Return the age from which one may take part, in full years."""
    return max(activity.min_age, ADULT_AGE if FOR_ADULTS & set(activity.risk_kinds) else 0)


def check(case: Case, notes: Notes) -> None:
    """Note sign-ups that name no shift, and visits that could not have been."""
    people = {row.id: row for row in case.people}
    activities = {row.id: row for row in case.activities}
    shifts = {(shift.activity, shift.starts_at): shift for found in case.shifts.values() for shift in found}
    spans: dict[str, list[tuple[datetime, datetime, int]]] = {}
    came: Counter[tuple[str, datetime]] = Counter()
    for row in case.sign_ups:
        person, activity = people.get(row.person), activities.get(row.activity)
        if person is None or activity is None:
            continue
        shift = shifts.get((row.activity, row.shift_starts_at))
        if shift is None:
            if ("shifts", row.activity) in case.unread:
                continue
            reason = f"{row.activity} has no shift that starts at {row.shift_starts_at:%Y-%m-%d %H:%M}."
            notes.add(row.file, row.line_of("shift_starts_at"), "shift_starts_at", reason)
            continue
        _sign_up(row, person, activity, shift, case, notes)
        if row.came_at is not None:
            _visit(row, shift, case, notes)
            _one_place_at_a_time(row, shift, spans.setdefault(row.person, []), notes)
            came[row.activity, row.shift_starts_at] += 1
            if came[row.activity, row.shift_starts_at] > shift.capacity:
                notes.add(row.file, row.line, "came_at", f"The shift has {shift.capacity} places; more came.")


def _sign_up(
    row: SignUpRow, person: PersonRow, activity: ActivityRow, shift: Shift, case: Case, notes: Notes
) -> None:
    def wrong(name: str, reason: str) -> None:
        notes.add(row.file, row.line_of(name), name, reason)

    birth_on = birth_of(person.id_number) if person.id_number else None
    if birth_on is None:
        wrong("person", f'"{row.person}" has no id_number, so is no volunteer.')
    elif full_years(birth_on, shift.starts_at.date()) < youngest(activity):
        wrong("person", f'"{row.person}" is too young: the activity is from {youngest(activity)} years on.')
    if activity.state != WrittenState.PUBLISHED or activity.published_at is None:
        wrong("activity", "Only published activities can be signed up for.")
        return
    after = max(activity.published_at, person.registered_at)
    if not after <= row.signed_up_at <= shift.starts_at:
        wrong("signed_up_at", f"A sign-up lies between {after:%Y-%m-%d %H:%M} and the start of the shift.")
    elif row.signed_up_at > case.clock:
        wrong("signed_up_at", "This is after the moment at which the clock starts.")


def _visit(row: SignUpRow, shift: Shift, case: Case, notes: Notes) -> None:
    def wrong(name: str, reason: str) -> None:
        notes.add(row.file, row.line_of(name), name, reason)

    assert row.came_at is not None
    if not shift.starts_at - OPENS_BEFORE <= row.came_at < shift.ends_at:
        wrong("came_at", "The door opens 30 minutes before the shift, and closes for check-in when it ends.")
    if row.came_at >= case.clock:
        wrong("came_at", "This is not before the moment at which the clock starts.")
    if row.left_at is None:
        return
    if row.left_at <= row.came_at:
        wrong("left_at", "This is not after came_at.")
    elif row.left_at > shift.ends_at + CLOSES_AFTER:
        wrong("left_at", "The door closes 60 minutes after the shift.")
    elif row.left_at >= case.clock:
        wrong("left_at", "This is not before the moment at which the clock starts.")


def _one_place_at_a_time(
    row: SignUpRow, shift: Shift, spans: list[tuple[datetime, datetime, int]], notes: Notes
) -> None:
    assert row.came_at is not None
    ends = row.left_at or shift.ends_at + CLOSES_AFTER
    for start, end, line in spans:
        if row.came_at < end and start < ends:
            notes.add(
                row.file, row.line_of("came_at"), "came_at", f"The visit overlaps the one on line {line}."
            )
    spans.append((row.came_at, ends, row.line))
