"""How people of the city sign in, and what an attacker would have to guess."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from shanshi.foundation import outbox
from shanshi.registry import queries

PASSWORD = "long words that nobody else has 47"


def code_of(phone: str) -> str:
    """Return the code that was last sent to a phone."""
    return re.findall(r"\d{6}", outbox.messages(phone=phone)[0].text)[0]


def ask_code(client: Client, phone: str) -> Any:
    """Let a browser ask for a code."""
    return client.post("/sign-in", {"phone": phone})


def sign_in(client: Client, phone: str) -> Any:
    """Sign a browser in by a code, as far as one gets with it."""
    assert ask_code(client, phone).status_code == 200
    return client.post("/sign-in/code", {"phone": phone, "code": code_of(phone)})


def with_totp(person_id: Any) -> str:
    """Set up one-time codes for somebody, and return their secret."""
    secret = totp.generate_totp_secret()
    with queries.factors_of(person_id):
        totp.TOTP.activate(queries.account_of(person_id), secret)
    return str(secret)


def totp_code(secret: str, *, ahead: int = 0) -> str:
    """Return a one-time code.

    ahead  how many steps of 30 seconds later than now
    """
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + ahead)))


def with_recovery_codes(person_id: Any) -> list[str]:
    """Set up recovery codes for somebody, and return them."""
    with queries.factors_of(person_id):
        found = RecoveryCodes.activate(queries.account_of(person_id))
        return list(found.get_unused_codes())
