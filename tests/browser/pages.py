"""Every page of the product before a real browser, without a server: the test's own client answers it.

So the whole city of the walk can be looked at inside one transaction, as everybody who may.
"""

from __future__ import annotations

from contextvars import copy_context
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

from tests.house.walk import City, Walker, may
from tests.portal.world import let_in
from tools.doors import Door

HOST = "http://localhost"
# There is no TLS here, and a cookie that is set anew would be somebody else's with the next page.
KEPT_BACK = {"strict-transport-security", "set-cookie"}
TYPES = {"css": "text/css", "js": "text/javascript", "mjs": "text/javascript", "svg": "image/svg+xml"}


@dataclass
class Look:
    """What a browser saw of one page: its status, its weight in bytes, and what the console complained of."""

    status: int = 0
    bytes: int = 0
    complaints: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Manner:
    """How somebody looks: in which language, how wide, in the dark, in large letters."""

    language: str
    width: int
    theme: str = ""
    elder: bool = False

    @property
    def cookies(self) -> dict[str, str]:
        """What the browser holds for it."""
        held = {"language": self.language, "theme": self.theme, "elder": "1" if self.elder else ""}
        return {name: value for name, value in held.items() if value}


ON_A_DESK = Manner("zh-hans", 1280)
ON_A_PHONE = Manner("en", 375, theme="dark", elder=True)


def walkers_of(city: City, door: Door) -> list[Walker]:
    """Who of the city may open a page, the one with the fewest roles first."""
    thing = city.thing(door)
    return [
        walker
        for walker in city.walkers
        if door.is_public or any(may(one, walker.actor, thing) for one in door.asks)
    ]


class Viewer:
    """A browser's page for one manner of looking, answered by the client of a test."""

    def __init__(self, page: Page, client: Client, manner: Manner) -> None:
        self.page, self.client, self.manner = page, client, manner
        self.seen, self.address, self.session = Look(), "", ""
        self.context = copy_context()
        page.set_default_timeout(20_000)
        page.route("**/*", self._answer)
        page.on("console", lambda said: self._complained(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self._complained(str(error)))

    def look(self, address: str, session: str) -> Look:
        """Open a page with all that it asks for itself.

        session  the cookie of who looks; empty for a visitor
        """
        self.seen, self.address, self.session = Look(), address, session
        # The browser's questions come in a context of their own, which would have a connection of its own.
        self.context = copy_context()
        self.page.goto(f"{HOST}{address}", wait_until="load")
        return self.seen

    def _complained(self, text: str) -> None:
        self.seen.complaints.append(text)

    def _answer(self, route: Route) -> None:
        asked = urlsplit(route.request.url)
        if asked.path.startswith("/static/"):
            self._static(route, asked.path.removeprefix("/static/"))
            return
        self.client.cookies.clear()
        self.client.cookies.load({**self.manner.cookies, **self._signed_in()})
        address = f"{asked.path}?{asked.query}" if asked.query else asked.path
        answer = self.context.run(self.client.get, address)
        body = b"".join(answer) if answer.streaming else answer.content  # type: ignore[arg-type]
        if asked.path == self.address:
            self.seen.status = answer.status_code
        self.seen.bytes += len(body)
        if 300 <= answer.status_code < 400:
            # A browser would follow it past this answerer; the page that it leads to is looked at by itself.
            route.fulfill(status=200, body="")
            return
        told = {name: value for name, value in answer.items() if name.lower() not in KEPT_BACK}
        route.fulfill(status=answer.status_code, headers=told, body=body)

    def _signed_in(self) -> dict[str, str]:
        return {settings.SESSION_COOKIE_NAME: self.session} if self.session else {}

    def _static(self, route: Route, path: str) -> None:
        found = finders.find(path)
        if found is None:
            route.fulfill(status=404, body=b"")
            return
        body = Path(str(found)).read_bytes()
        self.seen.bytes += len(body)
        kind = TYPES.get(path.rsplit(".", 1)[-1], "application/octet-stream")
        route.fulfill(status=200, headers={"Content-Type": kind}, body=body)


def viewer(browser: Browser, client: Client, manner: Manner) -> Viewer:
    """Return a new page of a browser for one manner of looking; closed with the browser."""
    context = browser.new_context(viewport={"width": manner.width, "height": 812})
    return Viewer(context.new_page(), client, manner)


def sessions_of(city: City) -> dict[str, str]:
    """Return the cookie of a browser in which each walker of the city is signed in, with both factors."""
    return {
        walker.name: let_in(Client(), walker.actor, city.now).cookies[settings.SESSION_COOKIE_NAME].value
        for walker in city.walkers
        if walker.actor.is_known
    }
