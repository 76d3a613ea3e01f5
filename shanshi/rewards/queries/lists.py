"""What lists of merchants and offers need to know; a fixed number of questions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from shanshi.rewards import models
from shanshi.rewards.queries.facts import MerchantFacts, OfferFacts, merchant_facts, offer_facts


def street_merchants(street_id: UUID) -> list[MerchantFacts]:
    """Return every merchant that a street has or had, by the day they joined and then by name."""
    rows = models.Merchant.objects.filter(street_id=street_id).order_by("joined_on", "name", "id")
    return [merchant_facts(row) for row in rows]


def street_offers(street_id: UUID) -> list[OfferFacts]:
    """Return every offer of a street's merchants, by merchant, first day and title."""
    rows = models.Offer.objects.select_related("merchant").filter(merchant__street_id=street_id)
    return [offer_facts(row) for row in rows.order_by("merchant__name", "from_on", "title", "id")]


def offers_there(street_id: UUID) -> list[tuple[UUID, str, date]]:
    """Return merchant, title and first day of every offer of a street."""
    rows = models.Offer.objects.filter(merchant__street_id=street_id)
    return list(rows.values_list("merchant_id", "title", "from_on"))


def offers_in_use(offer_ids: Collection[UUID]) -> set[UUID]:
    """Return which offers somebody has had, waits for, or comes to."""
    taken = models.Redemption.objects.filter(offer_id__in=offer_ids).values_list("offer_id", flat=True)
    made = models.Appointment.objects.filter(offer_id__in=offer_ids).values_list("offer_id", flat=True)
    return {*taken, *made}
