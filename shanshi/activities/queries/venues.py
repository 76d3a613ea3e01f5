"""What is given at a venue; never writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from shanshi.activities import models
from shanshi.activities.queries.facts import ShiftFacts
from shanshi.activities.queries.shifts import with_activities
from shanshi.activities.rules import ActivityState


def shifts_at(
    venue_ids: Collection[UUID], *, at: datetime, until: datetime, limit: int = 600
) -> dict[UUID, list[ShiftFacts]]:
    """Return the public shifts at each venue that are not over, the next first, in four queries.

    at, until  with a time zone; shifts that start before `until`
    limit      of all together
    """
    venues = dict(
        models.Activity.objects.filter(
            state=ActivityState.PUBLISHED, venue_id__in=list(venue_ids), last_ends_at__gt=at
        ).values_list("id", "venue_id")
    )
    rows = models.Shift.objects.filter(
        activity_id__in=list(venues),
        published_at__isnull=False,
        cancelled_at__isnull=True,
        ends_at__gt=at,
        starts_at__lt=until,
    )
    found: dict[UUID, list[ShiftFacts]] = defaultdict(list)
    for shift in with_activities(rows, limit=limit):
        venue_id = venues[shift.activity_id]
        if venue_id is not None:
            found[venue_id].append(shift)
    return dict(found)
