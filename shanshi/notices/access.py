"""Who may see what people were told: everybody their own; of all, only how many, never who."""

from __future__ import annotations

from uuid import UUID

from shanshi.foundation.actor import Actor, Role
from shanshi.foundation.permissions import Permission, Reach, Who

READ_NOTICES = Permission(
    "notice", "read, mark as read", frozenset({Who.SELF}), note="One's own, as volunteer, guardian or staff."
)
SEE_TOTALS = Permission(
    "messages sent",
    "see how many",
    roles={Role.CITY_STAFF: Reach.HERE, Role.AUDITOR: Reach.HERE},
    note="Totals by day, way and state; no names, no addresses, no texts.",
)


def reader(actor: Actor) -> UUID:
    """Return the person who reads the own notices.

    Raises SignInNeeded.
    """
    return actor.known()


def may_see_totals(actor: Actor) -> None:
    """Return nothing: the actor may see how many messages were sent.

    Raises SignInNeeded, Forbidden; SecondFactorNeeded: the role does not hold yet.
    """
    SEE_TOTALS.check(actor)
