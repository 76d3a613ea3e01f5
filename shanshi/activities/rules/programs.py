"""What a program and a project say of themselves. Plain Python: no tables, no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final
from uuid import UUID

from shanshi.activities.rules.texts import check_writable
from shanshi.kernel.errors import N_, DomainError, Invalid, Missing

LONGEST_NAME: Final = 200
LONGEST_SAYS: Final = 2_000
LONGEST_WORD: Final = 60
LONGEST_SOURCE: Final = 200
MOST_FIGURES: Final = 40
MOST_BODIES: Final = 200
LARGEST: Final = Decimal(10) ** 12
PLACES: Final = 6
YEARS: Final = range(1990, 2101)
_KEY: Final = re.compile(r"[^\s\x00][^\x00\n]{0,59}")

# Figures that programs have in common, and what each counts. Another key is shown as it is written.
FIGURES: Final[Mapping[str, str]] = {
    "organizers": N_("Joint organizers"),
    "pilot_subdistricts": N_("Pilot subdistricts"),
    "target_young_volunteers": N_("Young volunteers to be won"),
    "years": N_("Years of the plan"),
    "merchants": N_("Merchants on the street"),
    "stations": N_("Stations"),
    "launch_attended": N_("Came to the launch"),
    "lead_volunteers": N_("Lead volunteers honoured"),
    "enterprises": N_("Enterprises"),
    "universities": N_("Universities"),
    "charities": N_("Charities"),
    "paired_teams": N_("Teams built jointly"),
    "came": N_("People who came"),
    "donated": N_("Gave blood"),
    "volume": N_("Blood given"),
    "departments": N_("Departments"),
    "items": N_("Errands that can be booked"),
    "age_from": N_("From age"),
    "age_to": N_("To age"),
    "min_score": N_("Lowest credit score"),
    "limit": N_("At most for one person"),
    "pool": N_("Pool"),
    "lowest_rate_per_mille_month": N_("Lowest rate a month"),
    "registered_2018": N_("Registered volunteers"),
    "activities_2018": N_("Activities in the year"),
    "person_times_2018": N_("Person-times in the year"),
    "verified_plus_honorary_hours_2018": N_("Hours in the year, of both kinds"),
    "residents_2018": N_("Residents"),
    "digest_lines": N_("Lines of the digest"),
    "items_in_development": N_("Items under 发展动态"),
    "items_from_below": N_("Items under 基层视窗"),
    "editors": N_("Editors"),
    "copies": N_("Copies printed"),
    "numbering_starts_at": N_("Number of the issue"),
    "reported_to": N_("Offices it is reported to"),
    "reported_to_persons": N_("Persons it is reported to"),
    "copied_to": N_("Offices it is copied to"),
    "sent_to": N_("Offices it is sent to"),
}


class ProgramMissing(Missing):
    """There is no such program."""

    code = "activities.program_missing"
    says = N_("There is no such program.")
    way = N_("Choose one from the list of programs.")


class ProjectMissing(Missing):
    """There is no such project."""

    code = "activities.project_missing"
    says = N_("There is no such project.")
    way = N_("Choose one from the program's page.")


class ProgramNameInvalid(Invalid):
    """The program or project has no name, or a very long one."""

    code = "activities.program_name_invalid"
    says = N_("A program or project needs a name of 1 to 200 characters; what it says has up to 2,000.")
    way = N_("Write a short name, and say less.")


class ProgramNameTaken(DomainError):
    """Another one has this name."""

    code = "activities.program_name_taken"
    says = N_("Another one is called {name} there.")
    way = N_("Open that one, or take another name.")


class BodiesInvalid(Invalid):
    """No organizer was named, or a body stands there twice."""

    code = "activities.bodies_invalid"
    says = N_(
        "A program has one or several organizers; nobody stands there twice, as organizer or as partner."
    )
    way = N_("Name each organization once.")


class PartnerUnknown(Invalid):
    """A body, team or division is none of the platform's."""

    code = "activities.partner_unknown"
    says = N_("One of the organizations, teams or subdistricts is not on the platform.")
    way = N_("Choose them from the lists.")


class FigureInvalid(Invalid):
    """A figure is not a number, or says two things."""

    code = "activities.figure_invalid"
    says = N_("The figure {name} is not valid.")
    way = N_("Give one number from 0 to a trillion: exact, or a lower bound.")


class DatesInvalid(Invalid):
    """A program ends before it begins."""

    code = "activities.program_dates_invalid"
    says = N_("The last day lies before the first.")
    way = N_("Correct one of the two days.")


class YearInvalid(Invalid):
    """The year of a key project is no year."""

    code = "activities.year_invalid"
    says = N_("The year of a key project lies between {first} and {last}.")
    way = N_("Correct the year, or leave it out.")


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure: exact, or a lower bound that is printed with 余.

    unit         what is counted: "persons", "ml", "yuan"; may be empty
    counted_on   the day that it is of
    source       who says so; may be empty
    activity_id  the activity whose figure it is
    """

    amount: Decimal
    is_at_least: bool = False
    unit: str = ""
    counted_on: date | None = None
    source: str = ""
    activity_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PairedTeam:
    """A team built for a program, and the body that it is paired with."""

    team_id: UUID
    paired_with: UUID | None = None
    formed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ProgramDraft:
    """A named campaign: organizers, partners and teams in order; figures as published, each by its name.

    divisions  codes of those where it is tried out first, in order
    """

    name: str
    division_code: str
    organizers: tuple[UUID, ...]
    name_en: str = ""
    description: str = ""
    launched_on: date | None = None
    ends_on: date | None = None
    earns_red_points: bool = False
    fields: tuple[str, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    partners: tuple[UUID, ...] = ()
    divisions: tuple[str, ...] = ()
    teams: tuple[PairedTeam, ...] = ()


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """A lasting piece of work of one organization; `key_of_year`: the year that lists it as a key one."""

    name: str
    organization_id: UUID
    program_id: UUID | None = None
    description: str = ""
    fields: tuple[str, ...] = ()
    key_of_year: int | None = None


def check_program(draft: ProgramDraft) -> None:
    """Return nothing: the program says enough, and nothing twice.

    Raises ProgramNameInvalid, texts.TextUnwritable, BodiesInvalid, DatesInvalid, FigureInvalid.
    """
    _check_texts(draft.name, draft.name_en, draft.description, draft.fields)
    bodies = (*draft.organizers, *draft.partners)
    teams = tuple(team.team_id for team in draft.teams)
    if not draft.organizers or len(bodies) > MOST_BODIES:
        raise BodiesInvalid
    if any(len(set(named)) < len(named) for named in (bodies, teams, draft.divisions)):
        raise BodiesInvalid
    if draft.launched_on and draft.ends_on and draft.ends_on < draft.launched_on:
        raise DatesInvalid
    for name, figure in draft.figures.items():
        _check_figure(name, figure)
    if len(draft.figures) > MOST_FIGURES:
        raise FigureInvalid(name=str(len(draft.figures)))


def check_project(draft: ProjectDraft) -> None:
    """Return nothing: the project says enough.

    Raises ProgramNameInvalid, texts.TextUnwritable, YearInvalid.
    """
    _check_texts(draft.name, "", draft.description, draft.fields)
    if draft.key_of_year is not None and draft.key_of_year not in YEARS:
        raise YearInvalid(first=YEARS[0], last=YEARS[-1])


def _check_texts(name: str, name_en: str, description: str, fields: tuple[str, ...]) -> None:
    too_long = len(name) > LONGEST_NAME or len(name_en) > LONGEST_NAME or len(description) > LONGEST_SAYS
    if not name.strip() or too_long or any(not word or len(word) > LONGEST_WORD for word in fields):
        raise ProgramNameInvalid
    check_writable(name, name_en, description, *fields)


def _check_figure(name: str, figure: Figure) -> None:
    amount = figure.amount
    is_number = amount.is_finite() and 0 <= amount <= LARGEST and amount == round(amount, PLACES)
    if not _KEY.fullmatch(name) or not is_number or len(figure.source) > LONGEST_SOURCE:
        raise FigureInvalid(name=name[:60])
    check_writable(name, figure.unit, figure.source)


def written(figure: Figure) -> dict[str, object]:
    """Return a figure as it is kept: plain values of JSON, whole numbers as such, others as text."""
    amount = figure.amount
    kept: object = int(amount) if amount == amount.to_integral_value() else str(amount)
    found: dict[str, object] = {"at_least" if figure.is_at_least else "value": kept}
    if figure.unit:
        found["unit"] = figure.unit
    if figure.counted_on:
        found["counted_on"] = figure.counted_on.isoformat()
    if figure.source:
        found["source"] = figure.source
    if figure.activity_id:
        found["activity"] = str(figure.activity_id)
    return found


def figure_of(kept: Mapping[str, object]) -> Figure | None:
    """Return a figure that was kept, or None for what is none."""
    is_at_least = "at_least" in kept
    try:
        amount = Decimal(str(kept["at_least" if is_at_least else "value"]))
    except (KeyError, InvalidOperation):
        return None
    on, activity = kept.get("counted_on"), kept.get("activity")
    return Figure(
        amount,
        is_at_least,
        unit=str(kept.get("unit", "")),
        counted_on=date.fromisoformat(str(on)) if on else None,
        source=str(kept.get("source", "")),
        activity_id=UUID(str(activity)) if activity else None,
    )
