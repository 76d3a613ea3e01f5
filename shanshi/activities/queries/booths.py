"""Questions about the booths of an event; never write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Q

from shanshi.activities import models
from shanshi.activities.queries.shifts import ids_of, team_place
from shanshi.activities.rules import ActivityState
from shanshi.activities.rules.booths import BoothMissing
from shanshi.foundation.actor import CITY
from shanshi.registry import queries as registry

MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class BoothFacts:
    """A stand of an event.

    organization_name  who keeps it; empty where the event's own people do
    """

    id: UUID
    activity_id: UUID
    name: str
    says: str
    organization_id: UUID | None
    organization_name: str


@dataclass(frozen=True, slots=True)
class BoothDoor:
    """A booth as its door needs it.

    state    of the event
    lineage  of the event: the team in whose name it is, the leading organizer and all places above it
    keepers  of the booth: its own organization and all places above it; empty where the event keeps it
    """

    booth: BoothFacts
    title: str
    state: ActivityState
    is_public: bool
    lineage: tuple[str, ...]
    keepers: tuple[str, ...]


def booths(activity_id: UUID) -> list[BoothFacts]:
    """Return the booths of an event in their order, in one query."""
    rows = models.Booth.objects.select_related("organization").filter(activity_id=activity_id)
    return [_facts(row) for row in rows.order_by("rank")]


def booth(booth_id: UUID) -> BoothDoor:
    """Return a booth with the places of its event and of its keepers.

    Raises BoothMissing.
    """
    row = models.Booth.objects.select_related("organization").filter(id=booth_id).first()
    event = (
        models.Activity.objects.select_related("team").filter(id=row.activity_id).first()
        if row is not None
        else None
    )
    if row is None or event is None:
        raise BoothMissing
    wanted = {event.lead_organization_id, *([row.organization_id] if row.organization_id else [])}
    bodies = registry.organizations(wanted)
    return BoothDoor(
        booth=_facts(row),
        title=event.title,
        state=ActivityState(event.state),
        is_public=event.published_at is not None,
        lineage=(*team_place(event), *bodies[event.lead_organization_id].lineage),
        keepers=bodies[row.organization_id].lineage if row.organization_id else (),
    )


def _facts(row: models.Booth) -> BoothFacts:
    return BoothFacts(
        id=row.id,
        activity_id=row.activity_id,
        name=row.name,
        says=row.says,
        organization_id=row.organization_id,
        organization_name=row.organization.name if row.organization is not None else "",
    )


def booth_counts(activity_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Return how many booths each event has, in one query; activities without any are left out."""
    rows = models.Booth.objects.filter(activity_id__in=list(activity_ids)).values_list("activity_id")
    return dict(rows.annotate(booths=Count("id")).order_by("activity_id"))


def booths_to_run(places: Iterable[str], *, since: datetime) -> list[tuple[BoothFacts, str, datetime]]:
    """Return the booths of public events that are run at or below some places, with the event and its begin.

    places  "team:<uuid>", "organization:<uuid>", "division:<code>", "city"
    since   events that were over by then are left out; with a time zone

    The next event first, its booths in order; two queries.
    """
    wanted = list(places)
    events = models.Activity.objects.filter(state=ActivityState.PUBLISHED, last_ends_at__gt=since)
    rows = models.Booth.objects.select_related("organization").filter(activity_id__in=events.values("id"))
    if CITY not in wanted:
        led = events.filter(
            Q(lead_organization__lineage__overlap=wanted) | Q(team__in=ids_of("team", wanted))
        )
        rows = rows.filter(Q(activity_id__in=led.values("id")) | Q(organization__lineage__overlap=wanted))
    found = list(rows.order_by("activity_id", "rank")[:MOST_SHOWN])
    begins = {
        event.id: event
        for event in events.filter(id__in={row.activity_id for row in found}).only("title", "first_starts_at")
    }
    listed = [
        (_facts(row), begins[row.activity_id].title, begins[row.activity_id].first_starts_at or since)
        for row in found
    ]
    return sorted(listed, key=lambda one: one[2])
