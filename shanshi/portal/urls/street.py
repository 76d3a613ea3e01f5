"""The partner street, and giving coins for what its merchants offer."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import street

urlpatterns: list[URLPattern] = [
    path("streets", street.streets, name="streets"),
    path("streets/<uuid:street_id>", street.street, name="street"),
    path("offers/<uuid:offer_id>", street.offer, name="offer"),
    path("me/redemptions", street.redemptions, name="redemptions"),
    path("me/redemptions/<uuid:redemption_id>", street.redemption, name="redemption"),
    path("me/redemptions/<uuid:redemption_id>/state", street.redemption_state, name="redemption-state"),
    path("offers/<uuid:offer_id>/redeem", street.redeem, name="redeem"),
    path("pay", street.pay, name="pay"),
    path("pay/<str:code>", street.pay_at, name="pay-at"),
]
