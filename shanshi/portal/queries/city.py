"""What the first page says of the whole city, and what a street gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.core.cache import cache

from shanshi.activities.queries.figures import shifts_of_day, shifts_open
from shanshi.attendance.queries.figures import came_on
from shanshi.kernel.quantities import CITY_ZONE, HOUR_MINUTES, city_day
from shanshi.ledger.queries.figures import verified_minutes
from shanshi.places import queries as places
from shanshi.places.queries import StreetFacts
from shanshi.registry.queries.figures import volunteers_registered
from shanshi.rewards import queries as rewards
from shanshi.rewards.queries import StreetCircle

AHEAD: Final = timedelta(days=7)
_KEPT_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class CityFigures:
    """Three figures of the city today, each with what it is a part of.

    came_today      people who have checked in today; volunteers: registered ones
    minutes_today   confirmed today, of shifts that ended; hours: since the first day of the year, whole ones
    shifts_today    for which one can still sign up today; shifts: that begin within seven days
    """

    came_today: int
    volunteers: int
    minutes_today: int
    hours: int
    shifts_today: int
    shifts: int
    year: int


@dataclass(frozen=True, slots=True)
class StreetPage:
    """A partner street and what has gone round on it."""

    street: StreetFacts
    circle: StreetCircle


def city_figures(at: datetime) -> CityFigures:
    """Return the three figures, at most a minute old: they are sums over the whole city.

    at  with a time zone
    """
    kept = f"portal.city-figures.{city_day(at)}"
    found = cache.get(kept)
    if not isinstance(found, CityFigures):
        found = _counted(at)
        cache.set(kept, found, _KEPT_SECONDS)
    return found


def _counted(at: datetime) -> CityFigures:
    today = city_day(at)
    first, last = (datetime(one, 1, 1, tzinfo=CITY_ZONE) for one in (today.year, today.year + 1))
    morning = datetime(today.year, today.month, today.day, tzinfo=CITY_ZONE)
    midnight = morning + timedelta(days=1)
    return CityFigures(
        came_today=came_on(shifts_of_day(morning, midnight)),
        volunteers=volunteers_registered(),
        minutes_today=verified_minutes(morning, midnight),
        hours=verified_minutes(first, last) // HOUR_MINUTES,
        shifts_today=shifts_open(at, midnight),
        shifts=shifts_open(at, at + AHEAD),
        year=today.year,
    )


def first_street(at: datetime) -> StreetPage | None:
    """Return the street that the first page shows, or None where there is none.

    at  with a time zone
    """
    streets = places.streets()
    if not streets:
        return None
    return StreetPage(streets[0], rewards.street(streets[0].id, city_day(at)))
