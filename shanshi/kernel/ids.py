"""Keys are made by the application: UUIDv7, so that they sort by the time they were made."""

from __future__ import annotations

from uuid import UUID, uuid5

import uuid6

NAMESPACE = UUID("6f1d3a52-5d7e-5c0e-9a53-7368616e7368")


def new_id() -> UUID:
    """Return a new UUIDv7."""
    return UUID(int=uuid6.uuid7().int)


def id_of(*words: object) -> UUID:
    """Return the same UUID for the same words, in this order, for ever.

    words  what the thing is, for example "visit", visit_id, "verified_minute"
    """
    return uuid5(NAMESPACE, "|".join(str(word) for word in words))
