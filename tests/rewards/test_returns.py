"""What is not collected goes back, and what a person may ask of us."""

from __future__ import annotations

import pytest

from shanshi.ledger import queries as books
from shanshi.rewards import models, operations, queries, rules, tasks
from tests.rewards.conftest import LOADER, SECOND, person


@pytest.fixture
def reserve(at, real_at):
    def press(offer_id, who, **moments):
        when = {"at": at, "real_at": real_at} | moments
        return operations.reserve(offer_id, holder_id=who.volunteer(), by=who, **when)

    return press


def test_the_job_gives_back_what_is_due_and_nothing_else(
    noodle_house, noodles, lin, wu, earned, reserve, at, real_at
):
    earned(lin, 60)
    earned(wu, 60)
    old = reserve(noodles, lin)
    young = reserve(noodles, wu, real_at=real_at + 30 * SECOND)

    assert operations.expire(at=at, real_at=real_at + 60 * SECOND) == 1
    assert operations.expire(at=at, real_at=real_at + 60 * SECOND) == 0

    assert queries.redemption(old.id).expired_at == at
    assert queries.redemption(young.id).state == rules.State.RESERVED
    assert noodle_house.show(noodles, lin, wu) == "left 4 | shop 0 | 60 + 0 | 0 + 60"
    assert books.verify().is_right


def test_one_volunteers_codes_can_be_given_back_alone(
    noodle_house, noodles, lin, wu, earned, reserve, at, real_at
):
    for who in (lin, wu):
        earned(who, 60)
        reserve(noodles, who)

    later = real_at + 60 * SECOND
    assert operations.expire(at=at, real_at=later, holder_id=lin.volunteer()) == 1

    assert noodle_house.show(noodles, lin, wu) == "left 4 | shop 0 | 60 + 0 | 0 + 60"


def test_coins_of_two_years_go_back_to_their_years(noodles, lin, earned, reserve, at, real_at):
    earned(lin, 45, year=2018)
    earned(lin, 60, year=2019)
    reserve(noodles, lin)

    operations.expire(at=at, real_at=real_at + 60 * SECOND)

    assert books.balances(lin.volunteer()).coin_units_by_year == {2018: 45, 2019: 60}


def test_giving_back_many_takes_as_many_questions_as_giving_back_one(
    noodle_house, earned, reserve, at, real_at, django_assert_max_num_queries
):
    first, second = noodle_house.offers(stock=30), noodle_house.offers(stock=30)
    people = [person(f"volunteer {number}") for number in range(40)]
    for number, who in enumerate(people):
        earned(who, 60)
        reserve(first if number % 2 else second, who)

    with django_assert_max_num_queries(8):
        assert operations.expire(at=at, real_at=real_at + 60 * SECOND) == 40

    assert noodle_house.show(first, people[0], people[39]) == "left 30 | shop 0 | 60 + 0 | 60 + 0"
    assert noodle_house.show(second) == "left 30 | shop 0"


def test_the_job_reads_both_clocks(noodle_house, noodles, lin, earned, reserve):
    # The fixture's real time is long past for the job, which reads the real clock.
    earned(lin, 60)
    reserve(noodles, lin)

    tasks.expire(0)

    assert noodle_house.show(noodles, lin) == "left 5 | shop 0 | 60 + 0"


def test_who_leaves_gets_back_what_waits_and_the_books_stay(
    noodle_house, noodles, lin, earned, reserve, at, real_at
):
    earned(lin, 120)
    done = reserve(noodles, lin)
    operations.fulfill(done.id, queries.code_of(done), by=noodle_house.cashier, at=at, real_at=real_at)
    reserve(noodles, lin)

    assert operations.forget(lin.volunteer(), by=LOADER, at=at) == 1

    assert noodle_house.show(noodles, lin) == "left 4 | shop 60 | 60 + 0"
    assert books.verify().is_right


def test_a_person_is_told_everything_we_hold(noodles, lin, wu, earned, reserve):
    earned(lin, 60)
    redemption = reserve(noodles, lin)

    (held,) = queries.held_about(lin.volunteer())["redemptions"]

    assert held["id"] == str(redemption.id)
    assert (held["offer"], held["merchant"]) == ("爱心片儿川一碗", "老长庆面馆")
    assert (held["state"], held["price_coin_units"]) == ("reserved", 60)
    assert queries.held_about(wu.volunteer()) == {"redemptions": [], "appointments": []}
    assert models.Redemption.objects.count() == 1
