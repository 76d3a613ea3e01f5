"""How pages look: chosen in the frame of every page, remembered with whoever is signed in."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from shanshi.design import views as design
from shanshi.design.forms import Appearance
from shanshi.foundation import clock
from shanshi.foundation.doors import Request, public
from shanshi.registry import operations as registry


@public
@require_POST
def appearance(request: Request) -> HttpResponse:
    """Remember theme, large text or language: in this browser, and with the person who is signed in."""
    chosen = Appearance(request.POST).chosen()
    if request.actor.is_known:
        registry.remember(
            theme=chosen["theme"],
            is_elder=None if chosen["elder"] is None else chosen["elder"] == "1",
            language=chosen["language"] or None,
            by=request.actor,
            at=clock.now(),
        )
    return design.appearance(request)
