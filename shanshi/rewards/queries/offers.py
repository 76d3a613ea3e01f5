"""Questions about merchants, their offers and their street."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import F, Q, QuerySet

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
    field               of service, as the offers name it
    of_service          only volunteer service of merchants, or only what is none
    for_residents       only what people who are no volunteers can have, by appointment
    """

    day: date | None = None
    street_id: UUID | None = None
    merchant_id: UUID | None = None
    kind: rules.OfferKind | None = None
    most_coin_units: int | None = None
    in_stock: bool = False
    field: str = ""
    of_service: bool | None = None
    for_residents: bool = False


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
        found = _given_on(found, wanted.day)
    if wanted.field:
        found = found.filter(field=wanted.field.replace("\x00", ""))
    if wanted.of_service is not None:
        found = found.filter(activity_id__isnull=not wanted.of_service)
    if wanted.for_residents:
        found = found.filter(is_for_residents=True)
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


def offers_of(merchant_id: UUID) -> list[OfferFacts]:
    """Return all offers of a merchant, those that stand first and the ended ones last; one query."""
    found = models.Offer.objects.select_related("merchant").filter(merchant_id=merchant_id)
    rows = found.order_by(F("ended_at").asc(nulls_first=True), "-to_on", "price_coin_units", "id")
    return [offer_facts(row) for row in rows]


def offers_by_service(street_id: UUID) -> list[OfferFacts]:
    """Return the offers of a street with an activity behind them, ended ones too, by merchant; one query."""
    found = models.Offer.objects.select_related("merchant")
    rows = found.filter(merchant__street_id=street_id, activity_id__isnull=False)
    return [offer_facts(row) for row in rows.order_by("merchant__joined_on", "merchant__name", "id")]


def fields_of(street_id: UUID) -> list[str]:
    """Return the fields that the offers of a street name, by name."""
    found = models.Offer.objects.filter(merchant__street_id=street_id, ended_at=None).exclude(field="")
    return sorted(set(found.values_list("field", flat=True)))


def _given_on(found: QuerySet[models.Offer], day: date) -> QuerySet[models.Offer]:
    there = Q(merchant__left_on__isnull=True) | Q(merchant__left_on__gte=day)
    return found.filter(
        there,
        merchant__joined_on__lte=day,
        ended_at=None,
        from_on__lte=day,
        to_on__gte=day,
        weekdays__contains=[day.isoweekday()],
    )
