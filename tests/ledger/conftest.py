"""The books of Lin, Mei and Noodle House, told in short sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest

from shanshi.kernel.ids import id_of, new_id
from shanshi.ledger import models, operations, queries
from shanshi.ledger.rules import Account, Kind, Posting, Unit

ISSUER = id_of("issuer")
NOODLE_HOUSE = id_of("merchant", "Noodle House")
SHORT = {
    "verified_minute": "verified_minutes",
    "coin": "coin_units",
    "pending": "pending_coin_units",
    "reserved": "reserved_coin_units",
}


def holder(name: str) -> UUID:
    """The opaque holder behind a name."""
    return id_of("holder", name)


def account(word: str, name: str, year: int = 2019) -> Account:
    """An account in a word or two: "minutes", "minutes issuer", "coin", "pending", "issuer", "merchant"."""
    if word.startswith("minutes"):
        kind, owner = (Kind.ISSUER, ISSUER) if "issuer" in word else (Kind.VOLUNTEER, holder(name))
        return Account(kind, owner, Unit.VERIFIED_MINUTE)
    owner, kind = {
        "coin": (holder(name), Kind.VOLUNTEER),
        "pending": (holder(name), Kind.PENDING),
        "reserved": (holder(name), Kind.RESERVED),
        "issuer": (ISSUER, Kind.ISSUER),
        "merchant": (NOODLE_HOUSE, Kind.MERCHANT),
    }[word]
    return Account(kind, owner, Unit.COIN, year)


class Books:
    """Posts and shows. Amounts of coins are coin units, 60 to a coin."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def posting(
        self,
        name: str,
        giver: str,
        taker: str,
        amount: int,
        *,
        year: int = 2019,
        id: UUID | None = None,  # noqa: A002
        reverses: UUID | None = None,
        reason: str = "a shift at the station",
    ) -> Posting:
        """A posting between two accounts, each named in one word."""
        return Posting(
            id=id or new_id(),
            holder_id=holder(name),
            giver=account(giver, name, year),
            taker=account(taker, name, year),
            amount=amount,
            source=f"visit:{holder(name)}:{id_of(name, giver, taker)}",
            reason=reason,
            policy="coins@2019-01-01",
            happened_at=self.at,
            reverses=reverses,
        )

    def minutes(self, name: str, minutes: int) -> UUID:
        """Somebody earns verified minutes."""
        return self.post(self.posting(name, "minutes issuer", "minutes", minutes))

    def coins(self, name: str, units: int, year: int = 2019) -> UUID:
        """Somebody earns coins that can be spent."""
        return self.post(self.posting(name, "issuer", "coin", units, year=year))

    def post(self, *postings: Posting) -> UUID:
        """Post a batch; returns the id of its first."""
        return operations.post(postings, at=self.at)[0]

    def spend(self, name: str, units: int, request: str = "noodles") -> list[UUID]:
        """Somebody spends coins at Noodle House."""
        return operations.spend(
            holder(name),
            units,
            id=id_of(request),
            taker_kind=Kind.MERCHANT,
            taker_id=NOODLE_HOUSE,
            source=f"redemption:{holder(name)}:{id_of(request)}",
            reason="a bowl of noodles",
            policy="coins@2019-01-01",
            happened_at=self.at,
            at=self.at,
        )

    def reverse(self, name: str, transfer_id: UUID, request: str = "mistake") -> UUID:
        """Take a transfer back."""
        return operations.reverse(
            holder(name),
            transfer_id,
            id=id_of(request),
            reason="counted twice",
            source=f"correction:{holder(name)}:{id_of(request)}",
            at=self.at,
        )

    def show(self, name: str) -> str:
        """What somebody holds, in one line; coins with their years, and only accounts that hold something."""
        held = queries.balances(holder(name))
        words = [f"{word} {getattr(held, field)}" for word, field in SHORT.items() if getattr(held, field)]
        if len(held.coin_units_by_year) > 1:
            years = " ".join(f"{year}:{units}" for year, units in held.coin_units_by_year.items())
            words.append(f"({years})")
        return " | ".join(words) or "nothing"

    def size(self) -> tuple[int, int]:
        """How many transfers and balances stand in the books."""
        return models.Transfer.objects.count(), models.Balance.objects.count()

    def owed(self) -> int:
        """What Noodle House is owed, in coin units."""
        return queries.open_balance(Account(Kind.MERCHANT, NOODLE_HOUSE, Unit.COIN))


@pytest.fixture
def books(at: datetime) -> Books:
    """Empty books."""
    return Books(at)


Posted = Callable[..., UUID]
