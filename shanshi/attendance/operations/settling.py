"""Coins become spendable: from the pending account to the volunteer's own, a day after the confirmation."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from shanshi.attendance import models, rules
from shanshi.kernel.errors import N_
from shanshi.kernel.ids import id_of
from shanshi.kernel.quantities import city_day
from shanshi.ledger import operations as ledger
from shanshi.ledger.rules import Account, Kind, Posting, Unit
from shanshi.policies import queries as policies
from shanshi.policies.rules import Version

VISITS_AT_ONCE: Final = 2_000
_RELEASED: Final = N_("Coins released")


def settle(*, at: datetime) -> int:
    """Release the coins of visits that were confirmed long enough ago, and return of how many visits.

    Goes by batches, each a transaction; may run twice at once or again after a stop: a visit settles once.

    at  with a time zone

    Source: policy "coins", settle_delay_hours.
    Locks the visits of a batch and passes over those that another run holds; then the balances.
    """
    settled = 0
    while batch := _settle_batch(at):
        settled += batch
    return settled


@transaction.atomic
def _settle_batch(at: datetime) -> int:
    coins = policies.in_force("coins", city_day(at))
    due = models.Visit.objects.filter(
        settled_at__isnull=True,
        coin_units__gt=0,
        confirmed_at__lte=at - timedelta(hours=coins.values["settle_delay_hours"]),
    )
    visits = list(due.order_by("confirmed_at").select_for_update(skip_locked=True)[:VISITS_AT_ONCE])
    if not visits:
        return 0
    ledger.post([_posting(visit, coins) for visit in visits], at=at)
    holders = {visit.holder_id for visit in visits}
    models.Visit.objects.filter(holder_id__in=holders, pk__in=[visit.id for visit in visits]).update(
        settled_at=at
    )
    return len(visits)


def _posting(visit: models.Visit, coins: Version) -> Posting:
    assert visit.left_at is not None
    assert visit.coin_units is not None
    assert visit.confirmed_at is not None
    year = rules.earned_in(visit.left_at)
    return Posting(
        id=id_of("visit", visit.id, "settled"),
        holder_id=visit.holder_id,
        giver=Account(Kind.PENDING, visit.holder_id, Unit.COIN, year),
        taker=Account(Kind.VOLUNTEER, visit.holder_id, Unit.COIN, year),
        amount=visit.coin_units,
        source=f"visit:{visit.holder_id}:{visit.id}",
        reason=_RELEASED,
        policy=coins.version,
        happened_at=rules.settles_at(visit.confirmed_at, delay_hours=coins.values["settle_delay_hours"]),
    )
