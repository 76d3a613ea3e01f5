"""A leader's words to everybody on a roster, sent once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from shanshi.activities import models, rules
from shanshi.activities.operations.drafting import locked
from shanshi.activities.operations.shifts import activity_of
from shanshi.activities.rules import messages
from shanshi.activities.rules import shifts as shift_rules
from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.registry import operations as registry


@transaction.atomic
def tell_roster(
    message_id: UUID,
    shift_id: UUID,
    text: str,
    *,
    only: Collection[UUID] | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Tell everybody who holds a place on a shift, and return how many; the same id twice is telling once.

    message_id  made by the page that showed how many it would be
    only        of them, these holders alone
    at          with a time zone

    Raises RosterTextInvalid, TextUnwritable, ShiftMissing, ShiftCancelled, RosterEmpty, RosterToldOften.
    Locks the activity, so that one press twice finds the first.
    """
    clean = messages.checked_text(text)
    activity = locked(activity_of(shift_id))
    known = models.RosterMessage.objects.filter(activity_id=activity.id, id=message_id).first()
    if known is not None:
        return known.people
    shift = models.Shift.objects.get(activity_id=activity.id, id=shift_id)
    if shift.cancelled_at is not None:
        raise shift_rules.ShiftCancelled
    holders = models.SignUp.objects.filter(
        activity_id=activity.id, shift_id=shift_id, state__in=rules.HOLDS_A_PLACE
    ).order_by("arrival")
    if only is not None:
        holders = holders.filter(holder_id__in=only)
    people = list(holders.values_list("holder_id", flat=True))
    if not people:
        raise messages.RosterEmpty
    told = models.RosterMessage.objects.filter(
        activity_id=activity.id, shift_id=shift_id, sent_at__gt=at - timedelta(days=1)
    )
    if told.count() >= messages.MOST_A_DAY:
        raise messages.RosterToldOften(most=messages.MOST_A_DAY)
    models.RosterMessage.objects.create(
        id=message_id,
        activity_id=activity.id,
        shift_id=shift_id,
        text=clean,
        people=len(people),
        sent_at=at,
        sent_by=by.known(),
    )
    message = messages.roster_message(activity.title, clean, activity.id, until=shift.ends_at)
    registry.tell(people, message, key=f"roster_message:{message_id}", at=at)
    # The words stay with the message: the trail holds nothing that may name a person.
    audit.record("activities.tell_roster", f"shift:{shift_id}", by=by, at=at, after={"people": len(people)})
    return len(people)
