"""One activity, and signing up for its shifts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shanshi.activities import operations, queries
from shanshi.activities.queries import ActivityFacts, SignUpFacts
from shanshi.activities.queries.booths import booth_counts
from shanshi.activities.rules import SignUpState
from shanshi.design.rules import day_and_time_text, ordinal_text
from shanshi.foundation import clock
from shanshi.foundation.doors import Request, public
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.portal import access
from shanshi.portal.queries import maps
from shanshi.portal.queries.organizers import organizer_record
from shanshi.portal.queries.shift_lines import shift_lines
from shanshi.portal.views.answers import refused
from shanshi.portal.views.cards import KINDS, icon_of
from shanshi.registry import queries as registry
from shanshi.registry.queries import WardFacts

PAST = timedelta(days=14)
SOON = 5


@public
@require_GET
def activity(request: Request, activity_id: UUID) -> HttpResponse:
    """One activity: what, when, where, its risks, and for each shift the button of one's own state."""
    now = clock.now()
    found = access.activity_to_see(request.actor, activity_id, since=now - PAST)
    lines = shift_lines(found, request.actor.holder_id, at=now)
    coming = [line for line in lines if not line.is_past]
    position = found.positions[0] if found.positions else None
    return render(
        request,
        "portal/activity.html",
        {
            "activity": found,
            "record": organizer_record(found.organization_id, at=now),
            "map": _map(found, position.latitude, position.longitude, now) if position else None,
            "map_url": _map_url(found.division_code),
            "wards": _wards(request, now),
            "to_evaluate": next((line.to_evaluate for line in reversed(lines) if line.to_evaluate), None),
            "soon": coming[:SOON],
            "later": coming[SOON:],
            "past": [line for line in lines if line.is_past],
            # One main action on a page: the first shift that this reader can have a place on.
            "first_free": next((one.shift.id for one in coming if one.is_to_be_had), None),
            "icon_name": icon_of(found.fields),
            "booths": booth_counts([found.id]).get(found.id, 0),
            "kind": KINDS.get(found.kind, ""),
            "now": now,
        },
    )


def _map_url(division_code: str) -> str:
    query = urlencode({"as": "map", "district": division_code[: maps.DISTRICT_DIGITS]})
    return f"{reverse('portal:find')}?{query}"


def _map(found: ActivityFacts, latitude: float, longitude: float, now: datetime) -> dict[str, Any] | None:
    drawn = maps.place_map(found.division_code, latitude, longitude, at=now)
    if drawn is None:
        return None
    label = _("Where it is: {place}").format(place=found.place_text)
    return {**drawn, "label": label, "points": [{**point, "label": label} for point in drawn["points"]]}


def _wards(request: Request, now: datetime) -> list[WardFacts]:
    """The children for whom the reader decides, who do not sign in themselves."""
    if request.actor.person_id is None:
        return []
    wards = registry.wards(request.actor.person_id, at=now)
    return [ward for ward in wards if ward.is_open and not ward.signs_in]


@asks(access.SIGN_UP)
@require_POST
def sign_up(request: Request, shift_id: UUID) -> HttpResponse:
    """Sign up for a shift, or join its waiting list."""
    holder_id = access.may_sign_up(request.actor)
    skills = request.POST.getlist("skill")
    return _changed(
        request,
        shift_id,
        lambda: operations.sign_up(
            shift_id, holder_id=holder_id, by=request.actor, at=clock.now(), skills=skills
        ),
        _signed_up,
    )


@asks(access.SIGN_UP)
@require_POST
def withdraw(request: Request, shift_id: UUID) -> HttpResponse:
    """Give a place, a waiting place or an offered place back."""
    holder_id = access.may_sign_up(request.actor)
    return _changed(
        request,
        shift_id,
        lambda: operations.withdraw(shift_id, holder_id=holder_id, by=request.actor, at=clock.now()),
        lambda _one: _("You have withdrawn. Your place goes to the next one who waits."),
    )


@asks(access.SIGN_UP)
@require_POST
def accept(request: Request, shift_id: UUID) -> HttpResponse:
    """Take the place that was offered."""
    holder_id = access.may_sign_up(request.actor)
    return _changed(
        request,
        shift_id,
        lambda: operations.accept(shift_id, holder_id=holder_id, by=request.actor, at=clock.now()),
        _signed_up,
    )


def _changed(
    request: Request, shift_id: UUID, change: Callable[[], SignUpFacts], says: Callable[[SignUpFacts], str]
) -> HttpResponse:
    back = reverse("portal:activity", args=[queries.activity_of(shift_id)])
    try:
        answer = change()
    except DomainError as error:
        refused(request, error)
    else:
        messages.success(request, says(answer))
    return redirect(back)


def _signed_up(sign_up: SignUpFacts) -> str:
    language = get_language() or "zh-hans"
    if sign_up.state is SignUpState.WAITING:
        position = ordinal_text(sign_up.position or 1, language)
        return _("You are on the waiting list: {position}. A place is offered in order.").format(
            position=position
        )
    when = day_and_time_text(
        sign_up.starts_at.astimezone(CITY_ZONE), sign_up.ends_at.astimezone(CITY_ZONE), language
    )
    return _("You are in: {when}.").format(when=when)
