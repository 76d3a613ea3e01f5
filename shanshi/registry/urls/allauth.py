"""The pages to which allauth itself leads, under the names that it knows them by."""

from __future__ import annotations

from django.urls import path

from shanshi.registry import views

urlpatterns = [
    path("sign-in/again", views.sign_in, name="account_login"),
    path("sign-in/second-factor", views.second_factor, name="mfa_authenticate"),
]
