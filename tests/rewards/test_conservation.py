"""Whatever people press, in whatever order: no coin and no piece appears or disappears."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from shanshi.kernel.errors import DomainError
from shanshi.kernel.ids import id_of, new_id
from shanshi.ledger import operations as ledger
from shanshi.ledger import queries as books
from shanshi.ledger.rules import Account, Kind, Posting, Unit
from shanshi.places import operations as places
from shanshi.rewards import models, operations, queries, rules
from tests.rewards.conftest import LOADER, REAL, cashier, person

STOCK, LIMIT = 3, 2
EARNED = {"lin": {2018: 100, 2019: 50}, "wu": {2019: 200}}
START = datetime(2019, 3, 20, 1, 0, tzinfo=UTC)
_named = count()


class Street(RuleBasedStateMachine):
    """Two volunteers, one merchant, two offers, and a clock that only goes forward."""

    @initialize()
    def open(self) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.at, self.real_at = START, REAL
        self.people = [person(name) for name in EARNED]
        name = f"street {next(_named)}"
        street = places.add_streets([places.StreetRow(name, "330103")], by=LOADER, at=START)[0]
        merchant = operations.MerchantRow(street_id=street, name=name, joined_on=date(2018, 1, 1))
        self.shop = operations.add_merchants([merchant], by=LOADER, at=START)[0]
        self.cashier = cashier("cashier", self.shop)
        rows = [
            operations.OfferRow(
                merchant_id=self.shop,
                title=f"offer {price}",
                kind=rules.OfferKind.GOODS,
                price_coin_units=price,
                stock=STOCK,
                per_person=LIMIT,
                from_on=date(2019, 1, 1),
                to_on=date(2019, 12, 31),
            )
            for price in (40, 70)
        ]
        self.offers = operations.add_offers(rows, by=LOADER, at=START)
        self.made: list[queries.RedemptionFacts] = []
        for who, years in zip(self.people, EARNED.values(), strict=True):
            ledger.post([self._earning(who.volunteer(), *one) for one in years.items()], at=START)

    def _earning(self, holder, year, units):
        return Posting(
            id=new_id(),
            holder_id=holder,
            giver=Account(Kind.ISSUER, id_of("issuer"), Unit.COIN, year),
            taker=Account(Kind.VOLUNTEER, holder, Unit.COIN, year),
            amount=units,
            source="visit:tests",
            reason="Coins for verified minutes",
            policy="coins@2015-01-01",
            happened_at=START,
        )

    def teardown(self) -> None:
        if hasattr(self, "savepoint"):
            transaction.set_rollback(True)
            self.savepoint.__exit__(None, None, None)

    @rule(who=st.integers(0, 1), offer=st.integers(0, 1))
    def reserve(self, who, offer):
        actor = self.people[who]
        self._try(
            lambda: operations.reserve(
                self.offers[offer], holder_id=actor.volunteer(), by=actor, at=self.at, real_at=self.real_at
            )
        )

    @rule(who=st.integers(0, 1), offer=st.integers(0, 1))
    def pay_at_the_till(self, who, offer):
        actor = self.people[who]
        code = queries.till_code(self.shop, at=self.at, real_at=self.real_at).code
        self._try(
            lambda: operations.redeem_at_till(
                code,
                self.offers[offer],
                holder_id=actor.volunteer(),
                by=actor,
                at=self.at,
                real_at=self.real_at,
            )
        )

    @rule(which=st.integers(0, 20))
    def fulfill(self, which):
        if self.made:
            one = self.made[which % len(self.made)]
            self._try(
                lambda: operations.fulfill(
                    one.id, queries.code_of(one), by=self.cashier, at=self.at, real_at=self.real_at
                )
            )

    @rule(which=st.integers(0, 20))
    def void(self, which):
        if self.made:
            one = self.made[which % len(self.made)]
            self._try(lambda: operations.void(one.id, by=self.cashier, at=self.at))

    @rule(seconds=st.sampled_from([1, 59, 60, 601]))
    def wait(self, seconds):
        self.at += timedelta(seconds=seconds)
        self.real_at += timedelta(seconds=seconds)

    @rule()
    def sweep(self):
        operations.expire(at=self.at, real_at=self.real_at)

    def _try(self, thing) -> None:
        try:
            done = thing()
        except DomainError:
            return
        if done.id not in {one.id for one in self.made}:
            self.made.append(done)

    @invariant()
    def nothing_appears_and_nothing_is_lost(self) -> None:
        rows = list(models.Redemption.objects.filter(merchant_id=self.shop))
        live = [row for row in rows if row.state in models.LIVE]
        for offer in self.offers:
            taken = [row for row in live if row.offer_id == offer]
            assert queries.offer(offer).left_in_stock == STOCK - len(taken)
        for who, years in zip(self.people, EARNED.values(), strict=True):
            mine = [row for row in rows if row.holder_id == who.volunteer()]
            waiting = sum(row.price_coin_units for row in mine if row.state == "reserved")
            given = sum(row.price_coin_units for row in mine if row.state == "fulfilled")
            held = books.balances(who.volunteer())
            assert held.reserved_coin_units == waiting
            assert held.coin_units == sum(years.values()) - waiting - given
            for offer in self.offers:
                assert sum(row.offer_id == offer and row in live for row in mine) <= LIMIT
        assert queries.in_the_books(self.shop) == sum(
            row.price_coin_units for row in rows if row.state == "fulfilled"
        )


class TestConservation(Street.TestCase, TestCase):
    """Runs the machine inside one transaction that is rolled back."""

    settings = settings(
        max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
    )
