"""Where activities are, as a drawing: the districts, how many each has, and the spots of one of them.

The drawing is values for the component `_map`; what it shows stands in a list beside it, too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from shanshi.activities import queries as activities
from shanshi.activities.queries import Dot, Finding
from shanshi.kernel.quantities import city_day
from shanshi.places import queries as places
from shanshi.places.queries import Border
from shanshi.places.rules import Box, Sheet

# Few units, so that dots and names keep their size on a phone.
WIDTH: Final = 420
MARGIN: Final = 0.03
# Dots nearer than this on the drawing are one spot.
SPOT: Final = 30
# How far below its dot a district's name stands.
NAME_BELOW: Final = 27
# Districts smaller than this part of the city are drawn once more, by themselves.
SMALL: Final = 1 / 6
DISTRICT_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class District:
    """A district and how many activities that match it has."""

    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Spot:
    """Activities that lie together on the drawing, from its left and its top."""

    number: int
    x: int
    y: int
    dots: tuple[Dot, ...]


@dataclass(frozen=True, slots=True)
class CityMap:
    """A map of the city, or of one district.

    districts  of the city by their codes; those with borders are drawn
    sheets     drawings, the whole first; what of the city is too small there comes in a second one
    spots      of the district that is shown
    current    the district that is shown, if one is
    """

    districts: tuple[District, ...]
    sheets: tuple[dict[str, Any], ...]
    spots: tuple[Spot, ...]
    current: District | None


def city_map(finding: Finding, *, at: datetime, link: Callable[[str], str]) -> CityMap:
    """Return where what is looked for is; three queries, however much it is.

    at    with a time zone
    link  the address of the map of a district, by its code
    """
    on = city_day(at)
    names = {one.code: one.name for one in places.districts(on)}
    counts = activities.activities_by_district(replace(finding, division_code=""), at=at)
    known = tuple(District(code, name, counts.get(code, 0)) for code, name in names.items())
    drawn = tuple(one for one in places.borders(on) if one.division_code in names)
    by_code = {one.code: one for one in known}
    current = by_code.get(finding.division_code[:DISTRICT_DIGITS])
    here = next((one for one in drawn if current and one.division_code == current.code), None)
    if here is not None:
        spots, sheet = _district(here, drawn, by_code, activities.dots(finding, at=at), link)
        return CityMap(known, (sheet,), spots, current)
    return CityMap(known, _city(drawn, by_code, link) if drawn else (), (), current)


def _city(
    drawn: Sequence[Border], districts: dict[str, District], link: Callable[[str], str]
) -> tuple[dict[str, Any], ...]:
    whole = _around([one.box for one in drawn])
    small = {
        one.division_code
        for one in drawn
        if max((one.box.north - one.box.south) / (whole.north - whole.south), _breadth(one, whole)) < SMALL
    }
    main = _sheet(Sheet(whole.grown(MARGIN), WIDTH), drawn, districts, link, without=small)
    if len(small) < 2:
        return (_sheet(Sheet(whole.grown(MARGIN), WIDTH), drawn, districts, link, without=set()),)
    middle = Sheet(_around([one.box for one in drawn if one.division_code in small]).grown(MARGIN), WIDTH)
    near = [one for one in drawn if _touch(one.box, middle.box)]
    others = {one.division_code for one in near} - small
    return (main, _sheet(middle, near, districts, link, without=others))


def _breadth(border: Border, whole: Box) -> float:
    return (border.box.east - border.box.west) / (whole.east - whole.west)


def _sheet(
    sheet: Sheet,
    drawn: Sequence[Border],
    districts: dict[str, District],
    link: Callable[[str], str],
    *,
    without: set[str],
) -> dict[str, Any]:
    points, shapes = [], []
    for one in drawn:
        district = districts[one.division_code]
        shape = {"d": outline(one, sheet), "district": district, "url": link(one.division_code)}
        if one.division_code not in without:
            x, y = sheet.place(*_middle(one))
            shape |= {"text_x": x, "text_y": y + (NAME_BELOW if district.count else 0)}
            if district.count:
                points.append({"x": x, "y": y, "number": district.count, "district": district})
        shapes.append(shape)
    return {
        "box": f"0 0 {sheet.width} {sheet.height}",
        "shapes": shapes,
        "points": points,
    }


def _district(
    here: Border,
    drawn: Sequence[Border],
    districts: dict[str, District],
    dots: Sequence[Dot],
    link: Callable[[str], str],
) -> tuple[tuple[Spot, ...], dict[str, Any]]:
    inside = [dot for dot in dots if here.box.grown(MARGIN).holds(dot.latitude, dot.longitude)]
    sheet = Sheet(here.box.grown(MARGIN), WIDTH)
    spots = _spots(inside, sheet)
    shapes = []
    for one in sorted(drawn, key=lambda one: one is here):
        if not _touch(one.box, sheet.box):
            continue
        shape: dict[str, Any] = {"d": outline(one, sheet), "district": districts[one.division_code]}
        shapes.append(shape | ({"current": True} if one is here else {"url": link(one.division_code)}))
    points = [{"x": spot.x, "y": spot.y, "number": spot.number, "spot": spot} for spot in spots]
    return spots, {
        "box": f"0 0 {sheet.width} {sheet.height}",
        "shapes": shapes,
        "points": points,
    }


def place_map(
    division_code: str, latitude: float, longitude: float, *, at: datetime
) -> dict[str, Any] | None:
    """Return a drawing of the district with one place in it, without words; None where nobody can draw it.

    latitude, longitude  degrees
    at                   with a time zone
    """
    drawn = places.borders(city_day(at))
    here = next((one for one in drawn if one.division_code == division_code[:DISTRICT_DIGITS]), None)
    if here is None or not here.box.grown(MARGIN).holds(latitude, longitude):
        return None
    sheet = Sheet(here.box.grown(MARGIN), WIDTH)
    x, y = sheet.place(latitude, longitude)
    return {
        "box": f"0 0 {sheet.width} {sheet.height}",
        "shapes": [
            {"d": outline(one, sheet), "current": one is here}
            for one in sorted(drawn, key=lambda one: one is here)
            if _touch(one.box, sheet.box)
        ],
        "points": [{"x": x, "y": y}],
        "radius": 12,
    }


def _spots(dots: Sequence[Dot], sheet: Sheet) -> tuple[Spot, ...]:
    cells: dict[tuple[int, int], list[Dot]] = defaultdict(list)
    for dot in dots:
        x, y = sheet.place(dot.latitude, dot.longitude)
        cells[x // SPOT, y // SPOT].append(dot)
    # The largest first, as they are listed; then from the top, so that the order never changes by chance.
    ordered = sorted(cells.items(), key=lambda cell: (-len(cell[1]), cell[0][1], cell[0][0]))
    spots = []
    for number, (_, found) in enumerate(ordered, start=1):
        latitude = sum(dot.latitude for dot in found) / len(found)
        longitude = sum(dot.longitude for dot in found) / len(found)
        spots.append(Spot(number, *sheet.place(latitude, longitude), tuple(found)))
    return tuple(spots)


def outline(border: Border, sheet: Sheet) -> str:
    """Return a border as the path of a drawing, points that fall together once."""
    parts = []
    for ring in border.rings:
        points: list[tuple[int, int]] = []
        for latitude, longitude in ring:
            point = sheet.place(latitude, longitude)
            if not points or points[-1] != point:
                points.append(point)
        parts.append("M" + "L".join(f"{x} {y}" for x, y in points) + "Z")
    return "".join(parts)


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.south for box in boxes),
        min(box.west for box in boxes),
        max(box.north for box in boxes),
        max(box.east for box in boxes),
    )


def _touch(one: Box, other: Box) -> bool:
    return not (
        one.east < other.west or other.east < one.west or one.north < other.south or other.north < one.south
    )


def _middle(border: Border) -> tuple[float, float]:
    # The centre of gravity of the largest ring; a district is seldom bent so far that it lies outside.
    ring = max(border.rings, key=len)
    twice, north, east = 0.0, 0.0, 0.0
    for (y0, x0), (y1, x1) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x0 * y1 - x1 * y0
        twice += cross
        east += (x0 + x1) * cross
        north += (y0 + y1) * cross
    if twice == 0:
        return ring[0]
    return north / (3 * twice), east / (3 * twice)
