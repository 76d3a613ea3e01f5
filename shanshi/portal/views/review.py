"""The reviewer's pages: what waits, the oldest first; publish it, or send it back with a reason."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shanshi.activities import access, operations, queries
from shanshi.foundation import clock
from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.portal.forms import ReasonForm
from shanshi.portal.views.answers import changed


@asks(access.REVIEW_ACTIVITY)
@require_GET
def queue(request: Request) -> HttpResponse:
    """What waits for this reviewer, with its age."""
    places = access.review_places(request.actor)
    return render(
        request, "portal/review.html", {"waiting": queries.waiting_for_review(places), "now": clock.now()}
    )


@asks(access.REVIEW_ACTIVITY)
@require_GET
def activity(request: Request, activity_id: UUID) -> HttpResponse:
    """One activity with everything a reviewer must weigh, and the reasons that block its publication."""
    found = access.activity_to_review(request.actor, activity_id)
    return render(request, "portal/review_activity.html", {"activity": found})


@asks(access.REVIEW_ACTIVITY)
@require_POST
def publish(request: Request, activity_id: UUID) -> HttpResponse:
    """Publish the activity with all its shifts."""
    found = access.activity_to_review(request.actor, activity_id)
    return changed(
        request,
        reverse("portal:queue"),
        lambda: operations.publish(found.id, by=request.actor, at=clock.now()),
        _("Published: {title}. Volunteers can sign up now.").format(title=found.title),
        again=reverse("portal:review-activity", args=[found.id]),
    )


@asks(access.REVIEW_ACTIVITY)
@require_POST
def send_back(request: Request, activity_id: UUID) -> HttpResponse:
    """Send the activity back to its people with a reason."""
    found = access.activity_to_review(request.actor, activity_id)
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    return changed(
        request,
        reverse("portal:queue"),
        lambda: operations.return_to_draft(found.id, reason=reason, by=request.actor, at=clock.now()),
        _("Sent back: {title}. Its people see your reason.").format(title=found.title),
        again=reverse("portal:review-activity", args=[found.id]),
    )
