"""Finding something to do, and signing up for it."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import activity, calendars, finding

urlpatterns: list[URLPattern] = [
    path("find", finding.find, name="find"),
    path("find/near", finding.find_near, name="find-near"),
    path("activities/<uuid:activity_id>", activity.activity, name="activity"),
    path("activities/<uuid:activity_id>/calendar.ics", calendars.activity, name="activity-calendar"),
    path("shifts/<uuid:shift_id>/calendar.ics", calendars.shift, name="shift-calendar"),
    path("calendar/<str:key>.ics", calendars.feed, name="calendar-feed"),
    path("me/calendar", calendars.mine, name="my-calendar"),
    path("me/calendar/make", calendars.make, name="my-calendar-make"),
    path("me/calendar/end", calendars.end, name="my-calendar-end"),
    path("shifts/<uuid:shift_id>/sign-up", activity.sign_up, name="sign-up"),
    path("shifts/<uuid:shift_id>/withdraw", activity.withdraw, name="withdraw"),
    path("shifts/<uuid:shift_id>/accept", activity.accept, name="accept"),
]
