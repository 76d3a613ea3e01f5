"""How near a scan says it was: evidence with a trust level, never the truth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

from shanshi.attendance.rules.refusals import ScanFieldInvalid
from shanshi.attendance.rules.states import Band
from shanshi.places.rules import distance_m

_FARTHEST_M: Final = 100_000


class Place(Protocol):
    """A position of an activity."""

    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...
    @property
    def radius_m(self) -> int: ...


def band(
    latitude: float | None,
    longitude: float | None,
    positions: Sequence[Place],
    *,
    accuracy_m: int | None,
    near_m: int,
) -> Band:
    """Return how near a scan says it was to the nearest position: a signal, never the truth.

    latitude, longitude  in degrees (WGS 84), or None
    accuracy_m           what the device says its error is; counted in the person's favour up to `near_m`
    near_m               metres around a position's radius that are still near
    """
    if latitude is None or longitude is None or not positions:
        return Band.UNKNOWN
    beyond = min(distance_m(latitude, longitude, p.latitude, p.longitude) - p.radius_m for p in positions)
    beyond -= min(accuracy_m or 0, near_m)
    if beyond <= 0:
        return Band.INSIDE
    return Band.NEAR if beyond <= near_m else Band.FAR


def checked_place(
    latitude: float | None, longitude: float | None, accuracy_m: float | None
) -> tuple[float, float, int | None] | None:
    """Return the place that a device says it is at, or None if it says none.

    latitude, longitude  in degrees, both or neither
    accuracy_m           metres, not negative

    Raises ScanFieldInvalid.
    """
    if accuracy_m is not None and not 0 <= accuracy_m <= _FARTHEST_M:
        raise ScanFieldInvalid(field="accuracy_m", expected=f"0…{_FARTHEST_M}")
    if latitude is None and longitude is None:
        return None
    if latitude is None or not -90 <= latitude <= 90:
        raise ScanFieldInvalid(field="latitude", expected="-90…90")
    if longitude is None or not -180 <= longitude <= 180:
        raise ScanFieldInvalid(field="longitude", expected="-180…180")
    return latitude, longitude, None if accuracy_m is None else round(accuracy_m)
