"""The merchant's till: the camera first, then the till's own code, then what was given today."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shanshi.design.rules import coins_text
from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, refusal
from shanshi.foundation.headers import CAMERA, using
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.portal.forms import ReasonForm
from shanshi.portal.views.answers import changed, scanned
from shanshi.registry import queries as registry
from shanshi.registry.rules import Purpose
from shanshi.rewards import access, operations, queries
from shanshi.rewards.queries import RedemptionFacts


@asks(access.SERVE_TILL)
@require_GET
def tills(request: Request) -> HttpResponse:
    """The till of the merchant where the cashier works; a choice if there are several."""
    mine = access.tills(request.actor)
    if len(mine) == 1:
        return redirect("portal:till-of", mine[0].id)
    return render(request, "portal/tills.html", {"tills": mine})


@asks(access.SERVE_TILL)
@using(CAMERA)
@require_GET
def till(request: Request, merchant_id: UUID) -> HttpResponse:
    """One till: camera, the till's own code, who comes today, what was given today and this month."""
    merchant = access.till(request.actor, merchant_id)
    now = clock.now()
    today = city_day(now)
    given = queries.fulfilled_on(merchant.id, today)
    context = {
        "merchant": merchant,
        "given": given,
        "totals": queries.totals(merchant.id, today),
        "month": queries.month_totals(merchant.id, today),
        "appointments": queries.appointments_on(merchant.id, today),
        "today": today,
        "others": [one for one in access.tills(request.actor) if one.id != merchant.id],
        "keeps": access.keeps(request.actor, merchant.id, today),
    }
    return render(request, "portal/till.html", context)


@asks(access.SERVE_TILL)
@require_POST
def take(request: Request, merchant_id: UUID) -> HttpResponse:
    """Give what a volunteer's code stands for."""
    merchant = access.till(request.actor, merchant_id)
    code, real_at = request.POST.get("code", ""), clock.real_now()

    def give() -> RedemptionFacts:
        access.try_code(request.actor, code, real_at=real_at)
        with limits.failures("failed_codes", str(request.actor.known()), at=real_at):
            return operations.fulfill_by_code(
                code, merchant_id=merchant.id, by=request.actor, at=clock.now(), real_at=real_at
            )

    if not request.htmx:
        return scanned(request, reverse("portal:till-of", args=[merchant.id]), give, _given)
    try:
        redemption = give()
    except DomainError as error:
        said = refusal(error)
        return said.on(render(request, "design/_refusal.html", {"refusal": said}, status=said.status))
    return render(request, "portal/_till_given.html", {"redemption": redemption, "name": _name(redemption)})


def _given(redemption: RedemptionFacts) -> tuple[str, str]:
    price = coins_text(redemption.price_coin_units, get_language() or "zh-hans")
    said, name = _("Paid with {coins}.").format(coins=price), _name(redemption)
    if name:
        said += " " + _("For {name}.").format(name=name)
    return _("Give: {offer}").format(offer=redemption.offer_title), said


def _name(redemption: RedemptionFacts) -> str:
    # The first character of the name, for who agreed that shops see it; for all others nothing.
    if registry.consented([redemption.holder_id], Purpose.MERCHANT):
        return registry.volunteer(redemption.holder_id).masked_name
    return ""


@asks(access.SERVE_TILL)
@require_POST
def void(request: Request, redemption_id: UUID) -> HttpResponse:
    """Take a redemption back: coins to the volunteer, the piece to the stock."""
    redemption = access.redemption_at_till(request.actor, redemption_id)
    form = ReasonForm(request.POST)
    reason = str(form.cleaned_data["reason"]) if form.is_valid() else ""
    return changed(
        request,
        reverse("portal:till-of", args=[redemption.merchant_id]),
        lambda: operations.void(redemption.id, by=request.actor, at=clock.now(), reason=reason),
        _("Taken back. The coins are with the volunteer again."),
    )


@asks(access.SERVE_TILL)
@require_POST
def serve(request: Request, appointment_id: UUID) -> HttpResponse:
    """Note that somebody came to their appointment and was served."""
    found = access.appointment_at_till(request.actor, appointment_id)
    return changed(
        request,
        reverse("portal:till-of", args=[found.merchant_id]),
        lambda: operations.serve_appointment(found.id, by=request.actor, at=clock.now()),
        _("Noted: number {number} was here.").format(number=found.number),
    )


@asks(access.SERVE_TILL)
@require_GET
def code(request: Request, merchant_id: UUID) -> HttpResponse:
    """The till's own code of this minute, for volunteers to scan."""
    merchant = access.till(request.actor, merchant_id)
    now = clock.real_now()
    made = queries.till_code(merchant.id, at=clock.now(), real_at=now)
    return JsonResponse({"code": made.code, "seconds": (made.expires_at - now).total_seconds()})
