"""The leader's pages: what is planned, the door of a shift, and its roster to confirm."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shanshi.activities import access as activity_access
from shanshi.activities import operations, queries
from shanshi.attendance import access
from shanshi.attendance import operations as attendance
from shanshi.attendance import queries as visits
from shanshi.attendance.operations import Confirmed, ScanAnswer, ScanSent
from shanshi.design.rules import hours_text
from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request
from shanshi.foundation.headers import CAMERA, using
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.kernel.ids import new_id
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.portal import access as portal_access
from shanshi.portal.forms import ActivityForm, ReasonForm, ShiftForm, changed_draft, typed_before
from shanshi.portal.queries import (
    Giver,
    districts_to_choose,
    givers_to_choose,
    masked_name,
    roster_of,
    venues_to_choose,
)
from shanshi.portal.views.answers import changed, refused, scanned
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
            "to_confirm": [shift for shift in shifts if shift.ends_at <= now and shift.confirmed_at is None],
            "coming": [shift for shift in shifts if shift.starts_at - timedelta(hours=1) > now][:20],
            "activities": queries.activities_led(places, at=now, limit=50),
            # An office of a district sees what is below it, and runs nothing.
            "plans": activity_access.plans(request.actor),
            "keeps": registry_access.organizations_to_keep(request.actor),
        },
    )


@asks(activity_access.PLAN_ACTIVITY)
@require_http_methods(["GET", "POST"])
def new(request: Request) -> HttpResponse:
    """Write down a new activity; it is a draft until a parent organization publishes it."""
    form = ActivityForm(
        request.POST or None,
        organizers=_givers(request),
        divisions=districts_to_choose(clock.now()),
        venues=venues_to_choose(),
    )
    if request.method == "POST" and form.is_valid():
        draft = form.draft()
        activity_access.plan(request.actor, draft.organizers, team_id=draft.team_id)
        try:
            activity_id = operations.create(draft, by=request.actor, at=clock.now())
        except DomainError as error:
            refused(request, error)
        else:
            return redirect("portal:lead-activity", activity_id)
    return render(request, "portal/lead_new.html", {"form": form})


@asks(activity_access.PLAN_ACTIVITY)
@require_http_methods(["GET", "POST"])
def change(request: Request, activity_id: UUID) -> HttpResponse:
    """Let a draft say something else, also one that a reviewer has sent back."""
    found = activity_access.activity_to_change(request.actor, activity_id)
    form = ActivityForm(
        request.POST or None,
        initial=typed_before(found),
        organizers=_givers(request, found),
        divisions=districts_to_choose(clock.now()),
        venues=venues_to_choose(),
    )
    if request.method == "POST" and form.is_valid():
        draft = changed_draft(found, form.draft())
        activity_access.plan(
            request.actor,
            draft.organizers,
            team_id=draft.team_id,
            leads_now=found.organization_id,
            team_now=found.team_id,
        )
        return changed(
            request,
            reverse("portal:lead-activity", args=[found.id]),
            lambda: operations.change(found.id, draft, by=request.actor, at=clock.now()),
            _("The draft has been changed."),
        )
    return render(request, "portal/lead_new.html", {"form": form, "activity": found})


def _givers(request: Request, found: queries.ActivityFacts | None = None) -> list[tuple[Giver, str]]:
    """In whose name the reader may plan; whoever gives an activity already stays in the choice."""
    actor = request.actor
    choices = dict(
        givers_to_choose(activity_access.led_organizations(actor), activity_access.led_teams(actor))
    )
    if found is not None:
        name = " · ".join(word for word in (found.organizers[0].name, found.team_name) if word)
        choices.setdefault(Giver(found.organization_id, found.team_id), name)
    return list(choices.items())


@asks(activity_access.PLAN_ACTIVITY)
@require_GET
def activity(request: Request, activity_id: UUID) -> HttpResponse:
    """One activity as its own people see it: where it stands, its shifts, what is missing."""
    since = clock.now() - AHEAD
    found = activity_access.activity_to_change(request.actor, activity_id, since=since)
    return render(
        request,
        "portal/lead_activity.html",
        {"activity": found, "form": ShiftForm()},
    )


@asks(activity_access.PLAN_ACTIVITY)
@require_POST
def add_shift(request: Request, activity_id: UUID) -> HttpResponse:
    """Add a shift."""
    found = activity_access.activity_to_change(request.actor, activity_id)
    form = ShiftForm(request.POST)
    if not form.is_valid():
        context = {"activity": found, "form": form}
        return render(request, "portal/lead_activity.html", context, status=422)
    return changed(
        request,
        reverse("portal:lead-activity", args=[found.id]),
        lambda: operations.add_shifts(found.id, [form.draft()], by=request.actor, at=clock.now()),
        _("The shift has been added."),
    )


@asks(activity_access.PLAN_ACTIVITY)
@require_POST
def submit(request: Request, activity_id: UUID) -> HttpResponse:
    """Hand the activity to the parent organization."""
    found = activity_access.activity_to_change(request.actor, activity_id)
    return changed(
        request,
        reverse("portal:lead-activity", args=[found.id]),
        lambda: operations.submit(found.id, by=request.actor, at=clock.now()),
        _("Submitted. The parent organization will publish it or send it back with a reason."),
    )


@asks(activity_access.PLAN_ACTIVITY)
@require_POST
def cancel(request: Request, activity_id: UUID) -> HttpResponse:
    """Cancel the activity; everybody who signed up is released."""
    found = activity_access.activity_to_change(request.actor, activity_id)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return changed(
        request,
        reverse("portal:lead-activity", args=[found.id]),
        lambda: operations.cancel(found.id, reason=reason, by=request.actor, at=clock.now()),
        _("The activity is cancelled."),
    )


@asks(access.RUN_SHIFT)
@using(CAMERA)
@require_GET
def door(request: Request, shift_id: UUID) -> HttpResponse:
    """The door of a shift: its changing code, the camera for personal codes, who is in."""
    shift = access.shift_to_run(request.actor, shift_id)
    return render(
        request,
        "portal/door.html",
        {
            "shift": shift,
            "counts": visits.counts(shift.id),
            "code": visits.venue_code(shift.id, clock.real_now()),
            "nonce_field": format_html('<input type="hidden" name="nonce" value="{}">', new_id()),
        },
    )


@asks(access.RUN_SHIFT)
@require_GET
def door_code(request: Request, shift_id: UUID) -> HttpResponse:
    """The code of these seconds."""
    shift = access.shift_to_run(request.actor, shift_id)
    now = clock.real_now()
    made = visits.venue_code(shift.id, now)
    seconds = (made.expires_at - now).total_seconds()
    return JsonResponse({"code": made.code, "digits": made.digits, "seconds": seconds})


@asks(access.RUN_SHIFT)
@require_GET
def door_counts(request: Request, shift_id: UUID) -> HttpResponse:
    """Who is in, as a fragment that the door asks for every few seconds."""
    shift = access.shift_to_run(request.actor, shift_id)
    return render(request, "portal/_door_counts.html", {"shift": shift, "counts": visits.counts(shift.id)})


@asks(access.RUN_SHIFT)
@require_POST
def door_scan(request: Request, shift_id: UUID) -> HttpResponse:
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
@require_GET
def roster(request: Request, shift_id: UUID) -> HttpResponse:
    """Who has a place, who came, who left; what stands out is on top."""
    shift = access.shift_to_run(request.actor, shift_id)
    now = clock.now()
    return render(
        request,
        "portal/roster.html",
        {
            "shift": shift,
            "roster": roster_of(shift.id),
            "is_over": now >= shift.ends_at,
            "now": now,
            "gives": portal_access.gives_leaders(request.actor, shift.lineage),
        },
    )


@asks(access.RUN_SHIFT)
@require_POST
def confirm(request: Request, shift_id: UUID) -> HttpResponse:
    """Vouch for the shift: minutes and coins are in the books at once."""
    shift = access.shift_to_run(request.actor, shift_id)
    back = reverse("portal:roster", args=[shift.id])
    try:
        confirmed = attendance.confirm(shift.id, by=request.actor, at=clock.now())
    except DomainError as error:
        refused(request, error)
        return redirect(back)
    return changed(request, back, lambda: None, _confirmed(confirmed))


def _confirmed(confirmed: Confirmed) -> str:
    minutes = hours_text(confirmed.minutes, get_language() or "zh-hans")
    says = _("Confirmed: {visits} visits, {hours} in the books.").format(
        visits=confirmed.visits, hours=minutes
    )
    if confirmed.own_left_out:
        says += " " + _("Your own visit waits for another leader.")
    return says
