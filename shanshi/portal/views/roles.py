"""Roles: who holds what from when to when, by whom and why; giving, changing and ending one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shanshi.foundation import clock
from shanshi.foundation.actor import Role
from shanshi.foundation.doors import Request, refusal
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.portal import access
from shanshi.portal.forms.staff import ROLES, DaysForm, PlaceForm, RoleForm
from shanshi.portal.queries.roles import (
    person_numbered,
    place_names,
    places_to_choose,
    role_lines,
    role_page,
)
from shanshi.portal.views.answers import changed, refused
from shanshi.registry import operations
from shanshi.registry.operations import Outcome
from shanshi.registry.queries import GrantFacts, PersonLine, tree
from shanshi.registry.queries.tree import PlaceFacts

GIVEN = tuple(access.GIVE_ROLE.values())


@asks(access.SEE_ROLES)
@require_GET
def listed(request: Request) -> HttpResponse:
    """Who holds which role at the reader's places and below, the latest given first."""
    places = access.may_see_roles(request.actor)
    role = request.GET.get("role", "")
    with_past = request.GET.get("past") == "1"
    after = request.GET.get("after")
    lines, following = role_page(
        places,
        on=city_day(clock.now()),
        with_past=with_past,
        role=Role(role) if role in set(Role) else None,
        cursor=after,
    )
    gives = {place for permission in GIVEN for place in permission.places(request.actor)}
    return render(
        request,
        "portal/roles.html",
        {
            "lines": lines,
            "following": following,
            "after": after,
            "kept": f"role={role if role in set(Role) else ''}&past={int(with_past)}",
            "role": role,
            "roles": ROLES,
            "with_past": with_past,
            "gives": bool(gives),
            "may_change": {line.grant.id for line in lines if _may_change(request, line.grant)},
            "decides": access.DECIDE_FOR_CITY.by_role(request.actor, ()),
        },
    )


@asks(*GIVEN)
@require_http_methods(["GET", "POST"])
def give(request: Request) -> HttpResponse:
    """Give a role: the place, then what and to whom, then the masked name to confirm."""
    places = access.places_to_give_at(request.actor)
    now = clock.now()
    name = request.POST.get("place") or request.GET.get("place", "")
    if not name:
        asked = PlaceForm(request.GET or None)
        find = asked.cleaned_data["find"] if asked.is_valid() else ""
        found = places_to_choose(places, find=find, on=city_day(now))
        return render(request, "portal/role_place.html", {"form": asked, "places": found})
    place, roles = access.place_to_give_at(request.actor, name, city_day(now))
    form = RoleForm(request.POST or None, roles=roles, initial={"from_on": city_day(now)})
    place_name = place.name or place_names([name]).get(name, "")
    context = {"form": form, "place": place, "place_name": place_name}
    if request.method == "GET" or not form.is_valid():
        return render(request, "portal/role_give.html", context, status=422 if form.errors else 200)
    try:
        person_id, person = person_numbered(form.cleaned_data["number"])
        if "sure" not in request.POST:
            by_two = tree.reaches_city(Role(form.cleaned_data["role"]), place)
            shown = {**context, "person": person, "typed": form.cleaned_data, "by_two": by_two}
            return render(request, "portal/role_sure.html", shown)
        outcome = _give(request, form, person_id, place)
    except DomainError as error:
        said = refusal(error)
        return render(request, "portal/role_give.html", {**context, "refused": said}, status=said.status)
    return changed(request, _back(request, outcome), lambda: None, _told(outcome, person))


@asks(*GIVEN)
@require_GET
def role(request: Request, grant_id: UUID) -> HttpResponse:
    """One role of somebody, and how its days can be changed or how it is ended."""
    found = access.role_to_change(request.actor, grant_id)
    form = DaysForm(initial={"from_on": found.from_on, "to_on": found.to_on})
    return _role(request, found, form)


@asks(*GIVEN)
@require_POST
def change(request: Request, grant_id: UUID) -> HttpResponse:
    """Let a role be held for other days."""
    found = access.role_to_change(request.actor, grant_id)
    form = DaysForm(request.POST)
    if not form.is_valid():
        return _role(request, found, form, status=422)
    typed = form.cleaned_data
    return _changed(
        request,
        found.id,
        lambda: operations.change_role(
            found.id,
            from_on=typed["from_on"],
            to_on=typed["to_on"],
            by=request.actor,
            at=clock.now(),
            reason=typed["reason"],
        ),
        _("The days have been changed."),
    )


@asks(*GIVEN)
@require_POST
def end(request: Request, grant_id: UUID) -> HttpResponse:
    """End a role now."""
    found = access.role_to_change(request.actor, grant_id)
    reason = request.POST.get("reason", "")
    return _changed(
        request,
        found.id,
        lambda: operations.withdraw_role(found.id, by=request.actor, at=clock.now(), reason=reason),
        _("The role has ended."),
    )


def _role(request: Request, found: GrantFacts, form: DaysForm, *, status: int = 200) -> HttpResponse:
    today = city_day(clock.now())
    (line,) = role_lines([found], on=today)
    by_two = tree.reaches_city(found.role, tree.place_of_role(found.place, found.lineage, today))
    return render(request, "portal/role.html", {"line": line, "form": form, "by_two": by_two}, status=status)


def _give(request: Request, form: RoleForm, person_id: UUID, place: PlaceFacts) -> Outcome:
    return operations.give_role(
        form.wish(person_id, place.place),
        lineage=place.lineage,
        kind=place.kind,
        by=request.actor,
        at=clock.now(),
    )


def _changed(request: Request, grant_id: UUID, step: Any, says: str) -> HttpResponse:
    try:
        outcome: Outcome = step()
    except DomainError as error:
        refused(request, error)
        return redirect("portal:role", grant_id)
    if outcome.proposal_id:
        says = _proposed()
    return changed(request, _back(request, outcome), lambda: None, says)


def _back(request: Request, outcome: Outcome) -> str:
    # Whoever proposes may be a manager, who does not see what waits.
    decides = access.DECIDE_FOR_CITY.by_role(request.actor, ())
    return reverse("portal:proposals" if outcome.proposal_id and decides else "portal:roles")


def _told(outcome: Outcome, person: PersonLine) -> str:
    if outcome.proposal_id:
        return _proposed()
    return _("Given: {name} holds the role.").format(name=person.masked_name)


def _proposed() -> str:
    return _("Proposed. It takes effect when another member of the city's staff approves it.")


def _may_change(request: Request, grant: Any) -> bool:
    return access.GIVE_ROLE[grant.role].by_role(request.actor, grant.lineage)
