"""What a leader may tell everybody on a roster. Plain Python: no tables, no clock."""

from __future__ import annotations

from typing import Final

from shanshi.activities.rules.texts import check_writable
from shanshi.kernel.errors import N_, DomainError, Invalid

LONGEST: Final = 200
MOST_A_DAY: Final = 5
# The wording around the leader's own words.
ROSTER_TEXT: Final = N_("From the leader of {title}: {text}")


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


def checked_text(text: str) -> str:
    """Return a message to a roster, without spaces around it.

    Raises RosterTextInvalid, TextUnwritable.
    """
    clean = text.strip()
    if not 1 <= len(clean) <= LONGEST:
        raise RosterTextInvalid(most=LONGEST)
    check_writable(clean)
    return clean
