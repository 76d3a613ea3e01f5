"""What a reviewer does to shifts that were added to a public activity, beside publishing them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanshi.activities import models, rules
from shanshi.activities.operations.drafting import locked
from shanshi.activities.operations.shifts import set_span
from shanshi.activities.operations.sign_ups import end_all
from shanshi.activities.operations.steps import checked_reason, return_to_draft
from shanshi.activities.rules import states
from shanshi.activities.rules.publication import NothingWaits
from shanshi.foundation import audit
from shanshi.foundation.actor import Actor

State = rules.ActivityState


@transaction.atomic
def refuse_shifts(activity_id: UUID, *, reason: str, by: Actor, at: datetime) -> None:
    """Cancel the shifts of a public activity that wait for a review; those that are public stand.

    at  with a time zone

    Raises ReasonMissing, ActivityMissing, the state when it is not public, NothingWaits: no shift waits any
    more. Locks the activity and these shifts in the order of their ids.
    """
    why = checked_reason(reason)
    row = locked(activity_id)
    states.check_published(State(row.state))
    waiting = models.Shift.objects.filter(
        activity_id=row.id, published_at__isnull=True, cancelled_at__isnull=True
    )
    refused = [shift.id for shift in waiting.select_for_update().order_by("id")]
    if not refused:
        raise NothingWaits
    end_all(row.id, refused, reason=why, by=by, at=at)
    set_span(row.id)
    audit.record(
        "activities.refuse_shifts",
        f"activity:{row.id}",
        by=by,
        at=at,
        before={"shifts": [str(one) for one in refused]},
        after={"shifts": []},
        reason=why,
    )


def send_back(activity_id: UUID, *, reason: str, by: Actor, at: datetime) -> None:
    """Give back what waits for a review: a submitted activity whole, of a public one the shifts added since.

    at  with a time zone

    Raises what return_to_draft or refuse_shifts refuses. Locks as they do.
    """
    with transaction.atomic():
        if locked(activity_id).state == State.PUBLISHED:
            refuse_shifts(activity_id, reason=reason, by=by, at=at)
        else:
            return_to_draft(activity_id, reason=reason, by=by, at=at)
