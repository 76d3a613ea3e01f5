"""The trail of staff: who changed what, from what, to what, and why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from shanshi.foundation.actor import Actor
from shanshi.foundation.models import AuditEntry


def record(
    verb: str,
    thing: str,
    *,
    by: Actor,
    at: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Write one entry; call it inside the transaction of the change itself.

    verb    what was done, for example "activities.publish"
    thing   what it was done to, for example "activity:<uuid>"
    before, after  the changed facts, without personal data
    at      with a time zone
    """
    AuditEntry.objects.create(
        verb=verb,
        thing=thing,
        by=by.known(),
        happened_at=at,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        reason=reason,
    )
