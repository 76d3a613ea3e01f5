"""A guardian's pages: the minors, what they gave and are about to give, consents, and the end."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shanshi.activities import operations as shifts
from shanshi.activities import queries as activities
from shanshi.activities.queries import Finding
from shanshi.attendance import queries as attendance
from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, address_of, refusal
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.places import queries as places
from shanshi.portal import access, forms, operations
from shanshi.portal.queries.held import Held, held
from shanshi.portal.queries.privacy import ward_page
from shanshi.portal.queries.shift_lines import shift_lines
from shanshi.portal.views.answers import changed
from shanshi.portal.views.privacy import as_json, as_workbook, copy_file, copy_page, ending
from shanshi.portal.views.words import consent_words, look_words
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from shanshi.registry import rules
from shanshi.registry.queries import WardFacts
from shanshi.registry.rules import Purpose
from shanshi.registry.views.texts import text_words

CARDS = 20


@asks(access.MYSELF)
@require_GET
def wards(request: Request) -> HttpResponse:
    """The minors whose guardian one is."""
    person_id, now = access.myself(request.actor), clock.now()
    context = {
        "wards": people.wards(person_id, at=now),
        "unconfirmed": people.unconfirmed_wards(person_id, at=now),
    }
    return render(request, "portal/wards.html", context)


@asks(access.MYSELF)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("real_name", "id_number", "guardian_name")
def new_ward(request: Request) -> HttpResponse:
    """Register a child who has no phone; the guardian acts in its place."""
    person_id, day = access.myself(request.actor), city_day(clock.now())
    shown = [people.consent_text(purpose, day) for purpose in (Purpose.TERMS, Purpose.MINORS)]
    more: dict[str, Any] = {
        "districts": places.districts(day),
        "asks_name": people.own(person_id).volunteer is None,
        "initial": {"terms": shown[0].version, "minors": shown[1].version},
    }
    context = {"texts": [text_words(text) for text in shown]}
    if request.method == "GET":
        return render(request, "portal/ward_new.html", {**context, "form": forms.WardForm(**more)})
    form = forms.WardForm(request.POST, **more)
    if not form.is_valid():
        return render(request, "portal/ward_new.html", {**context, "form": form}, status=422)
    try:
        limits.spend("registration_per_address", address_of(request), at=clock.real_now())
        facts = registry.register_ward(form.registration(), by=request.actor, at=clock.now())
    except DomainError as error:
        said = refusal(error)
        page = render(
            request, "portal/ward_new.html", {**context, "form": form, "refused": said}, status=said.status
        )
        return said.on(page)
    messages.success(
        request, _("Welcome. The child's volunteer number is %(number)s.") % {"number": facts.number}
    )
    return redirect("portal:ward", facts.holder_id)


@asks(access.GUARD)
@require_GET
def ward(request: Request, holder_id: UUID) -> HttpResponse:
    """One minor: hours, what is ahead, visits, consents, who looked."""
    page = ward_page(_ward(request, holder_id, is_open=False), at=clock.now())
    context = {
        "page": page,
        "ward": page.ward,
        "consents": [consent_words(line) for line in page.consents],
        "looks": [look_words(line) for line in page.looks],
        "invitations": people.invitations(holder_id),
    }
    return render(request, "portal/ward.html", context)


@asks(access.GUARD)
@require_POST
def agree(request: Request, holder_id: UUID, purpose: str) -> HttpResponse:
    """Give one consent in the minor's place."""
    _ward(request, holder_id, is_open=purpose != Purpose.MINORS)
    form = forms.ConsentForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else ""
    return changed(
        request,
        f"{_page_of(holder_id)}#{purpose}",
        lambda: operations.agree(
            holder_id, _purpose(purpose), text_version=version, by=request.actor, at=clock.now()
        ),
        _("You have agreed. You can withdraw it here at any time."),
    )


@asks(access.GUARD)
@require_POST
def withdraw(request: Request, holder_id: UUID, purpose: str) -> HttpResponse:
    """Withdraw one consent in the minor's place; what it stops, stops now."""
    _ward(request, holder_id, is_open=purpose != Purpose.MINORS)
    return changed(
        request,
        f"{_page_of(holder_id)}#{purpose}",
        lambda: operations.withdraw(holder_id, _purpose(purpose), by=request.actor, at=clock.now()),
        _("Withdrawn. It stopped at once."),
    )


@asks(access.GUARD)
@require_GET
def find(request: Request, holder_id: UUID) -> HttpResponse:
    """What a child who does not sign in could take part in."""
    found, form = _ward(request, holder_id, acts=True), forms.WardFindForm(request.GET)
    text = form.cleaned_data.get("q", "") if form.is_valid() else ""
    cards, _following = activities.activities_open(Finding(text=text), at=clock.now(), limit=CARDS)
    return render(request, "portal/ward_find.html", {"ward": found, "cards": cards, "text": text})


@asks(access.GUARD)
@require_GET
def activity(request: Request, holder_id: UUID, activity_id: UUID) -> HttpResponse:
    """The shifts of one activity, as the child may have them."""
    now, found = clock.now(), _ward(request, holder_id, acts=True)
    shown = access.activity_to_see(request.actor, activity_id, since=now)
    lines = [line for line in shift_lines(shown, found.holder_id, at=now) if not line.is_past]
    return render(
        request, "portal/ward_activity.html", {"ward": found, "activity": shown, "lines": lines[:CARDS]}
    )


@asks(access.GUARD)
@require_POST
def sign_up(request: Request, holder_id: UUID, shift_id: UUID) -> HttpResponse:
    """Sign a child up who does not sign in."""
    found = _ward(request, holder_id, acts=True)
    return changed(
        request,
        _page_of(holder_id),
        lambda: shifts.sign_up(shift_id, holder_id=found.holder_id, by=request.actor, at=clock.now()),
        _("The child is signed up. Whether a place is free or the child waits stands below."),
    )


@asks(access.GUARD)
@require_POST
def accept(request: Request, holder_id: UUID, shift_id: UUID) -> HttpResponse:
    """Take a place that was offered to a child who waited."""
    found = _ward(request, holder_id, acts=True)
    return changed(
        request,
        _page_of(holder_id),
        lambda: shifts.accept(shift_id, holder_id=found.holder_id, by=request.actor, at=clock.now()),
        _("The place is the child's."),
    )


@asks(access.GUARD)
@require_POST
def leave(request: Request, holder_id: UUID, shift_id: UUID) -> HttpResponse:
    """Give a child's place back."""
    found = _ward(request, holder_id, acts=True)
    return changed(
        request,
        _page_of(holder_id),
        lambda: shifts.withdraw(shift_id, holder_id=found.holder_id, by=request.actor, at=clock.now()),
        _("The child's place goes to the next one who waits."),
    )


@asks(access.GUARD)
@require_GET
def code(request: Request, holder_id: UUID) -> HttpResponse:
    """The personal code of a child who has no phone, for the leader's camera."""
    found, now = _ward(request, holder_id, acts=True), clock.real_now()
    made = attendance.personal_code(found.holder_id, found.number, now)
    seconds = int((made.expires_at - now).total_seconds())
    return render(request, "portal/ward_code.html", {"ward": found, "made": made, "seconds": seconds})


@asks(access.GUARD)
@require_GET
def code_json(request: Request, holder_id: UUID) -> HttpResponse:
    """A fresh personal code of the child, for the page to draw."""
    found, now = _ward(request, holder_id, acts=True), clock.real_now()
    made = attendance.personal_code(found.holder_id, found.number, now)
    return JsonResponse({"code": made.code, "seconds": (made.expires_at - now).total_seconds()})


def _held(request: Request, holder_id: UUID) -> Held:
    now = clock.now()
    return held(access.data_of_ward(request.actor, holder_id, at=now).person_id, at=now)


@asks(access.GUARD)
@require_GET
def data(request: Request, holder_id: UUID) -> HttpResponse:
    """Everything that is held about a minor, in words; in the clear only shortly after a proof."""
    return copy_page(request, _held(request, holder_id), back=_page_of(holder_id))


@asks(access.GUARD)
@require_GET
def data_json(request: Request, holder_id: UUID) -> HttpResponse:
    """Everything that is held about a minor, for another program."""
    found = _held(request, holder_id)
    return copy_file(request, lambda: as_json(found), page=f"{_page_of(holder_id)}/data")


@asks(access.GUARD)
@require_GET
def data_xlsx(request: Request, holder_id: UUID) -> HttpResponse:
    """Everything that is held about a minor, as an Excel file."""
    found = _held(request, holder_id)
    return copy_file(request, lambda: as_workbook(found), page=f"{_page_of(holder_id)}/data")


@asks(access.GUARD)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code")
def erase(request: Request, holder_id: UUID) -> HttpResponse:
    """End a minor's account for ever, with a fresh proof of the guardian."""
    found = _ward(request, holder_id, is_open=False)
    answer = ending(request, found.person_id, {"back": _page_of(holder_id), "ward": found})
    if answer is not None:
        return answer
    messages.success(request, _("The account is erased. Nothing here leads back to the child any more."))
    return redirect("portal:wards")


def _ward(request: Request, holder_id: UUID, *, is_open: bool = True, acts: bool = False) -> WardFacts:
    return access.ward_to_guard(request.actor, holder_id, at=clock.now(), is_open=is_open, acts=acts)


def _page_of(holder_id: UUID) -> str:
    return reverse("portal:ward", args=[holder_id])


def _purpose(purpose: str) -> Purpose:
    if purpose not in set(Purpose):
        raise rules.ConsentTextUnknown(purposes=", ".join(Purpose))
    return Purpose(purpose)
