"""The address of somebody's own calendar: made, renewed, ended by its owner."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanshi.activities import models
from shanshi.activities.queries import calendars


@transaction.atomic
def make_calendar_key(holder_id: UUID, *, at: datetime) -> str:
    """Return a new key for the address of somebody's calendar, this once; it ends the one before.

    at  real time, with a zone
    """
    key = calendars.written(holder_id.bytes + secrets.token_bytes(calendars.SECRET_BYTES))
    models.CalendarKey.objects.update_or_create(
        holder_id=holder_id, defaults={"key_hash": calendars.key_hash(key), "made_at": at}
    )
    return key


@transaction.atomic
def end_calendar_key(holder_id: UUID) -> int:
    """Make the address of somebody's calendar worthless, and return how many there were: 0 or 1."""
    gone, _ = models.CalendarKey.objects.filter(holder_id=holder_id).delete()
    return gone
