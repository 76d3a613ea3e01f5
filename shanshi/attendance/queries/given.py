"""What service at activities came to, as sums: minutes, coins, how many people and visits; never who."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet, Sum

from shanshi.attendance.models import Visit
from shanshi.attendance.rules import VisitState


@dataclass(frozen=True, slots=True)
class Given:
    """Confirmed service. 60 coin units make one coin."""

    minutes: int = 0
    coin_units: int = 0
    people: int = 0
    visits: int = 0


def given_at(activity_ids: Iterable[UUID] | QuerySet[Any, UUID]) -> Given:
    """Return what confirmed visits at some activities came to together, in one query.

    activity_ids  a list, or a question that is asked in the same statement
    """
    sums = _confirmed(activity_ids).aggregate(**_SUMS, people=Count("holder_id", distinct=True))
    return Given(**sums)


def given_at_each(activity_ids: Iterable[UUID]) -> dict[UUID, Given]:
    """Return the same for each activity, in one query; an activity without any visit is left out."""
    rows = _confirmed(activity_ids).values("activity_id")
    rows = rows.annotate(**_SUMS, people=Count("holder_id", distinct=True)).order_by("activity_id")
    found = rows.values_list("activity_id", "minutes", "coin_units", "people", "visits")
    return {activity_id: Given(*sums) for activity_id, *sums in found}


def _confirmed(activity_ids: Iterable[UUID] | QuerySet[Any, UUID]) -> QuerySet[Visit]:
    wanted = activity_ids if isinstance(activity_ids, QuerySet) else list(activity_ids)
    return Visit.objects.filter(activity_id__in=wanted, state=VisitState.CONFIRMED)


_SUMS = {
    "minutes": Sum("minutes", default=0),
    "coin_units": Sum("coin_units", default=0),
    "visits": Count("id"),
}
