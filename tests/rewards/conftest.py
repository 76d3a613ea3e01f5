"""Noodle House on its street, an offer of noodles, Lin with coins, and the cashier Fang."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shanshi.foundation.actor import Actor, Grant, Role, system
from shanshi.kernel.ids import id_of, new_id
from shanshi.ledger import operations as ledger
from shanshi.ledger import queries as books
from shanshi.ledger.rules import Account, Kind, Posting, Unit
from shanshi.places import operations as places
from shanshi.registry import queries as registry
from shanshi.registry.models import Consent
from shanshi.registry.rules import Purpose
from shanshi.rewards import operations, queries, rules

LOADER = system("tests.rewards")
REAL = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
COIN = 60


def person(name: str) -> Actor:
    """Somebody who is a volunteer, the same for the same name."""
    return Actor(person_id=id_of("person", name), holder_id=id_of("holder", name))


def cashier(name: str, *merchant_ids: UUID) -> Actor:
    """Somebody who stands at the till of merchants."""
    grants = tuple(Grant(Role.CASHIER, f"merchant:{one}") for one in merchant_ids)
    return Actor(person_id=id_of("person", name), grants=grants)


def agrees(who: Actor, at: datetime) -> None:
    """Let somebody agree to the terms, as everybody who registers."""
    Consent.objects.get_or_create(
        holder_id=who.volunteer(),
        purpose=Purpose.TERMS,
        defaults={
            "text_version": registry.consent_text(Purpose.TERMS, at.date()).version,
            "given_at": at,
            "given_by": who.known(),
        },
    )


@pytest.fixture(autouse=True)
def _agreed(request: pytest.FixtureRequest, at: datetime) -> None:
    if request.node.get_closest_marker("django_db") or "db" in request.fixturenames:
        request.getfixturevalue("_django_db_helper")
        agrees(person("lin"), at)
        agrees(person("wu"), at)


@pytest.fixture
def lin() -> Actor:
    """An adult volunteer."""
    return person("lin")


@pytest.fixture
def wu() -> Actor:
    """Another volunteer."""
    return person("wu")


@pytest.fixture
def real_at() -> datetime:
    """Real time, which is not that of the stories."""
    return REAL


@pytest.fixture
def street(db: None, at: datetime) -> UUID:
    """Xinhua Road."""
    row = places.StreetRow(name="新华路智慧伙伴街", division_code="330103", opened_on=date(2018, 11, 1))
    return places.add_streets([row], by=LOADER, at=at)[0]


@dataclass(frozen=True)
class Shop:
    """A merchant with its cashier."""

    id: UUID
    cashier: Actor
    at: datetime

    def offers(self, title: str = "爱心片儿川一碗", **terms: Any) -> UUID:
        """Add an offer: one coin, five pieces, two for each person, all days of 2019."""
        usual: dict[str, Any] = {
            "kind": rules.OfferKind.GOODS,
            "price_coin_units": COIN,
            "stock": 5,
            "per_person": 2,
            "from_on": date(2019, 1, 1),
            "to_on": date(2019, 12, 31),
        }
        row = operations.OfferRow(merchant_id=self.id, title=title, **(usual | terms))
        return operations.add_offers([row], by=LOADER, at=self.at)[0]

    def show(self, offer_id: UUID, *holders: Actor) -> str:
        """What is where: pieces left, coin units of the merchant, then each holder's free and set aside."""
        words = [f"left {queries.offer(offer_id).left_in_stock}", f"shop {queries.in_the_books(self.id)}"]
        for one in holders:
            held = books.balances(one.volunteer())
            words.append(f"{held.coin_units} + {held.reserved_coin_units}")
        return " | ".join(words)


@pytest.fixture
def open_shop(street: UUID, at: datetime) -> Callable[[str], Shop]:
    """Let a merchant join the street."""

    def make(name: str) -> Shop:
        row = operations.MerchantRow(street_id=street, name=name, joined_on=date(2018, 11, 1))
        merchant_id = operations.add_merchants([row], by=LOADER, at=at)[0]
        return Shop(merchant_id, cashier(f"cashier of {name}", merchant_id), at)

    return make


@pytest.fixture
def noodle_house(open_shop: Callable[[str], Shop]) -> Shop:
    """Noodle House, with its cashier."""
    return open_shop("老长庆面馆")


@pytest.fixture
def noodles(noodle_house: Shop) -> UUID:
    """A bowl of noodles for one coin."""
    return noodle_house.offers()


@pytest.fixture
def earned(db: None, at: datetime) -> Callable[..., None]:
    """Give somebody coins that can be spent, by year of earning."""

    def give(who: Actor, units: int, *, year: int = 2019) -> None:
        holder = who.volunteer()
        agrees(who, at)
        posting = Posting(
            id=new_id(),
            holder_id=holder,
            giver=Account(Kind.ISSUER, id_of("issuer"), Unit.COIN, year),
            taker=Account(Kind.VOLUNTEER, holder, Unit.COIN, year),
            amount=units,
            source="visit:tests",
            reason="Coins for verified minutes",
            policy="coins@2015-01-01",
            happened_at=at,
        )
        ledger.post([posting], at=at)

    return give
