"""Distances, names in order, codes of divisions. Plain Python: no tables, no clock."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shanshi.kernel.errors import N_, DomainError, Invalid, Missing

EARTH_RADIUS_M = 6_371_008.8


class DivisionKind(StrEnum):
    """What sort of division it is; the code's length and place decide it in the standard."""

    CITY = "city"
    DISTRICT = "district"
    COUNTY = "county"
    COUNTY_CITY = "county_city"
    SUBDISTRICT = "subdistrict"
    TOWN = "town"


DISTRICT_KINDS = (DivisionKind.DISTRICT, DivisionKind.COUNTY, DivisionKind.COUNTY_CITY)


class DivisionUnknown(Missing):
    """No division had this code on that day."""

    code = "places.division_unknown"
    says = N_("No division had the code {division_code} on {day}.")
    way = N_("Check the code and the day; divisions change their borders and codes.")


class DivisionInvalid(Invalid):
    """A division's code, dates or parent are not as they should be."""

    code = "places.division_invalid"
    says = N_("The division {division_code} is not valid: {what}.")
    way = N_("Codes have 6 digits (city, district, county) or 9 (subdistrict, town), after GB/T 2260.")


class PlaceInvalid(Invalid):
    """A venue lies nowhere on Earth, or has no name."""

    code = "places.place_invalid"
    says = N_("The place {name} is not valid: {what}.")
    way = N_("Latitude is -90 to 90, longitude -180 to 180, both in degrees; the radius 1 to 10,000 metres.")


class AlreadyThere(DomainError):
    """A division with this code is already valid on some of these days, or a place has this name already."""

    code = "places.already_there"
    says = N_("There is already a place like one of these: {what}.")
    way = N_("End the old one first, or leave the new one out.")


def distance_m(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the distance of two points in metres, along the Earth's surface.

    latitude, other_latitude    degrees, -90 to 90
    longitude, other_longitude  degrees, -180 to 180
    """
    north, other_north = math.radians(latitude), math.radians(other_latitude)
    half_chord = (
        math.sin((other_north - north) / 2) ** 2
        + math.cos(north)
        * math.cos(other_north)
        * math.sin(math.radians(other_longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(half_chord)))


def box_around(
    latitude: float, longitude: float, distance_m: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the degrees between which everything within a distance lies: south and north, west and east.

    latitude, longitude  degrees; near a pole every longitude is within
    """
    north = math.degrees(distance_m / EARTH_RADIUS_M)
    narrows = math.cos(math.radians(min(abs(latitude) + north, 90)))
    east = north / narrows if narrows > 0.01 else 360.0
    return (latitude - north, latitude + north), (longitude - east, longitude + east)


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of the Earth between degrees."""

    south: float
    west: float
    north: float
    east: float

    def grown(self, part: float) -> Box:
        """Return the box with a margin on each side, as a part of its size."""
        high, wide = (self.north - self.south) * part, (self.east - self.west) * part
        return Box(self.south - high, self.west - wide, self.north + high, self.east + wide)

    def holds(self, latitude: float, longitude: float) -> bool:
        """Return whether a point lies in the box; degrees."""
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


@dataclass(frozen=True, slots=True)
class Sheet:
    """A flat drawing of a box, `width` wide; degrees of longitude are as short as in the box's middle."""

    box: Box
    width: int

    @property
    def height(self) -> int:
        """How high the drawing is, in the same unit."""
        return round((self.box.north - self.box.south) * self._scale)

    @property
    def _scale(self) -> float:
        narrows = math.cos(math.radians((self.box.south + self.box.north) / 2))
        return self.width / ((self.box.east - self.box.west) * narrows)

    def place(self, latitude: float, longitude: float) -> tuple[int, int]:
        """Return where a point lies on the drawing, from its left and from its top.

        latitude, longitude  degrees
        """
        x = (longitude - self.box.west) / (self.box.east - self.box.west) * self.width
        return round(x), round((self.box.north - latitude) * self._scale)


def name_key(name: str) -> str:
    """Return a text by which Chinese names sort as people expect, by their sounds.

    name  in any script; without a Chinese character it is its own key in small letters
    """
    # Its dictionary takes a third of a second to read, and few processes ask for it.
    from pypinyin import Style, lazy_pinyin

    return " ".join(lazy_pinyin(name.strip().lower(), style=Style.TONE3))[:200]


def check_division(code: str, kind: str, valid_from: date | None, valid_to: date | None) -> None:
    """Return nothing: code, kind and dates go together.

    code                  6 digits, or 9 for a subdistrict or town
    valid_from, valid_to  first and last day; None: since ever, until further notice

    Raises DivisionInvalid.
    Source: GB/T 2260 (rules of the city, section 10).
    """
    if kind not in set(DivisionKind):
        raise DivisionInvalid(division_code=code[:20], what=f"kind {kind[:20]!r}")
    digits = 9 if kind in {DivisionKind.SUBDISTRICT, DivisionKind.TOWN} else 6
    if not re.fullmatch(rf"[0-9]{{{digits}}}", code):
        raise DivisionInvalid(division_code=code[:20], what=f"not {digits} digits")
    if valid_from and valid_to and valid_to < valid_from:
        raise DivisionInvalid(division_code=code, what="ends before it begins")


def check_place(name: str, latitude: float, longitude: float, radius_m: int) -> None:
    """Return nothing: the place has a name and lies on Earth.

    latitude, longitude  degrees
    radius_m             1 to 10,000

    Raises PlaceInvalid.
    """
    if not name.strip():
        raise PlaceInvalid(name="", what="no name")
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise PlaceInvalid(name=name[:80], what=f"{latitude}, {longitude}")
    if not 1 <= radius_m <= 10_000:
        raise PlaceInvalid(name=name[:80], what=f"{radius_m} m")
