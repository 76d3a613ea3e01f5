"""A volunteer redeems: what is set aside, what is refused, and that a refusal changes nothing."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from shanshi.kernel.errors import Missing
from shanshi.ledger import queries as books
from shanshi.rewards import models, operations, queries, rules
from tests.rewards.conftest import SECOND


@pytest.fixture
def redeem(lin, at, real_at):
    def press(offer_id, *, who=lin, **moments):
        when = {"at": at, "real_at": real_at} | moments
        return operations.reserve(offer_id, holder_id=who.volunteer(), by=who, **when)

    return press


def test_coins_and_a_piece_are_set_aside_for_sixty_seconds(
    noodle_house, noodles, lin, earned, redeem, real_at
):
    earned(lin, 90)

    redemption = redeem(noodles)

    assert redemption.state == rules.State.RESERVED
    assert redemption.code_expires_at == real_at + 60 * SECOND
    assert redemption.policy == "redemption@2015-01-01"
    assert noodle_house.show(noodles, lin) == "left 4 | shop 0 | 30 + 60"


def test_the_oldest_coins_go_first_and_keep_their_year(noodles, lin, earned, redeem):
    earned(lin, 45, year=2018)
    earned(lin, 60, year=2019)

    redemption = redeem(noodles)

    source = rules.source_of(lin.volunteer(), redemption.id)
    assert sorted((row.giver.year, row.amount) for row in books.by_source(source)) == [(2018, 45), (2019, 15)]
    assert books.balances(lin.volunteer()).coin_units_by_year == {2019: 45}


def test_coins_of_the_year_before_last_have_expired(noodle_house, noodles, lin, earned, redeem):
    earned(lin, 600, year=2017)

    with pytest.raises(rules.CoinsTooFew):
        redeem(noodles)

    assert noodle_house.show(noodles, lin) == "left 5 | shop 0 | 600 + 0"


def test_a_coin_unit_too_few_is_refused(noodle_house, noodles, lin, earned, redeem):
    earned(lin, 59)

    with pytest.raises(rules.CoinsTooFew):
        redeem(noodles)

    assert noodle_house.show(noodles, lin) == "left 5 | shop 0 | 59 + 0"
    assert not models.Redemption.objects.exists()


def test_the_limit_per_person_holds_and_counts_what_waits(noodle_house, noodles, lin, earned, redeem):
    earned(lin, 300)
    redeem(noodles)
    redeem(noodles)

    with pytest.raises(rules.LimitReached) as refusal:
        redeem(noodles)

    assert refusal.value.facts == {"per_person": 2}
    assert noodle_house.show(noodles, lin) == "left 3 | shop 0 | 180 + 120"


def test_nothing_is_sold_that_is_not_there(noodle_house, lin, wu, earned, redeem):
    last = noodle_house.offers(stock=1)
    earned(lin, 60)
    earned(wu, 60)
    redeem(last, who=wu)

    with pytest.raises(rules.SoldOut):
        redeem(last)

    assert noodle_house.show(last, lin, wu) == "left 0 | shop 0 | 60 + 0 | 0 + 60"


@pytest.mark.parametrize(
    "terms",
    [
        {"weekdays": (1, 2, 4, 5, 6, 7)},
        {"to_on": date(2019, 3, 19)},
        {"from_on": date(2019, 3, 21)},
    ],
    ids=["not on Wednesdays", "over", "not yet"],
)
def test_an_offer_is_not_given_on_other_days(noodle_house, lin, earned, redeem, terms):
    offer = noodle_house.offers(**terms)
    earned(lin, 60)

    with pytest.raises(rules.OfferNotToday):
        redeem(offer)

    assert noodle_house.show(offer, lin) == "left 5 | shop 0 | 60 + 0"


def test_a_merchant_that_left_the_street_gives_nothing(noodle_house, noodles, lin, earned, redeem):
    models.Merchant.objects.update(left_on=date(2019, 3, 19))
    earned(lin, 60)

    with pytest.raises(rules.OfferNotToday):
        redeem(noodles)


def test_an_unknown_offer_is_missing(db, redeem):
    with pytest.raises(Missing):
        redeem(uuid4())


def test_one_press_sent_twice_is_one_redemption(noodle_house, noodles, lin, earned, redeem):
    earned(lin, 120)
    press = uuid4()

    first = redeem(noodles, id=press)
    second = redeem(noodles, id=press)

    assert first == second
    assert noodle_house.show(noodles, lin) == "left 4 | shop 0 | 60 + 60"


def test_the_id_of_a_press_is_bound_to_who_presses(noodles, lin, wu, earned, redeem):
    earned(lin, 60)
    earned(wu, 60)
    press = uuid4()

    assert redeem(noodles, id=press).id != redeem(noodles, who=wu, id=press).id


def test_unused_codes_give_way_when_coins_are_needed(noodle_house, noodles, lin, earned, redeem, real_at):
    earned(lin, 60)
    old = redeem(noodles)

    new = redeem(noodles, real_at=real_at + 60 * SECOND)

    assert queries.redemption(old.id).state == rules.State.EXPIRED
    assert new.state == rules.State.RESERVED
    assert noodle_house.show(noodles, lin) == "left 4 | shop 0 | 0 + 60"


def test_unused_codes_of_others_give_way_when_their_piece_is_needed(
    noodle_house, lin, wu, earned, redeem, real_at
):
    last = noodle_house.offers(stock=1)
    earned(lin, 60)
    earned(wu, 60)
    redeem(last, who=wu)

    redeem(last, real_at=real_at + 61 * SECOND)

    assert noodle_house.show(last, lin, wu) == "left 0 | shop 0 | 0 + 60 | 60 + 0"


def test_a_code_that_still_lives_does_not_give_way(noodle_house, lin, earned, redeem, real_at):
    once = noodle_house.offers(per_person=1)
    earned(lin, 120)
    redeem(once)

    with pytest.raises(rules.LimitReached):
        redeem(once, real_at=real_at + 59 * SECOND)

    assert noodle_house.show(once, lin) == "left 4 | shop 0 | 60 + 60"


@pytest.fixture
def scan_till(lin, at, real_at):
    def press(shop, offer_id, *, who=lin, code=None, **moments):
        when = {"at": at, "real_at": real_at} | moments
        shown = code or queries.till_code(shop.id, at=at, real_at=real_at).code
        return operations.redeem_at_till(shown, offer_id, holder_id=who.volunteer(), by=who, **when)

    return press


def test_at_the_till_the_coins_move_at_once(noodle_house, noodles, lin, earned, scan_till, at):
    earned(lin, 90)

    redemption = scan_till(noodle_house, noodles)

    assert (redemption.state, redemption.way) == (rules.State.FULFILLED, rules.Way.TILL)
    assert redemption.fulfilled_at == at
    assert noodle_house.show(noodles, lin) == "left 4 | shop 60 | 30 + 0"


def test_a_tills_code_of_two_minutes_ago_is_refused(noodle_house, noodles, lin, earned, scan_till, real_at):
    earned(lin, 60)

    with pytest.raises(rules.MerchantCodeExpired):
        scan_till(noodle_house, noodles, real_at=real_at + timedelta(minutes=2))

    assert noodle_house.show(noodles, lin) == "left 5 | shop 0 | 60 + 0"


def test_another_merchants_till_does_not_give_this_offer(
    noodle_house, noodles, open_shop, lin, earned, scan_till
):
    earned(lin, 60)

    with pytest.raises(rules.OfferElsewhere):
        scan_till(open_shop("一隅书房"), noodles)

    assert noodle_house.show(noodles, lin) == "left 5 | shop 0 | 60 + 0"


def test_the_limit_counts_both_ways_of_redeeming(noodle_house, lin, earned, redeem, scan_till):
    once = noodle_house.offers(per_person=1)
    earned(lin, 120)
    redeem(once)

    with pytest.raises(rules.LimitReached):
        scan_till(noodle_house, once)


def test_one_press_asks_the_database_few_questions(
    noodles, lin, earned, redeem, django_assert_max_num_queries
):
    earned(lin, 60)

    # Savepoints included; the posting itself goes past the counter. One asks whether the terms stand.
    with django_assert_max_num_queries(10):
        redeem(noodles)
