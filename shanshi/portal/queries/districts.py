"""The page of a district or subdistrict: public figures of it, and what lies in it; no person."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from shanshi.activities import queries as activities
from shanshi.activities.queries import ActivityCard, Finding, activities_open
from shanshi.activities.queries import bodies as given
from shanshi.activities.queries.bodies import Giving
from shanshi.attendance.queries import records
from shanshi.attendance.queries.records import Month, Record
from shanshi.kernel.quantities import city_day
from shanshi.places import queries as places
from shanshi.places.queries import DivisionFacts, Population, StationFacts, StreetFacts
from shanshi.portal.queries.bodies import months_of
from shanshi.registry.queries import OrganizationFacts
from shanshi.registry.queries.bodies import (
    BodyFilter,
    organization_page,
    organizations_by_district,
    organizations_in,
)

SHOWN: Final = 6
MAP_WIDTH: Final = 1000
SUBDISTRICT_DIGITS: Final = 9


@dataclass(frozen=True, slots=True)
class DistrictLine:
    """A district among others. residents: the latest count; None where nobody counted."""

    division: DivisionFacts
    residents: Population | None
    activities: int
    organizations: int


@dataclass(frozen=True, slots=True)
class DistrictPage:
    """A district or subdistrict.

    open         activities with a shift that is not over
    months       of this year, as far as it has gone
    parent       of a subdistrict, its district
    """

    division: DivisionFacts
    parent: DivisionFacts | None
    residents: Population | None
    open: int
    now: tuple[ActivityCard, ...]
    organization_count: int
    organizations: tuple[OrganizationFacts, ...]
    stations: tuple[StationFacts, ...]
    streets: tuple[StreetFacts, ...]
    programs: tuple[activities.ProgramFacts, ...]
    below: tuple[DivisionFacts, ...]
    months: tuple[Month, ...]
    this_year: Record
    this_month: Record
    year: int

    @property
    def is_district(self) -> bool:
        """Whether it is a district or county, and no part of one."""
        return len(self.division.code) < SUBDISTRICT_DIGITS


@dataclass(frozen=True, slots=True)
class Area:
    """A district on the small map, as a path of SVG."""

    path: str
    is_this: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """Where a district lies in the city; `box` as SVG's viewBox."""

    box: str
    areas: tuple[Area, ...]


def outline(code: str, on: date) -> Outline | None:
    """Return the districts of the city with one of them marked; None where their borders are not known.

    code  of the district, or of a part of it
    on    in the city's zone
    """
    borders = places.borders(on)
    if not any(one.division_code == code[:6] for one in borders):
        return None
    points = [point for one in borders for ring in one.rings for point in ring]
    south, north = min(lat for lat, _ in points), max(lat for lat, _ in points)
    west, east = min(lon for _, lon in points), max(lon for _, lon in points)
    # A degree of longitude is shorter than one of latitude, the farther north the more.
    narrow = math.cos(math.radians((south + north) / 2))
    scale = MAP_WIDTH / ((east - west) * narrow)

    def path(ring: tuple[tuple[float, float], ...]) -> str:
        drawn = (f"{(lon - west) * narrow * scale:.0f} {(north - lat) * scale:.0f}" for lat, lon in ring)
        return f"M{'L'.join(drawn)}Z"

    areas = [
        Area("".join(path(ring) for ring in one.rings), one.division_code == code[:6]) for one in borders
    ]
    # What is drawn last lies on top: the border of the marked one stays whole.
    areas.sort(key=lambda area: area.is_this)
    return Outline(f"0 0 {MAP_WIDTH} {(north - south) * scale:.0f}", tuple(areas))


def district_lines(at: datetime) -> list[DistrictLine]:
    """Return the districts of a day by their codes, in a fixed number of queries.

    at  with a time zone
    """
    found = places.districts(city_day(at))
    counted = organizations_by_district([one.code for one in found])
    ahead = given.open_by_district(at=at)
    residents = places.latest_populations([one.code for one in found], city_day(at))
    return [
        DistrictLine(one, residents.get(one.code), ahead.get(one.code, 0), counted[one.code]) for one in found
    ]


def district_page(code: str, at: datetime) -> DistrictPage:
    """Return a district or subdistrict, in a fixed number of queries; its sums at most five minutes old.

    code  GB/T 2260, 6 or 9 digits
    at    with a time zone

    Raises places.DivisionUnknown.
    """
    day = city_day(at)
    division = places.division_near(code, day)
    venues = places.venues_in_subdistrict(code) if len(code) == SUBDISTRICT_DIGITS else frozenset()
    giving = Giving(division_code=code, venues=venues)
    now, _following = activities_open(Finding(division_code=code), at=at, limit=SHOWN)
    bodies, _more = organization_page(BodyFilter(division_code=code), cursor=None, limit=SHOWN * 2)
    months = months_of(giving, f"division:{code}", since=date(day.year, 1, 1))
    parent = places.divisions([division.parent_code], day) if division.parent_code else {}
    streets = [one for one in places.streets() if code in {one.division_code, one.subdistrict_code}]
    return DistrictPage(
        division=division,
        parent=parent.get(division.parent_code or ""),
        residents=places.latest_populations([code], day).get(code),
        open=given.open_now(giving, at=at),
        now=tuple(now),
        organization_count=organizations_in(code),
        organizations=tuple(bodies),
        stations=tuple(_stations(code)),
        streets=tuple(streets),
        programs=tuple(_programs(code)),
        below=tuple(places.below(code, day)),
        months=tuple(months),
        this_year=records.in_all(months),
        this_month=records.in_all(months, since=day.replace(day=1)),
        year=day.year,
    )


def _stations(code: str) -> list[StationFacts]:
    found = places.stations(code[:6])
    return [one for one in found if code in {one.venue.division_code, one.venue.subdistrict_code}]


def _programs(code: str) -> list[activities.ProgramFacts]:
    """The programs of a district, and those that try something out in it or in a part of it."""
    return [
        one
        for one in activities.programs()
        if one.division_code.startswith(code) or any(part.startswith(code) for part in one.divisions)
    ]
