"""Where lists of members were taken before they had pages of their own."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.registry import access


@asks(access.KEEP_MEMBERS)
@require_GET
def template(request: Request, organization_id: UUID) -> HttpResponse:
    """The template stands beside the lists now; an address that somebody kept still leads there."""
    access.organization_to_keep(request.actor, organization_id)
    return redirect("portal:people-list-template", organization_id, "members", permanent=True)
