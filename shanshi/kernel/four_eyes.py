"""Four eyes: wherever two people are needed, this says whether they are two."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shanshi.kernel.errors import DomainError


def check_another_person(decider: UUID, hands: Iterable[UUID | None], otherwise: DomainError) -> None:
    """Return nothing: whoever decides had no hand in what is decided.

    hands      everybody who made, changed or handed it in; None where nobody did
    otherwise  the refusal in the words of the room

    Raises otherwise.
    """
    if decider in set(hands):
        raise otherwise
