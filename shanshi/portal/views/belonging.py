"""Invitations to organizations: one's own, and those of a child who does not sign in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from shanshi.foundation import clock
from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.portal import access
from shanshi.portal.views.answers import changed
from shanshi.registry import operations


@asks(access.INVITATION)
@require_POST
def accept(request: Request, invitation_id: UUID) -> HttpResponse:
    """Become a member of the organization that invited one."""
    access.own_invitation(request.actor, invitation_id)
    return _accept(request, invitation_id, request.actor.volunteer(), reverse("portal:me"))


@asks(access.INVITATION)
@require_POST
def decline(request: Request, invitation_id: UUID) -> HttpResponse:
    """Decline an invitation; the organization does not ask again for some time."""
    access.own_invitation(request.actor, invitation_id)
    return _decline(request, invitation_id, request.actor.volunteer(), reverse("portal:me"))


@asks(access.GUARD)
@require_POST
def accept_for(request: Request, holder_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Let a child who does not sign in become a member."""
    found = access.ward_to_guard(request.actor, holder_id, at=clock.now(), acts=True)
    return _accept(request, invitation_id, found.holder_id, reverse("portal:ward", args=[holder_id]))


@asks(access.GUARD)
@require_POST
def decline_for(request: Request, holder_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Decline an invitation in the place of a child who does not sign in."""
    found = access.ward_to_guard(request.actor, holder_id, at=clock.now(), acts=True)
    return _decline(request, invitation_id, found.holder_id, reverse("portal:ward", args=[holder_id]))


def _accept(request: Request, invitation_id: UUID, holder_id: UUID, back: str) -> HttpResponse:
    return changed(
        request,
        back,
        lambda: operations.accept_invitation(
            invitation_id, holder_id=holder_id, by=request.actor, at=clock.now()
        ),
        _("Accepted: a member from now on."),
    )


def _decline(request: Request, invitation_id: UUID, holder_id: UUID, back: str) -> HttpResponse:
    return changed(
        request,
        back,
        lambda: operations.decline_invitation(
            invitation_id, holder_id=holder_id, by=request.actor, at=clock.now()
        ),
        _("Declined. This organization does not ask again for 30 days."),
    )
