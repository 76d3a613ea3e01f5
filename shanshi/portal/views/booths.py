"""The booths of an event: for visitors, for its leaders, and the door of each booth."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shanshi.activities import access, operations, queries
from shanshi.activities.queries import BoothDoor
from shanshi.activities.queries.booths import booths_to_run
from shanshi.attendance.operations.stamps import StampAnswer, stamp_person
from shanshi.attendance.queries import open_visit
from shanshi.attendance.queries.stamps import booth_code, last_stamps, stamp_counts, stamps_of
from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, public
from shanshi.foundation.headers import CAMERA, using
from shanshi.foundation.permissions import asks
from shanshi.kernel.ids import new_id
from shanshi.portal.forms.programs import BoothForm
from shanshi.portal.queries import masked_name
from shanshi.portal.views.answers import changed, scanned

AGO = timedelta(days=1)


@public
@require_GET
def listed(request: Request, activity_id: UUID) -> HttpResponse:
    """The booths of an event, how many each has stamped, and one's own stamps."""
    event = access.activity_to_see(request.actor, activity_id)
    holder_id = request.actor.holder_id
    mine = {one.booth_id: one for one in stamps_of(holder_id, activity_id=event.id)} if holder_id else {}
    inside = open_visit(holder_id) if holder_id else None
    counts = stamp_counts(event.id)
    lines = [(booth, counts.get(booth.id, 0), mine.get(booth.id)) for booth in queries.booths(event.id)]
    context = {
        "event": event,
        "lines": lines,
        "stamped": len(mine),
        "is_over": all(shift.ends_at <= clock.now() for shift in event.shifts),
        "is_here": inside is not None and inside.activity_id == event.id,
        "plans": access.PLAN_ACTIVITY.by_role(request.actor, event.lineage),
    }
    return render(request, "portal/booths.html", context)


@asks(access.RUN_BOOTH)
@require_GET
def mine(request: Request) -> HttpResponse:
    """The booths whose doors the reader runs: today's, and those of events to come."""
    places = access.booth_places(request.actor)
    return render(
        request, "portal/booths_mine.html", {"found": booths_to_run(places, since=clock.now() - AGO)}
    )


@asks(access.PLAN_ACTIVITY)
@require_http_methods(["GET", "POST"])
def keep(request: Request, activity_id: UUID) -> HttpResponse:
    """The booths of an event for its leaders: one more, change, take away, open a door."""
    event = access.activity_to_change(request.actor, activity_id)
    form = BoothForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        draft = form.draft()
        return changed(
            request,
            reverse("portal:booths-keep", args=[event.id]),
            lambda: operations.add_booths(event.id, [draft], by=request.actor, at=clock.now()),
            _("The booth has been added."),
        )
    counts = stamp_counts(event.id)
    lines = [(booth, counts.get(booth.id, 0)) for booth in queries.booths(event.id)]
    return render(request, "portal/booths_keep.html", {"event": event, "lines": lines, "form": form})


@asks(access.PLAN_ACTIVITY)
@require_http_methods(["GET", "POST"])
def change(request: Request, booth_id: UUID) -> HttpResponse:
    """Let a booth say something else."""
    found = access.booth_to_change(request.actor, booth_id)
    booth = found.booth
    typed = {"name": booth.name, "says": booth.says, "organization": booth.organization_name}
    form = BoothForm(request.POST or None, initial=typed)
    back = reverse("portal:booths-keep", args=[booth.activity_id])
    if request.method == "POST" and form.is_valid():
        draft = form.draft()
        return changed(
            request,
            back,
            lambda: operations.change_booth(booth.id, draft, by=request.actor, at=clock.now()),
            _("The booth has been changed."),
            again=reverse("portal:booth-change", args=[booth.id]),
        )
    return render(request, "portal/booth_change.html", {"door": found, "booth": booth, "form": form})


@asks(access.PLAN_ACTIVITY)
@require_POST
def remove(request: Request, booth_id: UUID) -> HttpResponse:
    """Take a booth away from an event that has not begun."""
    found = access.booth_to_change(request.actor, booth_id)
    return changed(
        request,
        reverse("portal:booths-keep", args=[found.booth.activity_id]),
        lambda: operations.remove_booth(booth_id, by=request.actor, at=clock.now()),
        _("The booth has been taken away."),
    )


@asks(access.RUN_BOOTH)
@using(CAMERA)
@require_GET
def door(request: Request, booth_id: UUID) -> HttpResponse:
    """The door of a booth: its changing code, the camera for personal codes, whom it stamped."""
    found = access.booth_to_run(request.actor, booth_id)
    nonce = format_html('<input type="hidden" name="nonce" value="{}">', new_id())
    return render(
        request,
        "portal/booth_door.html",
        {"door": found, "booth": found.booth, "code": booth_code(booth_id, clock.real_now()), "nonce": nonce}
        | _stamped(found),
    )


@asks(access.RUN_BOOTH)
@require_GET
def code(request: Request, booth_id: UUID) -> HttpResponse:
    """The code of these seconds."""
    access.booth_to_run(request.actor, booth_id)
    now = clock.real_now()
    made = booth_code(booth_id, now)
    seconds = (made.expires_at - now).total_seconds()
    return JsonResponse({"code": made.code, "digits": made.digits, "seconds": seconds})


@asks(access.RUN_BOOTH)
@require_GET
def stamps(request: Request, booth_id: UUID) -> HttpResponse:
    """How many were stamped and who was last, as a fragment that the door asks for every few seconds."""
    found = access.booth_to_run(request.actor, booth_id)
    return render(request, "portal/_booth_stamps.html", {"booth": found.booth} | _stamped(found))


@asks(access.RUN_BOOTH)
@require_POST
def scan(request: Request, booth_id: UUID) -> HttpResponse:
    """Stamp the visit of somebody whose personal code the booth's camera read."""
    found = access.booth_to_run(request.actor, booth_id)

    def read() -> StampAnswer:
        real_at = clock.real_now()
        text = request.POST.get("code", "")
        with limits.failures("failed_scans", str(request.actor.known()), at=real_at):
            return stamp_person(found.booth.id, text, by=request.actor, at=clock.now(), real_at=real_at)

    return scanned(request, reverse("portal:booth-door", args=[booth_id]), read, _told)


def _told(answer: StampAnswer) -> tuple[str, str]:
    who = masked_name(answer.holder_id)
    if answer.is_again:
        return _("{name} has this stamp already.").format(name=who), ""
    return _("{name} is stamped.").format(name=who), ""


def _stamped(found: BoothDoor) -> dict[str, object]:
    last = last_stamps(found.booth.id, found.booth.activity_id)
    return {
        "count": stamp_counts(found.booth.activity_id).get(found.booth.id, 0),
        "last": [(masked_name(holder_id), at) for holder_id, at in last],
    }
