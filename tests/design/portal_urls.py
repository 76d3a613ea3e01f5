"""Pages of the portal by name only, for the navigation's tests."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from shanshi.foundation.actor import Role
from shanshi.foundation.permissions import Permission, Reach, asks


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


@asks(Permission("desk", "see", roles={Role.LEADER: Reach.HERE}))
def for_leaders(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


pages = [
    path("", nothing, name="home"),
    path("find", nothing, name="find"),
    path("lead", for_leaders, name="shifts"),
    path("me", nothing, name="me"),
]
urlpatterns = [path("", include((pages, "portal")))]
