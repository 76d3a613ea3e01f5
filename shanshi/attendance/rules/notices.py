"""What the room tells people: the wording of its notices."""

from __future__ import annotations

from datetime import date

from shanshi.kernel.errors import N_
from shanshi.notices.rules import IN_APP_ONLY, Message


def minutes_confirmed(activity: str, served_on: date, verified_minutes: int) -> Message:
    """Return what somebody is told whose visits to a shift were confirmed. `served_on`: in the city."""
    return Message(
        template="attendance.minutes_confirmed",
        title=N_("Your hours are confirmed"),
        text=N_("{activity}, {served_on}: {verified_minutes} are in your book."),
        facts={"activity": activity, "served_on": served_on, "verified_minutes": verified_minutes},
        url="/me/visits",
        channels=IN_APP_ONLY,
    )


def coins_expire(held_coins: int, last_on: date) -> Message:
    """Return what somebody is told whose coins can be spent for some days only.

    held_coins  how many, in coin units; last_on: the last day
    """
    return Message(
        template="attendance.coins_expire",
        title=N_("Coins that end soon"),
        text=N_("{held_coins} of yours can be spent until {last_on}; afterwards they are gone."),
        facts={"held_coins": held_coins, "last_on": last_on},
        url="/streets",
    )
