"""Programs, stations and events with booths."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
