"""The demo."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import demo

urlpatterns: list[URLPattern] = [
    path("demo", demo.people, name="demo"),
    path("demo/enter", demo.enter, name="demo-enter"),
    path("demo/outbox", demo.outbox, name="demo-outbox"),
    path("demo/clock", demo.forward, name="demo-clock"),
]
