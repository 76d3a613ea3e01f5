"""What was served at shifts, month by month: sums without any person. Never writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, QuerySet, Sum
from django.db.models.functions import TruncMonth

from shanshi.attendance.models import Visit
from shanshi.attendance.rules import VisitState


@dataclass(frozen=True, slots=True)
class Month:
    """What was confirmed of one month.

    first_on  its first day
    minutes   verified
    visits    person-times: one for each visit that was confirmed
    """

    first_on: date
    minutes: int
    visits: int


@dataclass(frozen=True, slots=True)
class Record:
    """What was confirmed in some months together."""

    minutes: int
    visits: int


def months(shift_ids: Iterable[UUID] | QuerySet[Visit, UUID], *, since: date | None = None) -> list[Month]:
    """Return what was confirmed at the shifts in each month of service, the earliest first, in one query.

    shift_ids  ids, or rows of ids that are looked up in the same query
    since      first day, in the city; None: from the beginning
    """
    rows = Visit.objects.filter(shift_id__in=shift_ids, state=VisitState.CONFIRMED.value)
    if since is not None:
        rows = rows.filter(served_on__gte=since)
    by_month = rows.annotate(month=TruncMonth("served_on")).values("month")
    found = by_month.annotate(minutes=Sum("minutes"), visits=Count("id")).order_by("month")
    return [Month(row["month"], int(row["minutes"] or 0), row["visits"]) for row in found]


def in_all(found: Sequence[Month], *, since: date | None = None) -> Record:
    """Return several months together.

    since  only months that begin then or later
    """
    counted = [one for one in found if since is None or one.first_on >= since]
    return Record(sum(one.minutes for one in counted), sum(one.visits for one in counted))
