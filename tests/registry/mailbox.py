"""An e-mail address as the tests give and prove it."""

from __future__ import annotations

import re
from datetime import datetime

from shanshi.foundation import outbox
from shanshi.foundation.actor import Actor
from shanshi.registry import operations

MAILBOX = "lin@mail.example"


def mailed_code(address: str = MAILBOX) -> str:
    """The code in the latest letter to an address."""
    return re.findall(r"\b\d{6}\b", outbox.messages(phone=address)[0].text)[0]


def give_address(who: Actor, at: datetime, address: str = MAILBOX) -> None:
    """Give somebody an e-mail address, proved by its code."""
    operations.send_email_code(address, by=who, at=at)
    operations.give_email(address, mailed_code(address), by=who, at=at, real_at=at)
