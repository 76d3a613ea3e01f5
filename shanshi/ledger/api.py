"""Endpoints of one's own books: what I hold, and how it came."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Router, Schema

from shanshi.design.rules import coin_number
from shanshi.foundation import paging
from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.foundation.problems import REFUSALS, Problem
from shanshi.ledger import access, queries, rules

router = Router(tags=["ledger"])


class CoinsOfYear(Schema):
    """Spendable coins earned in one civil year; the oldest are spent first."""

    year: int
    coin_units: int = Field(description="60 to a coin")
    coins: str = Field(description='The same in coins, exactly: "2", "2.5" or "2 5/60"')


class BalancesOut(Schema):
    """What a volunteer holds. Coins come as coin units, 60 to a coin, and as a text in coins."""

    verified_minutes: int
    honorary_minutes: int
    coin_units: int = Field(description="Spendable, 60 to a coin")
    coins: str
    pending_coin_units: int = Field(description="Earned, and spendable after the settle delay")
    pending_coins: str
    reserved_coin_units: int = Field(description="Set aside for redemptions that are open")
    reserved_coins: str
    red_points: int
    coin_units_by_year: list[CoinsOfYear]


class TransferOut(Schema):
    """One transfer of one's own book."""

    id: UUID
    unit: str = Field(description="verified_minute, honorary_minute, coin or red_point")
    amount: int = Field(description="More than zero; minutes, coin units or points")
    change: int = Field(description="What it did to the spendable account: plus, minus or zero")
    coins: str | None = Field(description="The amount in coins, for coins")
    giver: str = Field(description="Kind of the account that gave")
    taker: str = Field(description="Kind of the account that took")
    year: int | None = Field(description="Year of earning, for coins")
    source: str
    reason: str
    policy: str
    happened_at: datetime
    posted_at: datetime
    reverses: UUID | None


class TransfersOut(Schema):
    """A page of transfers, the newest first."""

    items: list[TransferOut]
    next: str | None = Field(description="Cursor of the next page, or null")


@router.get(
    "me/balances",
    response={200: BalancesOut, REFUSALS: Problem},
    summary="What I hold",
    description="Verified and honorary minutes, coins by state and year, red points.",
)
@asks(access.SEE_OWN_BOOKS)
def my_balances(request: Request) -> BalancesOut:
    """Answer with the asker's own balances."""
    held = queries.balances(access.own_books(request.actor))
    return BalancesOut(
        verified_minutes=held.verified_minutes,
        honorary_minutes=held.honorary_minutes,
        coin_units=held.coin_units,
        coins=coin_number(held.coin_units, "en"),
        pending_coin_units=held.pending_coin_units,
        pending_coins=coin_number(held.pending_coin_units, "en"),
        reserved_coin_units=held.reserved_coin_units,
        reserved_coins=coin_number(held.reserved_coin_units, "en"),
        red_points=held.red_points,
        coin_units_by_year=[
            CoinsOfYear(year=year, coin_units=units, coins=coin_number(units, "en"))
            for year, units in held.coin_units_by_year.items()
        ],
    )


@router.get(
    "me/transfers",
    response={200: TransfersOut, REFUSALS: Problem},
    summary="How it came",
    description="My transfers, the newest first, by cursor.",
)
@asks(access.SEE_OWN_BOOKS)
def my_transfers(
    request: Request,
    cursor: str | None = None,
    limit: Annotated[int, Field(ge=1, le=paging.LARGEST)] = 50,
) -> TransfersOut:
    """Answer with a page of the asker's own transfers."""
    rows = queries.transfers(access.own_books(request.actor))
    found, after = paging.page(rows, order=queries.ORDER, cursor=cursor, limit=limit)
    return TransfersOut(items=[_out(queries.transfer_facts(row)) for row in found], next=after)


def _out(facts: queries.TransferFacts) -> TransferOut:
    coins = facts.unit == rules.Unit.COIN
    return TransferOut(
        id=facts.id,
        unit=facts.unit,
        amount=facts.amount,
        change=facts.change,
        coins=coin_number(facts.amount, "en") if coins else None,
        giver=facts.giver.kind,
        taker=facts.taker.kind,
        year=facts.giver.year if coins else None,
        source=facts.source,
        reason=facts.reason,
        policy=facts.policy,
        happened_at=facts.happened_at,
        posted_at=facts.posted_at,
        reverses=facts.reverses,
    )
