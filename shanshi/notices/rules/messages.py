"""A message as the sending room gives it: its name, its wording, its facts. Plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final


class Channel(StrEnum):
    """By which way somebody is told. The list on the platform has every notice; the others may join it."""

    SMS = "sms"
    EMAIL = "email"


ALL_CHANNELS: Final = frozenset(Channel)
IN_APP_ONLY: Final[frozenset[Channel]] = frozenset()

Fact = str | int | date | datetime
"""What may stand in a message. A fact named `..._coins` is an amount in coin units, `..._minutes` a length of
service, `..._word` an English word marked for the translators; these, days and moments are worded in the
reader's language, anything else stands as it is."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody is told.

    template   "room.fact", stable: the log and the tests know the message by it
    text       an English sentence with {facts}, marked for the translators
    facts      values for the sentence; nothing about who a person is
    url        where the reader can do something about it, from "/"
    title      a few English words for lists and subjects, marked for the translators; may hold facts, too
    channels   by which ways, beside the list on the platform
    is_urgent  does not wait for the morning, and needs no consent: the safety of an account or of a shift
    until      after this moment nothing goes out any more, with a zone; None: no end
    """

    template: str
    text: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    url: str = ""
    title: str = ""
    channels: frozenset[Channel] = ALL_CHANNELS
    is_urgent: bool = False
    until: datetime | None = None


def packed(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Return facts as JSON holds them: a moment as {"at": ...}, a day as {"on": ...}."""
    return {name: _packed(value) for name, value in facts.items()}


def unpacked(facts: Mapping[str, Any]) -> dict[str, Fact]:
    """Return the facts that `packed` has written."""
    return {name: _unpacked(value) for name, value in facts.items()}


def _packed(value: Fact) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    return value


def _unpacked(value: Any) -> Fact:
    if isinstance(value, dict):
        if "at" in value:
            return datetime.fromisoformat(value["at"])
        return date.fromisoformat(value["on"])
    return value if isinstance(value, int) else str(value)
