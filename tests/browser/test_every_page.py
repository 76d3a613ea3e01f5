"""Every page, as somebody who may open it: no barrier, no complaint, no heavy load, no rolling sideways."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.db import connection, transaction
from playwright.sync_api import Browser, Page, Playwright

from tests.browser.conftest import FLAGS, chromium
from tests.browser.pages import ON_A_DESK, ON_A_PHONE, Viewer, sessions_of, viewer, walkers_of
from tests.cast import Cast
from tests.conftest import MORNING
from tests.house.walk import City
from tools.doors import Door, doors

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
HEAVIEST = 300_000
PAGES = [door for door in doors() if door.is_page and "GET" in door.methods]
# These lead on to another page, or want something that the walk does not have.
LEADS_ON = {
    "/.well-known/change-password",
    "/account/identity",
    "/account/identity/back",
    "/account/identity/join",
    "/i18n/setlang/",
    "/me/wards/<uuid:holder_id>/confirm",
    "/organizations/<uuid:organization_id>/members/template",
    "/sign-in/second-factor",
    "/sign-in/code",
    "/sign-in/passkey",
    "/streets",
    "/till",
}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def city(playwright: Playwright, django_db_setup: None, django_db_blocker: Any) -> Iterator[City]:
    """The city of the walk, never committed; made on the connection of the browser's loop."""
    with django_db_blocker.unblock(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE shanshi_app")
        city = City(Cast(MORNING))
        logging.getLogger("django.request").setLevel(logging.ERROR)
        city.things, city.draft, city.walkers  # noqa: B018 - made before anybody walks
        yield city
        logging.getLogger("django.request").setLevel(logging.NOTSET)
        transaction.set_rollback(True)
    with django_db_blocker.unblock():
        connection.close()


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    started = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
    yield started
    started.close()


@pytest.fixture(scope="module")
def sessions(city: City) -> dict[str, str]:
    return sessions_of(city)


@pytest.fixture(scope="module")
def viewers(browser: Browser, city: City) -> tuple[Viewer, ...]:
    return tuple(viewer(browser, city.client, manner) for manner in (ON_A_DESK, ON_A_PHONE))


@pytest.fixture
def at(city: City) -> datetime:
    """The doors' time during the walk."""
    return city.now


def shown_to(city: City, sessions: dict[str, str], door: Door) -> tuple[str, bool] | None:
    """The session of the first who is answered, and whether with a whole page; None where nobody is."""
    address = city.address(door, city.thing(door))
    for walker in walkers_of(city, door):
        session = sessions.get(walker.name, "")
        city.client.cookies.clear()
        city.client.cookies.load({settings.SESSION_COOKIE_NAME: session} if session else {})
        with transaction.atomic():
            answer = city.client.get(address)
            transaction.set_rollback(True)
        if answer.status_code == 200:
            is_html = answer.get("Content-Type", "").startswith("text/html")
            return session, is_html and b"<html" in answer.content
    return None


def barriers(page: Page) -> list[str]:
    """What axe-core finds wrong with the page that is open."""
    found = Axe().run(page, options={"resultTypes": ["violations"], "runOnly": WCAG}).response
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]}"
        for one in found["violations"]
        for node in one["nodes"][:3]
    ]


@pytest.mark.parametrize("door", PAGES, ids=lambda door: door.label)
def test_a_page_is_open_to_everybody_and_light(
    city: City, sessions: dict[str, str], door: Door, viewers: tuple[Viewer, ...]
) -> None:
    shown = shown_to(city, sessions, door)
    if door.path in LEADS_ON:
        assert shown is None
        return
    assert shown is not None, "nobody is answered here with 200: name it in LEADS_ON if it only leads on"
    session, is_page = shown
    if not is_page:
        return  # a file, a fragment, or an answer to a program
    address = city.address(door, city.thing(door))
    for through in viewers:
        with transaction.atomic():
            seen = through.look(address, session)
            found = barriers(through.page)
            transaction.set_rollback(True)
        assert seen.status == 200
        assert seen.complaints == []
        assert seen.bytes < HEAVIEST, f"{seen.bytes} bytes"
        # The gallery shows a component again and again: there the same landmark stands several times.
        repeats = ("landmark-unique",) if door.path == "/design/gallery" else ()
        assert [one for one in found if not one.startswith(repeats or "-")] == []
        beside = through.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert beside <= 0, f"the page rolls sideways by {beside} px"
