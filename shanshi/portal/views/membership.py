"""The list of an organization's members: looking for some, putting one into a team, letting one go."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shanshi.foundation import clock
from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.portal.forms.bodies import MemberFindForm
from shanshi.portal.views.answers import changed
from shanshi.portal.views.organizations import tabs
from shanshi.registry import access, operations, queries

PAGE = 50


@asks(access.KEEP_MEMBERS)
@require_GET
def members(request: Request, organization_id: UUID) -> HttpResponse:
    """Who belongs to the organization or is invited, masked, the latest first."""
    organization = access.organization_to_keep(request.actor, organization_id)
    teams = queries.teams(organization.id)
    form = MemberFindForm(request.GET, teams=[(team.id, team.name) for team in teams])
    # Nobody holds by the organization's own id: a number that nobody has finds nobody.
    wanted = form.wanted(nobody=organization.id)
    after = request.GET.get("after")
    found, following = queries.member_page(organization.id, cursor=after, limit=PAGE, wanted=wanted)
    kept = {name: value for name, value in form.data.items() if value and name in form.fields}
    context = {
        "organization": organization,
        "members": [one for one in found if one.volunteer],
        "teams": teams,
        "form": form,
        "following": following,
        "after": after,
        "kept": urlencode(kept),
        "narrowed": bool(kept),
        "tends": access.TEND_MEMBERS.by_role(request.actor, organization.lineage),
        "tabs": tabs(request, organization, "members"),
    }
    return render(request, "portal/member_list.html", context)


@asks(access.TEND_MEMBERS)
@require_POST
def put_in_team(request: Request, organization_id: UUID, membership_id: UUID) -> HttpResponse:
    """Let a member stand in a team, or in none."""
    organization = access.organization_to_tend(request.actor, organization_id)
    team_id = _team(request.POST.get("team", ""))
    return changed(
        request,
        _back(request, organization.id),
        lambda: operations.put_in_team(
            membership_id, organization.id, team_id, by=request.actor, at=clock.now()
        ),
        _("The member stands in the team now.") if team_id else _("The member stands in no team now."),
    )


@asks(access.TEND_MEMBERS)
@require_POST
def end(request: Request, organization_id: UUID, membership_id: UUID) -> HttpResponse:
    """Let a member go, or take an invitation back."""
    organization = access.organization_to_tend(request.actor, organization_id)
    return changed(
        request,
        _back(request, organization.id),
        lambda: operations.end_membership(
            membership_id,
            organization.id,
            reason=request.POST.get("reason", ""),
            by=request.actor,
            at=clock.now(),
        ),
        _("Ended. The hours that were served stay."),
    )


def _team(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _back(request: Request, organization_id: UUID) -> str:
    kept = request.POST.get("kept", "")
    query = f"?{kept}" if kept and "\n" not in kept and "\r" not in kept else ""
    return f"{reverse('portal:members', args=[organization_id])}{query}"
