"""Pages of people: signing in by phone, registering, signing out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpResponse, QueryDict
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, address_of, public, refusal
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.places import queries as places
from shanshi.registry import access, forms, operations, queries, rules

BACKEND = "django.contrib.auth.backends.ModelBackend"
_WANTED = "wanted_before_registering"


@public
@require_http_methods(["GET", "POST"])
def sign_in(request: Request) -> HttpResponse:
    """Ask for a phone, send a code to it, and show where to type the code."""
    if request.method == "GET":
        if request.actor.is_known:
            return redirect(onward(request, request.GET.get("next", "")))
        form = forms.PhoneForm(initial={"next": request.GET.get("next", "")})
        return render(request, "registry/sign_in.html", {"form": form})
    form = forms.PhoneForm(request.POST)
    if not form.is_valid():
        return render(request, "registry/sign_in.html", {"form": form}, status=422)
    now, phone = clock.real_now(), form.cleaned_data["phone"]
    try:
        limits.spend("code_per_address", address_of(request), at=now)
        limits.spend("code_per_phone", phone, at=now)
        operations.send_code(phone, at=now)
    except DomainError as error:
        return _again(request, "registry/sign_in.html", {"form": form}, error)
    return _ask_code(request, forms.CodeForm(initial=form.cleaned_data), phone)


@public
@require_POST
@sensitive_post_parameters("code")
def prove(request: Request) -> HttpResponse:
    """Take the code, and let the person in."""
    form = forms.CodeForm(request.POST)
    if not form.is_valid():
        return _ask_code(request, form, form.cleaned_data.get("phone", ""), status=422)
    now, phone = clock.real_now(), form.cleaned_data["phone"]
    try:
        limits.spend("sign_in_per_address", address_of(request), at=now)
        limits.spend("sign_in_per_phone", phone, at=now)
        person_id = operations.prove_phone(phone, form.cleaned_data["code"], at=now)
    except DomainError as error:
        return _ask_code(request, form, phone, refused=error)
    enter(request, person_id)
    actor = queries.actor_of(person_id, clock.now())
    if actor.holder_id is None and not actor.grants:
        request.session[_WANTED] = form.cleaned_data["next"]
        return redirect("registry:register")
    return redirect(onward(request, form.cleaned_data["next"]))


@public
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """End this session; a visitor's too."""
    request.session.flush()
    messages.success(request, _("You have signed out."))
    return redirect("/")


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("real_name", "id_number", "guardian_name", "guardian_phone", "guardian_code")
def register(request: Request) -> HttpResponse:
    """Register whoever is signed in; the guardian's part appears where it is needed."""
    if request.actor.holder_id is not None:
        return redirect("/me")
    person_id = access.may_register(request.actor)
    if request.method == "GET":
        request.session[_WANTED] = request.GET.get("next") or request.session.get(_WANTED, "")
        return _registration(request, _form(None))
    if request.POST.get("step") == "guardian-code":
        return _send_guardian_code(request)
    form = _form(request.POST)
    if not form.is_valid():
        return _registration(request, form, status=422)
    now = clock.real_now()
    try:
        limits.spend("registration_per_address", address_of(request), at=now)
        facts = operations.register(
            form.registration(person_id), by=request.actor, at=clock.now(), real_at=now
        )
    except rules.GuardianNeeded as error:
        return _registration(request, _form(_with_guardian(request.POST), bound=False), refused=error)
    except DomainError as error:
        return _registration(request, form, refused=error)
    messages.success(request, _("Welcome. Your volunteer number is %(number)s.") % {"number": facts.number})
    return redirect(onward(request, request.session.pop(_WANTED, "")))


@public
@require_GET
def terms(request: Request) -> HttpResponse:
    """The terms that every volunteer agrees to, with their version."""
    return render(request, "registry/terms.html", {"version": rules.TERMS})


def enter(request: Request, person_id: UUID) -> None:
    """Let a person in: a fresh session that is theirs, and a fresh token for forms."""
    found = queries.session_of(str(person_id), at=clock.now())
    if found is None:
        raise rules.PersonUnknown
    request.session.flush()
    request.session[SESSION_KEY] = str(person_id)
    request.session[BACKEND_SESSION_KEY] = BACKEND
    request.session[HASH_SESSION_KEY] = found.session_hash
    rotate_token(request)
    request.actor = found.actor


def onward(request: Request, wanted: str) -> str:
    """Return where to go after signing in: the page that was wanted, if it is one of ours."""
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and ours else "/me"


def _send_guardian_code(request: Request) -> HttpResponse:
    access.may_register(request.actor)
    form = _form(_with_guardian(request.POST), bound=False)
    wanted = forms.GuardianPhoneForm(request.POST)
    if not wanted.is_valid():
        return _registration(request, form, refused=rules.PhoneInvalid())
    now, phone = clock.real_now(), wanted.cleaned_data["guardian_phone"]
    try:
        limits.spend("code_per_address", address_of(request), at=now)
        limits.spend("code_per_phone", phone, at=now)
        operations.send_guardian_code(phone, at=now)
    except DomainError as error:
        return _registration(request, form, refused=error)
    return _registration(request, form, sent_to=rules.masked_phone(phone))


def _form(data: QueryDict | None, *, bound: bool = True) -> forms.RegistrationForm:
    districts = places.districts(city_day(clock.now()))
    if data is None:
        return forms.RegistrationForm(districts=districts)
    form = forms.RegistrationForm(data, districts=districts)
    if bound:
        return form
    # Shows what was typed without complaining about the part that has only just appeared.
    shown = forms.RegistrationForm(initial=data.dict(), districts=districts)
    shown.fields = form.fields
    return shown


def _with_guardian(data: QueryDict) -> QueryDict:
    more = data.copy()
    more["asks_guardian"] = "1"
    return more


def _registration(
    request: Request,
    form: forms.RegistrationForm,
    *,
    refused: DomainError | None = None,
    sent_to: str = "",
    status: int = 200,
) -> HttpResponse:
    guardian = "guardian_name" in form.fields
    if guardian and not form.is_bound:
        # The guardian's part has just appeared, below what is already typed.
        form.fields["guardian_code" if sent_to else "guardian_name"].widget.attrs["autofocus"] = True
    steps = [
        {"label": _("Phone"), "state": "done"},
        {"label": _("Who you are"), "state": "done" if guardian else "now"},
        {"label": _("Guardian's consent"), "state": "now"} if guardian else None,
        {"label": _("Your number"), "state": "later"},
    ]
    context = {
        "form": form,
        "steps": [step for step in steps if step],
        "guardian": guardian,
        "sent_to": sent_to,
        "terms": rules.TERMS,
    }
    if refused is not None:
        return _again(request, "registry/register.html", context, refused)
    return render(request, "registry/register.html", context, status=status)


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
        return _again(request, "registry/code.html", context, refused)
    return render(request, "registry/code.html", context, status=status)


def _again(request: Request, page: str, context: dict[str, Any], error: DomainError) -> HttpResponse:
    said = refusal(error)
    return render(request, page, {**context, "refused": said}, status=said.status)
