"""Pages of the portal. Pages of the demo exist only in a demo."""

from django.conf import settings
from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import demo

app_name = "portal"

urlpatterns: list[URLPattern] = []

if settings.SHANSHI_DEMO:
    urlpatterns += [
        path("demo", demo.people, name="demo"),
        path("demo/enter", demo.enter, name="demo-enter"),
        path("demo/outbox", demo.outbox, name="demo-outbox"),
        path("demo/clock", demo.forward, name="demo-clock"),
    ]
