"""Merchants: the till, the offers they run, and the office of their street."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import shops, till

urlpatterns: list[URLPattern] = [
    path("till", till.tills, name="till"),
    path("till/<uuid:merchant_id>", till.till, name="till-of"),
    path("till/<uuid:merchant_id>/take", till.take, name="till-take"),
    path("till/<uuid:merchant_id>/code", till.code, name="till-code"),
    path("till/redemptions/<uuid:redemption_id>/void", till.void, name="till-void"),
    path("till/appointments/<uuid:appointment_id>/serve", till.serve, name="till-serve"),
    path("merchants/<uuid:merchant_id>/offers", shops.offers, name="shop-offers"),
    path("merchants/<uuid:merchant_id>/offers/new", shops.new_offer, name="shop-offer-new"),
    path("merchants/<uuid:merchant_id>/change", shops.change_merchant, name="shop-change"),
    path("merchants/<uuid:merchant_id>/end", shops.end_merchant, name="shop-end"),
    path("offers/<uuid:offer_id>/change", shops.change_offer, name="shop-offer-change"),
    path("offers/<uuid:offer_id>/end", shops.end_offer, name="shop-offer-end"),
    path("offers/<uuid:offer_id>/stock", shops.restock, name="shop-restock"),
    path("streets/<uuid:street_id>/merchants/new", shops.new_merchant, name="shop-new"),
]
