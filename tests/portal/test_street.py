"""The street, an offer, redeeming it, and paying at the till."""

from __future__ import annotations

import pytest

from shanshi.foundation import clock
from shanshi.kernel.ids import new_id
from shanshi.ledger import queries as books
from shanshi.rewards import operations, queries
from shanshi.rewards.rules import State
from tests.portal.words import main_of

pytestmark = pytest.mark.django_db
COIN = 60


def test_the_street_shows_its_circle_and_what_is_left(world, reader):
    assert world.noodles
    page = reader().get("/streets", follow=True)
    assert page.redirect_chain[-1][0] == f"/streets/{world.street}"
    words = main_of(page)
    for said in (
        "新华路智慧伙伴街",
        "1 merchants, 1 with an offer today",
        "What goes round",
        "Noodle House",
        "片儿川一碗",
        "2 left",
        "1 coin",
    ):
        assert said in words


def test_only_what_my_coins_pay_is_shown_if_i_want(world, reader):
    assert world.noodles
    lin = reader(world.cast.lin)
    assert "Nothing fits today" in main_of(lin.get(f"/streets/{world.street}?mine=1"))
    world.served(world.cast.lin)
    assert "片儿川一碗" in main_of(lin.get(f"/streets/{world.street}?mine=1"))


def test_redeeming_shows_the_code_and_then_that_it_was_given(world, reader):
    world.served(world.cast.lin)
    lin, holder = reader(world.cast.lin), world.cast.lin.volunteer()
    assert "Redeem now" in main_of(lin.get(f"/offers/{world.noodles}"))
    page = lin.post(f"/offers/{world.noodles}/redeem", {"redemption": new_id()}, follow=True)
    address = page.redirect_chain[-1][0]
    (redemption,) = queries.redemptions(holder)
    assert queries.digits_of(redemption) in main_of(page)
    assert lin.get(f"{address}/state?look=reserved").status_code == 204
    operations.fulfill(
        redemption.id, queries.code_of(redemption), by=world.fang, at=world.at, real_at=clock.real_now()
    )
    changed = lin.get(f"{address}/state?look=reserved")
    assert "Given. Enjoy it!" in changed.content.decode()
    assert "Given. Enjoy it!" in main_of(lin.get(address))
    assert "片儿川一碗" in main_of(lin.get("/me/redemptions"))


def test_pressing_redeem_twice_is_redeeming_once(world, reader):
    world.served(world.cast.lin)
    lin, pressed = reader(world.cast.lin), {"redemption": new_id()}
    for _ in range(2):
        lin.post(f"/offers/{world.noodles}/redeem", pressed)
    assert len(queries.redemptions(world.cast.lin.volunteer())) == 1


def test_too_few_coins_are_refused_with_the_way_and_nothing_moves(world, reader):
    lin = reader(world.cast.lin)
    assert "You lack 1 coin." in main_of(lin.get(f"/offers/{world.noodles}"))
    page = lin.post(f"/offers/{world.noodles}/redeem", follow=True)
    assert "This costs 1 coins; you can spend 0." in main_of(page)
    assert queries.redemptions(world.cast.lin.volunteer()) == []
    assert queries.offer(world.noodles).left_in_stock == 2


def test_a_redemption_is_nobody_elses_business(world, reader):
    world.served(world.cast.lin)
    reader(world.cast.lin).post(f"/offers/{world.noodles}/redeem")
    (redemption,) = queries.redemptions(world.cast.lin.volunteer())
    for path in ("", "/state"):
        address = f"/me/redemptions/{redemption.id}{path}"
        assert reader(world.cast.stranger).get(address).status_code == 404


def test_paying_at_the_till_moves_the_coins_at_once(world, reader):
    world.served(world.cast.lin)
    assert world.noodles
    lin = reader(world.cast.lin)
    code = queries.till_code(world.noodle_house, at=world.at, real_at=clock.real_now()).code
    page = lin.post("/pay", {"code": code}, follow=True)
    address = page.redirect_chain[-1][0]
    assert address == f"/pay/{code}"
    assert "Noodle House" in main_of(page)
    page = lin.post(address, {"offer": world.noodles, "redemption": new_id()}, follow=True)
    assert "Given. Enjoy it!" in main_of(page)
    assert books.balances(world.cast.lin.volunteer()).coin_units == COIN
    assert queries.redemptions(world.cast.lin.volunteer())[0].state is State.FULFILLED


@pytest.mark.parametrize("code", ["", "12345678", "M1AAAA", "R1\x00", "../../x"])
def test_a_code_that_is_none_is_refused_at_the_till(world, reader, code):
    page = reader(world.cast.lin).post("/pay", {"code": code}, follow=True)
    assert page.status_code == 200
    assert "answer-refused" in page.content.decode()


def test_paying_without_an_offer_is_refused(world, reader):
    code = queries.till_code(world.noodle_house, at=world.at, real_at=clock.real_now()).code
    page = reader(world.cast.lin).post(f"/pay/{code}", follow=True)
    assert page.redirect_chain[-1][0] == "/pay"
    assert "There is nothing here." in main_of(page)


def test_an_offer_that_is_not_there_is_missing(world, reader):
    assert reader().get(f"/offers/{new_id()}").status_code == 404
    assert reader().get(f"/streets/{new_id()}").status_code == 404
