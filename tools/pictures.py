"""Takes the README's pictures from a running demo: python -m tools.pictures [http://127.0.0.1:8000]"""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "pictures"
BROWSER = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
)
LIN, WU, FANG = "15400000001", "15400000004", "15400000006"
# Name, who looks (nobody: a visitor), width, height, page; "door" is the first open door of the leader.
PICTURES = (
    ("home-375", "", 375, 760, "/"),
    ("me-375", LIN, 375, 760, "/me"),
    ("door-1280", WU, 1280, 860, "door"),
    ("till-1280", FANG, 1280, 860, "/till"),
)


def enter(page: Page, base: str, phone: str) -> None:
    """Sign in as one of the people of the demo."""
    page.goto(f"{base}/demo")
    page.locator(f'[name="phone"][value="{phone}"]').first.evaluate(
        "field => field.form.requestSubmit(field.type === 'submit' ? field : undefined)"
    )
    page.wait_for_load_state("networkidle")


def main(base: str) -> None:
    """Take them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    chromium = Path("/usr/bin/chromium")
    with sync_playwright() as play:
        path = str(chromium) if chromium.exists() else None
        browser = play.chromium.launch(executable_path=path, args=list(BROWSER))
        for name, phone, width, height, where in PICTURES:
            context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
            page = context.new_page()
            if phone:
                enter(page, base, phone)
            if where == "door":
                page.goto(f"{base}/lead")
                page.locator('a[href$="/door"]').first.click()
            else:
                page.goto(f"{base}{where}")
            page.wait_for_function("() => !document.querySelector('[data-behaviour]:not([data-ready])')")
            page.wait_for_timeout(600)
            page.screenshot(path=FOLDER / f"{name}.png")
            print(FOLDER / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
