"""The partner street, and giving coins for what its merchants offer."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import appointments, street

urlpatterns: list[URLPattern] = [
    path("streets", street.streets, name="streets"),
    path("streets/<uuid:street_id>", street.street, name="street"),
    path("merchants/<uuid:merchant_id>", street.merchant, name="merchant"),
    path("offers/<uuid:offer_id>", street.offer, name="offer"),
    path("offers/<uuid:offer_id>/appoint", appointments.appoint, name="appoint"),
    path("me/appointments", appointments.listed, name="appointments"),
    path("me/appointments/<uuid:appointment_id>/cancel", appointments.cancel, name="appointment-cancel"),
    path("me/redemptions", street.redemptions, name="redemptions"),
    path("me/redemptions/<uuid:redemption_id>", street.redemption, name="redemption"),
    path("me/redemptions/<uuid:redemption_id>/state", street.redemption_state, name="redemption-state"),
    path("offers/<uuid:offer_id>/redeem", street.redeem, name="redeem"),
    path("pay", street.pay, name="pay"),
    path("pay/<str:code>", street.pay_at, name="pay-at"),
]
