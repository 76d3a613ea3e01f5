"""Who may look into whose books."""

from __future__ import annotations

from uuid import UUID

from shanshi.foundation.actor import Actor, Role
from shanshi.foundation.permissions import Permission, Reach, Who

SEE_OWN_BOOKS = Permission(
    "books", "see", frozenset({Who.VOLUNTEER}), note="One's own balances and transfers only."
)
READ_BOOKS = Permission(
    "books",
    "read and verify",
    roles={Role.CITY_STAFF: Reach.HERE, Role.AUDITOR: Reach.HERE},
    note="Holders stand in them without names.",
)


def own_books(actor: Actor) -> UUID:
    """Return the holder whose books the actor may read as their own.

    Raises SignInNeeded: nobody is signed in. Forbidden: the person is not a registered volunteer.
    """
    return actor.volunteer()


def all_books(actor: Actor) -> None:
    """Let an auditor or the city's staff look into any book.

    Raises SignInNeeded: nobody is signed in. Forbidden: the actor holds neither role for the city.
    """
    READ_BOOKS.check(actor)
