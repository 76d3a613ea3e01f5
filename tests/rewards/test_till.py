"""What the cashier does: give, refuse, take back."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from shanshi.foundation.actor import VISITOR
from shanshi.foundation.models import AuditEntry
from shanshi.kernel.errors import Forbidden, Missing, SignInNeeded
from shanshi.ledger import queries as books
from shanshi.rewards import access, operations, queries, rules
from tests.rewards.conftest import SECOND, cashier


@pytest.fixture
def reserved(noodles, lin, earned, at, real_at):
    """Lin has set one bowl aside and has half a coin left."""
    earned(lin, 90)
    return operations.reserve(noodles, holder_id=lin.volunteer(), by=lin, at=at, real_at=real_at)


@pytest.fixture
def fulfill(noodle_house, at, real_at):
    def press(redemption, code=None, *, by=noodle_house.cashier, **moments):
        when = {"at": at, "real_at": real_at} | moments
        return operations.fulfill(redemption.id, code or queries.code_of(redemption), by=by, **when)

    return press


@pytest.fixture
def void(noodle_house, at):
    def press(redemption, *, at=at):
        return operations.void(redemption.id, by=noodle_house.cashier, at=at)

    return press


@pytest.mark.parametrize("form", [queries.code_of, queries.digits_of])
def test_the_merchant_gets_the_coins_for_the_code(noodle_house, noodles, lin, reserved, fulfill, form):
    done = fulfill(reserved, form(reserved))

    assert done.state == rules.State.FULFILLED
    assert noodle_house.show(noodles, lin) == "left 4 | shop 60 | 30 + 0"


def test_sent_twice_it_answers_the_same(noodle_house, noodles, lin, reserved, fulfill, at):
    first = fulfill(reserved)
    second = fulfill(reserved, at=at + timedelta(minutes=1))

    assert first == second
    assert noodle_house.show(noodles, lin) == "left 4 | shop 60 | 30 + 0"


def test_a_code_shown_again_later_gets_nothing(noodle_house, noodles, lin, reserved, fulfill, at):
    fulfill(reserved)

    with pytest.raises(rules.AlreadyFulfilled):
        fulfill(reserved, at=at + timedelta(minutes=11))
    with pytest.raises(rules.AlreadyFulfilled):
        fulfill(reserved, by=cashier("the other one", noodle_house.id))

    assert noodle_house.show(noodles, lin) == "left 4 | shop 60 | 30 + 0"


@pytest.mark.parametrize("code", ["", "R1", "00000000", "R1" + "A" * 68, "林" * 70, "\x00"])
def test_a_wrong_code_changes_nothing(noodle_house, noodles, lin, reserved, fulfill, code):
    with pytest.raises(rules.CodeWrong):
        fulfill(reserved, code or " ")

    assert noodle_house.show(noodles, lin) == "left 4 | shop 0 | 30 + 60"


def test_after_sixty_seconds_everything_goes_back(noodle_house, noodles, lin, reserved, fulfill, real_at):
    with pytest.raises(rules.CodeExpired) as refusal:
        fulfill(reserved, real_at=real_at + 60 * SECOND)

    assert refusal.value.facts == {"seconds": 60}
    assert queries.redemption(reserved.id).state == rules.State.EXPIRED
    assert noodle_house.show(noodles, lin) == "left 5 | shop 0 | 90 + 0"
    with pytest.raises(rules.CodeExpired):
        fulfill(reserved, real_at=real_at + 61 * SECOND)
    assert noodle_house.show(noodles, lin) == "left 5 | shop 0 | 90 + 0"


def test_a_second_earlier_it_is_still_good(reserved, fulfill, real_at):
    assert fulfill(reserved, real_at=real_at + 59 * SECOND).state == rules.State.FULFILLED


@pytest.mark.parametrize("form", [queries.code_of, queries.digits_of])
def test_the_tills_camera_needs_only_the_code(noodle_house, noodles, lin, reserved, at, real_at, form):
    shown = form(reserved)
    fang = noodle_house.cashier

    done = operations.fulfill_by_code(shown, merchant_id=noodle_house.id, by=fang, at=at, real_at=real_at)
    with pytest.raises(rules.AlreadyFulfilled) as refusal:
        operations.fulfill_by_code(shown, merchant_id=noodle_house.id, by=fang, at=at, real_at=real_at)

    assert done.id == reserved.id
    assert refusal.value.facts == {"time": "09:00"}
    assert noodle_house.show(noodles, lin) == "left 4 | shop 60 | 30 + 0"


def test_a_code_for_another_merchant_is_refused(noodle_house, noodles, open_shop, lin, reserved, at, real_at):
    books_shop = open_shop("一隅书房")
    when = {"merchant_id": books_shop.id, "by": books_shop.cashier, "at": at, "real_at": real_at}

    with pytest.raises(rules.OtherMerchant) as refusal:
        operations.fulfill_by_code(queries.code_of(reserved), **when)
    with pytest.raises(rules.CodeWrong):
        operations.fulfill_by_code(queries.digits_of(reserved), **when)

    assert refusal.value.facts == {"merchant": "老长庆面馆"}
    assert noodle_house.show(noodles, lin) == "left 4 | shop 0 | 30 + 60"


@pytest.mark.parametrize("code", ["hello", "M1AAAA", "R1" + "A" * 60])
def test_what_is_no_code_is_unreadable(noodle_house, reserved, at, real_at, code):
    with pytest.raises(rules.CodeUnreadable):
        operations.fulfill_by_code(
            code, merchant_id=noodle_house.id, by=noodle_house.cashier, at=at, real_at=real_at
        )


def test_within_ten_minutes_the_merchant_may_take_it_back(
    noodle_house, noodles, lin, reserved, fulfill, void, at
):
    fulfill(reserved)

    taken_back = void(reserved, at=at + timedelta(minutes=10))

    assert taken_back.state == rules.State.VOIDED
    assert noodle_house.show(noodles, lin) == "left 5 | shop 0 | 90 + 0"
    rows = books.by_source(rules.source_of(lin.volunteer(), reserved.id))
    assert [row.reason for row in rows].count(rules.TAKEN_BACK) == 2
    assert sum(row.reverses is not None for row in rows) == 2
    assert AuditEntry.objects.filter(verb="rewards.void", thing=f"redemption:{reserved.id}").count() == 1


def test_taken_back_twice_is_taken_back_once(noodle_house, noodles, lin, reserved, fulfill, void, at):
    fulfill(reserved)

    assert void(reserved) == void(reserved, at=at + timedelta(hours=1))
    assert noodle_house.show(noodles, lin) == "left 5 | shop 0 | 90 + 0"


def test_after_ten_minutes_it_is_too_late(noodle_house, noodles, lin, reserved, fulfill, void, at):
    fulfill(reserved)

    with pytest.raises(rules.VoidTooLate):
        void(reserved, at=at + timedelta(minutes=10, seconds=1))

    assert noodle_house.show(noodles, lin) == "left 4 | shop 60 | 30 + 0"


def test_what_was_not_given_cannot_be_taken_back(noodle_house, noodles, lin, reserved, void):
    with pytest.raises(rules.NotFulfilled):
        void(reserved)

    assert noodle_house.show(noodles, lin) == "left 4 | shop 0 | 30 + 60"


def test_what_was_taken_back_is_not_given_again(noodle_house, noodles, lin, reserved, fulfill, void):
    fulfill(reserved)
    void(reserved)

    with pytest.raises(rules.AlreadyVoided):
        fulfill(reserved)

    assert noodle_house.show(noodles, lin) == "left 5 | shop 0 | 90 + 0"


def test_what_was_taken_back_does_not_count_under_the_limit(
    noodle_house, lin, earned, fulfill, void, at, real_at
):
    once = noodle_house.offers(per_person=1)
    earned(lin, 60)
    first = operations.reserve(once, holder_id=lin.volunteer(), by=lin, at=at, real_at=real_at)
    fulfill(first)
    void(first)

    operations.reserve(once, holder_id=lin.volunteer(), by=lin, at=at, real_at=real_at)

    assert noodle_house.show(once, lin) == "left 4 | shop 0 | 0 + 60"


def test_coins_paid_at_the_till_come_back_too(noodle_house, noodles, lin, earned, void, at, real_at):
    earned(lin, 60)
    code = queries.till_code(noodle_house.id, at=at, real_at=real_at).code
    paid = operations.redeem_at_till(code, noodles, holder_id=lin.volunteer(), by=lin, at=at, real_at=real_at)

    void(paid)

    assert noodle_house.show(noodles, lin) == "left 5 | shop 0 | 60 + 0"


def test_an_unknown_redemption_is_missing(db, fulfill, void, reserved):
    class Unknown:
        id = uuid4()

    with pytest.raises(Missing):
        fulfill(Unknown, "00000000")
    with pytest.raises(Missing):
        void(Unknown)


def test_only_this_merchants_cashier_stands_at_this_till(noodle_house, open_shop, lin, reserved):
    other = open_shop("一隅书房")

    assert access.redemption_at_till(noodle_house.cashier, reserved.id) == reserved
    assert [till.id for till in access.tills(noodle_house.cashier)] == [noodle_house.id]
    assert access.till(noodle_house.cashier, noodle_house.id).name == "老长庆面馆"
    with pytest.raises(rules.OtherMerchant):
        access.redemption_at_till(other.cashier, reserved.id)
    with pytest.raises(Forbidden):
        access.redemption_at_till(lin, reserved.id)
    with pytest.raises(SignInNeeded):
        access.redemption_at_till(VISITOR, reserved.id)
    with pytest.raises(Forbidden):
        access.till(other.cashier, noodle_house.id)
    with pytest.raises(Forbidden):
        access.tills(lin)


def test_nobody_sees_anothers_redemption(lin, wu, reserved):
    assert access.own_redemption(lin, reserved.id) == reserved
    with pytest.raises(Missing):
        access.own_redemption(wu, reserved.id)
