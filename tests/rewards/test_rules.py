"""Decisions and codes, without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanshi.ledger.rules import Kind
from shanshi.rewards import rules

KEY = rules.derived_key(b"k" * 32, "redemption")
LIN = UUID(int=1)
BOWL = UUID(int=2)
SHOP = UUID(int=3)
VALUES = {"code_seconds": 60, "void_minutes": 10}
NOON = datetime(2019, 3, 20, 12, 0, tzinfo=UTC)
TERMS = rules.OfferTerms(60, 2, date(2019, 3, 1), date(2019, 3, 31), (1, 3))
PAYMENT = rules.Payment(BOWL, LIN, SHOP, {2018: 45, 2019: 15}, "redemption@2015-01-01")


def test_an_offer_is_given_on_its_weekdays_between_its_days():
    assert rules.is_given_on(TERMS, date(2019, 3, 20))
    assert not rules.is_given_on(TERMS, date(2019, 3, 21))
    assert not rules.is_given_on(TERMS, date(2019, 4, 3))


def test_the_day_is_the_citys():
    with pytest.raises(rules.OfferNotToday):
        rules.check_day(TERMS, datetime(2019, 3, 20, 16, 0, tzinfo=UTC))


def test_the_oldest_coins_that_have_not_expired_pay_first():
    assert rules.parts_oldest_first(60, {2017: 500, 2018: 45, 2019: 100}, from_year=2018) == {
        2018: 45,
        2019: 15,
    }


def test_expired_coins_pay_nothing_and_the_refusal_says_what_can_be_spent():
    with pytest.raises(rules.CoinsTooFew) as refusal:
        rules.parts_oldest_first(60, {2017: 500, 2019: 30}, from_year=2018)

    assert refusal.value.facts == {"price": "1", "balance": "0.5"}


def test_the_first_free_place_under_the_limit_is_taken():
    assert rules.free_slot({1, 3}, 3) == 2
    with pytest.raises(rules.LimitReached):
        rules.free_slot({1, 2, 3}, 3)


def test_a_code_says_whose_redemption_it_is_and_proves_it():
    code = rules.redemption_code(KEY, LIN, BOWL)

    read = rules.read_redemption_code(f" {code[:10].lower()} {code[10:]}\n")

    assert (read.holder_id, read.redemption_id) == (LIN, BOWL)
    assert rules.proves(KEY, code, LIN, BOWL)
    assert rules.proves(KEY, rules.redemption_digits(KEY, LIN, BOWL), LIN, BOWL)
    assert not rules.proves(KEY, code, LIN, SHOP)
    assert not rules.proves(rules.derived_key(b"x" * 32, "redemption"), code, LIN, BOWL)


def test_a_code_fits_a_small_qr():
    assert len(rules.redemption_code(KEY, LIN, BOWL)) == 70
    assert len(rules.merchant_code(KEY, SHOP, 1)) == 50
    assert len(rules.redemption_digits(KEY, LIN, BOWL)) == 8


@given(st.text(max_size=120))
def test_no_text_breaks_the_reader_of_codes(text):
    with pytest.raises(rules.CodeUnreadable):
        rules.read_redemption_code(text)
    with pytest.raises(rules.CodeUnreadable):
        rules.merchant_of_code(text)
    assert not rules.proves(KEY, text, LIN, BOWL)


def test_a_tills_code_is_good_in_its_step_and_in_the_next():
    code = rules.merchant_code(KEY, SHOP, 100)

    assert rules.merchant_of_code(code) == SHOP
    assert rules.check_merchant_code(KEY, code, 100) == SHOP
    assert rules.check_merchant_code(KEY, code, 101) == SHOP
    for step in (99, 102):
        with pytest.raises(rules.MerchantCodeExpired):
            rules.check_merchant_code(KEY, code, step)


def test_a_tills_code_cannot_be_made_without_the_key():
    code = rules.merchant_code(rules.derived_key(b"x" * 32, "merchant"), SHOP, 100)

    with pytest.raises(rules.CodeWrong):
        rules.check_merchant_code(KEY, code, 100)


def test_a_code_is_dead_at_its_last_moment():
    ends = rules.code_expires_at(NOON, VALUES)

    assert ends == NOON + timedelta(seconds=60)
    assert not rules.has_expired(ends, ends - timedelta(microseconds=1))
    assert rules.has_expired(ends, ends)


def test_ten_minutes_are_enough_to_take_back_and_a_second_more_is_too_late():
    rules.check_void(NOON, NOON + timedelta(minutes=10), VALUES)
    with pytest.raises(rules.VoidTooLate):
        rules.check_void(NOON, NOON + timedelta(minutes=10, seconds=1), VALUES)


def test_each_year_of_coins_is_a_transfer_of_its_own_and_keeps_its_year():
    rows = rules.postings(PAYMENT, rules.Step.RESERVE, happened_at=NOON)

    assert [(row.giver.kind, row.taker.kind, row.giver.year, row.amount) for row in rows] == [
        (Kind.VOLUNTEER, Kind.RESERVED, 2018, 45),
        (Kind.VOLUNTEER, Kind.RESERVED, 2019, 15),
    ]
    assert {row.source for row in rows} == {f"redemption:{LIN}:{BOWL}"}


def test_a_step_done_twice_has_the_same_transfers():
    again = rules.postings(PAYMENT, rules.Step.FULFILL, happened_at=NOON)

    assert rules.postings(PAYMENT, rules.Step.FULFILL, happened_at=NOON) == again


def test_taking_back_names_what_it_takes_back():
    paid = rules.postings(PAYMENT, rules.Step.PAY, happened_at=NOON)
    back = rules.reversals(PAYMENT, rules.Step.PAY, reason=rules.TAKEN_BACK, happened_at=NOON)

    assert [row.reverses for row in back] == [row.id for row in paid]
    assert [(row.giver, row.taker, row.amount) for row in back] == [
        (row.taker, row.giver, row.amount) for row in paid
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price_coin_units", 0),
        ("stock", -1),
        ("per_person", 0),
        ("to_on", date(2018, 12, 31)),
        ("weekdays", ()),
        ("weekdays", (8,)),
    ],
)
def test_an_impossible_offer_is_named_with_its_field(field, value):
    good = {
        "price_coin_units": 60,
        "stock": 5,
        "per_person": 1,
        "from_on": date(2019, 1, 1),
        "to_on": date(2019, 1, 1),
        "weekdays": (1,),
    }
    rules.check_offer(1, **good)
    with pytest.raises(rules.OfferInvalid) as refusal:
        rules.check_offer(1, **(good | {field: value}))

    assert refusal.value.facts["field"] == field
