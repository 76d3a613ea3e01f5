"""Appointments at volunteer services of merchants: made by volunteers, residents and guardians."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shanshi.foundation import clock
from shanshi.foundation.actor import Actor
from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.portal.forms.street import AppointForm
from shanshi.portal.views.answers import changed, refused
from shanshi.registry import queries as registry
from shanshi.registry.queries import WardFacts
from shanshi.rewards import access, operations, queries, rules

PAGE = 20


def children_to_bring(actor: Actor, *, at: datetime) -> list[WardFacts]:
    """Return the children for whom the reader may make an appointment: those without a way in of their own.

    at  with a time zone
    """
    if not actor.is_known:
        return []
    return [one for one in registry.wards(actor.known(), at=at) if one.is_open and not one.signs_in]


@asks(access.APPOINT)
@require_POST
def appoint(request: Request, offer_id: UUID) -> HttpResponse:
    """Take a seat at one time of a service, for oneself or a child."""
    now, form = clock.now(), AppointForm(request.POST)
    request.actor.known()
    try:
        if not form.is_valid():
            raise rules.NoSuchSession
        comer = access.comer(request.actor, form.cleaned_data["child"], at=now)
        made = operations.appoint(
            offer_id,
            form.cleaned_data["shift"],
            holder_id=comer.holder_id,
            is_volunteer=comer.is_volunteer,
            by=request.actor,
            at=now,
        )
    except DomainError as error:
        refused(request, error)
        return redirect("portal:offer", offer_id)
    said = _("You have an appointment. Say this number at the counter: {number}")
    messages.success(request, said.format(number=made.number))
    return redirect("portal:appointments")


@asks(access.APPOINT)
@require_GET
def listed(request: Request) -> HttpResponse:
    """The reader's appointments and those of their children: what is to come, then what was."""
    now, after = clock.now(), request.GET.get("after")
    mine = access.comers(request.actor, at=now)
    waiting = queries.appointments_waiting(mine, at=now)
    found, following = queries.appointment_page(mine, cursor=after, limit=PAGE)
    shown = {one.id for one in waiting}
    names = {one.holder_id: one.masked_name for one in registry.wards(request.actor.known(), at=now)}
    context = {
        "waiting": [(one, names.get(one.holder_id, "")) for one in waiting],
        "past": [(one, names.get(one.holder_id, "")) for one in found if one.id not in shown],
        "following": following,
        "after": after,
        "now": now,
    }
    return render(request, "portal/appointments.html", context)


@asks(access.OWN_APPOINTMENT)
@require_POST
def cancel(request: Request, appointment_id: UUID) -> HttpResponse:
    """Give the seat back."""
    now = clock.now()
    found = access.own_appointment(request.actor, appointment_id, at=now)
    return changed(
        request,
        reverse("portal:appointments"),
        lambda: operations.cancel_appointment(found.id, holder_id=found.holder_id, by=request.actor, at=now),
        _("The appointment is cancelled; somebody else can have the seat."),
    )
