"""Pages of the portal by name only, for the navigation's tests."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


pages = [
    path("", nothing, name="home"),
    path("find", nothing, name="find"),
    path("lead", nothing, name="shifts"),
    path("me", nothing, name="me"),
]
urlpatterns = [path("", include((pages, "portal")))]
