"""What a leader may tell everybody on a roster. Plain Python: no tables, no clock."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from shanshi.activities.rules.texts import check_writable
from shanshi.kernel.errors import N_, DomainError, Invalid
from shanshi.notices.rules import Message

LONGEST: Final = 200
MOST_A_DAY: Final = 5


class RosterTextInvalid(Invalid):
    """The message is empty, or too long for a phone."""

    code = "activities.roster_text_invalid"
    says = N_("A message needs 1 to {most} characters.")
    way = N_("Say in a sentence what the volunteers must know.")


class RosterEmpty(DomainError):
    """Nobody would read the message."""

    code = "activities.roster_empty"
    says = N_("Nobody has a place on this shift, so nobody would read the message.")
    way = N_("Wait until somebody has signed up.")


class RosterToldOften(DomainError):
    """The shift's roster was told enough for a day."""

    code = "activities.roster_told_often"
    says = N_("This roster got {most} messages today; that is the limit.")
    way = N_("Say it tomorrow, or tell the volunteers at the door.")


def roster_message(title: str, text: str, activity_id: UUID, *, until: datetime) -> Message:
    """Return what people on a roster are told: a leader's own words.

    until  the end of the shift, with a time zone; afterwards nobody need read it
    """
    return Message(
        template="activities.roster_message",
        title=N_("A message from your leader"),
        text=N_("{activity}: {words}"),
        facts={"activity": title, "words": text},
        url=f"/activities/{activity_id}",
        until=until,
    )


def checked_text(text: str) -> str:
    """Return a message to a roster, without spaces around it.

    Raises RosterTextInvalid, TextUnwritable.
    """
    clean = text.strip()
    if not 1 <= len(clean) <= LONGEST:
        raise RosterTextInvalid(most=LONGEST)
    check_writable(clean)
    return clean
