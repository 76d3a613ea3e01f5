"""What stands in calendar files: a shift, an activity, and everything of one person and the wards."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from shanshi.activities import queries as activities
from shanshi.activities.queries import ActivityFacts, CalendarEntry, ShiftFacts
from shanshi.activities.rules import SignUpState
from shanshi.documents.calendars import Entry
from shanshi.registry import queries as registry

# A calendar keeps what was for so long.
PAST: Final = timedelta(days=90)
_DOMAIN: Final = "shanshi"


@dataclass(frozen=True, slots=True)
class Line:
    """A shift of a feed and, of a ward's, the masked name."""

    entry: CalendarEntry
    ward: str = ""


def feed(holder_id: UUID, *, at: datetime) -> list[Line]:
    """Return the shifts of a person and of the minors in that person's care, by start.

    at  with a time zone

    Wards whose guardian withdrew, or has first to show to know them, are left out. Seven queries.
    """
    person_id = registry.person_of(holder_id)
    wards = {ward.holder_id: ward for ward in registry.wards(person_id, at=at) if ward.is_open}
    entries = activities.calendar_entries([holder_id, *wards], since=at - PAST)
    return [Line(one, wards[one.holder_id].masked_name if one.holder_id in wards else "") for one in entries]


def entry_of(line: Line, *, url: str, words: Callable[[CalendarEntry], str]) -> Entry:
    """Return a line of a feed as calendar files have it.

    url    the address of the activity
    words  how the sign-up stands, in the reader's language
    """
    shift, one = line.entry.shift, line.entry
    # A guardian and a ward on the same shift are two entries; nothing of the ids can be read back.
    uid = uuid5(shift.id, str(one.holder_id)) if line.ward else shift.id
    title = f"{line.ward} · {shift.title}" if line.ward else shift.title
    return _entry(
        shift,
        uid=uid,
        url=url,
        title=title,
        text=words(one),
        changed_at=one.changed_at,
        is_sure=one.state not in {SignUpState.WAITING, SignUpState.OFFERED},
    )


def entries_of(activity: ActivityFacts, shifts: Iterable[ShiftFacts], *, url: str, text: str) -> list[Entry]:
    """Return public shifts of an activity as calendar files have them.

    url   the address of the activity
    text  what everybody may read of it
    """
    return [
        _entry(
            shift,
            uid=shift.id,
            url=url,
            title=activity.title,
            text=text,
            changed_at=max(shift.published_at, shift.cancelled_at or shift.published_at),
            is_sure=True,
        )
        for shift in shifts
        if shift.published_at is not None
    ]


def _entry(
    shift: ShiftFacts, *, uid: UUID, url: str, title: str, text: str, changed_at: datetime, is_sure: bool
) -> Entry:
    position = shift.positions[0] if shift.positions else None
    return Entry(
        uid=f"{uid}@{_DOMAIN}",
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        changed_at=changed_at,
        title=f"{title} · {shift.name}" if shift.name else title,
        place=shift.place_text,
        text=text,
        url=url,
        latitude=position.latitude if position else None,
        longitude=position.longitude if position else None,
        is_sure=is_sure,
        is_off=shift.cancelled_at is not None,
    )
