"""Changes to the booths of an event; one transaction each, and each locks the event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from shanshi.activities import models
from shanshi.activities.operations.drafting import locked
from shanshi.activities.rules import ActivityState
from shanshi.activities.rules import booths as rules
from shanshi.activities.rules.booths import BoothDraft
from shanshi.activities.rules.drafts import OrganizerUnknown
from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.registry import queries as registry

__all__ = ["BoothDraft", "add_booths", "change_booth", "remove_booth"]


@transaction.atomic
def add_booths(
    activity_id: UUID, drafts: Sequence[BoothDraft], *, by: Actor, at: datetime, source: str = "platform"
) -> list[UUID]:
    """Add booths behind those that an event has, and return their ids in order.

    at  with a time zone

    Raises BoothInvalid, OrganizerUnknown, ActivityMissing, EventOver, TooManyBooths, BoothNameTaken. Locks
    the activity.
    """
    for draft in drafts:
        rules.check_booth(draft)
    bodies = {draft.organization_id for draft in drafts if draft.organization_id is not None}
    if not bodies <= set(registry.organizations(bodies)):
        raise OrganizerUnknown
    event = locked(activity_id)
    rules.check_keeps(ActivityState(event.state))
    there = models.Booth.objects.filter(activity_id=event.id)
    names = set(there.values_list("name", flat=True))
    if len(names) + len(drafts) > rules.MOST_BOOTHS:
        raise rules.TooManyBooths(most=rules.MOST_BOOTHS)
    for draft in drafts:
        if draft.name.strip() in names:
            raise rules.BoothNameTaken(name=draft.name.strip())
        names.add(draft.name.strip())
    last = there.aggregate(last=Max("rank"))["last"]
    rows = [
        models.Booth(
            activity_id=event.id,
            name=draft.name.strip(),
            says=draft.says.strip(),
            organization_id=draft.organization_id,
            rank=rank,
            source=source,
        )
        for rank, draft in enumerate(drafts, start=0 if last is None else last + 1)
    ]
    models.Booth.objects.bulk_create(rows)
    for row in rows:
        audit.record("activities.add_booth", f"activity:{event.id}", by=by, at=at, after=_told(row))
    return [row.id for row in rows]


@transaction.atomic
def change_booth(booth_id: UUID, draft: BoothDraft, *, by: Actor, at: datetime) -> None:
    """Let a booth say something else.

    at  with a time zone

    Raises BoothInvalid, OrganizerUnknown, BoothMissing, EventOver, BoothNameTaken. Locks the activity.
    """
    rules.check_booth(draft)
    if draft.organization_id and draft.organization_id not in registry.organizations([draft.organization_id]):
        raise OrganizerUnknown
    row, event = _locked(booth_id)
    rules.check_keeps(ActivityState(event.state))
    name = draft.name.strip()
    if models.Booth.objects.filter(activity_id=event.id, name=name).exclude(id=row.id).exists():
        raise rules.BoothNameTaken(name=name)
    before = _told(row)
    row.name, row.says, row.organization_id = name, draft.says.strip(), draft.organization_id
    row.save(update_fields=["name", "says", "organization"])
    audit.record(
        "activities.change_booth", f"activity:{event.id}", by=by, at=at, before=before, after=_told(row)
    )


@transaction.atomic
def remove_booth(booth_id: UUID, *, by: Actor, at: datetime) -> None:
    """Take a booth away from an event that has not begun.

    at  with a time zone

    Raises BoothMissing, EventOver, EventBegun. Locks the activity.
    """
    row, event = _locked(booth_id)
    rules.check_removes(ActivityState(event.state), event.first_starts_at, at=at)
    audit.record("activities.remove_booth", f"activity:{event.id}", by=by, at=at, before=_told(row))
    row.delete()


def _locked(booth_id: UUID) -> tuple[models.Booth, models.Activity]:
    activity_id = models.Booth.objects.filter(id=booth_id).values_list("activity_id", flat=True).first()
    if activity_id is None:
        raise rules.BoothMissing
    event = locked(activity_id)
    row = models.Booth.objects.filter(id=booth_id, activity_id=activity_id).first()
    if row is None:
        raise rules.BoothMissing
    return row, event


def _told(row: models.Booth) -> dict[str, object]:
    body = row.organization_id
    return {"booth": str(row.id), "name": row.name, "says": row.says, "organization": body and str(body)}
