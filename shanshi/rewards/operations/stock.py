"""Pieces leave an offer's stock and come back. The last lock that a redemption takes, held until its end."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db.models import F

from shanshi.rewards import models, rules


def move_stock(pieces: Mapping[UUID, int]) -> None:
    """Add pieces to the stock of offers; fewer than none takes them out.

    Raises SoldOut: an offer has less than what is to be taken.
    Locks the offers in the order of their ids. Call it last: many people want the same row.
    """
    moved = {offer_id: count for offer_id, count in pieces.items() if count}
    if len(moved) > 1:
        rows = models.Offer.objects.select_for_update(no_key=True).filter(pk__in=moved)
        list(rows.order_by("id").values_list("id"))
    for offer_id, count in sorted(moved.items()):
        enough = models.Offer.objects.filter(pk=offer_id, left_in_stock__gte=-count)
        if not enough.update(left_in_stock=F("left_in_stock") + count):
            raise rules.SoldOut
