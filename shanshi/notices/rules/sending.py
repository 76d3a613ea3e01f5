"""When a message may go out, and how often it is tried. The hours are values of the policy `notices`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

from shanshi.kernel.decisions import Decision
from shanshi.kernel.quantities import CITY_ZONE


class State(StrEnum):
    """What became of one message on one way.

    WAITING  its time has not come, or it is tried again
    SENDING  handed to the gateway at this moment
    SENT     the gateway took it over
    REFUSED  the gateway serves no such address
    FAILED   tried as often as the policy says
    UNKNOWN  the gateway's answer did not come: perhaps it was sent, so it is never sent again
    DROPPED  nobody needs it any more: too late, read already, or the consent or the address is gone
    """

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    DROPPED = "dropped"


ENDED: Final = frozenset({State.SENT, State.REFUSED, State.FAILED, State.UNKNOWN, State.DROPPED})
_HOURS = 24


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of the city in which nothing is sent, from one full hour to another, mostly over midnight."""

    from_hour: int
    to_hour: int

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Quiet:
        """Return the hours of a version of the policy `notices`."""
        return cls(values["quiet_from_hour"], values["quiet_to_hour"])

    def holds(self, at: datetime) -> bool:
        """Whether nothing is sent at a moment with a zone: the first hour counts, the last does not."""
        hour = at.astimezone(CITY_ZONE).hour
        if self.from_hour <= self.to_hour:
            return self.from_hour <= hour < self.to_hour
        return hour >= self.from_hour or hour < self.to_hour


def leaves_at(at: datetime, quiet: Quiet, *, is_urgent: bool) -> datetime:
    """Return when a message may go out that was written at a moment: at once, or when the quiet hours end.

    at  with a time zone

    Source: the policy `notices` in force.
    """
    if is_urgent or not quiet.holds(at):
        return at
    here = at.astimezone(CITY_ZONE)
    morning = datetime.combine(here.date(), time(quiet.to_hour % _HOURS), CITY_ZONE)
    return morning if morning > here else morning + timedelta(days=1)


def next_try_at(at: datetime, tries: int, values: Mapping[str, Any]) -> datetime | None:
    """Return when a message is tried again that did not go out; None: never.

    at      of the last try, with a time zone
    tries   how many there were, 1 or more
    values  of the policy `notices`: each pause is as long again as the one before
    """
    if tries >= values["tries"]:
        return None
    return at + timedelta(minutes=values["first_pause_minutes"] * 2 ** (tries - 1))


def decide_notices(facts: Mapping[str, Any], values: Mapping[str, Any]) -> Decision:
    """Decide when a message goes out, and when it is tried again after it did not.

    facts   written_at; is_urgent; tries: how many have failed
    values  of the policy `notices`
    """
    quiet = Quiet.of(values)
    urgent = bool(facts.get("is_urgent", False))
    leaves = leaves_at(facts["written_at"], quiet, is_urgent=urgent)
    outcome: dict[str, Any] = {"leaves_at": leaves, "waits": leaves > facts["written_at"]}
    tries = facts.get("tries", 0)
    if tries:
        again = next_try_at(facts["written_at"], tries, values)
        outcome["tried_again_at"] = again and leaves_at(again, quiet, is_urgent=urgent)
    return Decision(outcome)
