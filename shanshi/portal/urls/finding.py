"""Finding something to do, and signing up for it."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import activity, finding

urlpatterns: list[URLPattern] = [
    path("find", finding.find, name="find"),
    path("find/near", finding.find_near, name="find-near"),
    path("activities/<uuid:activity_id>", activity.activity, name="activity"),
    path("shifts/<uuid:shift_id>/sign-up", activity.sign_up, name="sign-up"),
    path("shifts/<uuid:shift_id>/withdraw", activity.withdraw, name="withdraw"),
    path("shifts/<uuid:shift_id>/accept", activity.accept, name="accept"),
]
