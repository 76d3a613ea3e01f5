"""Who may look into whose books."""

from __future__ import annotations

from uuid import UUID

from shanshi.foundation.actor import Actor, Role
from shanshi.kernel.errors import Forbidden


def own_books(actor: Actor) -> UUID:
    """Return the holder whose books the actor may read as their own.

    Raises SignInNeeded: nobody is signed in. Forbidden: the person is not a registered volunteer.
    """
    return actor.volunteer()


def all_books(actor: Actor) -> None:
    """Let an auditor or the city's staff look into any book.

    Raises SignInNeeded: nobody is signed in. Forbidden: the actor holds neither role for the city.
    """
    actor.known()
    if not (actor.holds(Role.AUDITOR, ()) or actor.holds(Role.CITY_STAFF, ())):
        raise Forbidden
