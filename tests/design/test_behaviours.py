"""The behaviours in a real browser: the gallery's own codes, camera, location and appearance."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from playwright.sync_api import Page, Playwright, expect, sync_playwright

from tests.design.camera import film

pytestmark = pytest.mark.browser
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
]
FAKE = "--use-fake-device-for-media-stream"
Open = Callable[..., Page]


def chromium() -> str:
    """The browser that `make test` found, else the system's."""
    note = Path(sys.prefix) / "chromium"
    found = note.read_text().strip() if note.exists() else shutil.which("chromium")
    if not found:
        pytest.skip("no Chromium could be had")
    return found


class QuietHandler(WSGIRequestHandler):
    """Answers without a line in the test's output."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the parent
        pass


@pytest.fixture
def address(the_room_alone: None) -> Iterator[str]:
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietHandler)
    server.set_app(StaticFilesHandler(WSGIHandler()))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture
def gallery(address: str, playwright: Playwright) -> Iterator[Open]:
    """Open the gallery with some of Chromium's flags, permissions and with or without scripts."""
    with ExitStack() as closing:

        def opened(*flags: str, allow: tuple[str, ...] = (), width: int = 375, scripts: bool = True) -> Page:
            browser = playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, *flags])
            closing.callback(browser.close)
            context = browser.new_context(
                viewport={"width": width, "height": 760},
                permissions=list(allow),
                geolocation={"latitude": 30.25, "longitude": 120.16, "accuracy": 20},
                java_script_enabled=scripts,
            )
            context.add_cookies([{"name": "language", "value": "en", "url": address}])
            page = context.new_page()
            page.set_default_timeout(20_000)
            page.goto(f"{address}/design/gallery")
            if scripts:
                expect(page.locator("[data-behaviour]:not([data-ready])")).to_have_count(0)
            return page

        yield opened


def test_a_code_before_the_camera_is_sent_and_answered(gallery: Open, tmp_path: Path) -> None:
    shown = film("SHANSHI|LIN|123456", tmp_path / "lin.y4m")
    page = gallery(FAKE, f"--use-file-for-fake-video-capture={shown}", allow=("camera",))
    page.click("[data-start]")
    expect(page.locator("[data-result]")).to_contain_text("SHANSHI|LIN|123456")
    expect(page.locator("[data-result]")).to_have_attribute("data-state", "done")
    expect(page.locator("[name=code]")).to_have_value("")


def test_a_refusal_at_the_till_fills_the_screen_and_is_put_away(gallery: Open, tmp_path: Path) -> None:
    shown = film("REFUSED", tmp_path / "refused.y4m")
    page = gallery(FAKE, f"--use-file-for-fake-video-capture={shown}", allow=("camera",))
    page.click("[data-start]")
    expect(page.locator("[data-result]")).to_have_attribute("data-state", "refused")
    expect(page.locator("[data-result]")).to_contain_text("All 12 places of this shift are taken.")
    box = page.locator("[data-result]").bounding_box()
    assert box is not None
    assert (box["width"], box["height"]) == (375, 760)
    page.click(".camera-close")
    expect(page.locator("[data-result]")).to_be_empty()


def test_a_refused_camera_says_so_and_leaves_the_field(gallery: Open) -> None:
    page = gallery(FAKE)
    page.click("[data-start]")
    expect(page.locator("[data-behaviour=camera] > [data-state]")).to_contain_text("The camera was refused.")
    page.fill("[name=code]", "123456")
    page.keyboard.press("Enter")
    expect(page.locator("[data-result]")).to_contain_text("123456")


def test_a_device_without_a_camera_says_so(gallery: Open) -> None:
    page = gallery(allow=("camera",))
    page.click("[data-start]")
    expect(page.locator("[data-behaviour=camera] > [data-state]")).to_contain_text("There is no camera here.")


def test_a_place_is_added_only_when_asked_for(gallery: Open) -> None:
    page = gallery(allow=("geolocation",))
    expect(page.locator("[name=latitude]")).to_have_value("")
    page.click("[data-ask]")
    expect(page.locator("[name=latitude]")).to_have_value("30.250000")
    expect(page.locator("[name=accuracy_m]")).to_have_value("20")


def test_a_refused_place_lets_one_go_on(gallery: Open) -> None:
    page = gallery()
    page.click("[data-ask]")
    expect(page.locator("[data-behaviour=location] [data-state]")).to_contain_text("Without your place.")


def test_a_door_code_is_drawn_with_its_digits_and_seconds(gallery: Open) -> None:
    page = gallery()
    door = page.locator("[data-behaviour=qr-code]").first
    expect(door.locator(".qr-paper svg path")).to_have_count(1)
    expect(door.locator("[data-digits]")).not_to_have_text("000000")
    assert 0 <= int(door.locator(".ring text").text_content() or "-1") <= 15


def test_large_text_and_theme_change_the_page_and_the_next_one(gallery: Open) -> None:
    page = gallery()
    page.click("button[name=elder]")
    page.click("button[name=theme][value=dark]")
    for _ in range(2):
        expect(page.locator("html")).to_have_attribute("data-elder", "")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        page.reload()


@pytest.mark.parametrize("width", [375, 1280])
def test_nothing_is_wider_than_the_screen(gallery: Open, width: int) -> None:
    page = gallery(width=width)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_every_target_is_large_enough_for_a_thumb(gallery: Open) -> None:
    page = gallery()
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, .button, .chip, .tabs a, .nav a, .brand, input")]
            .filter((target) => target.offsetParent && !target.matches("[type=checkbox], [type=hidden]"))
            .filter((target) => target.getBoundingClientRect().height < 44)
            .map((target) => target.outerHTML)"""
    )
    assert small == []


def test_without_scripts_the_code_is_typed_and_sent_as_a_plain_form(gallery: Open) -> None:
    page = gallery(scripts=False)
    expect(page.locator("[data-start]")).to_be_hidden()
    page.fill("[name=code]", "123456")
    page.click("[data-form] .form-row .button")
    expect(page.locator("body")).to_contain_text("123456")
