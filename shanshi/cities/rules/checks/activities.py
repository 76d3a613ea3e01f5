"""Activities: their dates in order, somebody to answer for them, and another person who published them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from shanshi.cities.rules.case import Case
from shanshi.cities.rules.problems import Notes
from shanshi.cities.rules.shapes import ActivityRow, PersonRow, WrittenState
from shanshi.foundation.actor import Role

DATES = {
    WrittenState.DRAFT: (),
    WrittenState.SUBMITTED: ("submitted_at",),
    WrittenState.PUBLISHED: ("submitted_at", "published_at", "reviewed_by"),
    WrittenState.CANCELLED: (
        "submitted_at",
        "published_at",
        "reviewed_by",
        "cancelled_at",
        "cancelled_because",
    ),
}
MAY_LEAD = (Role.LEADER, Role.MANAGER)


def check(case: Case, notes: Notes) -> None:
    """Note activities whose dates, people or shifts do not fit."""
    people = {row.id: row for row in case.people}
    parents = {row.id: row.parent for row in case.organizations}
    for row in case.activities:
        _dates(row, case, notes)
        if not case.shifts[row.id] and ("shifts", row.id) not in case.unread:
            notes.add(row.file, row.line, "shifts", "The activity has no shift, in `shifts` or `weekly`.")
        above = lineage(row.organizers[0], parents)
        _in_charge(row, people.get(row.in_charge), above, notes)
        _team(row, case, notes)
        _booths(row, notes)
        if row.reviewed_by is not None:
            _reviewer(row, people.get(row.reviewed_by), above, notes)
        if case.population is None and any(shift.signed_up != (0, 0) for shift in case.shifts[row.id]):
            notes.add(row.file, row.line, "signed_up", "There is no population.yaml to draw volunteers from.")


def lineage(organization: str, parents: Mapping[str, str | None]) -> list[str]:
    """Return an organization and the ones above it, from below. A circle ends where it closes."""
    found: list[str] = []
    at: str | None = organization
    while at is not None and at not in found:
        found.append(at)
        at = parents.get(at)
    return found


def _dates(row: ActivityRow, case: Case, notes: Notes) -> None:
    needed = DATES[WrittenState(row.state)]
    for name in DATES[WrittenState.CANCELLED]:
        if name in needed and not getattr(row, name):
            notes.add(row.file, row.line, name, f"The field is missing; {row.state} activities have it.")
        elif name not in needed and getattr(row, name):
            notes.add(row.file, row.line_of(name), name, f"A {row.state} activity has no such field.")
    if row.state != WrittenState.DRAFT and not row.risks:
        notes.add(
            row.file, row.line, "risks", "The risks are missing; write that there are none if it is so."
        )
    first = case.shifts[row.id][0].starts_at if case.shifts[row.id] else None
    steps: list[tuple[str, datetime | None]] = [
        ("submitted_at", row.submitted_at),
        ("published_at", row.published_at),
    ]
    if row.state == WrittenState.CANCELLED:
        steps.append(("cancelled_at", row.cancelled_at))
    before: datetime | None = None
    for name, at in steps:
        if at is None:
            continue
        if before is not None and at <= before:
            notes.add(row.file, row.line_of(name), name, "This is not after the step before it.")
        if at > case.clock:
            notes.add(
                row.file, row.line_of(name), name, "This is after the moment at which the clock starts."
            )
        before = at
    if row.published_at is not None and first is not None and row.published_at >= first:
        reason = f"The first shift starts at {first:%Y-%m-%d %H:%M}; an activity is published before."
        notes.add(row.file, row.line_of("published_at"), "published_at", reason)


def _holds(person: PersonRow, roles: tuple[Role, ...], places: list[str], on: date | None) -> bool:
    return any(
        role.role in roles and role.at in places and (on is None or role.from_on <= on)
        for role in person.roles
    )


def _in_charge(row: ActivityRow, person: PersonRow | None, above: list[str], notes: Notes) -> None:
    on = row.submitted_at.date() if row.submitted_at else None
    places = [f"organization:{place}" for place in above] + ([f"team:{row.team}"] if row.team else [])
    if person is not None and not _holds(person, MAY_LEAD, places, on):
        reason = (
            f'"{row.in_charge}" is no leader or manager of {above[0]}, or of a body above it, on that day.'
        )
        notes.add(row.file, row.line_of("in_charge"), "in_charge", reason)


def _team(row: ActivityRow, case: Case, notes: Notes) -> None:
    team = next((team for team in case.teams if team.id == row.team), None)
    if team is not None and team.organization != row.organizers[0]:
        reason = f'The team "{team.id}" is of {team.organization}, not of the first organizer.'
        notes.add(row.file, row.line_of("team"), "team", reason)


def _booths(row: ActivityRow, notes: Notes) -> None:
    names: set[str] = set()
    for number, booth in enumerate(row.booths, start=1):
        if booth.name in names:
            notes.add(row.file, booth.line, f"booths[{number}].name", "The event has a booth of this name.")
        names.add(booth.name)


def _reviewer(row: ActivityRow, person: PersonRow | None, above: list[str], notes: Notes) -> None:
    if person is None:
        return
    if row.reviewed_by == row.in_charge:
        reason = "The person in charge submits the activity; another person publishes it."
        notes.add(row.file, row.line_of("reviewed_by"), "reviewed_by", reason)
        return
    on = row.published_at.date() if row.published_at else None
    at_parents = [f"organization:{place}" for place in above[1:]]
    if not _holds(person, (Role.REVIEWER,), at_parents, on) and not _holds(
        person, (Role.CITY_STAFF,), ["city"], on
    ):
        reason = (
            f'"{row.reviewed_by}" is no reviewer at a body above {above[0]} and no city staff on that day.'
        )
        notes.add(row.file, row.line_of("reviewed_by"), "reviewed_by", reason)
