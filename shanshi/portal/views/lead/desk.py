"""The leader's desk, and several shifts confirmed with one press."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shanshi.activities import access as activity_access
from shanshi.activities import queries
from shanshi.activities.queries import ShiftFacts
from shanshi.attendance import access
from shanshi.attendance import operations as attendance
from shanshi.attendance.operations import Confirmed
from shanshi.design.rules import hours_text
from shanshi.foundation import clock
from shanshi.foundation.doors import Request, refusal
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.portal.rules import NoShiftChosen
from shanshi.portal.views.answers import refused
from shanshi.registry import access as registry_access

AHEAD = timedelta(days=14)
# A shift that was never confirmed stays on the desk: its volunteers wait for their minutes.
BEHIND = timedelta(days=31)


@asks(activity_access.SEE_DESK)
@require_GET
def desk(request: Request) -> HttpResponse:
    """Today's shifts and the next two weeks', what was not confirmed yet, and the activities of the body."""
    places = activity_access.desk(request.actor)
    now = clock.now()
    shifts = queries.shifts_led(places, since=now - BEHIND, until=now + AHEAD)
    return render(
        request,
        "portal/lead.html",
        {
            "running": [
                shift for shift in shifts if shift.starts_at - timedelta(hours=1) <= now < shift.ends_at
            ],
            "to_confirm": _to_confirm(shifts, now),
            "coming": [shift for shift in shifts if shift.starts_at - timedelta(hours=1) > now][:20],
            "activities": queries.activities_led(places, at=now, limit=50),
            # An office of a district sees what is below it, and runs nothing; a substitute plans nothing.
            "plans": activity_access.plans(request.actor),
            "runs": bool(access.RUN_SHIFT.places(request.actor)),
            "keeps": registry_access.organizations_to_keep(request.actor),
        },
    )


def _to_confirm(shifts: Iterable[ShiftFacts], now: datetime) -> list[ShiftFacts]:
    return [shift for shift in shifts if shift.ends_at <= now and shift.confirmed_at is None]


@asks(access.RUN_SHIFT)
@require_POST
def confirm_each(request: Request) -> HttpResponse:
    """Vouch for several shifts, and say for each what came of it."""
    ids = _ids(request.POST.getlist("shift"))
    shifts = access.shifts_to_run(request.actor, ids)
    if not shifts:
        refused(request, NoShiftChosen())
        return redirect("portal:shifts")
    try:
        answers = attendance.confirm_each([shift.id for shift in shifts], by=request.actor, at=clock.now())
    except DomainError as error:
        refused(request, error)
        return redirect("portal:shifts")
    by_id = {shift.id: shift for shift in shifts}
    lines = [_line(by_id[shift_id], came) for shift_id, came in answers]
    done = sum(line["says"] is not None for line in lines)
    return render(request, "portal/lead_confirmed.html", {"lines": lines, "done": done})


def _line(shift: ShiftFacts, came: Confirmed | DomainError) -> dict[str, Any]:
    if isinstance(came, DomainError):
        return {"shift": shift, "says": None, "refusal": refusal(came)}
    return {"shift": shift, "says": told(came), "refusal": None}


def told(confirmed: Confirmed) -> str:
    """Return what a confirmation did, in the reader's language."""
    minutes = hours_text(confirmed.minutes, get_language() or "zh-hans")
    says = _("Confirmed: {visits} visits, {hours} in the books.").format(
        visits=confirmed.visits, hours=minutes
    )
    if confirmed.forgotten:
        says += " " + _("Never checked out: {people}; they earn nothing.").format(people=confirmed.forgotten)
    if confirmed.own_left_out:
        says += " " + _("Your own visit waits for another leader.")
    return says


def _ids(texts: Iterable[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
