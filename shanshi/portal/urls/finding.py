"""Finding something to do, and signing up for it."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import finding

urlpatterns: list[URLPattern] = [
    path("find", finding.find, name="find"),
    path("activities/<uuid:activity_id>", finding.activity, name="activity"),
    path("shifts/<uuid:shift_id>/sign-up", finding.sign_up, name="sign-up"),
    path("shifts/<uuid:shift_id>/withdraw", finding.withdraw, name="withdraw"),
    path("shifts/<uuid:shift_id>/accept", finding.accept, name="accept"),
]
