"""What organizations and divisions have given: how many activities stand where, and which are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shanshi.activities import models
from shanshi.activities.queries.facts import ActivityCard
from shanshi.activities.queries.finding import cards
from shanshi.activities.rules import ActivityState
from shanshi.foundation.paging import page

_LONG = ("description", "risks", "find_text", "find_grams")


@dataclass(frozen=True, slots=True)
class Giving:
    """Whose activities are meant: those that a body leads, or those in a division.

    division_code  the beginning of the code: 330102 finds its subdistricts too
    venues         of a subdistrict, whose activities may be written down under its district
    """

    organization_id: UUID | None = None
    division_code: str = ""
    venues: frozenset[UUID] = frozenset()

    @property
    def rows(self) -> Q:
        """The activities that are meant."""
        if self.organization_id is not None:
            return Q(lead_organization_id=self.organization_id)
        here = Q(division_code__startswith=self.division_code)
        return here | Q(venue_id__in=self.venues) if self.venues else here


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of shifts that were promised: that were public and are over, or were called off."""

    held: int
    cancelled: int

    @property
    def all(self) -> int:
        """How many were promised."""
        return self.held + self.cancelled


def shifts_of(giving: Giving) -> QuerySet[models.Shift, UUID]:
    """Return the ids of all shifts of these activities, as rows for another query to look them up in."""
    return models.Shift.objects.filter(
        activity_id__in=models.Activity.objects.filter(giving.rows).values("id")
    ).values_list("id", flat=True)


def ids_of_all(giving: Giving) -> QuerySet[models.Activity, UUID]:
    """Return the ids of these activities, as rows for another query to look them up in."""
    return models.Activity.objects.filter(giving.rows).values_list("id", flat=True)


def open_now(giving: Giving, *, at: datetime) -> int:
    """Return how many public activities have a shift that is not over.

    at  with a time zone
    """
    ahead = models.Shift.objects.filter(
        activity_id=OuterRef("id"), published_at__isnull=False, cancelled_at__isnull=True, ends_at__gt=at
    )
    rows = models.Activity.objects.filter(giving.rows, state=ActivityState.PUBLISHED, last_ends_at__gt=at)
    return rows.filter(Exists(ahead)).count()


def kept(giving: Giving, *, at: datetime) -> Kept:
    """Return how many public shifts that are over were held, and how many were called off; one query.

    Shifts and not activities: an activity may stand for years.

    at  with a time zone
    """
    promised = models.Shift.objects.filter(id__in=shifts_of(giving), published_at__isnull=False)
    found = promised.aggregate(
        held=Count("id", filter=Q(cancelled_at__isnull=True, ends_at__lte=at)),
        cancelled=Count("id", filter=Q(cancelled_at__isnull=False)),
    )
    return Kept(found["held"], found["cancelled"])


def states(giving: Giving) -> dict[str, int]:
    """Return how many activities stand in which state, every state named, in one query."""
    rows = models.Activity.objects.filter(giving.rows).values_list("state").annotate(count=Count("id"))
    counted = dict(rows)
    return {state.value: counted.get(state.value, 0) for state in ActivityState}


def activities_over(
    giving: Giving, *, at: datetime, cursor: str | None = None, limit: int = 10
) -> tuple[list[ActivityCard], str | None]:
    """Return public activities that are over, the latest first, and the cursor of the next page.

    at     with a time zone
    limit  1 to 200

    Three queries. Raises foundation.paging.CursorUnreadable.
    """
    rows = models.Activity.objects.defer(*_LONG).filter(
        giving.rows, state__in=(ActivityState.PUBLISHED, ActivityState.CLOSED), last_ends_at__lte=at
    )
    found, following = page(rows, order=("-last_ends_at", "-id"), cursor=cursor, limit=limit)
    return cards(found, models.Shift.objects.filter(cancelled_at__isnull=True)), following


def activities_in_state(
    giving: Giving, state: ActivityState, *, cursor: str | None = None, limit: int = 20
) -> tuple[list[ActivityCard], str | None]:
    """Return activities of a state, drafts too, the newest first, and the cursor of the next page.

    limit  1 to 200

    Three queries. Raises foundation.paging.CursorUnreadable.
    """
    rows = models.Activity.objects.defer(*_LONG).filter(giving.rows, state=state)
    found, following = page(rows, order=("-created_at", "-id"), cursor=cursor, limit=limit)
    return cards(found, models.Shift.objects.filter(cancelled_at__isnull=True)), following


def open_by_district(*, at: datetime) -> dict[str, int]:
    """Return how many activities with a shift ahead each district has, its subdistricts included; one query.

    at  with a time zone
    """
    rows = models.Activity.objects.filter(state=ActivityState.PUBLISHED, last_ends_at__gt=at)
    found: dict[str, int] = {}
    for code, count in rows.values_list("division_code").annotate(count=Count("id")):
        found[code[:6]] = found.get(code[:6], 0) + count
    return found
