"""Questions about the booths of an event; never write."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shanshi.activities import models
from shanshi.activities.queries.shifts import team_place
from shanshi.activities.rules import ActivityState
from shanshi.activities.rules.booths import BoothMissing
from shanshi.registry import queries as registry


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
