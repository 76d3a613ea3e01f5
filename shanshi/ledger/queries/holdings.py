"""What accounts hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from shanshi.ledger import models
from shanshi.ledger.rules import Account, Kind, Unit


@dataclass(frozen=True, slots=True)
class Balances:
    """What a volunteer holds. Coins in coin units, 60 to a coin.

    coin_units_by_year  year of earning -> spendable units, more than none; the oldest first
    """

    verified_minutes: int = 0
    honorary_minutes: int = 0
    coin_units: int = 0
    pending_coin_units: int = 0
    reserved_coin_units: int = 0
    red_points: int = 0
    coin_units_by_year: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Total:
    """What all accounts of one kind and unit hold together; below zero for those that issue."""

    kind: Kind
    unit: Unit
    amount: int


def balances(holder_id: UUID) -> Balances:
    """Return what one volunteer holds; nothing for a holder without transfers."""
    return balances_of([holder_id])[holder_id]


def balances_of(holder_ids: Iterable[UUID]) -> dict[UUID, Balances]:
    """Return what volunteers hold, one entry for each holder asked for."""
    wanted = list(holder_ids)
    sums: dict[UUID, dict[tuple[str, str], int]] = {holder: {} for holder in wanted}
    years: dict[UUID, dict[int, int]] = {holder: {} for holder in wanted}
    rows = models.Balance.objects.filter(holder_id__in=wanted).order_by("year")
    for holder, kind, unit, year, amount in rows.values_list("holder_id", "kind", "unit", "year", "amount"):
        sums[holder][kind, unit] = sums[holder].get((kind, unit), 0) + amount
        if kind == Kind.VOLUNTEER and unit == Unit.COIN and amount:
            years[holder][year] = amount
    return {
        holder: Balances(
            verified_minutes=held.get((Kind.VOLUNTEER, Unit.VERIFIED_MINUTE), 0),
            honorary_minutes=held.get((Kind.VOLUNTEER, Unit.HONORARY_MINUTE), 0),
            coin_units=held.get((Kind.VOLUNTEER, Unit.COIN), 0),
            pending_coin_units=held.get((Kind.PENDING, Unit.COIN), 0),
            reserved_coin_units=held.get((Kind.RESERVED, Unit.COIN), 0),
            red_points=held.get((Kind.VOLUNTEER, Unit.RED_POINT), 0),
            coin_units_by_year=years[holder],
        )
        for holder, held in sums.items()
    }


def open_balance(account: Account) -> int:
    """Return what an open account holds, summed from its transfers; below zero for one that issues.

    account  of an open kind; for coins of all years, give year 0
    """
    if account.is_guarded:
        raise ValueError("a guarded account has a balance row; ask balances()")
    of_year = {"year": account.year} if account.year else {}
    rows = models.Transfer.objects.filter(unit=account.unit, **of_year)
    came = rows.filter(taker_kind=account.kind, taker_id=account.owner_id).aggregate(sum=Sum("amount"))
    left = rows.filter(giver_kind=account.kind, giver_id=account.owner_id).aggregate(sum=Sum("amount"))
    return int(came["sum"] or 0) - int(left["sum"] or 0)


_TOLD = ("giver_kind", "taker_kind", "unit", "year", "amount", "source", "reason", "happened_at", "posted_at")
_TOTALS = """
SELECT kind, unit, sum(delta)::bigint FROM (
    SELECT taker_kind AS kind, unit, amount AS delta FROM ledger_transfer
    UNION ALL SELECT giver_kind, unit, -amount FROM ledger_transfer
) AS leg GROUP BY kind, unit ORDER BY unit, kind
"""


def totals() -> list[Total]:
    """Return what all accounts of each kind and unit hold, from every transfer; each unit sums to zero."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS)
        return [Total(Kind(kind), Unit(unit), amount) for kind, unit, amount in cursor.fetchall()]


def held_about(holder_id: UUID) -> dict[str, object]:
    """Return what the books know of a holder, as plain values for the person's copy."""
    held = balances(holder_id)
    rows = models.Transfer.objects.filter(holder_id=holder_id).order_by("happened_at", "posted_at", "pk")
    return {
        "accounts": {
            "verified_minutes": held.verified_minutes,
            "honorary_minutes": held.honorary_minutes,
            "coin_units": held.coin_units,
            "pending_coin_units": held.pending_coin_units,
            "reserved_coin_units": held.reserved_coin_units,
            "red_points": held.red_points,
        },
        "transfers": list(rows.values(*_TOLD)),
    }


def coins_of_year(year: int, *, after: UUID | None = None, limit: int = 1_000) -> dict[UUID, int]:
    """Return who holds spendable coins earned in a year, and how many units, in the order of holders.

    after  the last holder of the page before; limit: 1 or more
    """
    rows = models.Balance.objects.filter(kind=Kind.VOLUNTEER, unit=Unit.COIN, year=year, amount__gt=0)
    if after is not None:
        rows = rows.filter(holder_id__gt=after)
    return dict(rows.order_by("holder_id").values_list("holder_id", "amount")[:limit])
