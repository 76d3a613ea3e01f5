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
    path("account/security", views.security, name="security"),
    path("account/second-factor", views.second_step, name="second_step"),
    path("account/confirm", views.confirm, name="confirm"),
    path("account/password", views.new_password, name="new_password"),
    path("account/one-time-codes", views.one_time_codes, name="one_time_codes"),
    path("account/one-time-codes/end", views.end_one_time_codes, name="end_one_time_codes"),
    path("account/passkeys", views.passkey_list, name="passkeys"),
    path("account/passkeys/<int:passkey_id>/name", views.rename_passkey, name="rename_passkey"),
    path("account/passkeys/<int:passkey_id>/end", views.end_passkey, name="end_passkey"),
    path("account/recovery-codes", views.recovery_codes, name="recovery_codes"),
    path("account/sessions", views.session_list, name="sessions"),
    path("account/sessions/others/end", views.end_other_sessions, name="end_other_sessions"),
    path("account/sessions/<uuid:session_id>/end", views.end_session, name="end_session"),
    path("account/tokens", views.token_list, name="tokens"),
    path("account/tokens/<uuid:token_id>/end", views.end_token, name="end_token"),
    path("register", views.register, name="register"),
    path("terms", views.terms, name="terms"),
]
