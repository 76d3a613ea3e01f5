"""Calendar files (RFC 5545) written from plain values, for the calendar of a phone or a desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from icalendar import Calendar, Event

from shanshi.kernel.quantities import CITY_ZONE

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
_MADE_BY: Final = "-//Shanshi//Shanshi//EN"
# How often a calendar should look again; most look as often as they like.
_LOOK_AGAIN: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something in a calendar.

    uid         the same whenever the entry is written again, so that it takes its old one's place
    starts_at, ends_at, changed_at  with a time zone; `changed_at` is when anything of it was last different
    latitude, longitude             degrees; None where nobody knows
    is_sure     false while a place is only waited for
    is_off      it was cancelled; it stays, struck through
    """

    uid: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    title: str
    place: str = ""
    text: str = ""
    url: str = ""
    latitude: float | None = None
    longitude: float | None = None
    is_sure: bool = True
    is_off: bool = False


def calendar_file(name: str, entries: Sequence[Entry], *, is_feed: bool = False) -> bytes:
    """Return the entries as a calendar file; the same entries make the same bytes.

    name     what the calendar is called
    is_feed  whether a program comes back for it
    """
    calendar = Calendar()
    calendar.add("prodid", _MADE_BY)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    # What RFC 7986 names NAME, most programs still read from here.
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", CITY_ZONE.key)
    if is_feed:
        calendar.add("refresh-interval", _LOOK_AGAIN, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("dtstart", entry.starts_at.astimezone(CITY_ZONE))
    event.add("dtend", entry.ends_at.astimezone(CITY_ZONE))
    event.add("summary", entry.title)
    status = "CONFIRMED" if entry.is_sure else "TENTATIVE"
    event.add("status", "CANCELLED" if entry.is_off else status)
    # Whoever is on a waiting list, or whose shift is off, is not busy then.
    event.add("transp", "OPAQUE" if entry.is_sure and not entry.is_off else "TRANSPARENT")
    if entry.place:
        event.add("location", entry.place)
    if entry.text:
        event.add("description", entry.text)
    if entry.url:
        event.add("url", entry.url)
    if entry.latitude is not None and entry.longitude is not None:
        event.add("geo", (entry.latitude, entry.longitude))
    return event
