"""Divisions, subdistricts, residents, and the tree of organizations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from shanshi.cities.rules.case import Case
from shanshi.cities.rules.fields import Ref, Row
from shanshi.cities.rules.problems import Notes
from shanshi.cities.rules.shapes import DivisionKind, DivisionRow, ProgramRow, SubdistrictRow


def check(case: Case, notes: Notes) -> None:
    """Note what is wrong with the ground: areas, their dates, who is above whom, figures."""
    _divisions(case, notes)
    _subdistricts(case, notes)
    _residents(case, notes)
    _subdistrict_lies_in_division(case, notes)
    _parents_come_first(case, notes)
    for program in case.programs:
        _bodies(program, notes)
    for figure in (figure for program in case.programs for figure in program.figures.values()):
        if (figure.value is None) == (figure.at_least is None):
            notes.add(figure.file, figure.line, "figures", "A figure has either a value or at_least.")


def _bodies(program: ProgramRow, notes: Notes) -> None:
    for ref in program.partners:
        if ref in program.organizers:
            reason = f'"{ref}" is an organizer; nobody is a partner, too.'
            notes.add(program.file, ref.line, "partners", reason)


def _divisions(case: Case, notes: Notes) -> None:
    codes = _codes(case)
    for row in case.divisions:
        if (row.kind == DivisionKind.CITY) != (row.parent == ""):
            reason = "A city has no parent; a district, county or county-level city has one."
            notes.add(row.file, row.line_of("parent"), "parent", reason)
        elif row.parent and row.parent not in codes:
            notes.add(row.file, row.line_of("parent"), "parent", f'There is no division "{row.parent}".')
    _periods(case.divisions, notes)
    if not any(row.code == case.case.city and row.kind == DivisionKind.CITY for row in case.divisions):
        reason = f'divisions.csv has no city with the code "{case.case.city}".'
        notes.add(case.case.file, case.case.line_of("city"), "city", reason)


def _codes(case: Case) -> set[str]:
    unread = {code for file, code in case.unread if file == "divisions.csv"}
    return unread | {row.code for row in case.divisions}


def _periods(rows: Sequence[DivisionRow] | Sequence[SubdistrictRow], notes: Notes) -> None:
    by_code: dict[str, list[DivisionRow | SubdistrictRow]] = {}
    for row in rows:
        if row.valid_from and row.valid_to and row.valid_to < row.valid_from:
            notes.add(row.file, row.line_of("valid_to"), "valid_to", "The last day is before the first.")
        for other in by_code.setdefault(row.code, []):
            if _overlap(row, other):
                reason = f"The code {row.code} is valid on the same days on line {other.line}."
                notes.add(row.file, row.line, "code", reason)
        by_code[row.code].append(row)


def _overlap(one: DivisionRow | SubdistrictRow, other: DivisionRow | SubdistrictRow) -> bool:
    first, last = (
        max(one.valid_from or date.min, other.valid_from or date.min),
        min(one.valid_to or date.max, other.valid_to or date.max),
    )
    return first <= last


def _subdistricts(case: Case, notes: Notes) -> None:
    districts = _codes(case)
    _periods(case.subdistricts, notes)
    for row in case.subdistricts:
        if row.district not in districts:
            notes.add(
                row.file, row.line_of("district"), "district", f'There is no division "{row.district}".'
            )
        elif not row.code.startswith(row.district):
            notes.add(row.file, row.line_of("code"), "code", "The code does not begin with its district's.")


def _residents(case: Case, notes: Notes) -> None:
    # A count may be older than the division's row: offices restate old counts for new boundaries.
    codes = _codes(case)
    for row in case.residents:
        if row.division not in codes:
            notes.add(
                row.file, row.line_of("division"), "division", f'There is no division "{row.division}".'
            )


def _subdistrict_lies_in_division(case: Case, notes: Notes) -> None:
    rows: list[Row] = [*case.venues, *case.stations, *case.streets, *case.organizations, *case.programs]
    for row in rows:
        division: Ref = row.division  # type: ignore[attr-defined]
        subdistrict: Ref | None = row.subdistrict  # type: ignore[attr-defined]
        if subdistrict is not None and not subdistrict.startswith(division):
            reason = f'The subdistrict "{subdistrict}" is not in the division "{division}".'
            notes.add(row.file, row.line_of("subdistrict"), "subdistrict", reason)


def _parents_come_first(case: Case, notes: Notes) -> None:
    before: set[str] = set()
    for row in case.organizations:
        if row.parent is not None and row.parent not in before and (row.file, row.parent) not in case.unread:
            reason = f'The parent "{row.parent}" stands later in the file, or nowhere; parents come first.'
            notes.add(row.file, row.line_of("parent"), "parent", reason)
        before.add(row.id)
