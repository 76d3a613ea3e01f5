"""Pages of signing in and out: a code to the phone, a password or a passkey; then the second factor."""

from __future__ import annotations

from uuid import UUID

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.stages import LoginStageController
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, address_of, public
from shanshi.kernel.errors import DomainError
from shanshi.registry import forms, operations, queries, rules
from shanshi.registry.views.proving import show_factor
from shanshi.registry.views.steps import (
    again,
    device_of,
    is_ours,
    onward,
    phone_counted,
    remember_device,
    remember_phone,
    wanted,
)


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """Ask for a phone, send a code to it, and show where to type the code."""
    if request.method == "GET":
        if request.actor.is_known:
            return redirect(onward(request, request.GET.get("next", "")))
        form = forms.PhoneForm(initial={"next": request.GET.get("next", "")})
        return remember_device(request, render(request, "registry/sign_in.html", {"form": form}))
    form = forms.PhoneForm(request.POST)
    if not form.is_valid():
        return render(request, "registry/sign_in.html", {"form": form}, status=422)
    now, phone = clock.real_now(), form.cleaned_data["phone"]
    try:
        limits.spend("code_per_address", address_of(request), at=now)
        limits.spend("code_per_device", device_of(request), at=now)
        limits.spend("code_per_phone", phone_counted(request, phone), at=now)
        operations.send_code(phone, at=now, asked_by=device_of(request))
    except DomainError as error:
        return again(request, "registry/sign_in.html", {"form": form}, error)
    answer = _ask_code(request, forms.CodeForm(initial=form.cleaned_data), phone)
    return remember_device(request, answer)


@public
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code")
def prove(request: Request) -> HttpResponse:
    """Take the code; the second factor follows where one is set up. Whoever only opens it begins anew."""
    if request.method == "GET":
        return redirect("registry:sign_in")
    form = forms.CodeForm(request.POST)
    if not form.is_valid():
        return _ask_code(request, form, form.cleaned_data.get("phone", ""), status=422)
    now, phone = clock.real_now(), form.cleaned_data["phone"]
    try:
        limits.spend("sign_in_per_address", address_of(request), at=now)
        limits.spend("sign_in_per_device", device_of(request), at=now)
        person_id = operations.prove_phone(
            phone, form.cleaned_data["code"], at=now, asked_by=device_of(request)
        )
    except DomainError as error:
        return _ask_code(request, form, phone, refused=error)
    return remember_phone(request, begin(request, person_id, "code", form.cleaned_data["next"]), phone)


@public
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password")
def password(request: Request) -> HttpResponse:
    """Sign in with a phone and a password; the answer and its time are the same for every wrong pair."""
    if request.method == "GET":
        form = forms.PasswordSignInForm(initial={"next": request.GET.get("next", "")})
        return remember_device(request, render(request, "registry/password_sign_in.html", {"form": form}))
    form = forms.PasswordSignInForm(request.POST)
    if not form.is_valid():
        return render(request, "registry/password_sign_in.html", {"form": form}, status=422)
    now, phone = clock.real_now(), form.cleaned_data["phone"]
    try:
        limits.spend("sign_in_per_address", address_of(request), at=now)
        limits.spend("sign_in_per_device", device_of(request), at=now)
        limits.spend("password_per_phone", phone_counted(request, phone), at=now)
        account = get_adapter().authenticate(request, phone=phone, password=form.cleaned_data["password"])
        if account is None:
            raise rules.PasswordWrong
    except DomainError as error:
        return again(request, "registry/password_sign_in.html", {"form": form}, error)
    return remember_phone(request, begin(request, account.pk, "password", form.cleaned_data["next"]), phone)


@public
@limits.limited("searches")  # each GET of a visitor writes a session: it is braked like what reads much
@never_cache
@require_http_methods(["GET", "POST"])
def passkey(request: Request) -> HttpResponse:
    """Sign in with nothing but a passkey: GET gives the browser its task, POST takes the answer.

    The device has made sure of its owner, so that this is two factors in one.
    """
    if request.method == "GET":
        if "application/json" not in request.headers.get("Accept", ""):
            return redirect("registry:sign_in")
        return JsonResponse(webauthn.begin_authentication(user=None))
    now = clock.real_now()
    try:
        limits.spend("sign_in_per_address", address_of(request), at=now)
        form = forms.PasskeySignInForm(request.POST)
        if not form.is_valid():
            raise rules.PasskeyWrong
    except DomainError as error:
        return again(request, "registry/sign_in.html", {"form": forms.PhoneForm()}, error)
    authenticator = form.cleaned_data["credential"]
    _leave(request)
    page = wanted(request) or None
    login = Login(user=authenticator.user, redirect_url=page)
    answer: HttpResponse = perform_passwordless_login(request, authenticator, login)
    return answer


@public
@never_cache
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code", "credential")
def second_factor(request: Request) -> HttpResponse:
    """Ask for the second factor of somebody whose first one was right."""
    stage = None if request.actor.is_known else LoginStageController.enter(request, AuthenticateStage.key)
    if stage is None or stage.login.user is None:
        return redirect("registry:sign_in")
    return show_factor(request, stage.login.user, "registry/second_factor.html", then=stage.exit)


@public
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End this session; a visitor's too."""
    request.session.flush()
    messages.success(request, _("You have signed out."))
    return redirect("/")


def begin(request: Request, person_id: UUID, method: str, page: str) -> HttpResponse:
    """Hand over whoever has given the first proof to the steps that follow, and lead on.

    method  what was proved: "code", "password"
    """
    account = queries.account_of(person_id)
    if account is None:
        raise rules.PersonUnknown
    _leave(request)
    record_authentication(request, account, method)
    login = Login(user=account, redirect_url=page if is_ours(request, page) else None)
    answer: HttpResponse = perform_login(request, login)
    return answer


def enter(request: Request, person_id: UUID) -> None:
    """Let a person in with one click, as only a demo does; there it counts as a second factor too."""
    account = queries.account_of(person_id)
    if account is None:
        raise rules.PersonUnknown
    request.session.flush()
    if settings.SHANSHI_DEMO:
        record_authentication(request, account, rules.DEMO)
    get_adapter().login(request, account)
    request.actor = queries.actor_of(person_id, clock.now())


def _leave(request: Request) -> None:
    # Who was here before has nothing to do with who comes now, and nobody who knew the key knows it now.
    if SESSION_KEY in request.session:
        request.session.flush()
    elif request.session.session_key:
        request.session.cycle_key()


def _ask_code(
    request: Request,
    form: forms.CodeForm,
    phone: str,
    *,
    refused: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "masked_phone": rules.masked_phone(phone), "minutes": rules.CODE_MINUTES}
    if refused is not None:
        return again(request, "registry/code.html", context, refused)
    return render(request, "registry/code.html", context, status=status)
