"""Calendar files of shifts and activities, and the private feed of one's own."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from shanshi.activities import operations, queries
from shanshi.activities.queries import ActivityFacts, CalendarEntry
from shanshi.activities.rules import SignUpState
from shanshi.activities.rules.shifts import ShiftMissing
from shanshi.documents import calendars as files
from shanshi.documents.calendars import Entry
from shanshi.foundation import clock
from shanshi.foundation.doors import Request, public
from shanshi.foundation.limits import limited
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import Missing
from shanshi.portal import access
from shanshi.portal.queries import calendars
from shanshi.registry import queries as registry


@asks(access.SEE_ACTIVITY)
@limited("searches")
@require_GET
def activity(request: Request, activity_id: UUID) -> HttpResponse:
    """Every public shift of an activity that is not long over, for a calendar."""
    now = clock.now()
    found = access.activity_to_see(request.actor, activity_id, since=now - calendars.PAST)
    return _file(request, found.title, _entries(request, found), found.id)


@asks(access.SEE_ACTIVITY)
@limited("searches")
@require_GET
def shift(request: Request, shift_id: UUID) -> HttpResponse:
    """One public shift, for a calendar."""
    found = access.activity_to_see(request.actor, queries.activity_of(shift_id))
    entries = [one for one in _entries(request, found) if one.uid.startswith(str(shift_id))]
    if not entries:
        raise ShiftMissing
    return _file(request, found.title, entries, shift_id)


@public
@limited("searches")
@require_safe
def feed(request: Request, key: str) -> HttpResponse:
    """The shifts of whoever gave this address to a calendar program, and of the minors in their care."""
    holder_id = queries.calendar_holder(key)
    if holder_id is None:
        raise Missing
    language = registry.languages([holder_id]).get(holder_id, translation.get_language() or "zh-hans")
    with translation.override(language):
        lines = calendars.feed(holder_id, at=clock.now())
        entries = [
            calendars.entry_of(line, url=_url(request, line.entry.shift.activity_id), words=_stands)
            for line in lines
        ]
        body = files.calendar_file(_("My volunteering"), entries, is_feed=True)
    return _answer(request, body, "shanshi.ics")


@asks(access.MYSELF)
@require_GET
def mine(request: Request) -> HttpResponse:
    """The address of one's own calendar: whether there is one, and making, renewing, ending it."""
    holder_id = registry.holder_of(access.myself(request.actor))
    return render(request, "portal/me_calendar.html", {"made_at": queries.calendar_made_at(holder_id)})


@asks(access.MYSELF)
@require_POST
def make(request: Request) -> HttpResponse:
    """Make an address, or a new one in the old one's place; it is shown this once."""
    holder_id = registry.holder_of(access.myself(request.actor))
    key = operations.make_calendar_key(holder_id, at=clock.real_now())
    address = request.build_absolute_uri(reverse("portal:calendar-feed", args=[key]))
    webcal = address.replace("https://", "webcal://", 1).replace("http://", "webcal://", 1)
    response = render(
        request,
        "portal/me_calendar.html",
        {"made_at": queries.calendar_made_at(holder_id), "address": address, "webcal": webcal},
    )
    # The address is the key: no cache, not even the browser's way back, keeps the page that shows it.
    response["Cache-Control"] = "no-store"
    return response


@asks(access.MYSELF)
@require_POST
def end(request: Request) -> HttpResponse:
    """Make one's address worthless."""
    operations.end_calendar_key(registry.holder_of(access.myself(request.actor)))
    messages.success(request, _("The address opens nothing any more."))
    return redirect("portal:my-calendar")


def _stands(one: CalendarEntry) -> str:
    if one.is_off:
        return _("This shift was cancelled.")
    words = {
        SignUpState.WAITING: _("You are on the waiting list."),
        SignUpState.OFFERED: _("A place is offered to you: take it on your page."),
    }
    return words.get(one.state, _("You are in. Scan the code at the door when you come, and when you leave."))


def _entries(request: Request, found: ActivityFacts) -> list[Entry]:
    parts = [
        found.description,
        _("What to bring: {what}").format(what=found.bring) if found.bring else "",
        _("Risks: {what}").format(what=found.risks) if found.risks else "",
    ]
    text = "\n\n".join(part.strip() for part in parts if part.strip())
    return calendars.entries_of(found, found.shifts, url=_url(request, found.id), text=text)


def _url(request: Request, activity_id: UUID) -> str:
    return request.build_absolute_uri(reverse("portal:activity", args=[activity_id]))


def _file(request: Request, name: str, entries: list[Entry], id_: UUID) -> HttpResponse:
    return _answer(request, files.calendar_file(name, entries), f"shanshi-{str(id_)[-8:]}.ics")


def _answer(request: Request, body: bytes, name: str) -> HttpResponse:
    etag = f'"{sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=files.MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["ETag"] = etag
    # Who has the address has the calendar; search engines that find it anywhere shall not.
    response["X-Robots-Tag"] = "noindex"
    unchanged = get_conditional_response(request, etag=etag, response=response)
    return unchanged if isinstance(unchanged, HttpResponse) else response
