"""Questions about the volunteer service that stands behind offers of merchants; never write."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from shanshi.activities import models
from shanshi.activities.queries.facts import ShiftFacts
from shanshi.activities.queries.shifts import with_activities
from shanshi.activities.rules import ActivityKind, ActivityState


def published_services(activity_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return which of the activities are service that a reviewer has published, in one query."""
    rows = models.Activity.objects.filter(
        id__in=list(activity_ids), kind=ActivityKind.SERVICE, state=ActivityState.PUBLISHED
    )
    return frozenset(rows.values_list("id", flat=True))


def services_of(organization_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the titles of the services that bodies plan or give, by id and not the closed ones, by title."""
    rows = models.Activity.objects.filter(
        organizers__organization_id__in=organization_ids,
        kind=ActivityKind.SERVICE,
        state__in=[ActivityState.DRAFT, ActivityState.SUBMITTED, ActivityState.PUBLISHED],
    )
    return dict(rows.order_by("title", "id").values_list("id", "title").distinct()[:200])


def shifts_ahead(activity_ids: Iterable[UUID], *, since: datetime, limit: int = 60) -> list[ShiftFacts]:
    """Return the published shifts of activities that have not begun, by start, in three queries.

    since  with a time zone
    limit  the earliest ones only
    """
    rows = models.Shift.objects.filter(
        activity_id__in=list(activity_ids),
        activity__state=ActivityState.PUBLISHED,
        published_at__isnull=False,
        cancelled_at__isnull=True,
        starts_at__gt=since,
    )
    return with_activities(rows, limit=limit)


def activities_in(division_code: str) -> QuerySet[models.Activity, UUID]:
    """Return the ids of the activities in a division or below it, to be asked about in one statement.

    division_code  GB/T 2260, 6 or 9 digits
    """
    within = Q(division_code__startswith=division_code)
    return models.Activity.objects.filter(within).values_list(F("id"), flat=True)
