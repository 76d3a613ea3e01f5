"""What the first page says of the whole city, and what a street gives."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.cache import cache

from shanshi.activities.queries.figures import shifts_of_day, shifts_open
from shanshi.attendance.queries.figures import came_on
from shanshi.kernel.quantities import CITY_ZONE, HOUR_MINUTES, city_day
from shanshi.ledger.queries.figures import verified_minutes
from shanshi.places import queries as places
from shanshi.places.queries import StreetFacts
from shanshi.registry.queries.figures import volunteers_registered
from shanshi.rewards import queries as rewards
from shanshi.rewards.queries import MerchantFacts, OfferFacts, OfferFilter, StreetCircle

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
class Shop:
    """A merchant of a street with what it gives today."""

    merchant: MerchantFacts
    offers: tuple[OfferFacts, ...]


@dataclass(frozen=True, slots=True)
class StreetPage:
    """A partner street with its shops, and what has gone round on it."""

    street: StreetFacts
    circle: StreetCircle
    shops: tuple[Shop, ...]


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


def street_page(street_id: UUID, *, at: datetime, most_coin_units: int | None = None) -> StreetPage:
    """Return a street as it is on a day: shops with an offer first, in the order in which they joined.

    at               with a time zone
    most_coin_units  only offers at this price or below that are in stock

    Raises Missing.
    """
    street, day = places.street(street_id), city_day(at)
    circle = rewards.street(street_id, day)
    wanted = OfferFilter(
        day=day,
        street_id=street_id,
        most_coin_units=most_coin_units,
        in_stock=most_coin_units is not None,
    )
    by_merchant: dict[UUID, list[OfferFacts]] = defaultdict(list)
    for offer in rewards.offer_list(wanted):
        by_merchant[offer.merchant_id].append(offer)
    shops = [Shop(merchant, tuple(by_merchant[merchant.id])) for merchant in circle.merchants]
    if most_coin_units is not None:
        shops = [shop for shop in shops if shop.offers]
    shops.sort(key=lambda shop: not shop.offers)
    return StreetPage(street, circle, tuple(shops))


def first_street(at: datetime) -> StreetPage | None:
    """Return the street that the first page shows, without its shops, or None where there is none.

    at  with a time zone
    """
    streets = places.streets()
    if not streets:
        return None
    return StreetPage(streets[0], rewards.street(streets[0].id, city_day(at)), ())
