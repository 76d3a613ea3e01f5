"""Passkeys and second factors in a real browser, with the virtual authenticator that Chromium has for it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from shanshi.foundation import outbox
from shanshi.registry import queries
from tests.cast import WU

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = re.compile(r"//[^/?]+/lead$")


def authenticator(page, *, verified=True):
    """Give the page's browser a device that keeps passkeys and knows its owner."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verified,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def by_code(page, person):
    """Sign in by the code in the latest message."""
    page.fill("[name=phone]", person.phone)
    page.click("text=Send the code")
    page.fill("[name=code]", re.search(r"\d{6}", outbox.messages(phone=person.phone)[0].text).group())
    page.click("main .button-main")


def test_wu_sets_up_a_passkey_for_her_role_and_later_needs_nothing_else(world, phone):
    assert world.library()
    wu = phone()
    page = wu.open("/lead")
    authenticator(page)
    by_code(page, WU)

    # Her role waits for a second step; a passkey is one.
    expect(page.locator("h1")).to_have_text("A role needs a second step")
    page.click("text=Set up a passkey")
    page.fill("[name=name]", "my phone")
    page.click("text=Make a passkey")
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    page.click("text=I have kept them")
    page.wait_for_url(DESK)
    assert [one.name for one in queries.factors(world.cast.wu.known()).passkeys] == ["my phone"]

    # She signs out, and in again with nothing but the passkey.
    page.goto(f"{wu.address}/account/sessions")
    page.click("main form .button")
    page.goto(f"{wu.address}/sign-in?next=/lead")
    page.click("text=Use a passkey")
    page.wait_for_url(DESK)

    # After a code it is the second step.
    page.goto(f"{wu.address}/account/sessions")
    page.click("main form .button")
    page.goto(f"{wu.address}/sign-in?next=/lead")
    by_code(page, WU)
    expect(page.locator("h1")).to_have_text("Second step")
    page.click("text=Use a passkey")
    page.wait_for_url(DESK)


def test_the_pages_of_the_account_fit_a_phone_and_a_thumb(world, phone):
    lin = phone(world.cast.lin)
    page = lin.open("/account/security")
    for path in ("security", "password", "passkeys", "one-time-codes", "sessions", "tokens", "confirm"):
        page.goto(f"{lin.address}/account/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") == 375, path
        small = page.evaluate(
            """() => [...document.querySelectorAll("main :is(button, .button, input, select)")]
                .filter((one) => one.offsetParent && !one.matches("[type=checkbox], [type=hidden]"))
                .filter((one) => one.getBoundingClientRect().height < 43.9).map((one) => one.outerHTML)"""
        )
        assert small == [], path
