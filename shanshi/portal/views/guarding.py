"""Who the guardian is: showing once to know the child, and naming the next guardian."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, address_of, refusal
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.portal import access, forms
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from shanshi.registry import rules
from shanshi.registry.rules import Purpose
from shanshi.registry.views.texts import text_words


@asks(access.GUARD)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("said", "birth_year")
def confirm(request: Request, holder_id: UUID) -> HttpResponse:
    """Say once who the child is, where the guardian's phone came to the account after the consent."""
    if not access.ward_to_confirm(request.actor, holder_id, at=clock.now()):
        return redirect("portal:ward", holder_id)
    form = forms.WardConfirmForm(request.POST or None)
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "portal/ward_confirm.html", {"form": form}, status=status)
    try:
        limits.spend("ward_per_person", str(access.myself(request.actor)), at=clock.real_now())
        registry.confirm_ward(holder_id, **form.cleaned_data, by=request.actor, at=clock.now())
    except DomainError as error:
        return _again(request, "portal/ward_confirm.html", {"form": form}, error)
    messages.success(request, _("Confirmed. You are not asked again."))
    return redirect("portal:ward", holder_id)


@asks(access.GUARD)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("guardian_name", "guardian_phone", "code")
def hand_over(request: Request, holder_id: UUID) -> HttpResponse:
    """Name the next guardian, who agrees by a code; the present one then sees nothing any more."""
    found = access.ward_to_guard(request.actor, holder_id, at=clock.now(), is_open=False)
    person_id = access.myself(request.actor)
    if not rules.is_fresh(request.session, person_id, at=clock.real_now()):
        return redirect(f"{reverse('registry:confirm')}?{urlencode({'next': request.path})}")
    text = people.consent_text(Purpose.MINORS, city_day(clock.now()))
    context: dict[str, Any] = {"ward": found, "text": text_words(text)}
    is_named = request.POST.get("step") == "name"
    form = forms.NextGuardianForm(request.POST or None, asks_code=is_named, initial={"version": text.version})
    context |= {"form": form, "sent": is_named}
    if not form.is_valid():
        status = 422 if request.method == "POST" else 200
        return render(request, "portal/ward_hand_over.html", context, status=status)
    try:
        if not is_named:
            return _send(request, context, form.cleaned_data["guardian_phone"])
        limits.spend("sign_in_per_address", address_of(request), at=clock.real_now())
        registry.name_guardian(
            holder_id,
            form.consent(str(person_id)),
            text_version=form.cleaned_data["version"],
            by=request.actor,
            at=clock.now(),
            real_at=clock.real_now(),
        )
    except DomainError as error:
        return _again(request, "portal/ward_hand_over.html", context, error)
    messages.success(request, _("The next guardian has taken over. You see nothing of the child any more."))
    return redirect("portal:wards")


def _send(request: Request, context: dict[str, Any], phone: str) -> HttpResponse:
    now, person_id = clock.real_now(), access.myself(request.actor)
    limits.spend("code_per_address", address_of(request), at=now)
    limits.spend("code_per_phone", phone, at=now)
    registry.send_guardian_code(phone, at=now, asked_by=str(person_id))
    form = forms.NextGuardianForm(asks_code=True, initial=request.POST.dict())
    form.fields["code"].widget.attrs["autofocus"] = True
    context |= {"form": form, "sent": True, "sent_to": rules.masked_phone(phone)}
    return render(request, "portal/ward_hand_over.html", context)


def _again(request: Request, page: str, context: dict[str, Any], error: DomainError) -> HttpResponse:
    said = refusal(error)
    return said.on(render(request, page, {**context, "refused": said}, status=said.status))
