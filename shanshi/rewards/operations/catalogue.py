"""Merchants join a street and say what they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as made
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from shanshi.activities.queries.behind_offers import services_of
from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.kernel.ids import new_id
from shanshi.rewards import models, rules
from shanshi.rewards.queries.facts import givers_for

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class MerchantRow:
    """A merchant to be added. `id` is made by the caller.

    organization_id  the body in whose name it gives volunteer service, if it does
    """

    street_id: UUID
    name: str
    joined_on: date
    name_en: str = ""
    trade: str = ""
    address: str = ""
    phone: str = ""
    latitude: float | None = None
    longitude: float | None = None
    left_on: date | None = None
    organization_id: UUID | None = None
    id: UUID = made(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer to be added. `id` is made by the caller.

    price_coin_units  60 units make one coin; at least 1
    per_person        how often one person may have it; at least 1
    weekdays          1 is Monday, 7 is Sunday
    field             of service, by the code of the activities' fields; "" if it has none
    activity_id       the activity by which it is given as volunteer service; only for a service or a lesson
    is_for_residents  whether people who are no volunteers may make an appointment for it
    seats             appointments that one shift of the activity has room for; 0 if none can be made
    """

    merchant_id: UUID
    title: str
    kind: rules.OfferKind
    price_coin_units: int
    stock: int
    per_person: int
    from_on: date
    to_on: date
    weekdays: tuple[int, ...] = (1, 2, 3, 4, 5, 6, 7)
    title_en: str = ""
    says: str = ""
    field: str = ""
    activity_id: UUID | None = None
    is_for_residents: bool = False
    seats: int = 0
    id: UUID = made(default_factory=new_id)


@transaction.atomic
def add_merchants(
    rows: Sequence[MerchantRow], *, by: Actor, at: datetime, source: str = "platform"
) -> list[UUID]:
    """Add merchants, and return their ids in the order given.

    at  with a time zone

    Raises AlreadyThere: two merchants of one name on one street.
    """
    merchants = [
        models.Merchant(
            id=row.id,
            street_id=row.street_id,
            name=row.name,
            name_en=row.name_en,
            trade=row.trade,
            address=row.address,
            phone=row.phone,
            latitude=row.latitude,
            longitude=row.longitude,
            joined_on=row.joined_on,
            left_on=row.left_on,
            organization_id=row.organization_id,
            source=source,
        )
        for row in rows
    ]
    try:
        with transaction.atomic():
            models.Merchant.objects.bulk_create(merchants, batch_size=_AT_ONCE)
    except IntegrityError as error:
        if "merchant_once_on_a_street" not in str(error):
            raise
        raise rules.AlreadyThere from error
    for row in rows:
        audit.record(
            "rewards.add_merchant",
            f"merchant:{row.id}",
            by=by,
            at=at,
            after={"name": row.name, "source": source},
        )
    return [row.id for row in rows]


@transaction.atomic
def add_offers(rows: Sequence[OfferRow], *, by: Actor, at: datetime, source: str = "platform") -> list[UUID]:
    """Add offers with their full stock, and return their ids in the order given.

    at  with a time zone

    Raises OfferInvalid: a price, stock, limit, day or period that no offer can have, in the first such row.
    ServiceOfOthers: the activity behind it is no service of the merchant's body or of the street's office; a
    case, which is loaded before its activities, is asked by its own checks.
    """
    for place, row in enumerate(rows, start=1):
        rules.check_offer(
            place,
            price_coin_units=row.price_coin_units,
            stock=row.stock,
            per_person=row.per_person,
            from_on=row.from_on,
            to_on=row.to_on,
            weekdays=row.weekdays,
        )
        rules.check_service(
            place,
            kind=row.kind,
            is_of_an_activity=row.activity_id is not None,
            seats=row.seats,
            is_for_residents=row.is_for_residents,
        )
    if not source.startswith("case"):
        _check_services(rows)
    models.Offer.objects.bulk_create(
        [
            models.Offer(
                id=row.id,
                merchant_id=row.merchant_id,
                title=row.title,
                title_en=row.title_en,
                says=row.says,
                kind=row.kind.value,
                price_coin_units=row.price_coin_units,
                stock=row.stock,
                left_in_stock=row.stock,
                per_person=row.per_person,
                from_on=row.from_on,
                to_on=row.to_on,
                weekdays=sorted(set(row.weekdays)),
                field=row.field,
                activity_id=row.activity_id,
                is_for_residents=row.is_for_residents,
                seats=row.seats,
                source=source,
            )
            for row in rows
        ],
        batch_size=_AT_ONCE,
    )
    for row in rows:
        audit.record(
            "rewards.add_offer",
            f"offer:{row.id}",
            by=by,
            at=at,
            after={"title": row.title, "stock": row.stock, "price_coin_units": row.price_coin_units},
        )
    return [row.id for row in rows]


def _check_services(rows: Sequence[OfferRow]) -> None:
    """Refuse an activity that is no service of the merchant or of the street's office."""
    wanted = {row.merchant_id for row in rows if row.activity_id is not None}
    givers = {merchant_id: givers_for(merchant_id) for merchant_id in wanted}
    for place, row in enumerate(rows, start=1):
        if row.activity_id is not None and row.activity_id not in services_of(givers[row.merchant_id]):
            raise rules.ServiceOfOthers(place=place)
