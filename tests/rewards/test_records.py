"""Redemptions of a city's case: many at once, dated, by the same rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from shanshi.kernel.quantities import CITY_ZONE
from shanshi.ledger import queries as books
from shanshi.rewards import models, operations, queries, rules
from shanshi.rewards.operations import RecordedRedemption
from tests.rewards.conftest import LOADER, person


def moment(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2019, month, day, hour, tzinfo=CITY_ZONE)


@pytest.fixture
def record(at):
    def write(*rows, source="case"):
        made = [RecordedRedemption(who.volunteer(), offer, when) for who, offer, when in rows]
        return operations.record_redemptions(made, by=LOADER, at=at, source=source)

    return write


def test_each_redemption_keeps_its_own_time_and_says_where_it_comes_from(
    noodle_house, noodles, lin, earned, record, at
):
    earned(lin, 150)

    first, second = record((lin, noodles, moment(3, 2)), (lin, noodles, moment(2, 1)))

    assert queries.redemption(first).fulfilled_at == moment(3, 2)
    assert queries.redemption(second).source == "case"
    rows = books.by_source(rules.source_of(lin.volunteer(), first))
    assert [(row.happened_at, row.posted_at) for row in rows] == [(moment(3, 2), at)]
    assert noodle_house.show(noodles, lin) == "left 3 | shop 120 | 30 + 0"
    assert books.verify().is_right


@pytest.mark.parametrize(
    ("refusal", "terms", "coins", "times"),
    [
        (rules.CoinsTooFew, {}, 119, 2),
        (rules.LimitReached, {"per_person": 1}, 300, 2),
        (rules.SoldOut, {"stock": 1}, 300, 2),
        (rules.OfferNotToday, {"from_on": date(2019, 3, 3)}, 300, 2),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_one_row_that_cannot_be_refuses_all(noodle_house, lin, earned, record, refusal, terms, coins, times):
    offer = noodle_house.offers(**terms)
    earned(lin, coins)
    before = noodle_house.show(offer, lin)

    with pytest.raises(refusal):
        record(*[(lin, offer, moment(3, 2, hour)) for hour in range(10, 10 + times)])

    assert noodle_house.show(offer, lin) == before
    assert not models.Redemption.objects.exists()


def test_coins_of_later_years_cannot_have_paid(noodle_house, lin, earned, record):
    offer = noodle_house.offers(from_on=date(2018, 1, 1))
    earned(lin, 60, year=2019)

    with pytest.raises(rules.CoinsTooFew):
        record((lin, offer, datetime(2018, 12, 1, tzinfo=CITY_ZONE)))


def test_nobody_else_writes_the_past(noodle_house, noodles, lin, earned, record):
    earned(lin, 60)

    with pytest.raises(rules.RecordsOnlyFromCases):
        record((lin, noodles, moment(3, 2)), source="platform")

    assert noodle_house.show(noodles, lin) == "left 5 | shop 0 | 60 + 0"


def test_the_future_is_not_recorded(noodle_house, noodles, lin, earned, record, at):
    earned(lin, 60)

    with pytest.raises(rules.RedeemedLater):
        record((lin, noodles, at + timedelta(seconds=1)))

    assert noodle_house.show(noodles, lin) == "left 5 | shop 0 | 60 + 0"


def test_hundreds_take_as_many_questions_as_one(noodle_house, earned, record, django_assert_max_num_queries):
    offer = noodle_house.offers(stock=500)
    people = [person(f"volunteer {number}") for number in range(150)]
    for who in people:
        earned(who, 120)

    with django_assert_max_num_queries(10):
        record(*[(who, offer, moment(3, 2, hour)) for who in people for hour in (9, 10)])

    assert noodle_house.show(offer, people[0]) == "left 200 | shop 18000 | 0 + 0"
