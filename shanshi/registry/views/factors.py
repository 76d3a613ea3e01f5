"""Pages of one's own second factors: one-time codes, passkeys, recovery codes."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.recovery_codes.internal import flows as recovery
from allauth.mfa.totp.internal import flows as one_time
from allauth.mfa.utils import encrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal import flows as passkeys
from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.registry import access, forms, operations, queries, rules
from shanshi.registry.views.confirming import account, freshly_proved, settle
from shanshi.registry.views.steps import again, is_ours


@asks(access.MYSELF)
@never_cache
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code")
@freshly_proved
def one_time_codes(request: Request) -> HttpResponse:
    """Set up one-time codes of an authenticator app: the code to scan, and the first code as proof."""
    person_id = access.myself(request.actor)
    if queries.factors(person_id).has_one_time_codes:
        return render(request, "registry/one_time_codes.html", {"is_set_up": True})
    bound = request.POST if request.method == "POST" else None
    form = forms.OneTimeCodeForm(bound, user=account(request))
    if bound is not None:
        limits.spend("factor_per_person", str(person_id), at=clock.real_now())
    if bound is None or not form.is_valid():
        adapter = get_adapter()
        to_app = adapter.build_totp_url(account(request), form.secret)
        drawn = adapter.build_totp_svg(to_app)
        context = {"form": form, "secret": form.secret, "drawn": drawn, "to_app": to_app}
        return render(request, "registry/one_time_codes.html", context, status=200 if bound is None else 422)
    try:
        with queries.factors_of(person_id):
            authenticator, _made = one_time.activate_totp(request, form)
        # The code that has set it up does not sign in as well.
        operations.spend_factor(person_id, form.cleaned_data["code"], at=clock.real_now())
    except IntegrityError:  # sent twice at once: one of them has set it up
        return redirect("registry:one_time_codes")
    return _added(request, authenticator, _("One-time codes are set up. Other devices were signed out."))


@asks(access.MYSELF)
@require_POST
@freshly_proved
def end_one_time_codes(request: Request) -> HttpResponse:
    """Give up one-time codes; other sessions end."""
    authenticator = queries.one_time_codes_of(access.myself(request.actor))
    one_time.deactivate_totp(request, authenticator)
    settle(request)
    messages.success(request, _("One-time codes are no longer asked for."))
    return redirect("registry:security")


@asks(access.MYSELF)
@never_cache
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("credential")
@freshly_proved
def passkey_list(request: Request) -> HttpResponse:
    """One's passkeys, and a new one."""
    person_id = access.myself(request.actor)
    bound = request.POST if request.method == "POST" else None
    form = forms.PasskeyForm(bound, user=account(request))
    if form.is_valid():
        with queries.factors_of(person_id):
            authenticator, _made = passkeys.add_authenticator(
                request, name=encrypt(form.cleaned_data["name"]), credential=form.cleaned_data["credential"]
            )
        return _added(request, authenticator, _("The passkey is set up. Other devices were signed out."))
    context = {
        "form": forms.PasskeyForm(initial={"name": request.POST.get("name", "")}, user=account(request)),
        "factors": queries.factors(person_id),
        "task": webauthn.begin_registration(account(request), True),
        "named_address": _named_address(request),
    }
    if bound is not None:
        return again(request, "registry/passkeys.html", context, rules.PasskeyNotMade())
    return render(request, "registry/passkeys.html", context)


@asks(access.MYSELF)
@require_POST
@freshly_proved
def rename_passkey(request: Request, passkey_id: int) -> HttpResponse:
    """Give a passkey another name."""
    found = queries.passkey_of(access.myself(request.actor), passkey_id)
    name = "".join(sign for sign in request.POST.get("name", "") if sign.isprintable()).strip()[:40]
    if name:
        with queries.factors_of(access.myself(request.actor)):
            passkeys.rename_authenticator(request, found, encrypt(name))
        messages.success(request, _("The passkey has its new name."))
    return redirect("registry:passkeys")


@asks(access.MYSELF)
@require_POST
@freshly_proved
def end_passkey(request: Request, passkey_id: int) -> HttpResponse:
    """Give up a passkey; other sessions end."""
    passkeys.remove_authenticator(request, queries.passkey_of(access.myself(request.actor), passkey_id))
    settle(request)
    messages.success(request, _("The passkey no longer opens the account."))
    return redirect("registry:passkeys")


@asks(access.MYSELF)
@never_cache
@require_http_methods(["GET", "POST"])
@freshly_proved
def recovery_codes(request: Request) -> HttpResponse:
    """Ten codes for the day the device is lost: shown once, then only counted; POST makes new ones."""
    person_id = access.myself(request.actor)
    if request.method == "POST":
        if recovery.can_generate_recovery_codes(account(request)):
            with queries.factors_of(person_id):
                recovery.generate_recovery_codes(request)
            settle(request)
        return redirect("registry:recovery_codes")
    found, can_view = recovery.view_recovery_codes(request)
    onward = request.session.pop(rules.AFTER_FACTOR, "") if can_view else ""
    context: dict[str, Any] = {
        "codes": queries.unused_recovery_codes(found.instance) if found and can_view else [],
        "factors": queries.factors(person_id),
        "onward": onward if is_ours(request, onward) else "",
    }
    return render(request, "registry/recovery_codes.html", context)


def _added(request: Request, authenticator: Any, said: str) -> HttpResponse:
    """Let setting it up count as showing it, end the other sessions, and show the recovery codes."""
    post_authentication(request, authenticator, reauthenticated=True)
    settle(request)
    messages.success(request, said)
    return redirect("registry:recovery_codes")


def _named_address(request: Request) -> str:
    # Browsers make no passkey for an address in numbers; a machine of one's own has a name too.
    host, colon, port = request.get_host().partition(":")
    return f"{request.scheme}://localhost{colon}{port}{request.path}" if host == "127.0.0.1" else ""
