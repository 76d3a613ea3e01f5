"""Pages of people."""

from __future__ import annotations

from django.urls import path

from shanshi.registry import views
from shanshi.registry.views import linking

app_name = "registry"
urlpatterns = [
    path("sign-in", views.sign_in, name="sign_in"),
    path("sign-in/code", views.prove, name="prove"),
    path("sign-in/password", views.password, name="password_sign_in"),
    path("sign-in/passkey", views.passkey, name="passkey_sign_in"),
    path("account/identity", linking.identity, name="identity"),
    path("account/identity/back", linking.identity_back, name="identity_back"),
    path("account/identity/join", linking.identity_join, name="identity_join"),
    path("account/identity/link", linking.identity_link, name="identity_link"),
    path("account/identity/unlink", linking.identity_unlink, name="identity_unlink"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("register", views.register, name="register"),
    path("terms", views.terms, name="terms"),
]
