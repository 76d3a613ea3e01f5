"""How much there is to do."""

from __future__ import annotations

from datetime import datetime

from shanshi.activities import models
from shanshi.activities.rules import ActivityState


def shifts_open(since: datetime, until: datetime) -> int:
    """Return how many shifts for which one can sign up begin in a time.

    since, until  with a time zone; the second is not included
    """
    return models.Shift.objects.filter(
        activity__state=ActivityState.PUBLISHED,
        published_at__isnull=False,
        cancelled_at__isnull=True,
        starts_at__gte=since,
        starts_at__lt=until,
    ).count()
