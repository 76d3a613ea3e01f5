"""Merchants, offers and the street: what is listed, and in how many questions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from shanshi.kernel.errors import Missing
from shanshi.kernel.ids import new_id
from shanshi.rewards import models, operations, queries, rules
from shanshi.rewards.queries import OfferFilter
from tests.rewards.conftest import LOADER

WEDNESDAY = date(2019, 3, 20)


def test_a_street_has_no_two_merchants_of_one_name(street, noodle_house, at):
    row = operations.MerchantRow(street_id=street, name="老长庆面馆", joined_on=WEDNESDAY)

    with pytest.raises(rules.AlreadyThere):
        operations.add_merchants([row], by=LOADER, at=at)

    assert [one.id for one in queries.merchants_of(street, WEDNESDAY)] == [noodle_house.id]


def test_an_impossible_offer_adds_none(noodle_house):
    with pytest.raises(rules.OfferInvalid):
        noodle_house.offers(price_coin_units=0)

    assert not models.Offer.objects.exists()


def test_offers_are_found_by_day_street_kind_price_and_stock(street, noodle_house, open_shop):
    bowl = noodle_house.offers("片儿川", price_coin_units=120)
    sunday = noodle_house.offers("周日套餐", weekdays=(7,))
    lesson = open_shop("花间集").offers("花艺课", kind=rules.OfferKind.LESSON, price_coin_units=360)
    gone = noodle_house.offers("拌川", price_coin_units=180, stock=0)

    def found(**wanted):
        return [one.id for one in queries.offer_list(OfferFilter(**wanted))]

    assert found(day=WEDNESDAY) == [bowl, gone, lesson]
    assert found(day=date(2019, 3, 24), most_coin_units=60) == [sunday]
    assert found(kind=rules.OfferKind.LESSON, street_id=street) == [lesson]
    assert found(day=WEDNESDAY, merchant_id=noodle_house.id, in_stock=True) == [bowl]
    assert found(day=date(2020, 1, 1)) == []
    assert found(street_id=new_id()) == []


def test_offers_are_read_page_by_page_without_gap(noodle_house, django_assert_num_queries):
    made = [noodle_house.offers(f"第{number}款", price_coin_units=60 + number % 3) for number in range(7)]

    with django_assert_num_queries(1):
        first, cursor = queries.offer_page(OfferFilter(), cursor=None, limit=4)
    second, end = queries.offer_page(OfferFilter(), cursor=cursor, limit=4)

    assert end is None
    assert {one.id for one in [*first, *second]} == set(made)
    assert [one.price_coin_units for one in [*first, *second]] == [60, 60, 60, 61, 61, 62, 62]


def test_the_street_shows_what_goes_round(street, noodle_house, open_shop, lin, earned, at, real_at):
    bowl = noodle_house.offers()
    cleaning = open_shop("明澈眼镜").offers("眼镜清洗", kind=rules.OfferKind.SERVICE, price_coin_units=30)
    earned(lin, 300)
    for offer in (bowl, cleaning):
        made = operations.reserve(offer, holder_id=lin.volunteer(), by=lin, at=at, real_at=real_at)
        operations.fulfill(made.id, queries.code_of(made), by=noodle_house.cashier, at=at, real_at=real_at)
    operations.reserve(bowl, holder_id=lin.volunteer(), by=lin, at=at, real_at=real_at)

    circle = queries.street(street, WEDNESDAY)

    assert [one.name for one in circle.merchants] == ["明澈眼镜", "老长庆面馆"]
    assert (circle.offers, circle.redemptions) == (2, 2)
    assert (circle.coin_units_taken, circle.services_given) == (90, 1)


def test_a_till_sees_its_day_and_the_books_agree(noodle_house, noodles, lin, wu, earned, at, real_at):
    for who in (lin, wu):
        earned(who, 120)
    made = [
        operations.reserve(noodles, holder_id=who.volunteer(), by=who, at=at, real_at=real_at)
        for who in (lin, lin, wu)
    ]
    for number, one in enumerate(made):
        later = at + timedelta(minutes=number)
        operations.fulfill(one.id, queries.code_of(one), by=noodle_house.cashier, at=later, real_at=real_at)
    operations.void(made[2].id, by=noodle_house.cashier, at=at + timedelta(minutes=5))

    today = queries.fulfilled_on(noodle_house.id, WEDNESDAY)

    assert [one.id for one in today] == [made[2].id, made[1].id, made[0].id]
    assert queries.totals(noodle_house.id, WEDNESDAY) == queries.MerchantTotals(2, 1, 120, 120, 0)
    yesterday = queries.totals(noodle_house.id, WEDNESDAY - timedelta(days=1))
    assert yesterday == queries.MerchantTotals(0, 0, 0, 120, 0)


def test_lists_take_one_question_however_long(
    noodle_house, noodles, lin, earned, at, real_at, django_assert_num_queries
):
    earned(lin, 120)
    for _ in range(2):
        operations.reserve(noodles, holder_id=lin.volunteer(), by=lin, at=at, real_at=real_at)

    with django_assert_num_queries(1):
        assert len(queries.redemptions(lin.volunteer())) == 2
    with django_assert_num_queries(1):
        rows, end = queries.redemption_page(lin.volunteer(), cursor=None, limit=1)
    assert (len(rows), end is None) == (1, False)
    with django_assert_num_queries(1):
        queries.fulfilled_on(noodle_house.id, WEDNESDAY)


def test_what_is_not_there_is_missing(db):
    for question in (queries.merchant, queries.offer, queries.redemption):
        with pytest.raises(Missing):
            question(new_id())


@pytest.mark.parametrize(
    "change",
    [
        {"left_in_stock": -1},
        {"left_in_stock": 6},
        {"price_coin_units": 0},
        {"per_person": 0},
        {"weekdays": []},
        {"weekdays": [0]},
        {"kind": "cash"},
    ],
    ids=str,
)
def test_the_database_refuses_an_impossible_offer(noodles, change):
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Offer.objects.update(**change)


def test_the_database_refuses_a_place_taken_twice_and_times_that_do_not_fit(
    noodles, lin, earned, at, real_at
):
    earned(lin, 120)
    first, second = (
        operations.reserve(noodles, holder_id=lin.volunteer(), by=lin, at=at, real_at=real_at) for _ in "12"
    )
    for change in ({"slot": 1}, {"state": "fulfilled"}, {"voided_at": at}, {"way": "record"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            models.Redemption.objects.filter(pk=second.id).update(**change)
    assert models.Redemption.objects.get(pk=first.id).slot == 1
