"""Erasing an account: every room forgets, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

from django.db import transaction

from shanshi.activities import operations as activities
from shanshi.attendance import operations as attendance
from shanshi.foundation import held
from shanshi.foundation.actor import Actor
from shanshi.notices import operations as notices
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from shanshi.registry.rules import GuardsChild, PersonUnknown
from shanshi.rewards import operations as rewards


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who is erased, by whom and when. `phone` is needed by the fake gateway's outbox alone."""

    person_id: UUID
    holder_id: UUID
    phone: str | None
    by: Actor
    at: datetime


# In this order: coins and places go back while the person is still known; the registry destroys the key last.
# The ledger is not here: its books keep every row under the opaque holder id, or they would not balance.
FORGETTERS: Final[Mapping[str, Callable[[Leaving], object]]] = MappingProxyType(
    {
        "rewards": lambda one: rewards.forget(one.holder_id, by=one.by, at=one.at),
        "activities": lambda one: activities.forget(one.holder_id, by=one.by, at=one.at),
        "attendance": lambda one: attendance.forget(one.holder_id),
        "notices": lambda one: notices.forget(one.holder_id),
        "foundation": lambda one: held.forget(one.person_id, phone=one.phone),
        "registry": lambda one: registry.forget(one.person_id, by=one.by, at=one.at),
    }
)


@transaction.atomic
def erase(person_id: UUID, *, by: Actor, at: datetime) -> bool:
    """Erase an account in every room, and return whether there was one; twice is once.

    What stays belongs to nobody: visits, transfers and redemptions under the opaque holder id, so that the
    books balance and verify; the trail of staff; who looked, for ten years.

    by  the person, or the guardian of a minor
    at  with a time zone

    Raises SignInNeeded; rules.GuardsChild: a child without a phone would be reached by nobody any more.
    Locks waiting redemptions and balances, then shifts with their sign-ups, then the person.
    Source: PIPL art. 47, as in rules of the city, section 3.
    """
    by.known()
    try:
        leaving = Leaving(person_id, people.holder_of(person_id), people.phone_of(person_id), by, at)
    except PersonUnknown:
        return False
    if people.reached_alone(person_id, at=at):
        raise GuardsChild
    for forget in FORGETTERS.values():
        forget(leaving)
    return True
