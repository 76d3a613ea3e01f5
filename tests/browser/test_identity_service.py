"""Signing in with a city's own service in a real browser, whose policy lets no form lead to another site."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from shanshi.foundation import outbox
from shanshi.registry.queries.links import link_of
from tests.cast import LIN
from tests.registry.provider import CLIENT_ID, CLIENT_SECRET, identity_service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def service(settings):
    """The service, running beside ours."""
    with identity_service() as running:
        settings.SHANSHI_OUTGOING_INTERNAL = frozenset({"127.0.0.1"})
        settings.SHANSHI_OIDC = {
            "issuer": running.issuer,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "name": "City identity",
            "name_zh": "城市身份",
            "second_factor": frozenset(),
            "trusts_phone": False,
        }
        yield running


def test_an_identity_is_linked_and_unlinked_and_signs_in(service, world, phone):
    lin = world.cast.volunteer(LIN)
    holder = phone()
    page = holder.open("/sign-in")
    page.get_by_role("link", name="Sign in with City identity").click()

    expect(page.get_by_text("City identity has proved who you are")).to_be_visible()
    page.get_by_label("Mobile phone").fill(LIN.phone)
    page.get_by_role("button", name="Send the code").click()
    expect(page.get_by_label("Code")).to_be_visible()
    (code,) = re.findall(r"\d{6}", outbox.messages(phone=LIN.phone)[0].text)
    page.get_by_label("Code").fill(code)
    page.get_by_label("Code").press("Enter")
    page.get_by_role("button", name="Link", exact=True).click()
    page.wait_for_url("**/me")
    assert link_of(lin.known()) is not None

    page.goto(f"{holder.address}/account/security")
    page.get_by_role("button", name="Unlink").click()
    expect(page.get_by_text("no longer linked")).to_be_visible()
    page.get_by_role("button", name="Link", exact=True).click()
    page.get_by_role("link", name="Go on to City identity").click()
    page.wait_for_url("**/account/security")
    expect(page.get_by_text("Linked since")).to_be_visible()

    holder.context.clear_cookies()
    page.goto(f"{holder.address}/sign-in")
    page.locator("a[href^='/account/identity']").click()
    page.wait_for_url("**/me")
    assert holder.complaints == []
