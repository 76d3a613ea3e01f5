"""Ids are given once, references are found, names are not taken twice."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from shanshi.cities.rules.case import Case
from shanshi.cities.rules.fields import Row, references
from shanshi.cities.rules.problems import Notes

R = TypeVar("R", bound=Row)


def check(case: Case, notes: Notes) -> None:
    """Note ids and names given twice, and references to nothing."""
    for rows in (
        case.venues, case.stations, case.streets, case.merchants, case.offers, case.organizations,
        case.teams, case.programs, case.projects, case.activities, case.people,
    ):  # fmt: skip
        once(rows, lambda row: row.id, "id", notes)  # type: ignore[attr-defined]
    once(case.organizations, lambda row: (row.division, row.name), "name", notes)
    once(case.teams, lambda row: (row.organization, row.name), "name", notes)
    once(case.programs, lambda row: (row.division, row.name), "name", notes)
    once(case.projects, lambda row: (row.organization, row.name), "name", notes)
    once(case.people, lambda row: row.phone, "phone", notes)
    once([row for row in case.people if row.id_number], lambda row: row.id_number, "id_number", notes)
    once(
        [row for row in case.organizations if row.credit_code],
        lambda row: row.credit_code,
        "credit_code",
        notes,
    )
    once(case.residents, lambda row: (row.division, row.counted_on), "counted_on", notes)
    once(case.sign_ups, lambda row: (row.person, row.activity, row.shift_starts_at), "shift_starts_at", notes)
    _references(case, notes)


def once(rows: Iterable[R], key: Callable[[R], Hashable], name: str, notes: Notes) -> None:
    """Note each record whose key an earlier record of the file has."""
    first: dict[Hashable, R] = {}
    for row in rows:
        earlier = first.setdefault(key(row), row)
        if earlier is not row:
            reason = f"This is given already on line {earlier.line_of(name)}; it may be given once."
            notes.add(row.file, row.line_of(name), name, reason)


def known(case: Case) -> dict[str, frozenset[str]]:
    """Return, for each kind of thing that can be referred to, the ids that there are."""
    venues = {f"venue:{row.id}" for row in case.venues} | {f"station:{row.id}" for row in case.stations}
    places = {f"organization:{row.id}" for row in case.organizations}
    places |= {f"merchant:{row.id}" for row in case.merchants} | {"city"}
    on = case.today
    return {
        "division": frozenset(row.code for row in case.divisions if valid(row.valid_from, row.valid_to, on)),
        "subdistrict": frozenset(
            row.code for row in case.subdistricts if valid(row.valid_from, row.valid_to, on)
        ),
        "venue": frozenset(row.id for row in case.venues),
        "street": frozenset(row.id for row in case.streets),
        "merchant": frozenset(row.id for row in case.merchants),
        "offer": frozenset(row.id for row in case.offers),
        "organization": frozenset(row.id for row in case.organizations),
        "program": frozenset(row.id for row in case.programs),
        "project": frozenset(row.id for row in case.projects),
        "activity": frozenset(row.id for row in case.activities),
        "person": frozenset(row.id for row in case.people),
        "place": frozenset(venues),
        "role_place": frozenset(places),
    }


def valid(first: object, last: object, on: object) -> bool:
    """Whether a day lies between two days, either of which may be open."""
    return (first is None or first <= on) and (last is None or on <= last)  # type: ignore[operator]


def _references(case: Case, notes: Notes) -> None:
    there = known(case)
    for row in case.rows():
        for name, to, ref in references(row):
            if ref not in there[to]:
                when = " that is valid when the clock starts" if to in {"division", "subdistrict"} else ""
                notes.add(row.file, ref.line, name, f'There is no {to.replace("_", " ")} "{ref}"{when}.')
