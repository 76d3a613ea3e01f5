"""Pages that exist only in a demo: its people, the messages its fake gateway "sent", and its clock."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shanshi.foundation import clock, installation
from shanshi.foundation.doors import Request, public
from shanshi.gateways import sms
from shanshi.portal.rules import DEMO_ACCOUNTS, DemoAccount
from shanshi.registry import operations as registry
from shanshi.registry.views import enter as let_in

_FURTHEST_HOURS = 24 * 14


@public
@require_GET
def people(request: Request) -> HttpResponse:
    """The people of the demo, each one click away."""
    return render(request, "portal/demo.html", {"groups": _groups()})


def _groups() -> list[tuple[str, list[DemoAccount]]]:
    """The people by what they are there to show; first those of every day, who belong to no program."""
    found: dict[str, list[DemoAccount]] = {}
    for account in DEMO_ACCOUNTS:
        found.setdefault(account.group, []).append(account)
    return list(found.items())


@public
@require_POST
def enter(request: Request) -> HttpResponse:
    """Sign in as one of the people of the demo."""
    account = next((one for one in DEMO_ACCOUNTS if one.phone == request.POST.get("phone")), None)
    if account is None:
        messages.error(request, _("Choose one of the people of this demonstration."))
        return redirect("portal:demo")
    let_in(request, registry.person_of_phone(account.phone, at=clock.real_now()))
    return redirect(account.start)


@public
@require_GET
def outbox(request: Request) -> HttpResponse:
    """What the fake SMS gateway "sent", newest first; as JSON for programs that ask for it."""
    sent = sms.outbox(phone=request.GET.get("phone"), limit=50)
    wants_json = request.GET.get("format") == "json" or "application/json" in request.headers.get(
        "Accept", ""
    )
    if wants_json:
        return JsonResponse(
            {"messages": [{"sent_at": one.made_at, "phone": one.phone, "text": one.text} for one in sent]},
            json_dumps_params={"ensure_ascii": False},
        )
    return render(request, "portal/demo_outbox.html", {"sent": sent})


@public
@require_POST
def forward(request: Request) -> HttpResponse:
    """Move the demo's clock forward by some hours; it never goes back."""
    hours = request.POST.get("hours", "")
    if not hours.isdecimal() or len(hours) > 3 or not 1 <= int(hours) <= _FURTHEST_HOURS:
        messages.error(request, _("The demonstration's clock moves forward by 1 to 336 hours."))
        return redirect("portal:demo")
    installation.advance(timedelta(hours=int(hours)))
    clock.wait_for_all()
    messages.success(request, _("The clock has moved. Jobs that were due run within a minute."))
    return redirect("portal:demo")
