"""Balances, histories, open accounts and totals."""

from datetime import datetime, timedelta

import pytest

from shanshi.foundation import paging
from shanshi.kernel.ids import id_of
from shanshi.ledger import operations, queries, rules
from shanshi.ledger.rules import Account, Kind, Unit
from tests.ledger.conftest import ISSUER, NOODLE_HOUSE, Books, holder

pytestmark = pytest.mark.django_db


def test_somebody_without_transfers_holds_nothing(books: Books) -> None:
    assert queries.balances(holder("stranger")) == queries.Balances()


def test_balances_of_many_come_in_one_question(books: Books, django_assert_num_queries: object) -> None:
    books.minutes("lin", 60)
    books.coins("mei", 60)

    with django_assert_num_queries(1):  # type: ignore[operator]
        held = queries.balances_of([holder("lin"), holder("mei"), holder("stranger")])

    assert [held[holder(name)].verified_minutes for name in ("lin", "mei", "stranger")] == [60, 0, 0]
    assert [held[holder(name)].coin_units for name in ("lin", "mei", "stranger")] == [0, 60, 0]


def test_an_open_account_is_the_sum_of_its_transfers(books: Books) -> None:
    books.coins("lin", 100, year=2018)
    books.coins("lin", 100, year=2019)
    first = books.spend("lin", 120)
    books.reverse("lin", first[1])

    assert books.owed() == 100
    assert queries.open_balance(Account(Kind.MERCHANT, NOODLE_HOUSE, Unit.COIN, 2019)) == 0
    assert queries.open_balance(Account(Kind.ISSUER, ISSUER, Unit.COIN)) == -200


def test_every_unit_sums_to_zero_over_all_accounts(books: Books) -> None:
    books.minutes("lin", 60)
    books.coins("lin", 60)
    books.spend("lin", 45)

    totals = queries.totals()

    assert {(total.kind, total.unit): total.amount for total in totals} == {
        ("issuer", "verified_minute"): -60,
        ("volunteer", "verified_minute"): 60,
        ("issuer", "coin"): -60,
        ("volunteer", "coin"): 15,
        ("merchant", "coin"): 45,
    }
    for unit in Unit:
        assert sum(total.amount for total in totals if total.unit == unit) == 0


def test_a_history_is_read_in_pages_the_newest_first(books: Books, at: datetime) -> None:
    posted = []
    for day in range(5):
        books.at = at + timedelta(days=day)
        posted.append(books.minutes("lin", 60 + day))
    books.minutes("mei", 1)

    first, cursor = paging.page(queries.transfers(holder("lin")), order=queries.ORDER, cursor=None, limit=3)
    second, end = paging.page(queries.transfers(holder("lin")), order=queries.ORDER, cursor=cursor, limit=3)

    assert [row.id for row in [*first, *second]] == posted[::-1]
    assert end is None


def test_a_transfer_tells_what_it_did_to_its_holder(books: Books) -> None:
    books.coins("lin", 100)
    (spent,) = books.spend("lin", 60)
    (row,) = queries.transfers(holder("lin")).filter(pk=spent)

    facts = queries.transfer_facts(row)

    assert (facts.amount, facts.change, facts.taker.kind) == (60, -60, "merchant")


def test_the_transfers_of_one_cause_are_found_by_it(books: Books) -> None:
    books.coins("lin", 100, year=2018)
    books.coins("lin", 100, year=2019)
    spent = books.spend("lin", 120)

    found = queries.by_source(f"redemption:{holder('lin')}:{id_of('noodles')}")

    assert {facts.id for facts in found} == set(spent)
    assert queries.by_source("case:visits.csv:12") == []
    assert queries.cause("visit:a:b") == ("visit", ["a", "b"])


def test_a_transfer_is_found_by_its_id_alone(books: Books) -> None:
    earned = books.minutes("lin", 60)

    assert queries.transfer(earned).holder_id == holder("lin")
    assert queries.holders_of(earned) == [holder("lin")]
    with pytest.raises(rules.TransferMissing):
        queries.transfer(earned, holder_id=holder("mei"))


def test_what_the_books_know_of_a_holder_can_be_given_to_them(books: Books) -> None:
    books.minutes("lin", 60)

    known = queries.held_about(holder("lin"))

    assert known["accounts"] == {
        "verified_minutes": 60, "honorary_minutes": 0, "coin_units": 0, "pending_coin_units": 0,
        "reserved_coin_units": 0, "red_points": 0,
    }  # fmt: skip
    assert [row["amount"] for row in known["transfers"]] == [60]  # type: ignore[attr-defined]


def test_reading_changes_nothing(books: Books) -> None:
    books.minutes("lin", 60)
    before = books.size()

    queries.verify()
    queries.totals()

    assert books.size() == before
    assert operations.post([], at=books.at) == []
