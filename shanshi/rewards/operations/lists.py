"""What a list has added to a street taken back, as far as nothing depends on it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.registry import queries as registry
from shanshi.rewards import models
from shanshi.rewards.queries import lists


@transaction.atomic
def remove_merchants(merchant_ids: Collection[UUID], *, place: str, by: Actor, at: datetime) -> set[UUID]:
    """Delete merchants that have no offer, no role, no body and no redemption yet, and return those.

    place  for the trail: "street:<uuid>"
    at     with a time zone

    Locks the merchants.
    """
    rows = models.Merchant.objects.filter(id__in=merchant_ids, organization=None)
    gone = set(rows.select_for_update().values_list("id", flat=True))
    gone -= set(models.Offer.objects.filter(merchant_id__in=gone).values_list("merchant_id", flat=True))
    gone -= set(models.Redemption.objects.filter(merchant_id__in=gone).values_list("merchant_id", flat=True))
    held = registry.places_with_roles(f"merchant:{one}" for one in gone)
    gone -= {one for one in gone if f"merchant:{one}" in held}
    models.Merchant.objects.filter(id__in=gone).delete()
    audit.record(
        "rewards.remove_merchants",
        place,
        by=by,
        at=at,
        after={"merchants": len(gone), "stay": len(merchant_ids) - len(gone)},
    )
    return gone


@transaction.atomic
def remove_offers(offer_ids: Collection[UUID], *, place: str, by: Actor, at: datetime) -> set[UUID]:
    """Delete offers that nobody has had or waits for, and return those.

    place  for the trail: "street:<uuid>"
    at     with a time zone

    Locks the offers.
    """
    rows = models.Offer.objects.filter(id__in=offer_ids)
    gone = set(rows.select_for_update().values_list("id", flat=True))
    gone -= lists.offers_in_use(gone)
    models.Offer.objects.filter(id__in=gone).delete()
    audit.record(
        "rewards.remove_offers",
        place,
        by=by,
        at=at,
        after={"offers": len(gone), "stay": len(offer_ids) - len(gone)},
    )
    return gone
