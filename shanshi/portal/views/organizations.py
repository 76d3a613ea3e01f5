"""Organizations: the list, everybody's page, the managers' desk; making, changing and moving them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shanshi.foundation import clock
from shanshi.foundation.doors import Request, public, refusal
from shanshi.foundation.limits import limited
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.places.queries import division_names
from shanshi.portal.access import GIVE_ROLE, SEE_ROLES
from shanshi.portal.forms.bodies import BodyFindForm, BodyForm, MoveForm, NewBodyForm, TeamForm, body_said
from shanshi.portal.queries import districts_to_choose
from shanshi.portal.queries.bodies import body_desk, body_page, parents_to_choose
from shanshi.portal.views.answers import changed
from shanshi.portal.views.cards import cards
from shanshi.registry import access, operations, queries
from shanshi.registry.operations import OrganizationChange, OrganizationRow
from shanshi.registry.queries import OrganizationFacts
from shanshi.registry.queries.bodies import organization_page
from shanshi.registry.rules import OrganizationKind

PAGE = 30
GIVEN = tuple(GIVE_ROLE.values())


@public
@limited("searches")
@require_GET
def listed(request: Request) -> HttpResponse:
    """The organizations of the city by name, by its sounds, kind and district."""
    form = BodyFindForm(request.GET, districts=districts_to_choose(clock.now()))
    wanted = form.wanted()
    after = request.GET.get("after")
    found, following = organization_page(wanted, cursor=after, limit=PAGE)
    kept = {name: value for name, value in form.data.items() if value and name in form.fields}
    context = {
        "form": form,
        "organizations": found,
        "following": following,
        "after": after,
        "kept": urlencode(kept),
        "narrowed": bool(kept),
        "makes": bool(access.MANAGE_ORGANIZATIONS.places(request.actor)),
        "keeps": access.organizations_to_keep(request.actor) if request.actor.is_known else [],
    }
    return render(request, "portal/organizations.html", context)


@public
@require_GET
def organization(request: Request, organization_id: UUID) -> HttpResponse:
    """One organization: what it is, what it gives now and gave before, and its record; no person."""
    found = queries.organization(organization_id)
    after = request.GET.get("after")
    page = body_page(found, at=clock.now(), cursor=after)
    return render(
        request,
        "portal/organization.html",
        {
            "page": page,
            "organization": found,
            "cards": cards(page.now),
            "following": page.older,
            "after": after,
            "tabs": tabs(request, found, "page"),
        },
    )


@asks(access.KEEP_MEMBERS)
@require_GET
def desk(request: Request, organization_id: UUID) -> HttpResponse:
    """What its managers run: members, teams, activities by state, hours by month, and the ways to each."""
    found = access.organization_to_keep(request.actor, organization_id)
    return _desk(request, found)


@asks(access.MANAGE_ORGANIZATIONS)
@require_http_methods(["GET", "POST"])
def new(request: Request, organization_id: UUID) -> HttpResponse:
    """Make an organization below this one."""
    parent = access.organization_to_build_on(request.actor, organization_id)
    return _new(request, parent, parent.lineage)


@asks(access.MANAGE_ORGANIZATIONS)
@require_http_methods(["GET", "POST"])
def new_at_top(request: Request, division_code: str) -> HttpResponse:
    """Make an organization that stands directly below a district."""
    lineage = access.division_to_build_in(request.actor, division_code, at=clock.now())
    return _new(request, None, lineage, division_code)


@asks(access.CHANGE_ORGANIZATION)
@require_http_methods(["GET", "POST"])
def change(request: Request, organization_id: UUID) -> HttpResponse:
    """Let an organization say something else of itself."""
    found = access.organization_to_change(request.actor, organization_id)
    kinds = {*access.kinds_to_make(request.actor, found.lineage), found.kind}
    form = BodyForm(
        request.POST or None,
        kinds=[one for one in OrganizationKind if one in kinds],
        initial=body_said(found),
    )
    error = None
    if request.method == "POST" and form.is_valid():
        try:
            for kind in {found.kind, form.cleaned_data["kind"]}:
                access.may_make_kind(request.actor, kind, found.lineage)
            said = OrganizationChange(**form.cleaned_data)
            operations.change_organization(found.id, said, by=request.actor, at=clock.now())
        except DomainError as refused:
            error = refusal(refused)
        else:
            messages.success(request, _("The organization has been changed."))
            return redirect("portal:organization", found.id)
    context = {"form": form, "organization": found, "refused": error, "tabs": tabs(request, found, "change")}
    context["move"] = _move_form(request, found)
    return render(request, "portal/organization_change.html", context, status=_status(form, error))


@asks(access.MOVE_ORGANIZATION)
@require_POST
def move(request: Request, organization_id: UUID) -> HttpResponse:
    """Put an organization, with all below it, under another parent."""
    found = access.organization_to_move(request.actor, organization_id)
    parent_id = _uuid(request.POST.get("parent", ""))
    parent = access.organization_to_move(request.actor, parent_id) if parent_id else None
    return changed(
        request,
        reverse("portal:organization", args=[found.id]),
        lambda: operations.move_organization(
            found.id,
            parent.id if parent else None,
            reason=request.POST.get("reason", ""),
            by=request.actor,
            at=clock.now(),
        ),
        _("{name} and everything below it stand under the new parent now.").format(name=found.name),
        again=reverse("portal:organization-change", args=[found.id]),
    )


@asks(access.MANAGE_ORGANIZATIONS)
@require_POST
def new_team(request: Request, organization_id: UUID) -> HttpResponse:
    """Make a team in the organization."""
    found = access.organization_to_build_on(request.actor, organization_id)
    name = request.POST.get("name", "")
    return changed(
        request,
        reverse("portal:organization-desk", args=[found.id]),
        lambda: operations.create_team(found.id, name, by=request.actor, at=clock.now()),
        _("The team is there: put members into it from the list of members."),
    )


@asks(access.CHANGE_TEAM)
@require_POST
def rename_team(request: Request, organization_id: UUID, team_id: UUID) -> HttpResponse:
    """Call a team by another name."""
    team = access.team_to_change(request.actor, organization_id, team_id)
    name = request.POST.get("name", "")
    return changed(
        request,
        reverse("portal:organization-desk", args=[organization_id]),
        lambda: operations.rename_team(team.id, name, by=request.actor, at=clock.now()),
        _("The team has its new name."),
    )


def tabs(request: Request, found: OrganizationFacts, current: str) -> list[dict[str, Any]]:
    """Return the ways that somebody has between the pages of one organization; one way is none."""
    actor = request.actor
    ways = [("page", "portal:organization", _("Public page"), True)]
    keeps = access.KEEP_MEMBERS.by_role(actor, found.lineage)
    ways.append(("desk", "portal:organization-desk", _("Desk"), keeps))
    ways.append(("members", "portal:members", _("Members"), keeps))
    changes = access.CHANGE_ORGANIZATION.by_role(actor, found.lineage)
    ways.append(("change", "portal:organization-change", _("Change"), changes))
    shown = [
        {"url": reverse(name, args=[found.id]), "label": label, "current": key == current, "count": None}
        for key, name, label, may in ways
        if may
    ]
    return shown if len(shown) > 1 else []


def _desk(request: Request, found: OrganizationFacts) -> HttpResponse:
    actor = request.actor
    context = {
        "organization": found,
        "desk": body_desk(found),
        "tabs": tabs(request, found, "desk"),
        "team_form": TeamForm(),
        "builds": access.MANAGE_ORGANIZATIONS.by_role(actor, found.lineage),
        "renames": access.CHANGE_TEAM.by_role(actor, found.lineage),
        "sees_roles": SEE_ROLES.by_role(actor, found.lineage),
        "gives": any(one.by_role(actor, found.lineage) for one in GIVEN),
        "place": f"organization:{found.id}",
    }
    return render(request, "portal/organization_desk.html", context)


def _new(
    request: Request, parent: OrganizationFacts | None, lineage: tuple[str, ...], division_code: str = ""
) -> HttpResponse:
    districts = districts_to_choose(clock.now())
    division = parent.division_code if parent else division_code
    if division not in dict(districts):
        districts = [*division_names([division]).items(), *districts]
    kinds = access.kinds_to_make(request.actor, lineage)
    start = {"division": division, "kind": "team"}
    form = NewBodyForm(request.POST or None, kinds=kinds, districts=districts, initial=start)
    error = None
    if request.method == "POST" and form.is_valid():
        try:
            made = _make(request, parent, form, lineage)
        except DomainError as refused:
            error = refusal(refused)
        else:
            messages.success(
                request, _("The organization is there. Give somebody a role at it, so that it can begin.")
            )
            return redirect("portal:organization", made)
    context = {"form": form, "parent": parent, "refused": error}
    return render(request, "portal/organization_new.html", context, status=_status(form, error))


def _make(
    request: Request, parent: OrganizationFacts | None, form: NewBodyForm, lineage: tuple[str, ...]
) -> UUID:
    typed = dict(form.cleaned_data)
    division = typed.pop("division")
    access.may_make_kind(request.actor, typed["kind"], lineage)
    if parent is None:
        access.division_to_build_in(request.actor, division, at=clock.now())
    row = OrganizationRow(**typed, parent_id=parent.id if parent else None, division_code=division)
    return operations.create_organization(row, by=request.actor, at=clock.now())


def _move_form(request: Request, found: OrganizationFacts) -> MoveForm | None:
    if not found.parent_id or not access.MOVE_ORGANIZATION.by_role(request.actor, found.lineage):
        return None
    under = access.MOVE_ORGANIZATION.places(request.actor)
    return MoveForm(parents=parents_to_choose(found, under), initial={"parent": str(found.parent_id)})


def _status(form: Any, error: Any) -> int:
    if error is not None:
        return int(error.status)
    return 422 if form.is_bound and form.errors else 200


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
