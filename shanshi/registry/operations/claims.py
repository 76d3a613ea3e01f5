"""Claiming values that one person alone may have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from shanshi.foundation import crypto
from shanshi.kernel.ids import new_id
from shanshi.registry.queries import people
from shanshi.registry.rules import ClaimKind


@dataclass(frozen=True, slots=True)
class Wish:
    """A value, its kind, and the person who wants it; since: from when it was theirs, if not from now."""

    kind: ClaimKind
    value: str
    person_id: UUID
    owner_holder_id: UUID
    since: datetime | None = None


def claim(wishes: Sequence[Wish], *, at: datetime) -> list[Wish]:
    """Claim values for people in one statement; return the wishes that were not granted.

    at  when, with a zone

    Waits for others who claim the same values at the same moment. Claims in the order of the values' rows,
    so that two batches never wait for each other.
    """
    indexed = sorted(
        ((crypto.blind_index(wish.kind, wish.value), wish) for wish in wishes), key=lambda pair: pair[0]
    )
    ids = [new_id() for _ in indexed]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO registry_claim (id, holder_id, kind, index, person_id, owner_holder_id, claimed_at)"
            " SELECT c.* FROM unnest("
            "%s::uuid[], %s::uuid[], %s::text[], %s::bytea[], %s::uuid[], %s::uuid[], %s::timestamptz[]) c"
            " ON CONFLICT (holder_id, kind, index) DO NOTHING RETURNING id",
            [
                ids,
                [people.claim_row(index) for index, _ in indexed],
                [wish.kind.value for _, wish in indexed],
                [index for index, _ in indexed],
                [wish.person_id for _, wish in indexed],
                [wish.owner_holder_id for _, wish in indexed],
                [wish.since or at for _, wish in indexed],
            ],
        )
        granted = {row[0] for row in cursor.fetchall()}
    return [wish for key, (_, wish) in zip(ids, indexed, strict=True) if key not in granted]
