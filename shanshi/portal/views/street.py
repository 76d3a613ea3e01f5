"""The partner street: what coins give, redeeming it, and paying at the till."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, public
from shanshi.foundation.headers import CAMERA, using
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.kernel.ids import new_id
from shanshi.kernel.quantities import city_day
from shanshi.ledger import queries as ledger
from shanshi.ledger.queries import Balances
from shanshi.places import queries as places
from shanshi.portal import access
from shanshi.portal.forms import RedeemForm
from shanshi.portal.forms.street import StreetFindForm
from shanshi.portal.queries.streets import merchant_page, served, street_page
from shanshi.portal.views.answers import refused
from shanshi.portal.views.appointments import children_to_bring
from shanshi.rewards import access as rewards_access
from shanshi.rewards import operations, queries
from shanshi.rewards.queries import OfferFilter, RedemptionFacts
from shanshi.rewards.queries import fields_of as rewards_fields
from shanshi.rewards.rules import State, clean_code, merchant_of_code


@public
@require_GET
def streets(request: Request) -> HttpResponse:
    """The partner streets; where there is one, the street itself."""
    found = places.streets()
    if len(found) == 1:
        return redirect("portal:street", found[0].id)
    return render(request, "portal/streets.html", {"streets": found})


@public
@require_GET
def street(request: Request, street_id: UUID) -> HttpResponse:
    """One street: its drawing, its shops with their offers of today, and what goes round."""
    now, held = clock.now(), _held(request)
    mine = held is not None and request.GET.get("mine") == "1"
    form = StreetFindForm(request.GET, fields=rewards_fields(street_id))
    page = street_page(street_id, form.wanted(held.coin_units if held and mine else None), at=now)
    kept = {name: value for name, value in form.data.items() if value and name in form.fields}
    context = {
        "page": page,
        "held": held,
        "form": form,
        "mine": mine,
        "narrowed": bool(kept) or mine,
        "keeps": rewards_access.keeps_street(request.actor, street_id, city_day(now)),
    }
    return render(request, "portal/street.html", context)


@public
@require_GET
def merchant(request: Request, merchant_id: UUID) -> HttpResponse:
    """One merchant: what it gives, its volunteer services with their times, and where it is."""
    now = clock.now()
    page = merchant_page(merchant_id, at=now)
    keeps = rewards_access.keeps(request.actor, merchant_id, city_day(now))
    return render(request, "portal/merchant.html", {"page": page, "keeps": keeps, "held": _held(request)})


@public
@require_GET
def offer(request: Request, offer_id: UUID) -> HttpResponse:
    """One offer with its price, its days, and the button that redeems it at the counter."""
    found, held, now = queries.offer(offer_id), _held(request), clock.now()
    context = {
        "offer": found,
        "merchant": queries.merchant(found.merchant_id),
        "held": held,
        "given_today": found.is_given_on(city_day(now)),
        "redemption": new_id(),
        "service": next(iter(served([found], at=now)), None),
        "children": children_to_bring(request.actor, at=now),
        "may_come": held is not None or found.is_for_residents,
    }
    return render(request, "portal/offer.html", context)


@asks(access.REDEEM)
@require_POST
def redeem(request: Request, offer_id: UUID) -> HttpResponse:
    """Set coins and one piece aside, and show the code for the merchant."""
    holder_id = access.may_redeem(request.actor)
    form = RedeemForm(request.POST)
    try:
        made = operations.reserve(
            offer_id,
            holder_id=holder_id,
            by=request.actor,
            at=clock.now(),
            real_at=clock.real_now(),
            id=form.made_id(),
        )
    except DomainError as error:
        refused(request, error)
        return redirect("portal:offer", offer_id)
    return redirect("portal:redemption", made.id)


@asks(access.SEE_REDEMPTION)
@require_GET
def redemption(request: Request, redemption_id: UUID) -> HttpResponse:
    """One redemption: its code while it lives, and what became of it."""
    found = access.own_redemption(request.actor, redemption_id)
    return render(request, "portal/redemption.html", _shown(found))


@asks(access.SEE_REDEMPTION)
@require_GET
def redemption_state(request: Request, redemption_id: UUID) -> HttpResponse:
    """The part of the page that changes, if it has changed since it was drawn; asked every two seconds."""
    shown = _shown(access.own_redemption(request.actor, redemption_id))
    if shown["look"] == request.GET.get("look"):
        return HttpResponse(status=204)
    return render(request, "portal/_redemption.html", shown)


@asks(access.REDEEM)
@using(CAMERA)
@require_http_methods(["GET", "POST"])
def pay(request: Request) -> HttpResponse:
    """The camera for the code on a till."""
    access.may_redeem(request.actor)
    if request.method == "POST":
        code = clean_code(request.POST.get("code", ""))
        try:
            merchant_of_code(code)
        except DomainError as error:
            refused(request, error)
        else:
            return redirect("portal:pay-at", code)
        return redirect("portal:pay")
    return render(request, "portal/pay.html", {"held": _held(request)})


@asks(access.REDEEM)
@require_http_methods(["GET", "POST"])
def pay_at(request: Request, code: str) -> HttpResponse:
    """What the till whose code was scanned gives today; one press gives the coins."""
    holder_id = access.may_redeem(request.actor)
    if request.method == "POST":
        return _paid(request, holder_id, code)
    merchant = queries.merchant(merchant_of_code(code))
    offers = queries.offer_list(OfferFilter(day=city_day(clock.now()), merchant_id=merchant.id))
    context = {"merchant": merchant, "offers": offers, "held": _held(request), "redemption": new_id()}
    return render(request, "portal/pay_at.html", context)


def _paid(request: Request, holder_id: UUID, code: str) -> HttpResponse:
    form, real_at = RedeemForm(request.POST), clock.real_now()
    try:
        with limits.failures("failed_codes", str(request.actor.known()), at=real_at):
            made = operations.redeem_at_till(
                code,
                form.offer_id(),
                holder_id=holder_id,
                by=request.actor,
                at=clock.now(),
                real_at=real_at,
                id=form.made_id(),
            )
    except DomainError as error:
        refused(request, error)
        return redirect("portal:pay")
    return redirect("portal:redemption", made.id)


@asks(access.LIST_REDEMPTIONS)
@require_GET
def redemptions(request: Request) -> HttpResponse:
    """All redemptions, the latest first."""
    holder_id, after = access.may_redeem(request.actor), request.GET.get("after")
    found, following = queries.redemption_page(holder_id, cursor=after, limit=20)
    context = {"found": found, "following": following, "after": after}
    return render(request, "portal/redemptions.html", context)


def _held(request: Request) -> Balances | None:
    holder_id = request.actor.holder_id
    return ledger.balances(holder_id) if holder_id else None


def _shown(found: RedemptionFacts) -> dict[str, object]:
    now, ends = clock.real_now(), found.code_expires_at
    lives = found.state is State.RESERVED and ends is not None and ends > now
    shown: dict[str, object] = {
        "redemption": found,
        "look": found.state.value if lives or found.state is not State.RESERVED else "late",
        "again_url": reverse("portal:offer", args=[found.offer_id]),
    }
    if lives and ends is not None:
        shown |= {
            "code": queries.code_of(found),
            "digits": queries.digits_of(found),
            "seconds": max(1, int((ends - now).total_seconds())),
        }
    return shown
