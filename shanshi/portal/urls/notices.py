"""What a person was told, how, and how many messages the city sends."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import notices

urlpatterns: list[URLPattern] = [
    path("me/notices", notices.notices, name="notices"),
    path("me/notices/read", notices.read_all, name="notices-read"),
    path("me/notices/ways", notices.ways, name="notice-ways"),
    path("me/notices/<uuid:notice_id>/open", notices.open_notice, name="notice-open"),
    path("me/notices/<uuid:notice_id>/unread", notices.unread, name="notice-unread"),
    path("audit/messages", notices.totals, name="notice-totals"),
]
