"""One list that somebody has sent: how far it is, what was found, taking it, undoing it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shanshi.foundation import clock
from shanshi.foundation.doors import Request, refusal
from shanshi.foundation.permissions import asks
from shanshi.imports import access, operations, queries, tasks
from shanshi.imports.access import OWN_LIST
from shanshi.imports.queries.lists import rebuilt
from shanshi.imports.rules import UNDO_WITHIN, ListState
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.portal.views import sheet_words as words
from shanshi.portal.views.answers import refused

SHOWN = 100
SHOWN_NEW = 20


@asks(OWN_LIST)
@require_GET
def sent_list(request: Request, list_id: UUID) -> HttpResponse:
    """Where a list stands: being worked on, looked at, taken, undone."""
    found, place = access.own_list(request.actor, list_id, on=city_day(clock.now()))
    context: dict[str, Any] = {
        "list": found,
        "place": place,
        "title": words.TITLES[found.kind],
        "back_url": words.address("", place),
        "template_url": words.address("template", place),
        "state": found.state.value,
    }
    if not found.is_working and found.state is not ListState.FAILED:
        context |= _findings(found)
    if found.refused:
        context["refused"] = refusal(rebuilt(found.refused, {}))
    if found.taken_at is not None:
        context |= {
            "undo_until": found.taken_at + UNDO_WITHIN,
            "can_be_undone": found.can_be_undone(clock.now()),
        }
    return render(request, "portal/sent_list.html", context)


@asks(OWN_LIST)
@require_GET
def progress(request: Request, list_id: UUID) -> HttpResponse:
    """How far the work on a list is; once it is over, the way to its page."""
    found, _place = access.own_list(request.actor, list_id, on=city_day(clock.now()))
    if not found.is_working:
        return HttpResponse(headers={"HX-Redirect": reverse("portal:sent-list", args=[list_id])})
    return render(request, "portal/_sent_list_progress.html", {"list": found, "state": found.state.value})


@asks(OWN_LIST)
@require_POST
def take(request: Request, list_id: UUID) -> HttpResponse:
    """Take a list that was looked at: everything new in it, or nothing. Sent twice, it is taken once."""
    found, _place = access.own_list(request.actor, list_id, on=city_day(clock.now()))
    here = reverse("portal:sent-list", args=[list_id])

    def begin() -> None:
        if operations.want(found.id, real_at=clock.real_now()):
            tasks.begin(found)

    return _answer(request, here, begin)


@asks(OWN_LIST)
@require_POST
def undo(request: Request, list_id: UUID) -> HttpResponse:
    """Undo a list within a day, as far as nothing depends on it."""
    found, _place = access.own_list(request.actor, list_id, on=city_day(clock.now()))
    here = reverse("portal:sent-list", args=[list_id])

    def begin() -> None:
        if operations.want_back(found.id, at=clock.now(), real_at=clock.real_now()):
            tasks.begin(found)

    return _answer(request, here, begin)


@asks(OWN_LIST)
@require_POST
def drop(request: Request, list_id: UUID) -> HttpResponse:
    """Delete a list that was not taken."""
    found, place = access.own_list(request.actor, list_id, on=city_day(clock.now()))
    operations.drop(found.id)
    messages.success(request, _("The list was deleted; nothing of it was taken."))
    return redirect(words.address("", place))


def _answer(request: Request, here: str, begin: Callable[[], None]) -> HttpResponse:
    # What has become of it stands on the page itself, also for whoever comes back to it later.
    try:
        begin()
    except DomainError as error:
        refused(request, error)
    return redirect(here)


def _findings(found: queries.ListFacts) -> dict[str, Any]:
    said = queries.findings(found.id, most=SHOWN)
    heads, rows = words.shown_rows(found.kind, said.new[:SHOWN_NEW])
    return {
        "wrong": [(one.address, refusal(one.error)) for one in said.wrong],
        "left_out": [(one.address, refusal(one.error)) for one in said.left_out],
        "stay": [(one.address, refusal(one.error)) for one in said.stay],
        "heads": heads,
        "rows": rows,
    }
