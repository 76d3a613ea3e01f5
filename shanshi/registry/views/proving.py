"""Showing a second factor: a one-time code, a recovery code or a passkey; for both places that ask."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpResponse
from django.shortcuts import render

from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request
from shanshi.kernel.errors import DomainError
from shanshi.registry import forms, operations, queries, rules
from shanshi.registry.views.steps import again, wanted


def show_factor(
    request: Request,
    account: AbstractBaseUser,
    page: str,
    *,
    then: Callable[[], HttpResponse],
    reauthenticated: bool = False,
) -> HttpResponse:
    """Ask for a second factor on a page; when it is right, write it into the session and go on.

    then             answers once the factor is right
    reauthenticated  whether somebody who is signed in proves it anew
    """
    context: dict[str, Any] = {
        "form": forms.FactorForm(initial={"next": wanted(request)}),
        "factors": queries.factors(account.pk),
        "next": wanted(request),
    }
    if request.method == "POST":
        try:
            authenticator = _shown(request, account)
        except DomainError as error:
            _with_task(context, account)
            return again(request, page, context, error)
        post_authentication(request, authenticator, reauthenticated=reauthenticated)
        return then()
    _with_task(context, account)
    return render(request, page, context)


def _with_task(context: dict[str, Any], account: AbstractBaseUser) -> None:
    if context["factors"].passkeys:
        context["task"] = webauthn.begin_authentication(account)


def _shown(request: Request, account: AbstractBaseUser) -> Any:
    now = clock.real_now()
    if request.POST.get("credential"):
        form = forms.PasskeyFactorForm(request.POST, user=account)
        if not form.is_valid():
            raise rules.PasskeyWrong
        return form.cleaned_data["credential"]
    limits.spend("factor_per_person", str(account.pk), at=now)
    return operations.spend_factor(account.pk, request.POST.get("code", ""), at=now)
