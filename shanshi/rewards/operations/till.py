"""What the cashier does: give what a code stands for, or take it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import CITY_ZONE, city_day
from shanshi.ledger import operations as ledger
from shanshi.policies import queries as policies
from shanshi.rewards import models, queries, rules
from shanshi.rewards.operations.returns import give_back, payment_of
from shanshi.rewards.operations.stock import move_stock
from shanshi.rewards.queries import RedemptionFacts


def fulfill(
    redemption_id: UUID,
    code: str,
    *,
    by: Actor,
    at: datetime,
    real_at: datetime,
    holder_id: UUID | None = None,
) -> RedemptionFacts:
    """Give the merchant the coins that were set aside, and return the redemption. Twice is once.

    code       as scanned, or its 8 digits
    at         time of the domain, with a zone; real_at: real time, with a zone, by which the code grows old
    holder_id  whose redemption, if known: then it is found by its key

    Raises Missing: no such redemption. CodeWrong: the code is another's. AlreadyVoided. AlreadyFulfilled: by
    another cashier, or longer ago than a redemption can be taken back. CodeExpired: then coins and stock have
    been given back.
    Locks the redemption, then the holder's balances (and the offer, when something goes back).
    """
    answer = _fulfill(redemption_id, holder_id, code, by=by, at=at, real_at=real_at)
    return _not_expired(answer, at=at)


def _not_expired(answer: RedemptionFacts, *, at: datetime) -> RedemptionFacts:
    # Raised only here, after the transaction that gave everything back.
    if answer.state == rules.State.EXPIRED:
        values = policies.in_force("redemption", city_day(at)).values
        raise rules.CodeExpired(seconds=values["code_seconds"])
    return answer


def fulfill_by_code(
    code: str, *, merchant_id: UUID, by: Actor, at: datetime, real_at: datetime
) -> RedemptionFacts:
    """Give the merchant the coins for what the camera of a till saw, or for typed digits; once only.

    Somebody stands there and wants something: a code shown twice is refused, even to the same cashier.

    merchant_id  whose till it is

    Raises CodeUnreadable; CodeWrong: no such redemption, or no proof; OtherMerchant: it is for another
    merchant, and nothing has changed; AlreadyFulfilled, AlreadyVoided, CodeExpired: as `fulfill`.
    """
    found = queries.redemption_of_code(code, merchant_id=merchant_id)
    if found.merchant_id != merchant_id:
        raise rules.OtherMerchant(merchant=found.merchant_name)
    answer = _fulfill(found.id, found.holder_id, code, by=by, at=at, real_at=real_at, only_once=True)
    return _not_expired(answer, at=at)


@transaction.atomic
def _fulfill(
    redemption_id: UUID,
    holder_id: UUID | None,
    code: str,
    *,
    by: Actor,
    at: datetime,
    real_at: datetime,
    only_once: bool = False,
) -> RedemptionFacts:
    row = _locked(redemption_id, holder_id)
    if not any(rules.proves(key, code, row.holder_id, row.pk) for key in queries.redemption_keys()):
        raise rules.CodeWrong
    if row.state == rules.State.VOIDED:
        raise rules.AlreadyVoided
    if row.fulfilled_at is not None:
        _check_repeat(row, by=by, at=at, only_once=only_once)
    if row.state == rules.State.RESERVED and row.code_expires_at is not None:
        if rules.has_expired(row.code_expires_at, real_at):
            give_back([row], at=at)
            row.state, row.expired_at = rules.State.EXPIRED.value, at
        else:
            postings = rules.postings(payment_of(row), rules.Step.FULFILL, happened_at=at)
            ledger.post(postings, at=at)
            row.state = rules.State.FULFILLED.value
            row.fulfilled_at, row.fulfilled_by = at, by.known()
            _write(row, "state", "fulfilled_at", "fulfilled_by")
    return queries.redemption_facts(row)


def _check_repeat(row: models.Redemption, *, by: Actor, at: datetime, only_once: bool) -> None:
    # A program that sends twice gets its answer twice; a code shown a second time gets nothing.
    assert row.fulfilled_at is not None
    version = policies.in_force("redemption", city_day(row.reserved_at))
    recent = at - row.fulfilled_at <= timedelta(minutes=version.values["void_minutes"])
    if only_once or row.fulfilled_by != by.known() or not recent:
        raise rules.AlreadyFulfilled(time=row.fulfilled_at.astimezone(CITY_ZONE).strftime("%H:%M"))


@transaction.atomic
def void(
    redemption_id: UUID, *, by: Actor, at: datetime, holder_id: UUID | None = None, reason: str = ""
) -> RedemptionFacts:
    """Give coins and piece back, and return the redemption. Twice is once.

    at         time of the domain, with a zone
    holder_id  whose redemption, if known: then it is found by its key
    reason     why, in the cashier's words; it stands in the trail of staff

    Raises Missing: no such redemption. NotFulfilled. VoidTooLate.
    Locks the redemption, then the holder's balances, then the offer.
    Source: redemption policy (docs/policies/redemption.yaml), void_minutes.
    """
    row = _locked(redemption_id, holder_id)
    if row.state == rules.State.VOIDED:
        return queries.redemption_facts(row)
    if row.fulfilled_at is None:
        raise rules.NotFulfilled
    # The version that the volunteer redeemed under decides how long the merchant may take it back.
    version = policies.in_force("redemption", city_day(row.reserved_at))
    rules.check_void(row.fulfilled_at, at, version.values)
    steps = (rules.Step.FULFILL, rules.Step.RESERVE) if row.way == rules.Way.CODE else (rules.Step.PAY,)
    ledger.post(rules.reversals(payment_of(row), *steps, reason=rules.TAKEN_BACK, happened_at=at), at=at)
    row.state, row.voided_at, row.voided_by = rules.State.VOIDED.value, at, by.known()
    _write(row, "state", "voided_at", "voided_by")
    audit.record(
        "rewards.void",
        f"redemption:{row.pk}",
        by=by,
        at=at,
        before={"state": rules.State.FULFILLED.value, "fulfilled_at": row.fulfilled_at.isoformat()},
        after={"state": row.state, "price_coin_units": row.price_coin_units},
        reason=reason,
    )
    move_stock({row.offer_id: 1})
    return queries.redemption_facts(row)


def _locked(redemption_id: UUID, holder_id: UUID | None) -> models.Redemption:
    key = {"pk": redemption_id} | ({"holder_id": holder_id} if holder_id else {})
    rows = models.Redemption.objects.select_for_update(of=("self",)).select_related("offer", "merchant")
    row = rows.filter(**key).first()
    if row is None:
        raise Missing
    return row


def _write(row: models.Redemption, *fields: str) -> None:
    values = {name: getattr(row, name) for name in fields}
    models.Redemption.objects.filter(holder_id=row.holder_id, pk=row.pk).update(**values)
