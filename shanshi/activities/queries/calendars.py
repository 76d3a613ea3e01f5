"""What stands in somebody's own calendar, and whose calendar an address opens; never writes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from shanshi.activities import models
from shanshi.activities.queries.facts import ShiftFacts
from shanshi.activities.queries.shifts import shifts
from shanshi.activities.rules import LIVE, SignUpState

SECRET_BYTES: Final = 24
_KEY_BYTES: Final = 16 + SECRET_BYTES
_LONGEST: Final = 80
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A shift in somebody's calendar.

    state       how the sign-up stands; a shift that was cancelled stays, to be seen as such
    changed_at  when the sign-up or the shift last became different, with a time zone
    """

    holder_id: UUID
    shift: ShiftFacts
    state: SignUpState
    changed_at: datetime

    @property
    def is_off(self) -> bool:
        """Whether the shift was cancelled."""
        return self.shift.cancelled_at is not None


def calendar_entries(holder_ids: Collection[UUID], *, since: datetime) -> list[CalendarEntry]:
    """Return the shifts of some people's calendars that end later than a moment, by start; four queries.

    since  with a time zone
    """
    off = Q(state=SignUpState.CANCELLED, shift__cancelled_at__isnull=False)
    rows = list(
        models.SignUp.objects.filter(
            Q(state__in=LIVE) | off, holder_id__in=holder_ids, ends_at__gt=since
        ).order_by("starts_at", "id")[:MOST]
    )
    known = {one.id: one for one in shifts({row.shift_id for row in rows})}
    entries: dict[tuple[UUID, UUID], CalendarEntry] = {}
    for row in rows:
        shift = known[row.shift_id]
        # Who withdrew before the shift was cancelled did not wait for the news.
        if row.ended_at is not None and (shift.cancelled_at is None or row.ended_at < shift.cancelled_at):
            continue
        moments = (row.signed_up_at, row.offered_at, row.accepted_at, row.ended_at, shift.cancelled_at)
        changed_at = max(moment for moment in moments if moment is not None)
        entries[row.holder_id, row.shift_id] = CalendarEntry(
            row.holder_id, shift, SignUpState(row.state), changed_at
        )
    return list(entries.values())


def calendar_made_at(holder_id: UUID) -> datetime | None:
    """Return when the address of somebody's calendar was made; None if there is none."""
    rows = models.CalendarKey.objects.filter(holder_id=holder_id)
    return rows.values_list("made_at", flat=True).first()


def calendar_holder(key: str) -> UUID | None:
    """Return whose calendar an address opens; None if it opens nobody's.

    key  what stands in the address: it carries the holder's id, so that one look finds it
    """
    if len(key) > _LONGEST:
        return None
    try:
        raw = base64.urlsafe_b64decode(key + "=" * (-len(key) % 4))
    except ValueError:
        return None
    if len(raw) != _KEY_BYTES or written(raw) != key:
        return None
    found = models.CalendarKey.objects.filter(holder_id=UUID(bytes=raw[:16]), key_hash=key_hash(key))
    return found.values_list("holder_id", flat=True).first()


def written(raw: bytes) -> str:
    """Return the bytes of a key as they stand in an address."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def key_hash(key: str) -> bytes:
    """Return what is kept of a key. It is as long as chance, so one round tells nothing of it."""
    return hashlib.sha256(key.encode()).digest()
