"""What an organizer has to show for itself: what it held and called off, the hours, what people say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.cache import cache

from shanshi.activities.queries import bodies as given
from shanshi.activities.queries.bodies import Giving, Kept
from shanshi.attendance.queries import evaluations, records
from shanshi.attendance.queries.evaluations import Evaluated

# Sums over years of visits; a page may be as old as this.
KEPT_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class OrganizerRecord:
    """The record of a body that leads activities.

    evaluated  its `score` is there from five evaluations on
    """

    kept: Kept
    minutes: int
    evaluated: Evaluated

    @property
    def cancelled_per_cent(self) -> int | None:
        """What share was called off, rounded up, so that one is never none; None before anything was due."""
        return -(-self.kept.cancelled * 100 // self.kept.all) if self.kept.all else None


def organizer_record(organization_id: UUID, *, at: datetime) -> OrganizerRecord:
    """Return the record of a body, at most five minutes old; three queries, or none.

    at  with a time zone
    """
    key = f"portal.organizer.{organization_id}"
    found: OrganizerRecord | None = cache.get(key)
    if found is None:
        giving = Giving(organization_id=organization_id)
        found = OrganizerRecord(
            kept=given.kept(giving, at=at),
            minutes=records.in_all(records.months(given.shifts_of(giving))).minutes,
            evaluated=evaluations.evaluated_together(given.ids_of_all(giving)),
        )
        cache.set(key, found, KEPT_SECONDS)
    return found
