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
from shanshi.foundation.doors import Request
from shanshi.foundation.headers import CAMERA, using
from shanshi.foundation.permissions import asks
from shanshi.kernel.quantities import city_day
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
    """One till: camera, the till's own code, today."""
    merchant = access.till(request.actor, merchant_id)
    today = city_day(clock.now())
    return render(
        request,
        "portal/till.html",
        {
            "merchant": merchant,
            "given": queries.fulfilled_on(merchant.id, today),
            "totals": queries.totals(merchant.id, today),
            "today": today,
        },
    )


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

    return scanned(request, reverse("portal:till-of", args=[merchant.id]), give, _given)


def _given(redemption: RedemptionFacts) -> tuple[str, str]:
    price = coins_text(redemption.price_coin_units, get_language() or "zh-hans")
    said = _("Paid with {coins}.").format(coins=price)
    if registry.consented([redemption.holder_id], Purpose.MERCHANT):
        # The first character of the name, for who agreed that shops see it; for all others nothing.
        said += " " + _("For {name}.").format(name=registry.volunteer(redemption.holder_id).masked_name)
    return _("Give: {offer}").format(offer=redemption.offer_title), said


@asks(access.SERVE_TILL)
@require_POST
def void(request: Request, redemption_id: UUID) -> HttpResponse:
    """Take a redemption back: coins to the volunteer, the piece to the stock."""
    redemption = access.redemption_at_till(request.actor, redemption_id)
    return changed(
        request,
        reverse("portal:till-of", args=[redemption.merchant_id]),
        lambda: operations.void(redemption.id, by=request.actor, at=clock.now()),
        _("Taken back. The coins are with the volunteer again."),
    )


@asks(access.SERVE_TILL)
@require_GET
def code(request: Request, merchant_id: UUID) -> HttpResponse:
    """The till's own code of this minute, for volunteers to scan."""
    merchant = access.till(request.actor, merchant_id)
    now = clock.real_now()
    made = queries.till_code(merchant.id, at=clock.now(), real_at=now)
    return JsonResponse({"code": made.code, "seconds": (made.expires_at - now).total_seconds()})
