"""What every site has, and the rulebook."""

from django.urls import path
from django.urls.resolvers import URLPattern

from shanshi.portal.views import policies, wellknown

urlpatterns: list[URLPattern] = [
    path(".well-known/security.txt", wellknown.security_txt, name="security-txt"),
    path(".well-known/change-password", wellknown.change_password, name="change-password"),
    path("policies", policies.listed, name="policies"),
    path("policies/<slug:name>/try", policies.tried, name="policy-try"),
]
