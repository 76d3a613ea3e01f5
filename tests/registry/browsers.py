"""A browser of somebody who signs in, and an authenticator app that shows the codes of any moment."""

from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from shanshi.foundation import outbox
from tests.cast import Person

CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:127.0) Gecko/20100101 Firefox/127.0"


def browser(agent: str = CHROME) -> Client:
    """A browser that speaks English."""
    return Client(headers={"accept-language": "en", "user-agent": agent})


def latest_code(phone: str) -> str:
    """The digits in the latest message to a phone."""
    found = re.search(r"\d{6}", outbox.messages(phone=phone)[0].text)
    assert found is not None
    return found.group()


def sign_in(client: Client, person: Person, page: str = "") -> Any:
    """Sign in by a code; returns the answer to the code."""
    asked = client.post("/sign-in", {"phone": person.phone, "next": page})
    assert asked.status_code == 200, asked.content.decode()
    return client.post(
        "/sign-in/code", {"phone": person.phone, "code": latest_code(person.phone), "next": page}
    )


class App:
    """An authenticator app with one secret. Each call shows the code of the next step of time."""

    def __init__(self, secret: str) -> None:
        self.secret, self.steps = secret, -1

    def code(self, *, ahead: int = 0) -> str:
        """The code of now, or of a step ahead."""
        return format_hotp_value(hotp_value(self.secret, int(time.time()) // 30 + ahead))

    def wrong(self) -> str:
        """A code that is right at no moment near now."""
        near = {self.code(ahead=step) for step in range(-3, 4)}
        return next(code for code in (f"{n:06d}" for n in range(10)) if code not in near)


def set_up_app(client: Client) -> tuple[App, list[str]]:
    """Set up one-time codes for whoever is signed in; returns the app and the recovery codes."""
    page = client.get("/account/one-time-codes").content.decode()
    url = re.search(r"otpauth://[^\"]+", page)
    assert url is not None, page
    app = App(parse_qs(urlsplit(url.group().replace("&amp;", "&")).query)["secret"][0])
    done = client.post("/account/one-time-codes", {"code": app.code()})
    assert done["Location"] == "/account/recovery-codes", done.content.decode()
    shown = client.get("/account/recovery-codes").content.decode()
    return app, re.findall(r"<li><code>(\d{10})</code>", shown)
