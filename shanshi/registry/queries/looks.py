"""Who looked at whose identity, as what, when and why; never what they saw."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from shanshi.registry import models
from shanshi.registry.queries import people

NEWEST_LOOKS_FIRST = ("-looked_at", "-id")
MOST_LOOKS = 200


@dataclass(frozen=True, slots=True)
class LookFacts:
    """One look at one field of one person.

    capacity  the role and its place, "leader organization:<uuid>"; empty for looks before that was kept
    """

    id: UUID
    holder_id: UUID
    field: str
    purpose: str
    note: str
    capacity: str
    looked_at: datetime
    looked_by: UUID


def looks(
    *,
    holder_id: UUID | None = None,
    looked_by: UUID | None = None,
    purpose: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[models.IdentityLook]:
    """Return rows of looks, for paging in NEWEST_LOOKS_FIRST; `look_facts` reads a row.

    since, until  with a time zone; the second is not included
    """
    wanted = {
        "holder_id": holder_id,
        "looked_by": looked_by,
        "purpose": purpose or None,
        "looked_at__gte": since,
        "looked_at__lt": until,
    }
    return models.IdentityLook.objects.filter(
        **{name: value for name, value in wanted.items() if value is not None}
    )


def look_facts(row: models.IdentityLook) -> LookFacts:
    """Return a row of `looks` as plain values."""
    return LookFacts(
        row.pk, row.holder_id, row.field, row.purpose, row.note, row.capacity, row.looked_at, row.looked_by
    )


def seen_by(person_id: UUID) -> list[LookFacts]:
    """Return who looked at a person's identity, the latest first, at most 200.

    Raises rules.PersonUnknown: nobody, or erased.
    """
    rows = looks(holder_id=people.holder_of(person_id)).order_by(*NEWEST_LOOKS_FIRST)[:MOST_LOOKS]
    return [look_facts(row) for row in rows]
