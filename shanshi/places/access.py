"""Who may change places. Everybody may read them."""

from __future__ import annotations

from shanshi.foundation.actor import Actor, Role
from shanshi.foundation.permissions import Permission, Reach

ADD_PLACE = Permission("division, venue, station, street", "add", roles={Role.CITY_STAFF: Reach.HERE})


def may_add(actor: Actor) -> None:
    """Return nothing: the actor may add divisions, venues, stations and streets.

    Raises SignInNeeded, Forbidden: only the city's staff may.
    """
    ADD_PLACE.check(actor)
