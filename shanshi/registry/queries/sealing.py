"""Whose second factors are being sealed or opened: allauth's hooks for it know the text alone.

A secret is bound to its owner, so that a row given to somebody else opens for nobody. Whoever calls allauth
with secrets says before whose they are; outside of `factors_of` nothing is sealed or opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

_OWNER: ContextVar[UUID] = ContextVar("owner of second factors")


@contextmanager
def factors_of(person_id: UUID) -> Iterator[None]:
    """Seal and open secrets of second factors as this person's, as long as the block lasts."""
    before = _OWNER.set(person_id)
    try:
        yield
    finally:
        _OWNER.reset(before)


def factor_owner() -> str:
    """Return to whom a secret is bound that is sealed or opened now.

    Raises LookupError: nobody has said whose it is, which is a mistake of this house.
    """
    return f"factor|{_OWNER.get()}"
