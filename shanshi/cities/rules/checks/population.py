"""Whether population.yaml can be drawn from."""

from __future__ import annotations

import re

from shanshi.cities.rules.case import Case
from shanshi.cities.rules.checks.uniqueness import known
from shanshi.cities.rules.problems import Notes
from shanshi.cities.rules.shapes import PopulationRow

SPAN = re.compile(r"([0-9]{2})-([0-9]{2})")
YOUNGEST, OLDEST = 14, 90


def check(case: Case, notes: Notes) -> None:
    """Note keys that name nothing, and weights from which nothing can be drawn."""
    row = case.population
    if row is None:
        for person in case.people:
            if person.earlier_hours:
                reason = "There is no population.yaml to draw earlier visits with."
                notes.add(person.file, person.line_of("earlier_hours"), "earlier_hours", reason)
        return
    _keys(row, case, notes)
    for name in ("ages", "registered", "birthplaces"):
        if not sum(getattr(row, name).values()):
            notes.add(row.file, row.line_of(name), name, "At least one number must be more than 0.")
    for name in ("names", "conduct"):
        if getattr(row, name) is None:
            notes.add(row.file, row.line, name, "The field is missing.")
    if sum(row.volunteers.values()) > 10 ** (11 - len(row.phone_prefix)) // 2:
        reason = "So many volunteers need more telephones than the prefix leaves; use a shorter one."
        notes.add(row.file, row.line_of("phone_prefix"), "phone_prefix", reason)
    for person in case.people:
        if person.phone.startswith(row.phone_prefix):
            reason = f"The invented telephones of population.yaml begin with {row.phone_prefix}; use another."
            notes.add(person.file, person.line_of("phone"), "phone", reason)


def _keys(row: PopulationRow, case: Case, notes: Notes) -> None:
    divisions = known(case)["division"]
    for code in row.volunteers:
        if code not in divisions:
            notes.add(row.file, row.line_of("volunteers"), "volunteers", f'There is no division "{code}".')
    for span in row.ages:
        found = SPAN.fullmatch(span)
        if not found or not YOUNGEST <= int(found[1]) <= int(found[2]) <= OLDEST:
            reason = f'"{span}" is no span of full years between {YOUNGEST} and {OLDEST}, like "18-24".'
            notes.add(row.file, row.line_of("ages"), "ages", reason)
    for year in row.registered:
        if not re.fullmatch("(19|20)[0-9]{2}", year) or int(year) > case.today.year:
            reason = f'"{year}" is no year up to the one in which the clock starts.'
            notes.add(row.file, row.line_of("registered"), "registered", reason)
    for code in row.birthplaces:
        if code != "own" and not re.fullmatch("[1-9][0-9]{5}", code):
            notes.add(
                row.file,
                row.line_of("birthplaces"),
                "birthplaces",
                f'"{code}" is neither own nor six digits.',
            )
