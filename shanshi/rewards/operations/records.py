"""Redemptions of the past, as a city's case tells them: many at once, each with its own time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import Missing
from shanshi.kernel.ids import new_id
from shanshi.kernel.quantities import city_day
from shanshi.ledger import operations as ledger
from shanshi.ledger import queries as books
from shanshi.policies import queries as policies
from shanshi.rewards import models, queries, rules
from shanshi.rewards.operations.returns import payment_of
from shanshi.rewards.operations.stock import move_stock

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class RecordedRedemption:
    """One redemption of the past.

    redeemed_at  with a time zone
    """

    holder_id: UUID
    offer_id: UUID
    redeemed_at: datetime
    id: UUID = field(default_factory=new_id)


@transaction.atomic
def record_redemptions(
    rows: Sequence[RecordedRedemption], *, by: Actor, at: datetime, source: str
) -> list[UUID]:
    """Write redemptions of a case as fulfilled at their own times, all or nothing; return their ids.

    Give them after the coins that pay for them have been earned and released, in any order among themselves:
    they are taken by time, each paid by the oldest coins that had not expired then.

    rows    each by its holder, once
    at      when they are written, with a time zone; none may be later
    source  "case" or what begins with it

    Raises RecordsOnlyFromCases; Missing: no such offer; RedeemedLater: a row of the future; OfferNotToday,
    LimitReached, CoinsTooFew, SoldOut: as for a person on that day.
    Locks the holders' balances, then the offers.
    """
    if not source.startswith("case"):
        raise rules.RecordsOnlyFromCases
    if any(row.redeemed_at > at for row in rows):
        raise rules.RedeemedLater
    wanted = {row.offer_id for row in rows}
    found = models.Offer.objects.select_related("merchant").filter(pk__in=wanted)
    offers = {offer.pk: offer for offer in found}
    if len(offers) < len(wanted):
        raise Missing
    made = _made(rows, offers, by=by, source=source)
    ledger.post(
        [
            posting
            for row in made
            for posting in rules.postings(payment_of(row), rules.Step.PAY, happened_at=row.reserved_at)
        ],
        at=at,
    )
    models.Redemption.objects.bulk_create(made, batch_size=_AT_ONCE)
    move_stock({offer_id: -count for offer_id, count in Counter(row.offer_id for row in rows).items()})
    return [row.id for row in rows]


def _made(
    rows: Sequence[RecordedRedemption], offers: Mapping[UUID, models.Offer], *, by: Actor, source: str
) -> list[models.Redemption]:
    holders = {row.holder_id for row in rows}
    held = {
        holder: Counter(balances.coin_units_by_year)
        for holder, balances in books.balances_of(holders).items()
    }
    taken = _taken(holders, set(offers))
    made = []
    for row in sorted(rows, key=lambda one: (one.redeemed_at, one.id)):
        offer = offers[row.offer_id]
        day = city_day(row.redeemed_at)
        rules.check_day(queries.offer_terms(offer), row.redeemed_at)
        slot = rules.free_slot(taken[row.holder_id, row.offer_id], offer.per_person)
        taken[row.holder_id, row.offer_id].add(slot)
        coins = policies.in_force("coins", day).values
        # Coins of later years were not there yet, whatever the account holds today.
        until_then = {year: units for year, units in held[row.holder_id].items() if year <= day.year}
        by_year = rules.parts_oldest_first(
            offer.price_coin_units, until_then, from_year=day.year - coins["years_kept_after_earning"]
        )
        held[row.holder_id].subtract(by_year)
        made.append(_record(row, offer, slot, by_year, by=by, source=source))
    return made


def _taken(holders: set[UUID], offers: set[UUID]) -> defaultdict[tuple[UUID, UUID], set[int]]:
    live = models.Redemption.objects.filter(holder_id__in=holders, offer_id__in=offers, state__in=models.LIVE)
    taken = defaultdict[tuple[UUID, UUID], set[int]](set)
    for holder_id, offer_id, slot in live.values_list("holder_id", "offer_id", "slot"):
        taken[holder_id, offer_id].add(slot)
    return taken


def _record(
    row: RecordedRedemption,
    offer: models.Offer,
    slot: int,
    by_year: Mapping[int, int],
    *,
    by: Actor,
    source: str,
) -> models.Redemption:
    return models.Redemption(
        id=row.id,
        holder_id=row.holder_id,
        offer=offer,
        merchant=offer.merchant,
        way=rules.Way.RECORD.value,
        state=rules.State.FULFILLED.value,
        slot=slot,
        price_coin_units=offer.price_coin_units,
        coin_units_by_year={str(year): units for year, units in by_year.items()},
        is_settled=offer.activity_id is None,
        reserved_at=row.redeemed_at,
        fulfilled_at=row.redeemed_at,
        fulfilled_by=by.known(),
        policy=policies.in_force("redemption", city_day(row.redeemed_at)).version,
        source=source,
    )
