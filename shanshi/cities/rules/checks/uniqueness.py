"""Ids are given once, references are found, names are not taken twice."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from shanshi.cities.rules.case import Case
from shanshi.cities.rules.fields import Row, references
from shanshi.cities.rules.problems import Notes
from shanshi.cities.rules.shapes import DivisionRow, SubdistrictRow

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

    def ids(rows: Iterable[Row], file: str) -> frozenset[str]:
        unread = frozenset(id_ for name, id_ in case.unread if name == file)
        return unread | frozenset(row.id for row in rows)  # type: ignore[attr-defined]

    def codes(rows: Iterable[DivisionRow | SubdistrictRow], file: str) -> frozenset[str]:
        unread = frozenset(code for name, code in case.unread if name == file)
        return unread | frozenset(row.code for row in rows if valid(row.valid_from, row.valid_to, case.today))

    venues, stations = ids(case.venues, "venues.csv"), ids(case.stations, "stations.csv")
    teams = ids(case.teams, "teams.yaml")
    divisions, subdistricts = (
        codes(case.divisions, "divisions.csv"),
        codes(case.subdistricts, "subdistricts.csv"),
    )
    organizations, merchants = (
        ids(case.organizations, "organizations.yaml"),
        ids(case.merchants, "merchants.csv"),
    )
    return {
        "division": divisions,
        "subdistrict": subdistricts,
        "venue": venues,
        "street": ids(case.streets, "streets.csv"),
        "merchant": merchants,
        "offer": ids(case.offers, "offers.csv"),
        "organization": organizations,
        "program": ids(case.programs, "programs.yaml"),
        "project": ids(case.projects, "projects.yaml"),
        "team": teams,
        "activity": ids(case.activities, "activities.yaml"),
        "person": ids(case.people, "people.yaml"),
        "place": frozenset(f"venue:{id_}" for id_ in venues)
        | frozenset(f"station:{id_}" for id_ in stations),
        "role_place": frozenset(f"organization:{id_}" for id_ in organizations)
        | frozenset(f"merchant:{id_}" for id_ in merchants)
        | frozenset(f"team:{id_}" for id_ in teams)
        | frozenset(f"division:{code}" for code in divisions | subdistricts)
        | {"city"},
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
