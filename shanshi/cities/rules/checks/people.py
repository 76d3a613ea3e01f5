"""Named people: numbers that nobody real can have, ages, guardians, roles."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from shanshi.cities.rules.case import Case
from shanshi.cities.rules.checks.uniqueness import once
from shanshi.cities.rules.identity import ORDER, birth_of, check_character, full_years
from shanshi.cities.rules.problems import Notes
from shanshi.cities.rules.shapes import PersonRow
from shanshi.registry.rules import roles_that_fit

INVENTED_PHONES: Final = "154"
OWN_CONSENT_AGE: Final = 14
ADULT_AGE: Final = 18


def check(case: Case, notes: Notes) -> None:
    """Note what is wrong with named people, and teams led by somebody who is no volunteer."""
    once([row for row in case.people if row.demo], lambda row: row.demo, "demo", notes)
    others = {row.id for row in case.people if not row.id_number}
    for row in case.people:
        _one(row, case.clock, notes)
    for team in case.teams:
        if team.leader in others:
            notes.add(
                team.file,
                team.line_of("leader"),
                "leader",
                "The leader has no id_number, so is no volunteer.",
            )


def _one(row: PersonRow, clock: datetime, notes: Notes) -> None:
    def wrong(name: str, reason: str) -> None:
        notes.add(row.file, row.line_of(name), name, reason)

    if not row.phone.startswith(INVENTED_PHONES):
        wrong("phone", "Invented telephones begin with 154, a range that no operator has.")
    if row.registered_at > clock:
        wrong("registered_at", "This is after the moment at which the clock starts.")
    if row.id_number:
        _volunteer(row, notes)
    else:
        for name in ("guardian", "residence", "party_member", "earlier_hours"):
            if getattr(row, name):
                wrong(name, "Only volunteers have this; a volunteer has an id_number.")
    for number, role in enumerate(row.roles, start=1):
        allowed = roles_that_fit(role.at)
        if role.role not in allowed:
            wrong(
                "roles",
                f"roles[{number}]: {role.role} is not held at {role.at}, but {' and '.join(allowed)}.",
            )


def _volunteer(row: PersonRow, notes: Notes) -> None:
    def wrong(name: str, reason: str) -> None:
        notes.add(row.file, row.line_of(name), name, reason)

    birth_on = birth_of(row.id_number)
    if birth_on is None:
        wrong("id_number", "Digits 7 to 14 are no day of the calendar.")
        return
    if check_character(row.id_number[:17]) != row.id_number[17]:
        wrong("id_number", f"The last character must be {check_character(row.id_number[:17])}.")
    if row.id_number[14:17] != ORDER:
        wrong("id_number", "Invented ID numbers have 000 as digits 15 to 17.")
    if row.residence is None:
        wrong("residence", "A volunteer lives in a district; its code is missing.")
    age = full_years(birth_on, row.registered_at.date())
    if age < OWN_CONSENT_AGE:
        wrong(
            "registered_at", f"The volunteer was {age} then; registration is from {OWN_CONSENT_AGE} years on."
        )
    elif age < ADULT_AGE and row.guardian is None:
        wrong("guardian", f"The volunteer was {age} then; a guardian's consent is missing.")
    elif age >= ADULT_AGE and row.guardian is not None:
        wrong("guardian", f"The volunteer was {age} then and needs no guardian.")
