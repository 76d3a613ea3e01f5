"""From a scan to a bowl of noodles, by the hands of people: real pages, real cameras, real codes."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from shanshi.activities import queries as activities
from shanshi.attendance import operations as attendance
from shanshi.attendance import queries as doors
from shanshi.foundation import clock, outbox
from shanshi.ledger import queries as books
from shanshi.registry import queries as registry
from shanshi.rewards import queries as rewards
from tests.cast import LIN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_lin_registers_serves_an_hour_and_eats_noodles(world, phone, the_clock):
    activity_id = world.library()
    (shift_id,) = world.shifts(activity_id)
    assert world.noodles
    lin = phone()

    # She registers.
    page = lin.open("/")
    page.click("text=Register or sign in")
    page.fill("[name=phone]", LIN.phone)
    page.click("text=Send the code")
    page.fill("[name=code]", re.search(r"\d{6}", outbox.messages(phone=LIN.phone)[0].text).group())
    page.click("main .button-main")
    page.fill("[name=real_name]", LIN.name)
    page.fill("[name=id_number]", LIN.id_number)
    page.check("[name=agree]")
    page.click("main .button-main")
    expect(page.locator("main")).to_contain_text("Your volunteer number is")
    holder_id = registry.holder_of(registry.person_with_phone(LIN.phone))

    # She finds the library and signs up.
    page.click("text=Find something to do")
    page.fill("[name=q]", "文明")
    page.click("form[role=search] .button-main")
    page.click("text=图书馆文明引导")
    page.click("text=Sign up")
    expect(page.locator("main")).to_contain_text("You are in: Wednesday 20 March, 10:00–12:00.")

    # She reads the code at the door when she comes, and when she goes.
    the_clock(world.time("09:52"))
    page = lin.open("/check-in", sees=doors.venue_code(shift_id, clock.real_now()).code)
    page.click("[data-start]")
    expect(page.locator("[data-result]")).to_contain_text("Checked in at 9:52")
    the_clock(world.time("11:40"))
    page = lin.open("/check-in", sees=doors.venue_code(shift_id, clock.real_now()).code)
    page.click("[data-start]")
    expect(page.locator("[data-result]")).to_contain_text("Checked out at 11:40: 1 h 40 min so far")

    # Wu vouches for the shift.
    the_clock(world.time("12:10"))
    leader = phone(world.cast.wu, width=1280).open(f"/lead/shifts/{shift_id}")
    leader.click("text=Confirm the shift")
    expect(leader.locator("main")).to_contain_text("1 h 40 min")
    page = lin.open("/me")
    expect(page.locator("main")).to_contain_text("1 h 40 min")
    page.click("[aria-labelledby=visits] >> text=图书馆文明引导")
    expect(page.locator(".chain")).to_contain_text("The door's code, read by the volunteer's camera")

    # A day later the coins are hers: noodles.
    the_clock(world.time("12:11") + timedelta(days=1))
    assert attendance.settle(at=clock.now()) == 1
    page = lin.open(f"/offers/{world.noodles}")
    page.click("text=Redeem now")
    expect(page.locator(".qr-paper svg")).to_be_visible()
    (redemption,) = rewards.redemptions(holder_id)
    till = phone(world.fang).open(f"/till/{world.noodle_house}", sees=rewards.code_of(redemption))
    till.click("[data-start]")
    expect(till.locator("[data-result]")).to_contain_text("片儿川一碗")
    expect(page.locator("main")).to_contain_text("Given. Enjoy it!")

    held = books.balances(holder_id)
    assert (held.verified_minutes, held.coin_units, held.reserved_coin_units) == (100, 40, 0)
    assert books.verify().is_right


def test_wu_reads_lins_own_code_at_the_door(world, phone, the_clock):
    (shift_id,) = world.shifts(world.library())
    world.sign_up(world.cast.lin, shift_id)
    the_clock(world.time("09:50"))
    page = phone(world.cast.lin).open("/me/code")
    expect(page.locator(".qr-paper svg")).to_be_visible()
    number = registry.volunteer(world.cast.lin.volunteer()).number
    code = doors.personal_code(world.cast.lin.volunteer(), number, clock.real_now()).code
    door = phone(world.cast.wu, width=1280).open(f"/lead/shifts/{shift_id}/door", sees=code)
    expect(door.locator(".qr-huge .qr-paper svg")).to_be_visible()
    door.click("[data-start]")
    expect(door.locator("[data-result]")).to_contain_text("林* is checked in.")
    assert doors.open_visit(world.cast.lin.volunteer()) is not None


def test_lin_reads_the_code_on_the_till_and_pays_at_once(world, phone):
    world.served(world.cast.lin)
    assert world.noodles
    code = rewards.till_code(world.noodle_house, at=world.at, real_at=clock.real_now()).code
    page = phone(world.cast.lin).open("/pay", sees=code)
    page.click("[data-start]")
    page.click("button:has-text('Pay')")
    expect(page.locator("main")).to_contain_text("Given. Enjoy it!")
    assert books.balances(world.cast.lin.volunteer()).coin_units == 60


def test_without_scripts_one_signs_up_checks_in_by_digits_and_redeems(world, phone, the_clock):
    world.served(world.cast.lin, title="昨日整理")
    activity_id = world.library(world.shift("14:00-16:00"))
    (shift_id,) = world.shifts(activity_id)
    lin = phone(world.cast.lin)
    page = lin.open(f"/activities/{activity_id}", scripts=False)
    page.click("text=Sign up")
    expect(page.locator("main")).to_contain_text("You are in")
    the_clock(world.time("13:45"))
    page = lin.open("/check-in", scripts=False)
    page.fill("[name=code]", doors.venue_code(shift_id, clock.real_now()).digits)
    page.click("main form[data-form] .form-row .button")
    expect(page.locator("main")).to_contain_text("Checked in at 13:45")
    page = lin.open(f"/offers/{world.noodles}", scripts=False)
    page.click("text=Redeem now")
    (redemption,) = rewards.redemptions(world.cast.lin.volunteer())
    expect(page.locator(".qr-digits")).to_have_text(rewards.digits_of(redemption))
    assert activities.sign_up(shift_id, world.cast.lin.volunteer()) is not None


@pytest.mark.parametrize("width", [375, 1280])
def test_no_page_is_wider_than_the_screen_and_every_target_fits_a_thumb(world, phone, width):
    visit_id = world.served(world.cast.lin)
    activity_id = world.library(world.shift("14:00-16:00"))
    pages = [
        "/",
        "/find",
        f"/activities/{activity_id}",
        f"/streets/{world.street}",
        f"/offers/{world.noodles}",
    ]
    pages += ["/me", f"/me/visits/{visit_id}", "/me/transfers", "/me/code", "/check-in", "/pay"]
    lin = phone(world.cast.lin, width=width)
    page = lin.open("/")
    for path in pages:
        page.goto(f"{lin.address}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
        small = page.evaluate(
            """() => [...document.querySelectorAll("main :is(button, .button, .chip, input, select)")]
                .filter((one) => one.offsetParent && !one.matches("[type=checkbox], [type=hidden]"))
                .filter((one) => one.getBoundingClientRect().height < 43.9).map((one) => one.outerHTML)"""
        )
        assert small == [], path


def test_the_way_to_a_sign_up_goes_by_keyboard(world, phone):
    activity_id = world.library()
    page = phone(world.cast.lin, width=1280).open(f"/activities/{activity_id}")
    page.focus("text=Skip to the content")
    page.keyboard.press("Enter")
    for _ in range(6):
        page.keyboard.press("Tab")
        if "Sign up" in (page.evaluate("document.activeElement.innerText") or ""):
            break
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("You are in")
