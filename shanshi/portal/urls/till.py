"""Merchants: the till."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import till

urlpatterns: list[URLPattern] = [
    path("till", till.tills, name="till"),
    path("till/<uuid:merchant_id>", till.till, name="till-of"),
    path("till/<uuid:merchant_id>/take", till.take, name="till-take"),
    path("till/<uuid:merchant_id>/code", till.code, name="till-code"),
    path("till/redemptions/<uuid:redemption_id>/void", till.void, name="till-void"),
]
