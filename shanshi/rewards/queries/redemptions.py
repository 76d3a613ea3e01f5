"""Questions about redemptions: whose, at whom, how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from shanshi.foundation import paging
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.ledger import queries as ledger
from shanshi.ledger.rules import Account, Kind, Unit
from shanshi.rewards import models, rules
from shanshi.rewards.queries.appointments import held_appointments
from shanshi.rewards.queries.codes import digits_index, redemption_keys
from shanshi.rewards.queries.facts import RedemptionFacts, redemption_facts

NEWEST_FIRST = ("-reserved_at", "-id")


@dataclass(frozen=True, slots=True)
class MerchantTotals:
    """What a merchant gave on one day, and what it has taken in all by the books.

    coin_units_in_the_books  its claim: without what volunteer service brought, which went home to the city
    coin_units_home          that
    """

    fulfilled: int
    voided: int
    coin_units: int
    coin_units_in_the_books: int
    coin_units_home: int


@dataclass(frozen=True, slots=True)
class MonthTotals:
    """What a merchant gave in one month. 60 coin units make one coin; `settled` of them are its claim."""

    fulfilled: int
    voided: int
    coin_units: int
    settled_coin_units: int


def redemption(redemption_id: UUID, holder_id: UUID | None = None) -> RedemptionFacts:
    """Return a redemption.

    holder_id  whose it is, if known: then it is found by its key

    Raises Missing.
    """
    found = _redemptions().filter(pk=redemption_id)
    if holder_id is not None:
        found = found.filter(holder_id=holder_id)
    row = found.first()
    if row is None:
        raise Missing
    return redemption_facts(row)


def redemptions(holder_id: UUID, *, limit: int = 50) -> list[RedemptionFacts]:
    """Return the latest redemptions of a holder, the newest first; one query."""
    rows = _redemptions().filter(holder_id=holder_id).order_by(*NEWEST_FIRST)[:limit]
    return [redemption_facts(row) for row in rows]


def redemption_page(
    holder_id: UUID, *, cursor: str | None, limit: int
) -> tuple[list[RedemptionFacts], str | None]:
    """Return a page of a holder's redemptions, the newest first, and the cursor of the next page or None.

    limit  1 to 200

    Raises CursorUnreadable.
    """
    mine = _redemptions().filter(holder_id=holder_id)
    rows, following = paging.page(mine, order=NEWEST_FIRST, cursor=cursor, limit=limit)
    return [redemption_facts(row) for row in rows], following


def fulfilled_on(merchant_id: UUID, day: date) -> list[RedemptionFacts]:
    """Return what a merchant gave on a day of the city, voided ones too, the newest first; one query."""
    rows = _redemptions().filter(merchant_id=merchant_id, fulfilled_at__range=_day(day))
    return [redemption_facts(row) for row in rows.order_by("-fulfilled_at", "-id")]


def totals(merchant_id: UUID, day: date) -> MerchantTotals:
    """Return what a merchant gave on a day of the city, and what the books say it has taken in all."""
    fulfilled = Q(state=rules.State.FULFILLED)
    sums = models.Redemption.objects.filter(merchant_id=merchant_id, fulfilled_at__range=_day(day)).aggregate(
        fulfilled=Count("id", filter=fulfilled),
        voided=Count("id", filter=Q(state=rules.State.VOIDED)),
        coin_units=Sum("price_coin_units", filter=fulfilled, default=0),
    )
    return MerchantTotals(
        **sums, coin_units_in_the_books=in_the_books(merchant_id), coin_units_home=came_home(merchant_id)
    )


def month_totals(merchant_id: UUID, day: date) -> MonthTotals:
    """Return what a merchant gave in the month of a day of the city, in one query."""
    fulfilled = Q(state=rules.State.FULFILLED)
    rows = models.Redemption.objects.filter(merchant_id=merchant_id, fulfilled_at__range=_month(day))
    sums = rows.aggregate(
        fulfilled=Count("id", filter=fulfilled),
        voided=Count("id", filter=Q(state=rules.State.VOIDED)),
        coin_units=Sum("price_coin_units", filter=fulfilled, default=0),
        settled_coin_units=Sum("price_coin_units", filter=fulfilled & Q(is_settled=True), default=0),
    )
    return MonthTotals(**sums)


def in_the_books(merchant_id: UUID) -> int:
    """Return the coin units that the ledger holds for a merchant, coins of all years together."""
    return ledger.open_balance(Account(Kind.MERCHANT, merchant_id, Unit.COIN))


def came_home(merchant_id: UUID) -> int:
    """Return the coin units that a merchant's volunteer service brought home to the city, by the books."""
    return ledger.open_balance(Account(Kind.CITY, merchant_id, Unit.COIN))


def redemption_of_code(code: str, *, merchant_id: UUID) -> RedemptionFacts:
    """Return the redemption that a code names: by its key, or by digits among those that wait at a merchant.

    code  as scanned, or its 8 digits

    Raises CodeUnreadable; CodeWrong: there is none, the code does not prove it, or by a rare chance two wait
    for the same digits.
    """
    clean = rules.clean_code(code)
    if rules.are_digits(clean):
        return _with_digits(merchant_id, clean)
    named = rules.read_redemption_code(clean)
    row = _redemptions().filter(holder_id=named.holder_id, pk=named.redemption_id).first()
    if row is None or not any(rules.proves(key, clean, row.holder_id, row.pk) for key in redemption_keys()):
        raise rules.CodeWrong
    return redemption_facts(row)


def held_about(holder_id: UUID) -> dict[str, Any]:
    """Return everything that this room holds about a holder, as plain values, the oldest first."""
    rows = _redemptions().filter(holder_id=holder_id).order_by("reserved_at", "id")
    return {
        "redemptions": [
            {
                "id": str(row.pk),
                "offer": row.offer.title,
                "merchant": row.merchant.name,
                "state": row.state,
                "way": row.way,
                "price_coin_units": row.price_coin_units,
                "coin_units_by_year": row.coin_units_by_year,
                "reserved_at": row.reserved_at,
                "fulfilled_at": row.fulfilled_at,
                "voided_at": row.voided_at,
                "expired_at": row.expired_at,
                "policy": row.policy,
                "source": row.source,
            }
            for row in rows
        ],
        "appointments": held_appointments(holder_id),
    }


def _with_digits(merchant_id: UUID, digits: str) -> RedemptionFacts:
    # One that waits, or else the last that was given, so that a till may send twice.
    found = _redemptions().filter(
        merchant_id=merchant_id,
        digits_index=digits_index(merchant_id, digits),
        state__in=models.LIVE,
    )
    rows = list(found.order_by("-reserved_at", "-id")[:10])
    waiting = [row for row in rows if row.state == rules.State.RESERVED]
    if len(waiting) > 1 or not rows:
        raise rules.CodeWrong
    return redemption_facts((waiting or rows)[0])


def _redemptions() -> QuerySet[models.Redemption]:
    return models.Redemption.objects.select_related("offer", "merchant")


def _day(day: date) -> Sequence[datetime]:
    # Up to the last microsecond: a range in SQL has both ends.
    start = datetime.combine(day, time(), tzinfo=CITY_ZONE)
    return start, start + timedelta(days=1) - timedelta(microseconds=1)


def _month(day: date) -> Sequence[datetime]:
    first = datetime.combine(day.replace(day=1), time(), tzinfo=CITY_ZONE)
    following = (first + timedelta(days=32)).replace(day=1)
    return first, following - timedelta(microseconds=1)
