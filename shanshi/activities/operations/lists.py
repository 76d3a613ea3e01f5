"""Many drafts at once, and what a list has made taken back. The rules are those of the single operations."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from shanshi.activities import models, rules
from shanshi.activities.operations.drafting import (
    activity_row,
    check_work,
    locate,
    organizations,
    organizer_rows,
    position_rows,
)
from shanshi.activities.operations.shifts import shift_row
from shanshi.activities.operations.sign_ups import locked_shift, promote
from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.foundation.models import AuditEntry

_BATCH = 500
Drafts = Sequence[tuple[rules.ActivityDraft, Sequence[rules.ShiftDraft]]]


@transaction.atomic
def draft_many(
    rows: Drafts,
    *,
    place: str,
    by: Actor,
    at: datetime,
    source: str,
    told: Callable[[int], None] = lambda done: None,
) -> list[UUID]:
    """Make drafts with their shifts, all or none, and return their ids in order.

    place  for whom, for the trail: "organization:<uuid>"
    at     with a time zone; each shift must start later
    told   called with how many are done

    Raises, for the first row that is wrong, what create and add_shifts refuse.
    """
    for draft, shifts in rows:
        rules.check_draft(draft)
        for shift in shifts:
            rules.check_shift(shift, at=at)
    bodies = organizations(draft for draft, _ in rows)
    check_work(draft for draft, _ in rows)
    made: list[UUID] = []
    for start in range(0, len(rows), _BATCH):
        activities, organizers, positions, planned = [], [], [], []
        for draft, shifts in rows[start : start + _BATCH]:
            activity = activity_row(draft, bodies, by=by, at=at, source=source)
            activity.first_starts_at = min(shift.starts_at for shift in shifts)
            activity.last_ends_at = max(shift.ends_at for shift in shifts)
            activities.append(activity)
            organizers += organizer_rows(activity.id, draft)
            positions += position_rows(activity.id, draft)
            planned += [shift_row(activity.id, shift, by=by, at=at, source=source) for shift in shifts]
        locate(activities, [draft for draft, _ in rows[start : start + _BATCH]])
        models.Activity.objects.bulk_create(activities)
        models.Organizer.objects.bulk_create(organizers)
        models.Position.objects.bulk_create(positions)
        models.Shift.objects.bulk_create(planned)
        made += [activity.id for activity in activities]
        told(len(made))
    audit.record("activities.draft_many", place, by=by, at=at, after={"activities": len(made)})
    return made


@transaction.atomic
def undraft_many(activity_ids: Collection[UUID], *, place: str, by: Actor, at: datetime) -> set[UUID]:
    """Delete drafts that nobody has worked on since `draft_many`, and return those.

    place  as in `draft_many`
    at     with a time zone

    Locks the activities.
    """
    rows = models.Activity.objects.filter(
        id__in=activity_ids, state=rules.ActivityState.DRAFT, submitted_at=None, published_at=None
    )
    ours = set(rows.select_for_update(no_key=True).values_list("id", flat=True))
    things = {f"activity:{one}": one for one in ours}
    worked_on = AuditEntry.objects.filter(thing__in=list(things)).values_list("thing", flat=True)
    gone = ours - {things[thing] for thing in worked_on}
    gone -= set(models.SignUp.objects.filter(activity_id__in=gone).values_list("activity_id", flat=True))
    for model in (models.Shift, models.Organizer, models.Position):
        inside = model._default_manager.filter(activity_id__in=gone)
        inside._raw_delete(inside.db)
    drafts = models.Activity.objects.filter(id__in=gone)
    drafts._raw_delete(drafts.db)
    audit.record(
        "activities.undraft_many",
        place,
        by=by,
        at=at,
        after={"activities": len(gone), "stay": len(activity_ids) - len(gone)},
    )
    return gone


def wait_for(holder_ids: Collection[UUID]) -> None:
    """Return once nobody signs any of these people up, until this transaction ends.

    Locks the people as a single sign-up does, in the order of their keys.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(key) FROM ("
            "SELECT hashtextextended('activities|' || holder::text, 0)"
            " AS key FROM unnest(%s::uuid[]) AS holder ORDER BY 1) AS keys",
            [list(holder_ids)],
        )


@transaction.atomic
def displace_many(shift_id: UUID, holder_ids: Collection[UUID], *, by: Actor, at: datetime) -> set[UUID]:
    """Take back the places that a list has given on a shift that has not begun; return whose.

    Each place goes to the next who waits.

    at  with a time zone

    Raises ShiftMissing. Locks the shift, then its sign-ups.
    """
    activity_id = (
        models.Shift.objects.filter(id=shift_id).values_list("activity_id", flat=True).first() or shift_id
    )
    shift = locked_shift(activity_id, shift_id)
    rows = models.SignUp.objects.filter(
        activity_id=activity_id,
        shift_id=shift_id,
        holder_id__in=holder_ids,
        state=rules.SignUpState.PLACED,
        starts_at__gt=at,
    )
    gone = set(rows.select_for_update().values_list("holder_id", flat=True))
    if gone:
        rows.filter(holder_id__in=gone).update(
            state=rules.SignUpState.CANCELLED, ended_at=at, ended_by=by.known()
        )
        shift.taken -= len(gone)
        shift.save(update_fields=["taken"])
        promote(shift, at=at)
    audit.record(
        "activities.displace_many",
        f"shift:{shift_id}",
        by=by,
        at=at,
        after={"people": len(gone), "stay": len(holder_ids) - len(gone)},
    )
    return gone


def note_placed(shift_id: UUID, people: int, *, by: Actor, at: datetime) -> None:
    """Write on the trail that somebody has put people on a roster by a list.

    at  with a time zone
    """
    audit.record("activities.place_many", f"shift:{shift_id}", by=by, at=at, after={"people": people})
