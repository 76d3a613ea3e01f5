"""How much there is to do."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

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


def shifts_of_day(since: datetime, until: datetime) -> QuerySet[models.Shift, UUID]:
    """Return the ids of shifts that begin in a time, as rows for another question.

    since, until  with a time zone; the second is not included
    """
    return models.Shift.objects.filter(starts_at__gte=since, starts_at__lt=until).values_list("pk", flat=True)
