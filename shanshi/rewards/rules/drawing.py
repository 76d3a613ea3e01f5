"""A street as a drawing: its shops along a line, numbered from one end, left and right of it.

No map of anybody else's stands behind it, only where the shops say they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

WIDTH: Final = 320
MARGIN: Final = 40
GAP: Final = 26  # between two shops on the drawing, so that each can be touched
_NUMBER: Final = re.compile(r"(\d+)\s*(?:号|$)")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a shop is, in degrees of WGS 84, and its address, whose number tells the side of the street."""

    id: UUID
    latitude: float | None
    longitude: float | None
    address: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A shop on the drawing: its number from the top, how far down, and on which side."""

    id: UUID
    number: int
    y: int
    is_left: bool


@dataclass(frozen=True, slots=True)
class StreetDrawing:
    """All shops with a place, from the top to the bottom; the top is the north, or the west."""

    marks: tuple[Mark, ...]
    height: int
    runs_north: bool


def street_drawing(spots: Sequence[Spot]) -> StreetDrawing | None:
    """Return the drawing of a street, or None where fewer than two shops say where they are.

    Distances along the street are kept as far as the marks leave room for a finger between them.
    """
    known = [
        (spot, spot.latitude, spot.longitude)
        for spot in spots
        if spot.latitude is not None and spot.longitude is not None
    ]
    if len(known) < 2:
        return None
    latitudes, longitudes = [one for _, one, _ in known], [one for _, _, one in known]
    runs_north = max(latitudes) - min(latitudes) >= max(longitudes) - min(longitudes)
    # From the north down, or from the west.
    along = sorted(
        ((-lat if runs_north else lon, str(spot.id), spot) for spot, lat, lon in known),
        key=lambda one: one[:2],
    )
    first, last = along[0][0], along[-1][0]
    room = GAP * (len(along) - 1) * 1.1
    marks, lowest = list[Mark](), MARGIN - GAP
    for number, (where, _, spot) in enumerate(along, start=1):
        share = (where - first) / (last - first) if last > first else 0.0
        lowest = max(lowest + GAP, MARGIN + round(share * room))
        marks.append(Mark(spot.id, number, lowest, is_left=_is_left(spot.address, number)))
    return StreetDrawing(tuple(marks), lowest + MARGIN, runs_north)


def _is_left(address: str, number: int) -> bool:
    # Odd house numbers stand on one side, even ones on the other.
    found = _NUMBER.search(address)
    return (int(found[1]) if found else number) % 2 == 1
