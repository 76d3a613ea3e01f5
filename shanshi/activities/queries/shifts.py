"""Questions about shifts; never write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from shanshi.activities import models
from shanshi.activities.queries.facts import PositionFacts, ShiftFacts
from shanshi.activities.rules import ActivityKind, ActivityState, SignUpState
from shanshi.activities.rules.shifts import ShiftMissing
from shanshi.foundation.actor import CITY
from shanshi.registry import queries as registry

# What one desk shows at most.
DESK: Final = 300


def shift(shift_id: UUID) -> ShiftFacts:
    """Return a shift with its activity, positions and lineage, in three queries.

    Raises ShiftMissing.
    """
    found = shifts([shift_id])
    if not found:
        raise ShiftMissing
    return found[0]


def shifts(shift_ids: Iterable[UUID]) -> list[ShiftFacts]:
    """Return those of the shifts that exist, by start and id, in three queries however many they are."""
    rows = models.Shift.objects.filter(id__in=list(shift_ids))
    return with_activities(rows)


def with_activities(rows: QuerySet[models.Shift], *, limit: int | None = None) -> list[ShiftFacts]:
    """Return the selected shifts as facts, by start and id, in three queries."""
    found = list(rows.select_related("activity", "activity__program").order_by("starts_at", "id")[:limit])
    places = positions({row.activity_id for row in found})
    organizations = registry.organizations({row.activity.lead_organization_id for row in found})
    return [
        facts_of(row, places[row.activity_id], organizations[row.activity.lead_organization_id].lineage)
        for row in found
    ]


def positions(activity_ids: Iterable[UUID]) -> Mapping[UUID, tuple[PositionFacts, ...]]:
    """Return the positions of each activity, in one query; an activity without any has none."""
    found: dict[UUID, tuple[PositionFacts, ...]] = defaultdict(tuple)
    for row in models.Position.objects.filter(activity_id__in=list(activity_ids)).order_by("id"):
        position = PositionFacts(float(row.latitude), float(row.longitude), row.radius_m, row.name)
        found[row.activity_id] = (*found[row.activity_id], position)
    return found


def facts_of(
    row: models.Shift, places: tuple[PositionFacts, ...], organization_lineage: tuple[str, ...]
) -> ShiftFacts:
    """Return one row as facts; its activity and program must be at hand."""
    activity = row.activity
    return ShiftFacts(
        id=row.id,
        activity_id=row.activity_id,
        title=activity.title,
        name=row.name,
        kind=ActivityKind(activity.kind),
        state=ActivityState(activity.state),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        capacity=row.capacity,
        taken=row.taken,
        waiting=row.waiting,
        positions=places,
        lineage=(f"shift:{row.id}", *team_place(activity), *organization_lineage),
        organization_id=activity.lead_organization_id,
        place_text=activity.place_text,
        division_code=activity.division_code,
        earns_red_points=activity.program is not None and activity.program.earns_red_points,
        created_by=row.created_by,
        published_at=row.published_at,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
        cancelled_at=row.cancelled_at,
        source=row.source,
        series_id=row.series_id,
    )


def team_place(activity: models.Activity) -> tuple[str, ...]:
    """Return the team in whose name an activity is, as the places of a lineage; none without a team."""
    return (f"team:{activity.team_id}",) if activity.team_id is not None else ()


def shifts_placed_around(
    holder_id: UUID, at: datetime, *, before_minutes: int, after_minutes: int
) -> list[ShiftFacts]:
    """Return the shifts that somebody has a place on and whose doors are open now, by start.

    at              with a time zone
    before_minutes  how long before the start the doors open (policy "check_in")
    after_minutes   how long after the end they stay open
    """
    placed = models.SignUp.objects.filter(
        holder_id=holder_id,
        state=SignUpState.PLACED,
        starts_at__lte=at + timedelta(minutes=before_minutes),
        ends_at__gte=at - timedelta(minutes=after_minutes),
    )
    return shifts(placed.values_list("shift_id", flat=True))


def open_shifts_of(holder_id: UUID, at: datetime) -> list[ShiftFacts]:
    """Return the shifts that somebody has a place on and that are not over, by start.

    at  with a time zone
    """
    placed = models.SignUp.objects.filter(holder_id=holder_id, state=SignUpState.PLACED, ends_at__gt=at)
    return shifts(placed.values_list("shift_id", flat=True))


def shifts_led(
    places: Iterable[str], *, since: datetime, until: datetime, limit: int = DESK
) -> list[ShiftFacts]:
    """Return the published shifts at or below the places, by start.

    places        "shift:<uuid>", "team:<uuid>", "organization:<uuid>", "division:<code>", "city"
    since, until  shifts that touch this time; with a time zone
    limit         the earliest ones only
    """
    wanted = list(places)
    rows = models.Shift.objects.filter(
        ends_at__gt=since, starts_at__lt=until, published_at__isnull=False, cancelled_at__isnull=True
    )
    if CITY not in wanted:
        rows = rows.filter(
            Q(activity__lead_organization__lineage__overlap=wanted)
            | Q(activity__team_id__in=ids_of("team", wanted))
            | Q(id__in=ids_of("shift", wanted))
        )
    return with_activities(rows, limit=limit)


def ids_of(kind: str, places: Iterable[str]) -> list[UUID]:
    """Return the ids of the places of one kind."""
    pairs = (place.partition(":") for place in places)
    return [UUID(name) for found, _, name in pairs if found == kind]
