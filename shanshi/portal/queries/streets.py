"""What the pages of a partner street and of its merchants show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.cache import cache

from shanshi.activities.queries.behind_offers import published_services
from shanshi.attendance.queries.given import Given, given_at_each
from shanshi.kernel.quantities import city_day
from shanshi.places import queries as places
from shanshi.places.queries import StreetFacts
from shanshi.rewards import queries as rewards
from shanshi.rewards.queries import (
    MerchantFacts,
    OfferFacts,
    OfferFilter,
    SessionFacts,
    StreetCircle,
    WentRound,
)
from shanshi.rewards.rules import Mark, Spot, StreetDrawing, street_drawing

_KEPT_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant of a street with what it gives; number and mark are its place on the drawing."""

    number: int
    merchant: MerchantFacts
    offers: tuple[OfferFacts, ...]
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class StreetPage:
    """A partner street with its shops, their drawing, and what has gone round on it.

    shops  those that fit what is wanted, by number; drawn: all that have a place on the drawing
    open   shops with an offer today, whatever is wanted
    """

    street: StreetFacts
    circle: StreetCircle
    round: WentRound
    fields: tuple[str, ...]
    shops: tuple[Shop, ...]
    drawn: tuple[Shop, ...]
    drawing: StreetDrawing | None
    open: int


@dataclass(frozen=True, slots=True)
class Served:
    """A volunteer service of a merchant: its offer, the times ahead, and what its givers gave."""

    offer: OfferFacts
    is_published: bool
    times: tuple[SessionFacts, ...]
    given: Given


@dataclass(frozen=True, slots=True)
class MerchantPage:
    """A merchant with its services and other offers that stand, those of today first."""

    merchant: MerchantFacts
    street: StreetFacts
    services: tuple[Served, ...]
    offers: tuple[OfferFacts, ...]
    today: frozenset[UUID]


def street_page(street_id: UUID, wanted: OfferFilter, *, at: datetime) -> StreetPage:
    """Return a street as it is on a day; a fixed number of questions, however many shops and offers.

    wanted  which offers; a filter that asks for more than a day leaves out the shops without one
    at      with a time zone

    Raises Missing.
    """
    street, day = places.street(street_id), city_day(at)
    circle, went = _circle(street_id, at)
    drawing, shops = _numbered(circle.merchants)
    found: dict[UUID, list[OfferFacts]] = defaultdict(list)
    for offer in rewards.offer_list(replace(wanted, street_id=street_id, day=day)):
        found[offer.merchant_id].append(offer)
    is_narrow = replace(wanted, day=None, street_id=None) != OfferFilter()
    filled = [replace(shop, offers=tuple(found[shop.merchant.id])) for shop in shops]
    today = OfferFilter(day=day, street_id=street_id)
    given = found if not is_narrow else {one.merchant_id: one for one in rewards.offer_list(today)}
    return StreetPage(
        street=street,
        circle=circle,
        round=went,
        fields=tuple(rewards.fields_of(street_id)),
        shops=tuple(shop for shop in filled if shop.offers or not is_narrow),
        drawn=tuple(shop for shop in filled if shop.mark),
        drawing=drawing,
        open=sum(1 for shop in filled if given.get(shop.merchant.id)),
    )


def merchant_page(merchant_id: UUID, *, at: datetime) -> MerchantPage:
    """Return a merchant with what it gives; a fixed number of questions.

    at  with a time zone

    Raises Missing.
    """
    merchant, day = rewards.merchant(merchant_id), city_day(at)
    standing = [one for one in rewards.offers_of(merchant_id) if one.ended_at is None and one.to_on >= day]
    services = served([one for one in standing if one.activity_id], at=at)
    given = frozenset(one.id for one in standing if one.is_given_on(day) and _is_there(merchant, at))
    others = sorted(
        (one for one in standing if one.activity_id is None),
        key=lambda one: (one.id not in given, one.price_coin_units, one.id),
    )
    return MerchantPage(
        merchant=merchant,
        street=places.street(merchant.street_id),
        services=services,
        offers=tuple(others),
        today=given,
    )


def served(offers: list[OfferFacts], *, at: datetime) -> tuple[Served, ...]:
    """Return volunteer services of merchants with their times and what came of them, in the order given.

    at  with a time zone
    """
    behind = {one.activity_id for one in offers if one.activity_id}
    published = published_services(behind)
    times: Mapping[UUID, tuple[SessionFacts, ...]] = rewards.sessions(offers, at=at)
    given = given_at_each(behind) if behind else {}
    return tuple(
        Served(
            offer=one,
            is_published=one.activity_id in published,
            times=times.get(one.id, ()),
            given=given.get(one.activity_id, Given()),
        )
        for one in offers
        if one.activity_id is not None
    )


def _circle(street_id: UUID, at: datetime) -> tuple[StreetCircle, WentRound]:
    # Sums over the whole district; a minute old is new enough. Who the merchants are is asked each time.
    day = city_day(at)
    kept = f"portal.street.{street_id}.{day}"
    found = cache.get(kept)
    if not isinstance(found, tuple):
        found = (rewards.street(street_id, day), rewards.went_round(street_id))
        cache.set(kept, found, _KEPT_SECONDS)
        return found
    circle, went = found
    return replace(circle, merchants=tuple(rewards.merchants_of(street_id, day))), went


def _numbered(merchants: tuple[MerchantFacts, ...]) -> tuple[StreetDrawing | None, list[Shop]]:
    spots = [Spot(one.id, one.latitude, one.longitude, one.address) for one in merchants]
    drawing = street_drawing(spots)
    marks = {mark.id: mark for mark in drawing.marks} if drawing else {}
    first = sorted((one for one in merchants if one.id in marks), key=lambda one: marks[one.id].number)
    rest = [one for one in merchants if one.id not in marks]
    ordered = [*first, *rest]
    return drawing, [Shop(number, one, (), marks.get(one.id)) for number, one in enumerate(ordered, start=1)]


def _is_there(merchant: MerchantFacts, at: datetime) -> bool:
    day = city_day(at)
    return merchant.joined_on <= day <= (merchant.left_on or day)
