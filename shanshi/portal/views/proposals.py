"""What two people decide: the queue with its ages, and approving or refusing with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shanshi.foundation import clock, proposals
from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.foundation.proposals import Verdict
from shanshi.portal import access
from shanshi.portal.forms.staff import FactorResetForm, VerdictForm
from shanshi.portal.queries.roles import person_numbered
from shanshi.portal.queries.trail import proposal_lines, waiting_proposals
from shanshi.portal.views.answers import changed
from shanshi.registry import operations

# What a room does about its kind of proposal. A later room adds its own line.
DECIDE: Final[dict[str, Callable[..., Verdict | None]]] = {
    operations.CITY_ROLE: operations.decide_city_role,
    operations.SECOND_FACTOR: operations.decide_factor_reset,
}
KINDS: Final = tuple(DECIDE)


@asks(access.DECIDE_FOR_CITY)
@require_GET
def queue(request: Request) -> HttpResponse:
    """What waits for a second person, the oldest first, and what was decided lately."""
    access.may_decide_for_city(request.actor)
    after = request.GET.get("after")
    waiting, following = waiting_proposals(KINDS, at=clock.now(), cursor=after)
    return render(
        request,
        "portal/proposals.html",
        {
            "waiting": waiting,
            "following": following,
            "after": after,
            "decided": [] if after else proposal_lines(proposals.decided(KINDS)),
            "form": FactorResetForm(),
        },
    )


@asks(access.DECIDE_FOR_CITY)
@require_POST
def decide(request: Request, proposal_id: UUID) -> HttpResponse:
    """Approve, refuse or withdraw one."""
    access.may_decide_for_city(request.actor)
    found = proposals.proposal(proposal_id)
    form = VerdictForm(request.POST)
    verdict = Verdict(form.cleaned_data["verdict"]) if form.is_valid() else Verdict.REFUSED
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    says = {
        Verdict.APPROVED: _("Approved, and done."),
        Verdict.REFUSED: _("Refused. Nothing has changed."),
        Verdict.WITHDRAWN: _("Withdrawn. Nothing has changed."),
    }
    # Whoever came from the desk goes on there.
    back = reverse("portal:queue" if request.POST.get("back") == "desk" else "portal:proposals")
    return changed(
        request,
        back,
        lambda: DECIDE[found.kind](found.id, verdict, by=request.actor, at=clock.now(), reason=reason),
        says[verdict],
    )


@asks(access.DECIDE_FOR_CITY)
@require_POST
def reset_factors(request: Request) -> HttpResponse:
    """Propose that somebody who has lost all second factors may set up new ones."""
    access.may_decide_for_city(request.actor)
    form = FactorResetForm(request.POST)
    number = form.cleaned_data["number"] if form.is_valid() else ""
    reason = form.cleaned_data["reason"] if form.is_valid() else ""

    def propose() -> None:
        person_id, _line = person_numbered(number)
        operations.propose_factor_reset(person_id, by=request.actor, at=clock.now(), reason=reason)

    return changed(
        request,
        reverse("portal:proposals"),
        propose,
        _("Proposed. It takes effect when another member of the city's staff approves it."),
    )
