"""The roster of a shift: who came, confirmation, paper, a message, a substitute leader."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shanshi.activities import access as activity_access
from shanshi.activities import operations as activities
from shanshi.activities import queries as shifts
from shanshi.activities.queries import ShiftFacts
from shanshi.attendance import access
from shanshi.attendance import operations as attendance
from shanshi.foundation import clock
from shanshi.foundation.doors import Request, refusal
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.kernel.ids import new_id
from shanshi.kernel.quantities import city_day
from shanshi.portal import access as portal_access
from shanshi.portal.forms.lead import MessageForm, NamesForm, SubstituteForm
from shanshi.portal.operations.rosters import names_for_paper
from shanshi.portal.queries import roster_of
from shanshi.portal.queries.roles import person_numbered
from shanshi.portal.queries.rosters import Roster, substitutes_of
from shanshi.portal.queries.standing import door_times
from shanshi.portal.views.answers import changed, refused
from shanshi.portal.views.lead.desk import told
from shanshi.registry import operations as registry


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
            "roster": roster_of(shift.id, is_over=now >= shift.ends_at),
            "is_over": now >= shift.ends_at,
            "now": now,
            "gives": activity_access.GIVE_SUBSTITUTE.by_role(request.actor, shift.lineage),
            "plans": activity_access.PLAN_ACTIVITY.by_role(request.actor, shift.lineage[1:]),
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
    return changed(request, back, lambda: None, told(confirmed))


@asks(access.RUN_SHIFT)
@require_http_methods(["GET", "POST"])
def paper(request: Request, shift_id: UUID) -> HttpResponse:
    """The roster to print and sign; with real names only after a look that says what for."""
    return _on_paper(request, shift_id, "portal/roster_paper.html")


@asks(access.RUN_SHIFT)
@require_http_methods(["GET", "POST"])
def badges(request: Request, shift_id: UUID) -> HttpResponse:
    """A badge for everybody who has a place, or for those who were ticked."""
    return _on_paper(request, shift_id, "portal/roster_badges.html")


@sensitive_variables("found", "context")
def _on_paper(request: Request, shift_id: UUID, template: str) -> HttpResponse:
    shift = access.shift_to_run(request.actor, shift_id)
    chosen = set(request.POST.getlist("number") or request.GET.getlist("number"))
    found = roster_of(shift.id).of(chosen)
    form = NamesForm(request.POST if request.method == "POST" else None)
    context = {"shift": shift, "roster": found, "form": form, "chosen": sorted(chosen)}
    if request.method == "GET" or not form.is_valid():
        return render(request, template, context, status=422 if form.errors else 200)
    try:
        named = _named(request, shift, found, form)
    except DomainError as error:
        said = refusal(error)
        return said.on(render(request, template, {**context, "refused": said}, status=said.status))
    answer = render(request, template, {**context, "roster": named, "is_named": True})
    answer["Cache-Control"] = "no-store"
    return answer


@sensitive_variables()
def _named(request: Request, shift: ShiftFacts, found: Roster, form: NamesForm) -> Roster:
    """The roster with real names; each is a look that is written down."""
    typed, now = form.cleaned_data, clock.now()
    capacity = portal_access.roster_to_look_at(request.actor, shift.id, purpose=typed["purpose"], at=now)
    names = names_for_paper(
        [line.holder_id for line in found.lines if line.number],
        purpose=typed["purpose"],
        note=typed["note"],
        by=request.actor,
        capacity=capacity,
        at=now,
    )
    return found.named(names)


@asks(access.RUN_SHIFT)
@require_http_methods(["GET", "POST"])
def message(request: Request, shift_id: UUID) -> HttpResponse:
    """Tell everybody on the roster something: first how many that is, then once."""
    shift = access.shift_to_run(request.actor, shift_id)
    chosen = set(request.POST.getlist("number") or request.GET.getlist("number"))
    lines = [line for line in roster_of(shift.id).of(chosen).lines if line.is_placed]
    form = MessageForm(request.POST or None)
    context: dict[str, Any] = {
        "shift": shift,
        "form": form,
        "people": len(lines),
        "chosen": sorted(chosen),
        "sent": shifts.messages_of(shift.activity_id, shift.id),
    }
    if request.method == "GET" or not form.is_valid() or "change" in request.POST:
        return render(request, "portal/roster_message.html", context, status=422 if form.errors else 200)
    if "sure" not in request.POST:
        context |= {"text": form.cleaned_data["text"].strip(), "message_id": new_id()}
        return render(request, "portal/roster_message.html", context)
    only = {line.holder_id for line in lines} if chosen else None
    try:
        people = _tell(request, shift, form, only)
    except DomainError as error:
        said = refusal(error)
        return render(request, "portal/roster_message.html", {**context, "refused": said}, status=said.status)
    says = ngettext("Sent to {people} person.", "Sent to {people} people.", people)
    messages.success(request, says.format(people=people))
    return redirect("portal:roster-message", shift.id)


def _tell(request: Request, shift: ShiftFacts, form: MessageForm, only: Collection[UUID] | None) -> int:
    return activities.tell_roster(
        form.made_id(), shift.id, form.cleaned_data["text"], only=only, by=request.actor, at=clock.now()
    )


@asks(activity_access.GIVE_SUBSTITUTE)
@require_http_methods(["GET", "POST"])
def substitute(request: Request, shift_id: UUID) -> HttpResponse:
    """Let somebody lead this one shift: the number, then the masked name to be sure."""
    shift = activity_access.shift_to_substitute(request.actor, shift_id)
    form = SubstituteForm(request.POST or None, initial={"reason": _("Stands in for this shift")})
    context: dict[str, Any] = {
        "shift": shift,
        "form": form,
        "substitutes": substitutes_of(shift.id, on=city_day(clock.now())),
    }
    if request.method == "GET" or not form.is_valid():
        return render(request, "portal/substitute.html", context, status=422 if form.errors else 200)
    try:
        person_id, person = person_numbered(form.cleaned_data["number"])
        if "sure" not in request.POST:
            return render(request, "portal/substitute.html", {**context, "person": person})
        now = clock.now()
        until_on = city_day(shift.ends_at + door_times(now).closes_after)
        registry.give_role(
            portal_access.substitute_wish(
                person_id,
                shift.id,
                from_on=city_day(now),
                to_on=until_on,
                reason=form.cleaned_data["reason"],
            ),
            lineage=shift.lineage,
            by=request.actor,
            at=clock.now(),
        )
    except DomainError as error:
        said = refusal(error)
        return render(request, "portal/substitute.html", {**context, "refused": said}, status=said.status)
    messages.success(
        request, _("{name} leads this shift too, until it is over.").format(name=person.masked_name)
    )
    return redirect("portal:substitute", shift.id)


@asks(activity_access.GIVE_SUBSTITUTE)
@require_POST
def end_substitute(request: Request, shift_id: UUID) -> HttpResponse:
    """End the lead of somebody over this one shift."""
    shift = activity_access.shift_to_substitute(request.actor, shift_id)
    wanted = request.POST.get("grant", "")
    found = [one for one in substitutes_of(shift.id, on=city_day(clock.now())) if str(one.grant.id) == wanted]
    if not found:
        return redirect("portal:substitute", shift.id)
    return changed(
        request,
        reverse("portal:substitute", args=[shift.id]),
        lambda: registry.withdraw_role(
            found[0].grant.id, by=request.actor, at=clock.now(), reason=request.POST.get("reason", "")
        ),
        _("{name} no longer leads this shift.").format(name=found[0].person.masked_name),
    )
