"""Offers and merchants change and end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest

from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import Missing
from shanshi.rewards import models, rules


@dataclass(frozen=True, slots=True)
class OfferChange:
    """What may be changed of an offer while it stands; the merchant, the kind and the activity stay.

    price_coin_units  60 units make one coin; what is set aside already keeps its price
    stock             pieces in all, with those that were given
    weekdays          1 is Monday, 7 is Sunday
    seats             appointments that one shift has room for; those made already stay
    """

    title: str
    title_en: str
    says: str
    field: str
    price_coin_units: int
    stock: int
    per_person: int
    from_on: date
    to_on: date
    weekdays: tuple[int, ...]
    seats: int = 0
    is_for_residents: bool = False


@dataclass(frozen=True, slots=True)
class MerchantChange:
    """What may be changed of a merchant.

    organization_id  the body in whose name it gives volunteer service, if it does
    """

    name: str
    name_en: str
    trade: str
    address: str
    phone: str
    latitude: float | None
    longitude: float | None
    organization_id: UUID | None


@transaction.atomic
def change_offer(offer_id: UUID, change: OfferChange, *, by: Actor, at: datetime) -> None:
    """Say anew what an offer gives, at which price, when and how often.

    at  with a time zone

    Raises Missing. OfferOver. OfferInvalid. StockBelowGiven: fewer pieces than were given and set aside.
    Locks the offer, then its seats.
    """
    row = _locked_offer(offer_id)
    rules.check_offer(
        1,
        price_coin_units=change.price_coin_units,
        stock=change.stock,
        per_person=change.per_person,
        from_on=change.from_on,
        to_on=change.to_on,
        weekdays=change.weekdays,
    )
    rules.check_service(
        1,
        kind=rules.OfferKind(row.kind),
        is_of_an_activity=row.activity_id is not None,
        seats=change.seats,
        is_for_residents=change.is_for_residents,
    )
    values = asdict(change) | {
        "weekdays": sorted(set(change.weekdays)),
        "left_in_stock": _left_of(row, change.stock),
    }
    _change(row, "offer", values, by=by, at=at)
    if change.seats:
        # Who has an appointment keeps it: there are never fewer seats than were given.
        seats = Greatest(F("taken"), Value(change.seats))
        models.Seats.objects.filter(offer_id=offer_id).update(seats=seats)


@transaction.atomic
def restock(offer_id: UUID, stock: int, *, by: Actor, at: datetime) -> None:
    """Say how many pieces of an offer there are in all, with those that were given.

    at  with a time zone

    Raises Missing. OfferOver. StockBelowGiven.
    Locks the offer.
    """
    row = _locked_offer(offer_id)
    _change(row, "offer", {"stock": stock, "left_in_stock": _left_of(row, stock)}, by=by, at=at)


@transaction.atomic
def end_offer(offer_id: UUID, *, by: Actor, at: datetime, reason: str = "") -> None:
    """End an offer at once; what is set aside is still given. Twice is once.

    at  with a time zone

    Raises Missing.
    Locks the offer.
    """
    row = models.Offer.objects.select_for_update().filter(pk=offer_id).first()
    if row is None:
        raise Missing
    if row.ended_at is None:
        row.ended_at, row.ended_by = at, by.known()
        row.save(update_fields=["ended_at", "ended_by"])
        audit.record("rewards.end_offer", f"offer:{offer_id}", by=by, at=at, reason=reason)


@transaction.atomic
def change_merchant(merchant_id: UUID, change: MerchantChange, *, by: Actor, at: datetime) -> None:
    """Say anew what a merchant is called, what it does and where it is.

    at  with a time zone

    Raises Missing. AlreadyThere: another of the street is called so.
    Locks the merchant.
    """
    row = _locked_merchant(merchant_id)
    try:
        with transaction.atomic():
            _change(row, "merchant", asdict(change), by=by, at=at)
    except IntegrityError as error:
        if "merchant_once_on_a_street" not in str(error):
            raise
        raise rules.AlreadyThere from error


@transaction.atomic
def end_merchant(merchant_id: UUID, last_on: date, *, by: Actor, at: datetime, reason: str = "") -> None:
    """Let a merchant leave its street after a day; its offers are given until then.

    last_on  its last day on the street, in the city's zone
    at       with a time zone

    Raises Missing. LeavesBeforeJoining.
    Locks the merchant.
    """
    row = _locked_merchant(merchant_id)
    if last_on < row.joined_on:
        raise rules.LeavesBeforeJoining(joined_on=row.joined_on.isoformat())
    _change(row, "merchant", {"left_on": last_on}, by=by, at=at, reason=reason)


def _locked_offer(offer_id: UUID) -> models.Offer:
    row = models.Offer.objects.select_for_update().filter(pk=offer_id).first()
    if row is None:
        raise Missing
    if row.ended_at is not None:
        raise rules.OfferOver
    return row


def _locked_merchant(merchant_id: UUID) -> models.Merchant:
    row = models.Merchant.objects.select_for_update().filter(pk=merchant_id).first()
    if row is None:
        raise Missing
    return row


def _left_of(row: models.Offer, stock: int) -> int:
    given = row.stock - row.left_in_stock
    if stock < given:
        raise rules.StockBelowGiven(given=given, stock=stock)
    return stock - given


def _change(
    row: models.Offer | models.Merchant,
    thing: str,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
) -> None:
    before = {name: getattr(row, name) for name in values}
    changed = {name: value for name, value in values.items() if before[name] != value}
    if not changed:
        return
    type(row)._default_manager.filter(pk=row.pk).update(**changed)
    audit.record(
        f"rewards.change_{thing}",
        f"{thing}:{row.pk}",
        by=by,
        at=at,
        # That the phone was changed, never to what.
        before={name: "" if name == "phone" else _plain(before[name]) for name in changed},
        after={name: "" if name == "phone" else _plain(value) for name, value in changed.items()},
        reason=reason,
    )


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | list | type(None)) else str(value)
