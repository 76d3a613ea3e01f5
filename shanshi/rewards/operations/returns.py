"""What is not collected goes back: coins to the volunteer, pieces to the stock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shanshi.foundation.actor import Actor
from shanshi.ledger import operations as ledger
from shanshi.ledger.rules import Posting
from shanshi.rewards import models, rules
from shanshi.rewards.operations.appointments import forget_appointments
from shanshi.rewards.operations.stock import move_stock

BATCH = 500


def payment_of(row: models.Redemption) -> rules.Payment:
    """Return what a redemption costs whom."""
    return rules.Payment(
        redemption_id=row.pk,
        holder_id=row.holder_id,
        merchant_id=row.merchant_id,
        by_year={int(year): units for year, units in row.coin_units_by_year.items()},
        policy=row.policy,
        is_settled=row.is_settled,
    )


def take_due(which: Q, *, real_at: datetime) -> list[models.Redemption]:
    """Return redemptions whose code is over and that nobody else is working on, locked, at most BATCH.

    real_at  real time, with a zone

    Locks them in the order of their keys; skips those that are locked.
    """
    due = models.Redemption.objects.filter(
        which, state=rules.State.RESERVED.value, code_expires_at__lte=real_at
    )
    return list(due.select_for_update(skip_locked=True).order_by("holder_id", "id")[:BATCH])


def return_postings(due: Sequence[models.Redemption], *, at: datetime) -> list[Posting]:
    """Return the transfers that give the coins of uncollected redemptions back.

    at  with a time zone
    """
    return [
        posting
        for row in due
        for posting in rules.reversals(
            payment_of(row), rules.Step.RESERVE, reason=rules.NOT_USED, happened_at=at
        )
    ]


def mark_expired(due: Sequence[models.Redemption], *, at: datetime) -> Counter[UUID]:
    """Mark locked redemptions as expired, and return how many pieces go back to which offer.

    at  with a time zone
    """
    keys = {"holder_id__in": {row.holder_id for row in due}, "pk__in": [row.pk for row in due]}
    models.Redemption.objects.filter(**keys).update(state=rules.State.EXPIRED.value, expired_at=at)
    return Counter(row.offer_id for row in due)


def give_back(due: Sequence[models.Redemption], *, at: datetime) -> None:
    """Give coins and pieces of locked redemptions back.

    at  with a time zone

    Locks the holders' balances, then the offers.
    """
    if due:
        ledger.post(return_postings(due, at=at), at=at)
        move_stock(mark_expired(due, at=at))


@transaction.atomic
def expire(*, at: datetime, real_at: datetime, holder_id: UUID | None = None) -> int:
    """Give back what was not collected in time, at most BATCH redemptions, and return how many.

    at         time of the domain, with a zone
    real_at    real time, with a zone: by it codes grow old
    holder_id  only of this volunteer

    Locks the redemptions (skipping those that somebody works on), then the balances, then the offers.
    """
    due = take_due(Q(holder_id=holder_id) if holder_id else Q(), real_at=real_at)
    give_back(due, at=at)
    return len(due)


@transaction.atomic
def forget(holder_id: UUID, *, by: Actor, at: datetime) -> int:
    """Give back what waits for a holder who leaves; return how many redemptions and appointments that were.

    What was redeemed stays with its opaque holder, since the books must stay in balance; who the holder was
    is known to the registry alone, which destroys that.

    at  with a time zone

    Source: PIPL art. 47 as in rules of the city, section 3.
    Locks the holder's waiting redemptions, then the balances, then the offers; then as forget_appointments.
    """
    by.known()
    waiting = models.Redemption.objects.filter(holder_id=holder_id, state=rules.State.RESERVED.value)
    due = list(waiting.select_for_update().order_by("id"))
    give_back(due, at=at)
    return len(due) + forget_appointments(holder_id, by=by, at=at)
