"""Who may change places. Everybody may read them."""

from __future__ import annotations

from shanshi.foundation.actor import Actor, Role
from shanshi.kernel.errors import Forbidden


def may_add(actor: Actor) -> None:
    """Return nothing: the actor may add divisions, venues, stations and streets.

    Raises SignInNeeded, Forbidden: only the city's staff may.
    """
    actor.known()
    if not actor.holds(Role.CITY_STAFF, ()):
        raise Forbidden
