"""Who may see or change what about people."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shanshi.foundation.actor import Actor, Role
from shanshi.kernel.errors import Forbidden
from shanshi.registry.rules import AlreadyRegistered

_GIVEN_BY_MANAGER = frozenset({Role.LEADER, Role.CASHIER})


def myself(actor: Actor) -> UUID:
    """Return the person who asks about themself.

    Raises SignInNeeded.
    """
    return actor.known()


def may_register(actor: Actor) -> UUID:
    """Return the person who registers themself as a volunteer.

    Raises SignInNeeded; AlreadyRegistered.
    """
    person_id = actor.known()
    if actor.holder_id is not None:
        raise AlreadyRegistered
    return person_id


def may_grant(actor: Actor, role: Role, lineage: Iterable[str]) -> None:
    """Return nothing: the actor may give or end this role at this place.

    lineage  the place of the role and all places above it, the lowest first

    Raises SignInNeeded, Forbidden. The city's staff gives every role. A manager gives leaders and cashiers at
    their own place and below; managers and reviewers are given by a manager of a place above.
    """
    actor.known()
    places = tuple(lineage)
    if actor.holds(Role.CITY_STAFF, ()):
        return
    above = places if role in _GIVEN_BY_MANAGER else places[1:]
    if role in {Role.CITY_STAFF, Role.AUDITOR} or not actor.holds(Role.MANAGER, above):
        raise Forbidden


def may_look_at_names(actor: Actor, lineage: Iterable[str]) -> None:
    """Return nothing: the actor may see real names of people at a place, and the look is written down.

    lineage  the place and all places above it

    Raises SignInNeeded, Forbidden: only leaders, managers, the city's staff and auditors may.
    """
    actor.known()
    places = tuple(lineage)
    lookers = (Role.LEADER, Role.MANAGER, Role.CITY_STAFF, Role.AUDITOR)
    if not any(actor.holds(role, places) for role in lookers):
        raise Forbidden


def may_manage(actor: Actor, lineage: Iterable[str]) -> None:
    """Return nothing: the actor may make organizations and teams below a place.

    lineage  the place and all places above it

    Raises SignInNeeded, Forbidden.
    """
    actor.known()
    if not (actor.holds(Role.CITY_STAFF, ()) or actor.holds(Role.MANAGER, tuple(lineage))):
        raise Forbidden
