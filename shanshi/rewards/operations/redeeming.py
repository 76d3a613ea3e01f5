"""A volunteer redeems an offer: with a code for the merchant to scan, or by scanning the merchant's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import Missing
from shanshi.kernel.ids import id_of, new_id
from shanshi.kernel.quantities import city_day
from shanshi.ledger import operations as ledger
from shanshi.ledger import queries as books
from shanshi.ledger.rules import BalanceTooLow
from shanshi.policies import queries as policies
from shanshi.registry import queries as registry
from shanshi.rewards import models, queries, rules
from shanshi.rewards.operations.offered import check_offered, lock_holder
from shanshi.rewards.operations.returns import mark_expired, payment_of, return_postings, take_due
from shanshi.rewards.operations.stock import move_stock
from shanshi.rewards.queries import RedemptionFacts


@dataclass(frozen=True, slots=True)
class _Press:
    """One press of "redeem": everything that does not change when it is tried again."""

    redemption_id: UUID
    offer_id: UUID
    holder_id: UUID
    way: rules.Way
    pressed_by: UUID
    at: datetime
    real_at: datetime


def reserve(
    offer_id: UUID,
    *,
    holder_id: UUID,
    by: Actor,
    at: datetime,
    real_at: datetime,
    id: UUID | None = None,  # noqa: A002 - the id of the press
) -> RedemptionFacts:
    """Set an offer and its coins aside for as long as the code lives, and return the redemption.

    The code itself is given by `queries.code_of` and `queries.digits_of`.

    at       time of the domain, with a zone; real_at: real time, with a zone, by which the code grows old
    id       of this press, made by the caller: redeeming twice with one id is redeeming once

    Raises Missing: no such offer. Registry's TermsWithdrawn, TermsChanged. OfferNotToday, SoldOut,
    ServiceNotPublished, LimitReached, CoinsTooFew; then nothing has changed.
    Locks the holder, the holder's balances, then the offer.
    Source: redemption policy (docs/policies/redemption.yaml).
    """
    redemption_id = _id_of(holder_id, id)
    press = _Press(redemption_id, offer_id, holder_id, rules.Way.CODE, by.known(), at, real_at)
    return _redeem(press)


def redeem_at_till(
    code: str,
    offer_id: UUID,
    *,
    holder_id: UUID,
    by: Actor,
    at: datetime,
    real_at: datetime,
    id: UUID | None = None,  # noqa: A002 - the id of the press
) -> RedemptionFacts:
    """Give coins for an offer at once, at the till whose code was scanned, and return the redemption.

    code     what the volunteer scanned at the till
    at       time of the domain, with a zone; real_at: real time, with a zone; by it the till's code changes
    id       of this press, made by the caller: redeeming twice with one id is redeeming once

    Raises CodeUnreadable, CodeWrong, MerchantCodeExpired; Missing: no such offer; OfferElsewhere; then as
    `reserve`, and nothing has changed.
    Locks as `reserve`.
    """
    merchant_id = _merchant_at(code, at=at, real_at=real_at)
    offer = queries.offer(offer_id)
    if offer.merchant_id != merchant_id:
        raise rules.OfferElsewhere
    redemption_id = _id_of(holder_id, id)
    press = _Press(redemption_id, offer_id, holder_id, rules.Way.TILL, by.known(), at, real_at)
    return _redeem(press)


def _id_of(holder_id: UUID, press_id: UUID | None) -> UUID:
    # The id of a press comes from outside: bound to its holder, it is never the id of another's redemption.
    return id_of("redemption", holder_id, press_id) if press_id is not None else new_id()


def _merchant_at(code: str, *, at: datetime, real_at: datetime) -> UUID:
    values = policies.in_force("redemption", city_day(at)).values
    step = rules.merchant_step(real_at, values)
    # While the secret is changed, a code that the one before it made is still good.
    *others, last = queries.merchant_keys(rules.merchant_of_code(code))
    for key in others:
        try:
            return rules.check_merchant_code(key, code, step)
        except rules.CodeWrong:
            continue
    return rules.check_merchant_code(last, code, step)


def _redeem(press: _Press) -> RedemptionFacts:
    try:
        return _pay(press, sweeping=False)
    except (rules.SoldOut, rules.LimitReached, rules.CoinsTooFew, BalanceTooLow):
        # Codes that nobody used may still hold what is missing: give that back, and look again.
        return _pay(press, sweeping=True)


@transaction.atomic
def _pay(press: _Press, *, sweeping: bool) -> RedemptionFacts:
    lock_holder(press.holder_id)
    before = _before(press)
    if before is not None:
        return before
    offer = models.Offer.objects.select_related("merchant").filter(pk=press.offer_id).first()
    if offer is None:
        raise Missing
    registry.check_terms(press.holder_id, at=press.at)
    day = city_day(press.at)
    rules.check_day(queries.offer_terms(offer), press.at)
    check_offered(offer)
    if not offer.merchant.joined_on <= day <= (offer.merchant.left_on or day):
        raise rules.OfferNotToday
    whose = Q(holder_id=press.holder_id) | Q(offer_id=press.offer_id)
    due = take_due(whose, real_at=press.real_at) if sweeping else []
    if offer.left_in_stock + sum(row.offer_id == offer.pk for row in due) < 1:
        raise rules.SoldOut
    slot = rules.free_slot(_slots(press, due), offer.per_person)
    by_year = rules.parts_oldest_first(
        offer.price_coin_units, _coins(press.holder_id, due), from_year=_oldest_year(press.at)
    )
    row = _new_row(press, offer, slot, by_year)
    step = rules.Step.PAY if press.way == rules.Way.TILL else rules.Step.RESERVE
    payment = rules.postings(payment_of(row), step, happened_at=press.at)
    # One batch, so that the balances of all are locked in one order.
    ledger.post([*return_postings(due, at=press.at), *payment], at=press.at)
    pieces = mark_expired(due, at=press.at) if due else Counter[UUID]()
    row.save(force_insert=True)
    pieces[offer.pk] -= 1
    move_stock(pieces)
    return queries.redemption_facts(row)


def _before(press: _Press) -> RedemptionFacts | None:
    row = (
        models.Redemption.objects.select_related("offer", "merchant")
        .filter(holder_id=press.holder_id, pk=press.redemption_id)
        .first()
    )
    return queries.redemption_facts(row) if row is not None else None


def _slots(press: _Press, due: Sequence[models.Redemption]) -> set[int]:
    live = models.Redemption.objects.filter(
        holder_id=press.holder_id, offer_id=press.offer_id, state__in=models.LIVE
    )
    return set(live.exclude(pk__in=[row.pk for row in due]).values_list("slot", flat=True))


def _coins(holder_id: UUID, due: Sequence[models.Redemption]) -> Mapping[int, int]:
    held = Counter(books.balances(holder_id).coin_units_by_year)
    for row in due:
        if row.holder_id == holder_id:
            held.update(payment_of(row).by_year)
    return held


def _oldest_year(at: datetime) -> int:
    """The year of the oldest coins that have not expired."""
    values: Mapping[str, Any] = policies.in_force("coins", city_day(at)).values
    return city_day(at).year - int(values["years_kept_after_earning"])


def _new_row(press: _Press, offer: models.Offer, slot: int, by_year: Mapping[int, int]) -> models.Redemption:
    version = policies.in_force("redemption", city_day(press.at))
    row = models.Redemption(
        id=press.redemption_id,
        holder_id=press.holder_id,
        offer=offer,
        merchant=offer.merchant,
        way=press.way.value,
        slot=slot,
        price_coin_units=offer.price_coin_units,
        coin_units_by_year={str(year): units for year, units in by_year.items()},
        is_settled=offer.activity_id is None,
        reserved_at=press.at,
        policy=version.version,
    )
    if press.way == rules.Way.TILL:
        row.state = rules.State.FULFILLED.value
        row.fulfilled_at, row.fulfilled_by = press.at, press.pressed_by
        return row
    row.state = rules.State.RESERVED.value
    row.code_expires_at = rules.code_expires_at(press.real_at, version.values)
    digits = rules.redemption_digits(queries.redemption_key(), press.holder_id, press.redemption_id)
    row.digits_index = queries.digits_index(offer.merchant_id, digits)
    return row
