"""The messages that the fake SMS gateway kept. Empty wherever a real gateway is in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shanshi.foundation import clock
from shanshi.foundation.models import OutboxMessage


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was not sent. `made_at` is real time."""

    phone: str
    text: str
    made_at: datetime


def keep(phone: str, text: str) -> None:
    """Keep one message, with the real time."""
    OutboxMessage.objects.create(phone=phone, text=text, made_at=clock.real_now())


def messages(*, phone: str | None = None, limit: int = 50) -> list[Message]:
    """Return the latest messages, the newest first.

    phone  only those to this phone, 11 digits
    limit  how many at most
    """
    rows = OutboxMessage.objects.order_by("-made_at", "-id")
    if phone is not None:
        # The database holds no NUL; whoever asks for one is told of nobody.
        rows = rows.none() if "\x00" in phone else rows.filter(phone=phone)
    return [Message(row.phone, row.text, row.made_at) for row in rows[:limit]]
