"""What must hold of an offer before anybody may have it, and the lock under which one person asks."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from shanshi.activities.queries.behind_offers import published_services
from shanshi.rewards import models, rules


def lock_holder(holder_id: UUID) -> None:
    """Return once no other press of this person is under way.

    Two presses of one person wait for each other here, before either holds a balance or a seat; that the
    limits hold is kept by keys and checks, not by this.
    Locks the holder until the transaction ends.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"rewards|{holder_id}"])


def check_offered(offer: models.Offer) -> None:
    """Return nothing: the offer has not ended, and if it is volunteer service, a reviewer has published it.

    Raises rules.OfferNotToday; rules.ServiceNotPublished.
    """
    if offer.ended_at is not None:
        raise rules.OfferNotToday
    if offer.activity_id is not None and offer.activity_id not in published_services([offer.activity_id]):
        raise rules.ServiceNotPublished
