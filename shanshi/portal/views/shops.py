"""Who runs a merchant, and the office of its street: offers and merchants are made, changed and ended."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shanshi.activities.queries.behind_offers import services_of
from shanshi.foundation import clock
from shanshi.foundation.doors import Request, refusal
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.places.queries import StreetFacts
from shanshi.portal.forms import ReasonForm
from shanshi.portal.forms.street import (
    MerchantForm,
    OfferForm,
    StockForm,
    merchant_said,
    new_offer_said,
    offer_said,
)
from shanshi.portal.views.answers import changed
from shanshi.registry import queries as registry
from shanshi.rewards import access, operations, queries, rules
from shanshi.rewards.queries import MerchantFacts


@asks(access.KEEP_STOCK)
@require_GET
def offers(request: Request, merchant_id: UUID) -> HttpResponse:
    """All offers of a merchant with their stock; the ways to change and end them."""
    today = city_day(clock.now())
    merchant = access.merchant_of_stock(request.actor, merchant_id, today)
    context = {
        "merchant": merchant,
        "offers": queries.offers_of(merchant.id),
        "today": today,
        "keeps": access.keeps(request.actor, merchant.id, today),
    }
    return render(request, "portal/shop_offers.html", context)


@asks(access.KEEP_OFFERS)
@require_http_methods(["GET", "POST"])
def new_offer(request: Request, merchant_id: UUID) -> HttpResponse:
    """A new offer of a merchant."""
    today = city_day(clock.now())
    merchant = access.merchant_of_offers(request.actor, merchant_id, today)
    form = OfferForm(
        request.POST or None,
        services=services_of(queries.givers_for(merchant.id)),
        initial=new_offer_said(today),
    )
    error = None
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_offers([form.row(merchant.id)], by=request.actor, at=clock.now())
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, _("The offer is there from its first day on."))
            return redirect("portal:shop-offers", merchant.id)
    return _form(request, "portal/shop_offer.html", form, error, {"merchant": merchant, "offer": None})


@asks(access.KEEP_OFFERS)
@require_http_methods(["GET", "POST"])
def change_offer(request: Request, offer_id: UUID) -> HttpResponse:
    """Let an offer say something else; kind and service stay."""
    offer = access.offer_to_keep(request.actor, offer_id, city_day(clock.now()))
    merchant = queries.merchant(offer.merchant_id)
    form = OfferForm(request.POST or None, services={}, fixed=True, initial=offer_said(offer))
    error = None
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_offer(offer.id, form.change(), by=request.actor, at=clock.now())
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, _("The offer has been changed."))
            return redirect("portal:shop-offers", merchant.id)
    return _form(request, "portal/shop_offer.html", form, error, {"merchant": merchant, "offer": offer})


@asks(access.KEEP_OFFERS)
@require_POST
def end_offer(request: Request, offer_id: UUID) -> HttpResponse:
    """End an offer at once."""
    offer = access.offer_to_keep(request.actor, offer_id, city_day(clock.now()))
    return changed(
        request,
        reverse("portal:shop-offers", args=[offer.merchant_id]),
        lambda: operations.end_offer(offer.id, by=request.actor, at=clock.now(), reason=_reason(request)),
        _("The offer has ended. What is set aside is still given."),
    )


@asks(access.KEEP_STOCK)
@require_POST
def restock(request: Request, offer_id: UUID) -> HttpResponse:
    """Say how many pieces there are in all."""
    offer = access.offer_to_restock(request.actor, offer_id, city_day(clock.now()))
    form = StockForm(request.POST)

    def change() -> None:
        if not form.is_valid():
            raise rules.OfferInvalid(place=1, field="stock", value="", expected="0 or more")
        operations.restock(offer.id, form.cleaned_data["stock"], by=request.actor, at=clock.now())

    back = reverse("portal:shop-offers", args=[offer.merchant_id])
    return changed(request, back, change, _("The stock has been changed."))


@asks(access.KEEP_MERCHANTS)
@require_http_methods(["GET", "POST"])
def new_merchant(request: Request, street_id: UUID) -> HttpResponse:
    """A merchant joins the street."""
    today = city_day(clock.now())
    street = access.street_to_keep(request.actor, street_id, today)
    form = MerchantForm(request.POST or None, bodies=_bodies(street))
    error = None
    if request.method == "POST" and form.is_valid():
        try:
            row = form.row(street.id, today)
            (made,) = operations.add_merchants([row], by=request.actor, at=clock.now())
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, _("The merchant has joined the street."))
            return redirect("portal:shop-offers", made)
    return _form(request, "portal/shop.html", form, error, {"street": street, "merchant": None})


@asks(access.KEEP_MERCHANTS)
@require_http_methods(["GET", "POST"])
def change_merchant(request: Request, merchant_id: UUID) -> HttpResponse:
    """Let a merchant be called something else, or stand elsewhere."""
    today = city_day(clock.now())
    merchant = access.merchant_to_keep(request.actor, merchant_id, today)
    street = access.street_to_keep(request.actor, merchant.street_id, today)
    form = MerchantForm(
        request.POST or None, bodies=_bodies(street, merchant), initial=merchant_said(merchant)
    )
    error = None
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_merchant(merchant.id, form.change(), by=request.actor, at=clock.now())
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, _("The merchant has been changed."))
            return redirect("portal:merchant", merchant.id)
    return _form(request, "portal/shop.html", form, error, {"street": street, "merchant": merchant})


@asks(access.KEEP_MERCHANTS)
@require_POST
def end_merchant(request: Request, merchant_id: UUID) -> HttpResponse:
    """Let a merchant leave the street at the end of today."""
    today = city_day(clock.now())
    merchant = access.merchant_to_keep(request.actor, merchant_id, today)
    return changed(
        request,
        reverse("portal:street", args=[merchant.street_id]),
        lambda: operations.end_merchant(
            merchant.id, today, by=request.actor, at=clock.now(), reason=_reason(request)
        ),
        _("The merchant leaves the street at the end of today."),
    )


def _form(
    request: Request,
    template: str,
    form: OfferForm | MerchantForm,
    error: DomainError | None,
    context: dict[str, Any],
) -> HttpResponse:
    status = refusal(error).status if error else 200
    return render(request, template, {**context, "form": form, "error": error}, status=status)


def _reason(request: Request) -> str:
    form = ReasonForm(request.POST)
    return str(form.cleaned_data["reason"]) if form.is_valid() else ""


def _bodies(street: StreetFacts, merchant: MerchantFacts | None = None) -> dict[UUID, str]:
    found = registry.organizations_under([f"division:{street.subdistrict_code or street.division_code}"])
    bodies = {one.id: one.name for one in found[:200]}
    if merchant and merchant.organization_id and merchant.organization_id not in bodies:
        own = registry.organization(merchant.organization_id)
        bodies[own.id] = own.name
    return bodies
