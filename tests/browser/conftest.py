"""A real browser before the real server: people with their own phones, and cameras that see a given code."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Playwright, expect, sync_playwright

from shanshi.foundation.actor import Actor
from tests.cast import Cast
from tests.design.camera import film
from tests.portal.world import World, let_in

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
]
FAKE = "--use-fake-device-for-media-stream"
Phone = Callable[..., "Holder"]


def chromium() -> str:
    """The browser that `make test` found, else the system's."""
    note = Path(sys.prefix) / "chromium"
    found = note.read_text().strip() if note.exists() else shutil.which("chromium")
    if not found:
        pytest.skip("no Chromium could be had")
    return found


class Holder:
    """Somebody with a phone. Cookies stay when the phone is put before another code."""

    def __init__(
        self, playwright: Playwright, address: str, folder: Path, width: int, closing: ExitStack
    ) -> None:
        self.playwright, self.address, self.folder, self.width = playwright, address, folder, width
        self.closing = closing
        self.complaints: list[str] = []
        self.kept: Any = {
            "cookies": [{"name": "language", "value": "en", "domain": "localhost", "path": "/"}],
            "origins": [],
        }
        self.context: BrowserContext | None = None

    def open(self, path: str, *, sees: str = "", scripts: bool = True) -> Page:
        """Open a page; the camera sees a code, if one is given."""
        if self.context is not None:
            self.kept = self.context.storage_state()
        flags = [*FLAGS, FAKE]
        if sees:
            shown = film(sees, self.folder / f"{abs(hash(sees))}.y4m")
            flags.append(f"--use-file-for-fake-video-capture={shown}")
        browser = self.playwright.chromium.launch(executable_path=chromium(), args=flags)
        self.closing.callback(browser.close)
        self.context = browser.new_context(
            viewport={"width": self.width, "height": 812},
            permissions=["camera", "geolocation"],
            geolocation={"latitude": 30.2489, "longitude": 120.1607, "accuracy": 20},
            java_script_enabled=scripts,
            storage_state=self.kept,
        )
        page = self.context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(f"{self.address}{path}")
        if scripts:
            expect(page.locator("[data-behaviour]:not([data-ready])")).to_have_count(0)
        return page


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    # Its loop runs in the thread of the tests, which also ask the database.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as started:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield started


@pytest.fixture
def world(playwright: Playwright, live_server: Any, cast: Cast, at: datetime) -> World:
    """The library and the noodle house, behind a server."""
    cache.clear()
    return World(cast, at)


@pytest.fixture
def phone(
    world: World, live_server: Any, playwright: Playwright, tmp_path: Path, at: datetime
) -> Iterator[Phone]:
    """A phone of somebody who is signed in, or of a visitor."""
    with ExitStack() as closing:
        address = live_server.url.replace("127.0.0.1", "localhost")
        made: list[Holder] = []

        def of(who: Actor | None = None, *, width: int = 375) -> Holder:
            holder = Holder(playwright, address, tmp_path, width, closing)
            if who is not None:
                cookie = let_in(Client(), who, at).cookies[settings.SESSION_COOKIE_NAME].value
                entry = {
                    "name": settings.SESSION_COOKIE_NAME,
                    "value": cookie,
                    "domain": "localhost",
                    "path": "/",
                }
                holder.kept["cookies"].append(entry)
            made.append(holder)
            return holder

        yield of
        assert [said for holder in made for said in holder.complaints] == []
