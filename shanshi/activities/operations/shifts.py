"""Adding, changing, cancelling and confirming shifts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from shanshi.activities import models, rules
from shanshi.activities.operations.drafting import locked
from shanshi.activities.operations.sign_ups import end_all, locked_shift, promote
from shanshi.activities.operations.steps import checked_reason, draft_of
from shanshi.activities.rules import shifts as shift_rules
from shanshi.activities.rules import states
from shanshi.activities.rules.recurrence import MOST_AT_ONCE, SeriesTooLong
from shanshi.foundation import audit
from shanshi.foundation.actor import Actor

State = rules.ActivityState


@dataclass(frozen=True, slots=True)
class ShiftChange:
    """What of a shift becomes different; None leaves it. Times carry a zone."""

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    capacity: int | None = None


@transaction.atomic
def add_shifts(
    activity_id: UUID,
    drafts: Sequence[rules.ShiftDraft],
    *,
    by: Actor,
    at: datetime,
    source: str = "platform",
) -> list[UUID]:
    """Add shifts and return their ids, in order. On a published activity they wait for a reviewer.

    at  with a time zone; each shift must start later

    Raises SeriesTooLong: more than 200; what rules.check_shift refuses, ActivityMissing, the state when it
    takes no shifts.
    Source: rules of hours, "made in real time". Locks the activity.
    """
    if source == "platform" and len(drafts) > MOST_AT_ONCE:
        raise SeriesTooLong(most=MOST_AT_ONCE)
    for draft in drafts:
        rules.check_shift(draft, at=at)
    row = locked(activity_id)
    states.check_takes_shifts(State(row.state))
    rows = [shift_row(row.id, draft, by=by, at=at, source=source) for draft in drafts]
    models.Shift.objects.bulk_create(rows)
    set_span(activity_id)
    audit.record(
        "activities.add_shifts",
        f"activity:{row.id}",
        by=by,
        at=at,
        after={"shifts": [{"id": str(one.id), **_plain(draft_of(one))} for one in rows]},
    )
    return [shift.id for shift in rows]


@transaction.atomic
def change_shift(shift_id: UUID, change: ShiftChange, *, by: Actor, at: datetime) -> None:
    """Move a shift or change its capacity. A larger one offers its new places to those who wait.

    at  with a time zone

    Raises ShiftMissing, the state when the activity takes no shifts, ShiftCancelled, ShiftConfirmed, what
    rules.check_capacity and rules.check_move refuse. A published shift that moves waits for a reviewer again.
    Locks the activity, the shift, and the sign-ups that get a place.
    """
    activity_id = activity_of(shift_id)
    states.check_takes_shifts(State(locked(activity_id).state))
    shift = locked_shift(activity_id, shift_id)
    check_stands(shift)
    before, was_published = draft_of(shift), shift.published_at is not None
    after = rules.ShiftDraft(
        change.starts_at or shift.starts_at,
        change.ends_at or shift.ends_at,
        shift.capacity if change.capacity is None else change.capacity,
    )
    rules.check_capacity(after.capacity, taken=shift.taken)
    if (after.starts_at, after.ends_at) != (before.starts_at, before.ends_at):
        has_sign_ups = shift.taken + shift.waiting > 0
        is_published = shift.published_at is not None
        rules.check_move(before, after, at=at, is_published=is_published, has_sign_ups=has_sign_ups)
        shift.starts_at, shift.ends_at = after.starts_at, after.ends_at
        # What nobody reviewed beforehand earns nothing: other times are another shift to the reviewer.
        shift.published_at = shift.published_by = None
        shift.created_by = by.known()
    shift.capacity = after.capacity
    shift.save(
        update_fields=["starts_at", "ends_at", "capacity", "published_at", "published_by", "created_by"]
    )
    promote(shift, at=at)
    set_span(activity_id)
    audit.record(
        "activities.change_shift",
        f"shift:{shift.id}",
        by=by,
        at=at,
        before={**_plain(before), "published": was_published},
        after={**_plain(after), "published": shift.published_at is not None},
    )


@transaction.atomic
def cancel_shift(shift_id: UUID, *, reason: str, by: Actor, at: datetime) -> None:
    """Call one shift off; every sign-up for it ends.

    at  with a time zone

    Raises ReasonMissing, ShiftMissing, ShiftCancelled, ShiftConfirmed, ShiftBegun when somebody may have
    served. Locks the activity, the shift and its sign-ups.
    """
    why = checked_reason(reason)
    activity_id = activity_of(shift_id)
    locked(activity_id)
    shift = locked_shift(activity_id, shift_id)
    check_stands(shift)
    if shift.published_at is not None and shift.starts_at <= at:
        raise shift_rules.ShiftBegun
    before = {"state": "planned", "taken": shift.taken, "waiting": shift.waiting}
    end_all(activity_id, [shift.id], reason=why, by=by, at=at)
    set_span(activity_id)
    audit.record(
        "activities.cancel_shift",
        f"shift:{shift.id}",
        by=by,
        at=at,
        before=before,
        after={"state": "cancelled"},
        reason=why,
    )


@transaction.atomic
def mark_confirmed(shift_id: UUID, *, by: Actor, at: datetime) -> None:
    """Note that the roster of a shift was confirmed. Called by the room that confirms, in its transaction.

    at  with a time zone

    Raises ShiftMissing, ShiftCancelled, ShiftConfirmed, ShiftNotPublished. Locks the shift: of two who
    confirm at once the second finds it confirmed.
    """
    shift = locked_shift(activity_of(shift_id), shift_id)
    check_stands(shift)
    if shift.published_at is None:
        raise shift_rules.ShiftNotPublished
    shift.confirmed_at, shift.confirmed_by = at, by.known()
    shift.save(update_fields=["confirmed_at", "confirmed_by"])


@transaction.atomic
def mark_many_confirmed(moments: Mapping[UUID, datetime], *, by: Actor) -> None:
    """Note that the rosters of many shifts were confirmed, each at a moment of its own. All or none.

    moments  shift -> when, with a time zone

    Raises ShiftMissing, ShiftCancelled, ShiftConfirmed, ShiftNotPublished. Locks the shifts in the order of
    their ids.
    """
    rows = list(models.Shift.objects.select_for_update().filter(id__in=moments).order_by("id"))
    if len(rows) < len(moments):
        raise shift_rules.ShiftMissing
    for shift in rows:
        check_stands(shift)
        if shift.published_at is None:
            raise shift_rules.ShiftNotPublished
        shift.confirmed_at, shift.confirmed_by = moments[shift.id], by.known()
    models.Shift.objects.bulk_update(rows, ["confirmed_at", "confirmed_by"], batch_size=200)


def check_stands(shift: models.Shift) -> None:
    """Return nothing: the shift is neither cancelled nor confirmed.

    Raises ShiftCancelled, ShiftConfirmed.
    """
    if shift.cancelled_at is not None:
        raise shift_rules.ShiftCancelled
    if shift.confirmed_at is not None:
        raise shift_rules.ShiftConfirmed


def activity_of(shift_id: UUID) -> UUID:
    """Return the activity of a shift.

    Raises ShiftMissing.
    """
    found = models.Shift.objects.filter(id=shift_id).values_list("activity_id", flat=True).first()
    if found is None:
        raise shift_rules.ShiftMissing
    return found


def shift_row(
    activity_id: UUID, draft: rules.ShiftDraft, *, by: Actor, at: datetime, source: str
) -> models.Shift:
    """Return the row of a new shift, not yet saved."""
    return models.Shift(
        activity_id=activity_id,
        name=draft.name,
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        capacity=draft.capacity,
        created_at=at,
        created_by=by.known(),
        source=source,
    )


def set_span(activity_id: UUID) -> None:
    """Write down when an activity begins and ends, from its shifts that stand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE activities_activity SET (first_starts_at, last_ends_at) = ("
            " SELECT min(starts_at), max(ends_at) FROM activities_shift"
            " WHERE activity_id = %s AND cancelled_at IS NULL) WHERE id = %s",
            [activity_id, activity_id],
        )


def _plain(draft: rules.ShiftDraft) -> dict[str, object]:
    return {
        "starts_at": draft.starts_at.isoformat(),
        "ends_at": draft.ends_at.isoformat(),
        "capacity": draft.capacity,
    }
