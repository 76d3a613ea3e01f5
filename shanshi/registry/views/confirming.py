"""Proving anew who asks, before one changes how one signs in; and the second step that a role needs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from shanshi.foundation import clock, limits, sessions
from shanshi.foundation.doors import Request, address_of, token_of
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError, SignInNeeded
from shanshi.registry import access, forms, operations, queries, rules
from shanshi.registry.views.proving import show_factor
from shanshi.registry.views.steps import again, device_of, phone_counted, remember_device, wanted

Door = Callable[..., HttpResponse]


def account(request: Request) -> AbstractBaseUser:
    """Return the account of whoever asks.

    Raises SignInNeeded.
    """
    found = queries.account_of(access.myself(request.actor))
    if found is None:
        raise SignInNeeded
    return found


def freshly_proved(door: Door) -> Door:
    """Open a door only to somebody who has proved within ten minutes who they are; others do so first."""

    @wraps(door)
    def guarded(request: Request, *args: Any, **more: Any) -> HttpResponse:
        person_id = access.myself(request.actor)
        if rules.is_fresh(request.session, person_id, at=clock.real_now()):
            return door(request, *args, **more)
        # What was sent is not kept: it may be a secret. The page is, where there is one to come back to.
        back = request.get_full_path() if request.method == "GET" else reverse("registry:security")
        return redirect(f"{reverse('registry:confirm')}?{urlencode({'next': back})}")

    return guarded


def proved_lately(request: Request) -> bool:
    """Whether whoever is signed in has proved it within ten minutes; a token is a proof of its own."""
    if token_of(request) is not None:
        return True
    return rules.is_fresh(request.session, access.myself(request.actor), at=clock.real_now())


def settle(request: Request) -> None:
    """Give this session a new key and end the others, since how one signs in has changed.

    Without any second factor left, none counts as shown, and no token acts in a role.
    """
    person_id = access.myself(request.actor)
    if not queries.factors(person_id).has_second:
        operations.revoke_staff_tokens(person_id)
        kept = rules.proofs(request.session, person_id)
        request.session[rules.PROOFS] = [one for one in kept if one.get("method") != rules.SECOND_FACTOR]
    request.session.cycle_key()
    sessions.end_all(person_id, but=request.session.session_key)


@asks(access.MYSELF)
@never_cache
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password", "code", "credential")
def confirm(request: Request) -> HttpResponse:
    """Ask again: for the second factor where there is one; otherwise for the password or a code."""
    person_id = access.myself(request.actor)

    def done() -> HttpResponse:
        request.session.cycle_key()
        return redirect(wanted(request) or "registry:security")

    if queries.factors(person_id).has_second:
        return show_factor(
            request, account(request), "registry/confirm.html", then=done, reauthenticated=True
        )
    context: dict[str, Any] = {
        "factors": queries.factors(person_id),
        "next": wanted(request),
        "password_form": forms.ConfirmPasswordForm(),
        "code_form": forms.ConfirmCodeForm(),
        "masked_phone": queries.own(person_id).masked_phone,
    }
    if request.method == "GET":
        return remember_device(request, render(request, "registry/confirm.html", context))
    try:
        if request.POST.get("step") == "send":
            context["sent"] = _send(request)
            return remember_device(request, render(request, "registry/confirm.html", context))
        method = _proved(request)
    except DomainError as error:
        return again(request, "registry/confirm.html", context, error)
    record_authentication(request, account(request), method, reauthenticated=True)
    return done()


@asks(access.MYSELF)
@require_GET
def second_step(request: Request) -> HttpResponse:
    """Say what a role needs: to show the second factor, or to set one up; and lead there."""
    person_id = access.myself(request.actor)
    page = wanted(request)
    if queries.factors(person_id).has_second:
        return redirect(f"{reverse('registry:confirm')}?{urlencode({'next': page or '/me'})}")
    if page:
        request.session[rules.AFTER_FACTOR] = page
    return render(request, "registry/second_step.html", {"next": page})


def _send(request: Request) -> bool:
    now, phone = clock.real_now(), queries.phone_of(access.myself(request.actor))
    if phone is None:
        raise rules.PersonUnknown
    limits.spend("code_per_address", address_of(request), at=now)
    limits.spend("code_per_device", device_of(request), at=now)
    limits.spend("code_per_phone", phone_counted(request, phone), at=now)
    operations.send_code(phone, at=now, asked_by=device_of(request))
    return True


def _proved(request: Request) -> str:
    """Check what was typed, and return what it was."""
    now, person_id = clock.real_now(), access.myself(request.actor)
    limits.spend("sign_in_per_device", device_of(request), at=now)
    typed = request.POST.get("password", "")
    if typed:
        limits.spend("factor_per_person", str(person_id), at=now)
        if not account(request).check_password(typed[:200]):
            raise rules.PasswordWrong
        return "password"
    phone = queries.phone_of(person_id)
    if (
        phone is None
        or operations.prove_phone(phone, request.POST.get("code", ""), at=now, asked_by=device_of(request))
        != person_id
    ):
        raise rules.CodeWrong
    return "code"
