"""Pages of somebody new: registering, with a guardian where one is needed, and the terms."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, address_of, public
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.places import queries as places
from shanshi.registry import access, forms, operations, queries, rules
from shanshi.registry.views.steps import again, onward
from shanshi.registry.views.texts import TextWords, text_words


@asks(access.REGISTER)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("real_name", "id_number", "guardian_name", "guardian_phone", "guardian_code")
def register(request: Request) -> HttpResponse:
    """Register whoever is signed in; the guardian's part appears where it is needed."""
    if request.actor.holder_id is not None:
        return redirect("/me")
    person_id = access.may_register(request.actor)
    if request.method == "GET":
        request.session[rules.WANTED] = request.GET.get("next") or request.session.get(rules.WANTED, "")
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
    return redirect(onward(request, request.session.pop(rules.WANTED, "")))


@public
@require_GET
def terms(request: Request) -> HttpResponse:
    """The terms that every volunteer agrees to, with their version."""
    return render(request, "registry/terms.html", {"text": _terms()})


def _send_guardian_code(request: Request) -> HttpResponse:
    person_id = access.may_register(request.actor)
    form = _form(_with_guardian(request.POST), bound=False)
    wanted = forms.GuardianPhoneForm(request.POST)
    if not wanted.is_valid():
        return _registration(request, form, refused=rules.PhoneInvalid())
    now, phone = clock.real_now(), wanted.cleaned_data["guardian_phone"]
    try:
        limits.spend("code_per_address", address_of(request), at=now)
        limits.spend("code_per_phone", phone, at=now)
        operations.send_guardian_code(phone, at=now, asked_by=str(person_id))
    except DomainError as error:
        return _registration(request, form, refused=error)
    return _registration(request, form, sent_to=rules.masked_phone(phone))


def _terms() -> TextWords:
    return text_words(queries.consent_text(rules.Purpose.TERMS, city_day(clock.now())))


def _form(data: QueryDict | None, *, bound: bool = True) -> forms.RegistrationForm:
    districts = places.districts(city_day(clock.now()))
    if data is None:
        return forms.RegistrationForm(districts=districts, initial={"terms": _terms().version})
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
        "terms": _terms(),
    }
    if refused is not None:
        return again(request, "registry/register.html", context, refused)
    return render(request, "registry/register.html", context, status=status)
