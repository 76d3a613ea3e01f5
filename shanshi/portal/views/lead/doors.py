"""The door of a shift: its changing code, the camera, who is in, the last scans and what was taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shanshi.activities.queries import ShiftFacts
from shanshi.attendance import access
from shanshi.attendance import operations as attendance
from shanshi.attendance import queries as visits
from shanshi.attendance.operations import ScanAnswer, ScanSent, Undone
from shanshi.design.rules import hours_text
from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, refusal
from shanshi.foundation.headers import CAMERA, using
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.kernel.ids import new_id
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.portal.queries import masked_name
from shanshi.portal.queries.doors import scan_lines
from shanshi.portal.views.answers import changed, scanned


@asks(access.RUN_SHIFT)
@using(CAMERA)
@require_GET
def door(request: Request, shift_id: UUID) -> HttpResponse:
    """The door of a shift: its changing code, the camera for personal codes, who is in, the last scans."""
    shift = access.shift_to_run(request.actor, shift_id)
    return render(
        request,
        "portal/door.html",
        {
            **_state(shift),
            "code": visits.venue_code(shift.id, clock.real_now()),
            "nonce_field": format_html('<input type="hidden" name="nonce" value="{}">', new_id()),
        },
    )


@asks(access.RUN_SHIFT)
@require_GET
def wall(request: Request, shift_id: UUID) -> HttpResponse:
    """The code alone, for a projector: nothing on it that is not for everybody."""
    shift = access.shift_to_run(request.actor, shift_id)
    code = visits.venue_code(shift.id, clock.real_now())
    return render(
        request, "portal/door_wall.html", {"shift": shift, "code": code, "counts": visits.counts(shift.id)}
    )


def _state(shift: ShiftFacts) -> dict[str, Any]:
    return {
        "shift": shift,
        "counts": visits.counts(shift.id),
        "scans": scan_lines(visits.last_scans(shift.id, at=clock.now())),
    }


@asks(access.RUN_SHIFT)
@require_GET
def code(request: Request, shift_id: UUID) -> HttpResponse:
    """The code of these seconds."""
    shift = access.shift_to_run(request.actor, shift_id)
    now = clock.real_now()
    made = visits.venue_code(shift.id, now)
    seconds = (made.expires_at - now).total_seconds()
    return JsonResponse({"code": made.code, "digits": made.digits, "seconds": seconds})


@asks(access.RUN_SHIFT)
@require_GET
def counts(request: Request, shift_id: UUID) -> HttpResponse:
    """Who is in and the last scans, as a fragment that the door asks for every few seconds."""
    shift = access.shift_to_run(request.actor, shift_id)
    if "wall" in request.GET:
        return render(
            request, "portal/_door_counts.html", {"shift": shift, "counts": visits.counts(shift.id)}
        )
    return render(request, "portal/_door_state.html", _state(shift))


@asks(access.RUN_SHIFT)
@require_POST
def scan(request: Request, shift_id: UUID) -> HttpResponse:
    """Check somebody in or out by the personal code that the leader's camera read."""
    shift = access.shift_to_run(request.actor, shift_id)
    sent = ScanSent(
        code=request.POST.get("code", ""),
        device=f"door:{request.session.session_key}",
        nonce=request.POST.get("nonce") or str(new_id()),
        shift_id=shift.id,
    )

    def read() -> ScanAnswer:
        real_at = clock.real_now()
        with limits.failures("failed_scans", str(request.actor.known()), at=real_at):
            return attendance.scan(sent, by=request.actor, at=clock.now(), real_at=real_at)

    return scanned(request, reverse("portal:door", args=[shift.id]), read, _told)


def _told(answer: ScanAnswer) -> tuple[str, str]:
    time = answer.happened_at.astimezone(CITY_ZONE).strftime("%H:%M")
    who = masked_name(answer.holder_id)
    if answer.direction == "in":
        return _("{name} is checked in.").format(name=who), time
    minutes = hours_text(answer.minutes or 0, get_language() or "zh-hans")
    return _("{name} is checked out.").format(name=who), f"{time} · {minutes}"


@asks(access.RUN_SHIFT)
@require_POST
def undo(request: Request, shift_id: UUID) -> HttpResponse:
    """Take one of the last scans back; it stays in the log."""
    shift = access.shift_to_run(request.actor, shift_id)
    try:
        scan_id = UUID(request.POST.get("scan", ""))
    except ValueError:
        scan_id = UUID(int=0)

    def step() -> Undone:
        return attendance.undo(scan_id, shift_id=shift.id, by=request.actor, at=clock.now())

    if not request.htmx:
        back = reverse("portal:door", args=[shift.id])
        return changed(request, back, step, _("Taken back. The scan stays in the log."))
    try:
        done = step()
    except DomainError as error:
        said = refusal(error)
        context = {**_state(shift), "refused": said}
        return said.on(render(request, "portal/_door_state.html", context, status=said.status))
    return render(request, "portal/_door_state.html", {**_state(shift), "undone": done})
