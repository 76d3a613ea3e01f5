"""Questions about merchants, their offers and their street."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from shanshi.foundation import paging
from shanshi.kernel.errors import Missing
from shanshi.rewards import models, rules
from shanshi.rewards.queries.facts import MerchantFacts, OfferFacts, merchant_facts, offer_facts

CHEAPEST_FIRST = ("price_coin_units", "id")


@dataclass(frozen=True, slots=True)
class OfferFilter:
    """Which offers are wanted; what is None does not matter.

    day                 given on this day, in the city
    most_coin_units     at this price or below
    in_stock            only if something is left
    """

    day: date | None = None
    street_id: UUID | None = None
    merchant_id: UUID | None = None
    kind: rules.OfferKind | None = None
    most_coin_units: int | None = None
    in_stock: bool = False


@dataclass(frozen=True, slots=True)
class StreetCircle:
    """A street's merchants and what has gone round: coins taken, services and lessons given by merchants."""

    street_id: UUID
    merchants: tuple[MerchantFacts, ...]
    offers: int
    redemptions: int
    coin_units_taken: int
    services_given: int


def merchant(merchant_id: UUID) -> MerchantFacts:
    """Return a merchant.

    Raises Missing.
    """
    found = models.Merchant.objects.filter(pk=merchant_id).first()
    if found is None:
        raise Missing
    return merchant_facts(found)


def merchants(merchant_ids: Iterable[UUID]) -> dict[UUID, MerchantFacts]:
    """Return several merchants by id, in one query; unknown ids are left out."""
    return {row.pk: merchant_facts(row) for row in models.Merchant.objects.filter(pk__in=list(merchant_ids))}


def merchants_called(text: str, *, limit: int) -> list[MerchantFacts]:
    """Return merchants with a text in their name, by name; all of them for an empty text."""
    rows = models.Merchant.objects.filter(Q(name__icontains=text) | Q(name_en__icontains=text))
    return [merchant_facts(row) for row in rows.order_by("name", "id")[:limit]]


def merchants_of(street_id: UUID, on: date) -> list[MerchantFacts]:
    """Return the merchants of a street on a day, by the day they joined and then by name."""
    there = models.Merchant.objects.filter(street_id=street_id, joined_on__lte=on)
    there = there.filter(Q(left_on__isnull=True) | Q(left_on__gte=on))
    return [merchant_facts(row) for row in there.order_by("joined_on", "name", "id")]


def offer(offer_id: UUID) -> OfferFacts:
    """Return an offer.

    Raises Missing.
    """
    found = models.Offer.objects.select_related("merchant").filter(pk=offer_id).first()
    if found is None:
        raise Missing
    return offer_facts(found)


def offers(wanted: OfferFilter) -> QuerySet[models.Offer]:
    """Return the wanted offers with their merchants, in no order."""
    found = models.Offer.objects.select_related("merchant")
    exact = {"merchant__street_id": wanted.street_id, "merchant_id": wanted.merchant_id, "kind": wanted.kind}
    found = found.filter(**{name: value for name, value in exact.items() if value is not None})
    if wanted.day is not None:
        found = found.filter(
            from_on__lte=wanted.day, to_on__gte=wanted.day, weekdays__contains=[wanted.day.isoweekday()]
        )
    if wanted.most_coin_units is not None:
        found = found.filter(price_coin_units__lte=wanted.most_coin_units)
    if wanted.in_stock:
        found = found.filter(left_in_stock__gt=0)
    return found


def offer_list(wanted: OfferFilter) -> list[OfferFacts]:
    """Return all the wanted offers, the cheapest first; one query."""
    return [offer_facts(row) for row in offers(wanted).order_by(*CHEAPEST_FIRST)]


def offer_page(wanted: OfferFilter, *, cursor: str | None, limit: int) -> tuple[list[OfferFacts], str | None]:
    """Return a page of the wanted offers, the cheapest first, and the cursor of the next page or None.

    limit  1 to 200

    Raises CursorUnreadable.
    """
    rows, following = paging.page(offers(wanted), order=CHEAPEST_FIRST, cursor=cursor, limit=limit)
    return [offer_facts(row) for row in rows], following


def street(street_id: UUID, on: date) -> StreetCircle:
    """Return a street's merchants on a day, how many offers they give, and what has gone round so far."""
    sums = models.Redemption.objects.filter(
        merchant__street_id=street_id, state=rules.State.FULFILLED
    ).aggregate(
        redemptions=Count("id"),
        coin_units=Sum("price_coin_units", default=0),
        services=Count("id", filter=Q(offer__kind__in=[rules.OfferKind.SERVICE, rules.OfferKind.LESSON])),
    )
    return StreetCircle(
        street_id=street_id,
        merchants=tuple(merchants_of(street_id, on)),
        offers=offers(OfferFilter(street_id=street_id, day=on)).count(),
        redemptions=sums["redemptions"],
        coin_units_taken=sums["coin_units"],
        services_given=sums["services"],
    )
