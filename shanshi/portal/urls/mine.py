"""The first page, and one's own."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import checking, home, mine, preferences

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("appearance", preferences.appearance, name="appearance"),
    path("check-in", checking.check_in, name="check-in"),
    path("me", mine.me, name="me"),
    path("me/code", mine.code, name="code"),
    path("me/code.json", mine.code_json, name="code-json"),
    path("me/visits", mine.visits, name="visits"),
    path("me/visits/<uuid:visit_id>", mine.visit, name="visit"),
    path("me/visits/<uuid:visit_id>/evaluate", mine.evaluate, name="evaluate"),
    path("me/transfers", mine.transfers, name="transfers"),
]
