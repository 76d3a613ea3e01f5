"""The pages of the demo: its people, its messages, its clock."""

from __future__ import annotations

import importlib
from datetime import timedelta

import pytest
from django.urls import clear_url_caches, set_urlconf

import config.urls
import shanshi.portal.urls
from shanshi.foundation import clock, installation
from shanshi.gateways import sms
from shanshi.portal.rules import DEMO_ACCOUNTS
from tests.cast import LIN
from tests.portal.words import main_of

pytestmark = pytest.mark.django_db


def _read_addresses_again():
    for module in (shanshi.portal.urls, config.urls):
        importlib.reload(module)
    clear_url_caches()
    set_urlconf(None)


@pytest.fixture
def demo(settings, reader, at):
    """A reader of a demo."""
    settings.SHANSHI_DEMO = True
    _read_addresses_again()
    installation.mark_as_demo(starts_at=at)
    yield reader()
    settings.SHANSHI_DEMO = False
    _read_addresses_again()


def test_outside_a_demo_its_pages_are_not_there(reader):
    for path in ("/demo", "/demo/outbox"):
        assert reader().get(path).status_code == 404
    for path in ("/demo/enter", "/demo/clock"):
        assert reader().post(path).status_code == 404


def test_everybody_of_the_demo_is_one_click_away(demo, world):
    words = main_of(demo.get("/demo"))
    assert all(account.name in words for account in DEMO_ACCOUNTS)
    assert world.cast.lin
    page = demo.post("/demo/enter", {"phone": LIN.phone}, follow=True)
    assert page.redirect_chain[-1][0] == "/me"
    assert "Find something to do" in main_of(page)


def test_nobody_else_is(demo):
    page = demo.post("/demo/enter", {"phone": "15499999999"}, follow=True)
    assert "Choose one of the people of this demonstration." in main_of(page)


def test_the_messages_are_read_as_a_page_and_as_json(demo):
    sms.gateway().send("15400000042", "Your code is 123456.")
    assert "Your code is 123456." in main_of(demo.get("/demo/outbox"))
    (message,) = demo.get("/demo/outbox?format=json&phone=15400000042").json()["messages"]
    assert (message["phone"], message["text"]) == ("15400000042", "Your code is 123456.")
    assert demo.get("/demo/outbox?format=json&phone=154%00").json() == {"messages": []}


def test_the_clock_has_moved_for_everybody_when_the_answer_comes(demo):
    """Each process remembers the clock for a moment; a request to another one must not see the old time."""
    clock.forget_cache()
    before = clock._recent_demo_shift()
    asked_before = clock._cached
    demo.post("/demo/clock", {"hours": "3"})
    clock._cached = asked_before  # as another process still remembers it
    assert clock._recent_demo_shift() - before == timedelta(hours=3)


def test_the_clock_moves_forward_only(demo):
    before = clock.demo_shift()
    demo.post("/demo/clock", {"hours": "3"})
    assert clock.demo_shift() - before == timedelta(hours=3)
    for hours in ("0", "-3", "337", "x", "", "1" * 5_000, "\x00"):
        page = demo.post("/demo/clock", {"hours": hours}, follow=True)
        assert "moves forward by 1 to 336 hours" in main_of(page)
    assert clock.demo_shift() - before == timedelta(hours=3)
    clock.forget_cache()
