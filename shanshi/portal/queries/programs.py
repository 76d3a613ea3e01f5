"""What the pages of programs and stations show, drawn from the rooms below."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shanshi.activities import queries as activities
from shanshi.activities.queries import ActivityCard, ProgramFacts, ProjectFacts, ShiftFacts
from shanshi.activities.queries.booths import booth_counts
from shanshi.activities.queries.programs import people_in_charge, titles, venues_of
from shanshi.activities.rules.programs import FIGURES, Figure
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.places import queries as places
from shanshi.places.queries import StationFacts, StreetFacts
from shanshi.registry import queries as registry
from shanshi.registry.queries import OrganizationFacts

STANDING: Final = timedelta(days=14)
# What a figure counts on the page itself: the section in which each of them stands.
COUNTED: Final = {
    "organizers": "organizers",
    "pilot_subdistricts": "pilots",
    "enterprises": "partners",
    "universities": "partners",
    "charities": "partners",
    "paired_teams": "teams",
    "stations": "stations",
    "merchants": "streets",
}


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure with what is behind it.

    activity  title of the activity whose figure it is; empty if none
    section   of the page in which what it counts stands; empty if none
    """

    name: str
    figure: Figure
    activity: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """A team built for the program, whose it is, and with whom it is paired."""

    name: str
    of: str
    paired_with: str
    formed_on: object


@dataclass(frozen=True, slots=True)
class StationLine:
    """A station with its next shift, if one comes within two weeks."""

    station: StationFacts
    next_shift: ShiftFacts | None
    shifts: int


@dataclass(frozen=True, slots=True)
class ProgramPage:
    """Everything that a program's page shows.

    partners  by kind of body, in the order in which they are named
    events    (card, booths): its activities with booths
    """

    program: ProgramFacts
    division: str
    figures: tuple[FigureLine, ...]
    organizers: tuple[OrganizationFacts, ...]
    partners: tuple[tuple[str, tuple[OrganizationFacts, ...]], ...]
    pairs: tuple[Pair, ...]
    pilots: tuple[tuple[str, tuple[str, ...]], ...]
    stations: tuple[StationLine, ...]
    streets: tuple[StreetFacts, ...]
    key_projects: tuple[ProjectFacts, ...]
    projects: tuple[ProjectFacts, ...]
    coming: tuple[ActivityCard, ...]
    past: tuple[ActivityCard, ...]
    events: tuple[tuple[ActivityCard, int], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """When an activity has shifts at a station again and again: weekdays (1 is Monday) and local times."""

    activity_id: UUID
    title: str
    weekdays: tuple[int, ...]
    starts: str
    ends: str
    in_charge: str


@dataclass(frozen=True, slots=True)
class StationPage:
    """A station, who keeps it, its standing shifts and those of the next two weeks."""

    station: StationFacts
    division: str
    subdistrict: str
    host: OrganizationFacts | None
    standing: tuple[Standing, ...]
    shifts: tuple[ShiftFacts, ...]
    programs: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class ProgramLine:
    """A program in the list."""

    program: ProgramFacts
    division: str
    organizers: tuple[str, ...]


def program_lines() -> list[ProgramLine]:
    """Return all programs with the names of their organizers, in seven queries."""
    found = activities.programs()
    bodies = registry.organizations({body for one in found for body in one.organizers})
    names = places.division_names({one.division_code for one in found})
    return [
        ProgramLine(
            one,
            names.get(one.division_code, one.division_code),
            tuple(bodies[body].name for body in one.organizers),
        )
        for one in found
    ]


def program_page(program_id: UUID, *, at: datetime) -> ProgramPage:
    """Return a program's page, in as many queries whatever belongs to it.

    at  with a time zone

    Raises ProgramMissing.
    """
    program = activities.program(program_id)
    paired = {team.paired_with for team in program.teams if team.paired_with is not None}
    teams = registry.teams_of_ids({team.team_id for team in program.teams})
    bodies = registry.organizations(
        {*program.organizers, *program.partners, *paired, *(team.organization_id for team in teams.values())}
    )
    projects = activities.projects(program.id)
    coming, past = activities.program_activities(program.id, at=at)
    booths = booth_counts([card.id for card in (*coming, *past)])
    stations = station_lines(_stations(program.id), at=at)
    streets = tuple(
        street
        for street in places.streets()
        if "merchants" in program.figures and street.division_code == program.division_code
    )
    names = places.division_names({program.division_code, *program.divisions, *_above(program.divisions)})
    there = {"organizers", *(["partners"] if program.partners else []), *(["teams"] if program.teams else [])}
    there |= {name for name, some in (("pilots", program.divisions), ("stations", stations)) if some}
    there |= {"streets"} if streets else set()
    return ProgramPage(
        program=program,
        division=names.get(program.division_code, program.division_code),
        figures=_figures(program, there),
        organizers=tuple(bodies[body] for body in program.organizers),
        partners=_by_kind([bodies[body] for body in program.partners]),
        pairs=tuple(
            Pair(
                teams[team.team_id].name,
                bodies[teams[team.team_id].organization_id].name,
                bodies[team.paired_with].name if team.paired_with else "",
                team.formed_on,
            )
            for team in program.teams
        ),
        pilots=_by_district(program.divisions, names),
        stations=tuple(stations),
        streets=streets,
        key_projects=tuple(project for project in projects if project.key_of_year),
        projects=tuple(project for project in projects if not project.key_of_year),
        coming=tuple(coming),
        past=tuple(past),
        events=tuple((card, booths[card.id]) for card in (*coming, *past) if card.id in booths),
    )


def _above(codes: Iterable[str]) -> set[str]:
    return {code[:6] for code in codes}


def _figures(program: ProgramFacts, sections: set[str]) -> tuple[FigureLine, ...]:
    wanted = {figure.activity_id for figure in program.figures.values() if figure.activity_id is not None}
    found = titles(wanted) if wanted else {}
    return tuple(
        FigureLine(
            name,
            figure,
            activity=found.get(figure.activity_id, "") if figure.activity_id else "",
            section=COUNTED[name] if COUNTED.get(name) in sections else "",
        )
        for name, figure in sorted(program.figures.items(), key=lambda named: _place_of(named[0]))
    )


def _place_of(name: str) -> tuple[int, str]:
    """Known figures in the order of their list, then the others by name: the database keeps no order."""
    known = list(FIGURES)
    return (known.index(name) if name in FIGURES else len(known), name)


def _by_kind(bodies: Sequence[OrganizationFacts]) -> tuple[tuple[str, tuple[OrganizationFacts, ...]], ...]:
    found: dict[str, list[OrganizationFacts]] = defaultdict(list)
    for body in bodies:
        found[body.kind].append(body)
    return tuple((kind, tuple(some)) for kind, some in found.items())


def _by_district(codes: Sequence[str], names: dict[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        found[names.get(code[:6], code[:6])].append(names.get(code, code))
    return tuple((district, tuple(some)) for district, some in found.items())


def _stations(program_id: UUID) -> list[StationFacts]:
    """The stations at which the program has activities."""
    venues = venues_of(program_id)
    return [one for one in places.stations() if one.venue.id in venues] if venues else []


def station_lines(stations: Sequence[StationFacts], *, at: datetime) -> list[StationLine]:
    """Return stations with their next shifts, in four queries however many they are.

    at  with a time zone
    """
    if not stations:
        return []
    shifts = activities.shifts_at({one.venue.id for one in stations}, at=at, until=at + STANDING)
    return [
        StationLine(one, next(iter(shifts.get(one.venue.id, ())), None), len(shifts.get(one.venue.id, ())))
        for one in stations
    ]


def station_page(station_id: UUID, *, at: datetime) -> StationPage:
    """Return a station's page.

    at  with a time zone

    Raises Missing.
    """
    station = next((one for one in places.stations() if one.id == station_id), None)
    if station is None:
        raise Missing
    venue = station.venue
    shifts = activities.shifts_at({venue.id}, at=at, until=at + STANDING).get(venue.id, [])
    names = places.division_names({venue.division_code, venue.subdistrict_code or venue.division_code})
    host = station.organization_id
    wanted = {shift.activity_id for shift in shifts}
    return StationPage(
        station=station,
        division=names.get(venue.division_code, ""),
        subdistrict=names.get(venue.subdistrict_code or "", ""),
        host=registry.organizations([host]).get(host) if host is not None else None,
        standing=_standing(shifts, people_in_charge(wanted)),
        shifts=tuple(shifts),
        programs=tuple(activities.programs_at(wanted)),
    )


def _standing(shifts: Sequence[ShiftFacts], in_charge: dict[UUID, str]) -> tuple[Standing, ...]:
    found: dict[tuple[UUID, str, str], list[ShiftFacts]] = defaultdict(list)
    for shift in shifts:
        starts, ends = (moment.astimezone(CITY_ZONE) for moment in (shift.starts_at, shift.ends_at))
        found[shift.activity_id, f"{starts:%H:%M}", f"{ends:%H:%M}"].append(shift)
    return tuple(
        Standing(
            activity_id,
            some[0].title,
            tuple(sorted({shift.starts_at.astimezone(CITY_ZONE).isoweekday() for shift in some})),
            starts,
            ends,
            in_charge.get(activity_id, ""),
        )
        for (activity_id, starts, ends), some in found.items()
    )
