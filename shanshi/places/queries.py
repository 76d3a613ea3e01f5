"""Questions about places; never write."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from shanshi.kernel.errors import Missing
from shanshi.places import models
from shanshi.places.rules import DISTRICT_KINDS, Box, DivisionUnknown

# A file for each city, by its code; written by tools/borders.py.
BORDERS: Final = Path(__file__).parent / "borders"
_GRID: Final = 10_000


@dataclass(frozen=True, slots=True)
class DivisionFacts:
    """A division as it was on a day. `valid_to` is its last day."""

    code: str
    name: str
    kind: str
    parent_code: str | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Population:
    """Residents of a division on a day, by a source; estimates must be shown as such."""

    division_code: str
    counted_on: date
    residents: int
    is_estimate: bool
    counted_by: str


@dataclass(frozen=True, slots=True)
class VenueFacts:
    """A venue; degrees in WGS 84, radius in metres."""

    id: UUID
    name: str
    address: str
    latitude: float
    longitude: float
    radius_m: int
    division_code: str
    subdistrict_code: str | None


@dataclass(frozen=True, slots=True)
class StationFacts:
    """A station, where it is and who keeps it."""

    id: UUID
    name: str
    nickname: str
    venue: VenueFacts
    organization_id: UUID | None


@dataclass(frozen=True, slots=True)
class StreetFacts:
    """A partner street."""

    id: UUID
    name: str
    division_code: str
    subdistrict_code: str | None
    opened_on: date | None


def division(code: str, on: date) -> DivisionFacts:
    """Return the division that had a code on a day.

    code  GB/T 2260, 6 or 9 digits
    on    in the city's zone

    Raises rules.DivisionUnknown.
    """
    row = _standing(on).filter(code=code).first()
    if row is None:
        raise DivisionUnknown(division_code=code[:20], day=on.isoformat())
    return _division(row)


def lineage(code: str, on: date) -> tuple[str, ...]:
    """Return a division and all above it as places, the lowest first: ("division:330103", "division:330100").

    code  GB/T 2260
    on    in the city's zone

    Raises rules.DivisionUnknown.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE up (code, parent_code, step) AS (
                SELECT code, parent_code, 0 FROM places_division
                WHERE code = %(code)s AND daterange(valid_from, valid_to, '[]') @> %(on)s::date
                UNION ALL
                SELECT d.code, d.parent_code, up.step + 1 FROM places_division d
                JOIN up ON d.code = up.parent_code
                WHERE daterange(d.valid_from, d.valid_to, '[]') @> %(on)s::date AND up.step < 8
            )
            SELECT 'division:' || code FROM up ORDER BY step
            """,
            {"code": code, "on": on},
        )
        found = tuple(place for (place,) in cursor.fetchall())
    if not found:
        raise DivisionUnknown(division_code=code[:20], day=on.isoformat())
    return found


def lineage_near(code: str, on: date) -> tuple[str, ...]:
    """Return the lineage of a division on a day, or, had it another time, on its first or last day.

    code  GB/T 2260
    on    in the city's zone

    Raises rules.DivisionUnknown: no division ever had this code.
    """
    return lineage(code, _near(code, on)[1])


def division_near(code: str, on: date) -> DivisionFacts:
    """Return a division on a day, or, had it another time, on its first or last day.

    code  GB/T 2260
    on    in the city's zone

    Raises rules.DivisionUnknown: no division ever had this code.
    """
    return _near(code, on)[0]


def districts(on: date) -> list[DivisionFacts]:
    """Return the districts and counties of a day, by their codes.

    on  in the city's zone
    """
    return [_division(row) for row in _standing(on).filter(kind__in=DISTRICT_KINDS).order_by("code")]


def below(code: str, on: date) -> list[DivisionFacts]:
    """Return the divisions directly below one, sorted by the sound of their names.

    on  in the city's zone
    """
    return [_division(row) for row in _standing(on).filter(parent_code=code).order_by("name_key", "code")]


def divisions_called(part: str, on: date, *, limit: int) -> list[DivisionFacts]:
    """Return the divisions of a day with a part of a name, by their codes.

    on  in the city's zone
    """
    return [_division(row) for row in _standing(on).filter(name__icontains=part).order_by("code")[:limit]]


def divisions(codes: Iterable[str], on: date) -> dict[str, DivisionFacts]:
    """Return several divisions by code as they were on a day; unknown codes are left out.

    on  in the city's zone
    """
    return {row.code: _division(row) for row in _standing(on).filter(code__in=set(codes))}


def populations(code: str) -> list[Population]:
    """Return what is known of a division's residents, the oldest count first."""
    return [
        Population(row.division_code, row.counted_on, row.residents, row.is_estimate, row.counted_by)
        for row in models.DivisionPopulation.objects.filter(division_code=code).order_by("counted_on")
    ]


def latest_populations(codes: Iterable[str], on: date) -> dict[str, Population]:
    """Return the latest count of residents of each division by a day, by code, in one query.

    on  in the city's zone; a count of a later day is not known yet
    """
    rows = models.DivisionPopulation.objects.filter(division_code__in=set(codes), counted_on__lte=on)
    return {
        row.division_code: Population(
            row.division_code, row.counted_on, row.residents, row.is_estimate, row.counted_by
        )
        for row in rows.order_by("counted_on")
    }


def venues_in_subdistrict(code: str) -> frozenset[UUID]:
    """Return the venues that lie in a subdistrict or town.

    code  GB/T 2260, 9 digits
    """
    return frozenset(models.Venue.objects.filter(subdistrict_code=code).values_list("pk", flat=True))


def venue(venue_id: UUID) -> VenueFacts:
    """Return one venue.

    Raises Missing.
    """
    row = models.Venue.objects.filter(pk=venue_id).first()
    if row is None:
        raise Missing
    return _venue(row)


def venues(venue_ids: Iterable[UUID]) -> dict[UUID, VenueFacts]:
    """Return several venues in one query; unknown ids are left out."""
    return {row.pk: _venue(row) for row in models.Venue.objects.filter(pk__in=set(venue_ids))}


def venues_in(division_code: str | None = None) -> list[VenueFacts]:
    """Return the venues of a district, or all, sorted by the sound of their names."""
    rows = models.Venue.objects.order_by("name_key", "pk")
    if division_code is not None:
        rows = rows.filter(division_code=division_code)
    return [_venue(row) for row in rows]


def stations(division_code: str | None = None) -> list[StationFacts]:
    """Return the stations of a district, or all, sorted by the sound of their venues' names."""
    rows = models.Station.objects.select_related("venue").order_by("venue__name_key", "name", "pk")
    if division_code is not None:
        rows = rows.filter(venue__division_code=division_code)
    return [
        StationFacts(row.pk, row.name, row.nickname, _venue(row.venue), row.organization_id) for row in rows
    ]


def street(street_id: UUID) -> StreetFacts:
    """Return one partner street.

    Raises Missing.
    """
    row = models.PartnerStreet.objects.filter(pk=street_id).first()
    if row is None:
        raise Missing
    return _street(row)


def streets() -> list[StreetFacts]:
    """Return the partner streets, sorted by the sound of their names."""
    return [_street(row) for row in models.PartnerStreet.objects.order_by("name_key", "pk")]


def _near(code: str, on: date) -> tuple[DivisionFacts, date]:
    # Codes come from addresses too: what no code can be is not asked of the database.
    if not (code.isascii() and code.isdigit()):
        raise DivisionUnknown(division_code=code[:20].replace("\x00", ""), day=on.isoformat())
    row = _standing(on).filter(code=code).first()
    if row is not None:
        return _division(row), on
    row = models.Division.objects.filter(code=code).order_by("-valid_from").first()
    if row is None:
        raise DivisionUnknown(division_code=code[:20], day=on.isoformat())
    return _division(row), row.valid_from or row.valid_to or on


def _standing(on: date) -> QuerySet[models.Division]:
    return models.Division.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=on), Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    )


def _division(row: models.Division) -> DivisionFacts:
    return DivisionFacts(row.code, row.name, row.kind, row.parent_code, row.valid_from, row.valid_to)


def _venue(row: models.Venue) -> VenueFacts:
    return VenueFacts(
        row.pk,
        row.name,
        row.address,
        row.latitude,
        row.longitude,
        row.radius_m,
        row.division_code,
        row.subdistrict_code,
    )


def _street(row: models.PartnerStreet) -> StreetFacts:
    return StreetFacts(row.pk, row.name, row.division_code, row.subdistrict_code, row.opened_on)


def division_names(codes: Iterable[str]) -> dict[str, str]:
    """Return what divisions are called, by code; of one that changed its name, the latest.

    codes  GB/T 2260
    """
    rows = models.Division.objects.filter(code__in=set(codes)).order_by("valid_from")
    return dict(rows.values_list("code", "name"))


@dataclass(frozen=True, slots=True)
class Border:
    """The border of a district, simplified: rings of points (latitude, longitude) in degrees, and its box."""

    division_code: str
    rings: tuple[tuple[tuple[float, float], ...], ...]
    box: Box


def borders(on: date) -> tuple[Border, ...]:
    """Return the borders of the city's districts of a day, by code; none where no file knows that day.

    on  in the city's zone
    """
    city = models.Division.objects.filter(kind="city").order_by("code").values_list("code", flat=True).first()
    return _borders(city, on) if city is not None else ()


@cache
def _borders_of(city_code: str) -> tuple[date, date, tuple[Border, ...]] | None:
    path = BORDERS / f"{city_code}.json"
    if not path.is_file():
        return None
    held = json.loads(path.read_text(encoding="utf-8"))
    found = tuple(_border(code, rings) for code, rings in sorted(held["borders"].items()))
    return date.fromisoformat(held["valid_from"]), date.fromisoformat(held["valid_to"]), found


def _borders(city_code: str, on: date) -> tuple[Border, ...]:
    known = _borders_of(city_code)
    # Before and after, other districts had these codes, or none had them.
    return known[2] if known is not None and known[0] <= on <= known[1] else ()


def _border(code: str, rings: list[list[list[int]]]) -> Border:
    shapes = tuple(tuple((y / _GRID, x / _GRID) for x, y in ring) for ring in rings)
    points = [point for ring in shapes for point in ring]
    north, east = (max(point[axis] for point in points) for axis in (0, 1))
    south, west = (min(point[axis] for point in points) for axis in (0, 1))
    return Border(code, shapes, Box(south, west, north, east))
