"""What rosters were told; never writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shanshi.activities import models


@dataclass(frozen=True, slots=True)
class RosterMessageFacts:
    """One message of a leader to a roster, and how many people it went to."""

    id: UUID
    text: str
    people: int
    sent_at: datetime


def messages_of(activity_id: UUID, shift_id: UUID, *, limit: int = 20) -> list[RosterMessageFacts]:
    """Return what the roster of a shift was told, the latest first, in one query."""
    rows = models.RosterMessage.objects.filter(activity_id=activity_id, shift_id=shift_id)
    return [
        RosterMessageFacts(row.id, row.text, row.people, row.sent_at)
        for row in rows.order_by("-sent_at")[:limit]
    ]
