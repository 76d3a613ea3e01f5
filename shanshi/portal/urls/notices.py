"""What a person was told, and calendar files."""

from django.urls.resolvers import URLPattern

urlpatterns: list[URLPattern] = []
