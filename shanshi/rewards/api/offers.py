"""Endpoints of offers, redemptions and tills."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status

from shanshi.design.rules import coin_number
from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, public
from shanshi.foundation.permissions import asks
from shanshi.foundation.problems import REFUSALS, Problem
from shanshi.kernel.quantities import city_day
from shanshi.registry.api import bearer
from shanshi.rewards import access, operations, queries, rules

router = Router(tags=["rewards"], auth=bearer)

Code = Annotated[str, Field(min_length=1, max_length=200)]
Limit = Annotated[int, Query(ge=1, le=200)]


class OfferOut(Schema):
    """What a merchant gives for coins. 60 coin units make one coin; weekdays count from Monday, 1."""

    id: UUID
    title: str
    title_en: str
    says: str
    kind: rules.OfferKind
    merchant: UUID
    merchant_name: str
    merchant_name_en: str
    street: UUID
    coin_units: int
    coins: str
    stock: int
    left_in_stock: int
    per_person: int
    from_on: date
    to_on: date
    weekdays: list[int]
    field: str
    activity: UUID | None = Field(description="The volunteer service by which it is given, if it is one.")
    is_for_residents: bool
    seats: int = Field(description="Appointments that one time has room for; 0 if none can be made.")


class OfferPage(Schema):
    """A page of offers; `next` is the cursor of the following page, or null."""

    items: list[OfferOut]
    next: str | None


class RedemptionOut(Schema):
    """One redemption."""

    id: UUID
    state: rules.State
    way: rules.Way
    offer: UUID
    offer_title: str
    merchant: UUID
    merchant_name: str
    coin_units: int
    coins: str
    reserved_at: datetime
    fulfilled_at: datetime | None
    voided_at: datetime | None
    expired_at: datetime | None


class ReservedOut(RedemptionOut):
    """A redemption with the code that the volunteer shows. The code is good until `expires_at`."""

    code: str = Field(description="For a QR code in alphanumeric mode.")
    digits: str = Field(description="The same as 8 digits, for a till without a camera.")
    expires_at: datetime = Field(description="Real time; then coins and piece go back by themselves.")


class RedemptionPage(Schema):
    """A page of redemptions; `next` is the cursor of the following page, or null."""

    items: list[RedemptionOut]
    next: str | None


class OfferChosen(Schema):
    """Which offer is wanted."""

    offer: UUID


class AtTill(Schema):
    """What the volunteer scanned at the till, and which offer is wanted."""

    code: Code
    offer: UUID


class CodeShown(Schema):
    """The volunteer's code: as scanned, or its 8 digits."""

    code: Code


class TillCodeOut(Schema):
    """The code on the till."""

    code: str = Field(description="For a QR code in alphanumeric mode.")
    expires_at: datetime = Field(description="Real time at which the next code appears.")


class OfferQuery(Schema):
    """Which offers are wanted."""

    day: date | None = Field(None, description="Given on this day; without it, today. In the city's zone.")
    street: UUID | None = None
    merchant: UUID | None = None
    kind: rules.OfferKind | None = None
    most_coin_units: int | None = Field(None, ge=1, le=1_000_000, description="At this price or below.")
    in_stock: bool = Field(False, description="Only if something is left.")
    field: str = Field("", max_length=60, description="Of this field of service.")
    for_residents: bool = Field(False, description="Only what residents can have by appointment.")


@router.get("/offers", response={200: OfferPage, REFUSALS: Problem}, summary="List offers", auth=None)
@public
def list_offers(
    request: Request, wanted: Query[OfferQuery], cursor: str | None = None, limit: Limit = 50
) -> OfferPage:
    """The offers given on a day, the cheapest first."""
    chosen = queries.OfferFilter(
        day=wanted.day or city_day(clock.now()),
        street_id=wanted.street,
        merchant_id=wanted.merchant,
        kind=wanted.kind,
        most_coin_units=wanted.most_coin_units,
        in_stock=wanted.in_stock,
        field=wanted.field,
        for_residents=wanted.for_residents,
    )
    offers, following = queries.offer_page(chosen, cursor=cursor, limit=limit)
    return OfferPage(items=[offer_out(one) for one in offers], next=following)


@router.post("/redemptions", response={201: ReservedOut, REFUSALS: Problem}, summary="Redeem an offer")
@asks(access.REDEEM)
def reserve(request: Request, chosen: OfferChosen) -> Status[ReservedOut]:
    """Set the coins and one piece aside, and get a code that the merchant scans within 60 seconds."""
    holder_id = access.holder(request.actor)
    redemption = operations.reserve(
        chosen.offer, holder_id=holder_id, by=request.actor, at=clock.now(), real_at=clock.real_now()
    )
    assert redemption.code_expires_at is not None
    answer = ReservedOut(
        **redemption_out(redemption).dict(),
        code=queries.code_of(redemption),
        digits=queries.digits_of(redemption),
        expires_at=redemption.code_expires_at,
    )
    return Status(201, answer)


@router.post(
    "/redemptions/at-till",
    response={201: RedemptionOut, REFUSALS: Problem},
    summary="Redeem an offer by the code on the till",
)
@asks(access.REDEEM)
def redeem_at_till(request: Request, scanned: AtTill) -> Status[RedemptionOut]:
    """Give the coins at once, at the till whose code was scanned."""
    holder_id = access.holder(request.actor)
    real_at = clock.real_now()
    with limits.failures("failed_codes", str(request.actor.known()), at=real_at):
        redemption = operations.redeem_at_till(
            scanned.code,
            scanned.offer,
            holder_id=holder_id,
            by=request.actor,
            at=clock.now(),
            real_at=real_at,
        )
    return Status(201, redemption_out(redemption))


@router.post(
    "/redemptions/{redemption_id}/fulfill",
    response={200: RedemptionOut, REFUSALS: Problem},
    summary="Fulfil a redemption (merchant)",
)
@asks(access.SERVE_TILL)
def fulfill(request: Request, redemption_id: UUID, shown: CodeShown) -> RedemptionOut:
    """Take the coins that were set aside. Sent twice by one cashier, it answers the same."""
    found = access.redemption_at_till(request.actor, redemption_id)
    real_at = clock.real_now()
    access.try_code(request.actor, shown.code, real_at=real_at)
    with limits.failures("failed_codes", str(request.actor.known()), at=real_at):
        redemption = operations.fulfill(
            found.id,
            shown.code,
            by=request.actor,
            at=clock.now(),
            real_at=real_at,
            holder_id=found.holder_id,
        )
    return redemption_out(redemption)


@router.post(
    "/merchants/{merchant_id}/redemptions/fulfill",
    response={200: RedemptionOut, REFUSALS: Problem},
    summary="Fulfil whatever a code stands for (merchant)",
)
@asks(access.SERVE_TILL)
def fulfill_by_code(request: Request, merchant_id: UUID, shown: CodeShown) -> RedemptionOut:
    """Take the coins for the code that the till's camera saw, or for typed digits."""
    merchant = access.till(request.actor, merchant_id)
    real_at = clock.real_now()
    access.try_code(request.actor, shown.code, real_at=real_at)
    with limits.failures("failed_codes", str(request.actor.known()), at=real_at):
        redemption = operations.fulfill_by_code(
            shown.code, merchant_id=merchant.id, by=request.actor, at=clock.now(), real_at=real_at
        )
    return redemption_out(redemption)


@router.post(
    "/redemptions/{redemption_id}/void",
    response={200: RedemptionOut, REFUSALS: Problem},
    summary="Take a redemption back (merchant)",
)
@asks(access.SERVE_TILL)
def void(request: Request, redemption_id: UUID) -> RedemptionOut:
    """Give the coins back to the volunteer, within 10 minutes. Sent twice, it answers the same."""
    found = access.redemption_at_till(request.actor, redemption_id)
    redemption = operations.void(found.id, by=request.actor, at=clock.now(), holder_id=found.holder_id)
    return redemption_out(redemption)


@router.get(
    "/merchants/{merchant_id}/code",
    response={200: TillCodeOut, REFUSALS: Problem},
    summary="The code on the till (merchant)",
)
@asks(access.SERVE_TILL)
def till_code(request: Request, merchant_id: UUID) -> TillCodeOut:
    """The rotating code that volunteers scan at this merchant."""
    merchant = access.till(request.actor, merchant_id)
    now = queries.till_code(merchant.id, at=clock.now(), real_at=clock.real_now())
    return TillCodeOut(code=now.code, expires_at=now.expires_at)


@router.get("/me/redemptions", response={200: RedemptionPage, REFUSALS: Problem}, summary="My redemptions")
@asks(access.LIST_REDEMPTIONS)
def my_redemptions(request: Request, cursor: str | None = None, limit: Limit = 50) -> RedemptionPage:
    """What I redeemed, the newest first."""
    holder_id = access.holder(request.actor)
    rows, following = queries.redemption_page(holder_id, cursor=cursor, limit=limit)
    return RedemptionPage(items=[redemption_out(one) for one in rows], next=following)


def offer_out(offer: queries.OfferFacts) -> OfferOut:
    """Return an offer as the API writes it."""
    return OfferOut(
        id=offer.id,
        title=offer.title,
        title_en=offer.title_en,
        says=offer.says,
        kind=offer.kind,
        merchant=offer.merchant_id,
        merchant_name=offer.merchant_name,
        merchant_name_en=offer.merchant_name_en,
        street=offer.street_id,
        coin_units=offer.price_coin_units,
        coins=coin_number(offer.price_coin_units, "en"),
        stock=offer.stock,
        left_in_stock=offer.left_in_stock,
        per_person=offer.per_person,
        from_on=offer.from_on,
        to_on=offer.to_on,
        weekdays=list(offer.weekdays),
        field=offer.field,
        activity=offer.activity_id,
        is_for_residents=offer.is_for_residents,
        seats=offer.seats,
    )


def redemption_out(redemption: queries.RedemptionFacts) -> RedemptionOut:
    """Return a redemption as the API writes it."""
    return RedemptionOut(
        id=redemption.id,
        state=redemption.state,
        way=redemption.way,
        offer=redemption.offer_id,
        offer_title=redemption.offer_title,
        merchant=redemption.merchant_id,
        merchant_name=redemption.merchant_name,
        coin_units=redemption.price_coin_units,
        coins=coin_number(redemption.price_coin_units, "en"),
        reserved_at=redemption.reserved_at,
        fulfilled_at=redemption.fulfilled_at,
        voided_at=redemption.voided_at,
        expired_at=redemption.expired_at,
    )
