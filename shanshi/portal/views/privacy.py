"""A person's own data: what is held, who looked, consents, the copy, corrections, and the end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shanshi.documents.workbooks import MEDIA_TYPE, workbook
from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, address_of, public, refusal
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.places import queries as places
from shanshi.portal import access, forms, operations
from shanshi.portal.queries.held import Held, held, masked
from shanshi.portal.queries.privacy import PrivacyPage, look_lines, privacy_page
from shanshi.portal.views.answers import changed
from shanshi.portal.views.held import sheets, shown
from shanshi.portal.views.words import LookWords, consent_words, look_words
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from shanshi.registry import rules
from shanshi.registry.queries import OwnFacts
from shanshi.registry.rules import CodePurpose, Purpose
from shanshi.registry.views.confirming import proved_lately
from shanshi.registry.views.texts import text_words

ROWS_ON_PAGE = 10
BACK = "/me/privacy"


@public
@require_GET
def texts(request: Request, purpose: str = "") -> HttpResponse:
    """What people agree to here, for everybody to read: all purposes, or one."""
    wanted = [Purpose(purpose)] if purpose in set(Purpose) else list(Purpose)
    if purpose and purpose not in set(Purpose):
        raise Http404
    day = city_day(clock.now())
    found = [text_words(people.consent_text(one, day)) for one in wanted]
    return render(request, "portal/consent_texts.html", {"texts": found, "only": bool(purpose)})


@asks(access.MYSELF)
@require_GET
def privacy(request: Request) -> HttpResponse:
    """The privacy page: what is held in short, consents, who looked, and what can be done."""
    page = privacy_page(access.myself(request.actor), at=clock.now())
    return render(request, "portal/privacy.html", _page(page))


@asks(access.MYSELF)
@require_GET
def data(request: Request) -> HttpResponse:
    """Everything that is held, in words; in the clear only shortly after a proof."""
    return copy_page(request, held(access.own_data(request.actor), at=clock.now()), back=BACK)


@asks(access.MYSELF)
@require_GET
def data_json(request: Request) -> HttpResponse:
    """Everything that is held, for another program."""
    person_id = access.own_data(request.actor)
    return copy_file(request, lambda: as_json(held(person_id, at=clock.now())), page=f"{BACK}/data")


@asks(access.MYSELF)
@require_GET
def data_xlsx(request: Request) -> HttpResponse:
    """Everything that is held, as an Excel file."""
    person_id = access.own_data(request.actor)
    return copy_file(request, lambda: as_workbook(held(person_id, at=clock.now())), page=f"{BACK}/data")


@asks(access.SEE_LOOKS)
@require_GET
def looks(request: Request) -> HttpResponse:
    """Who looked at one's identity, as what, when and why."""
    found = [look_words(line) for line in look_lines(access.myself(request.actor))]
    return render(request, "portal/looks_at_me.html", {"looks": found})


@asks(access.CONSENT)
@require_POST
def agree(request: Request, purpose: str) -> HttpResponse:
    """Give one consent, to the text that was on the page."""
    holder_id, form = access.own_consents(request.actor), forms.ConsentForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else ""
    return changed(
        request,
        f"{BACK}#{purpose}",
        lambda: operations.agree(
            holder_id, _purpose(purpose), text_version=version, by=request.actor, at=clock.now()
        ),
        _("You have agreed. You can withdraw it here at any time."),
    )


@asks(access.CONSENT)
@require_POST
def withdraw(request: Request, purpose: str) -> HttpResponse:
    """Withdraw one consent; what it stops, stops now."""
    holder_id = access.own_consents(request.actor)
    return changed(
        request,
        f"{BACK}#{purpose}",
        lambda: operations.withdraw(holder_id, _purpose(purpose), by=request.actor, at=clock.now()),
        _("Withdrawn. It stopped at once."),
    )


@asks(access.MYSELF)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("real_name")
def correct(request: Request) -> HttpResponse:
    """Correct where one lives, or the name."""
    person_id, day = access.myself(request.actor), city_day(clock.now())
    own = people.own(person_id)
    if own.volunteer is None:
        return redirect("registry:register")
    which = request.POST.get("which") if request.method == "POST" else None
    start = {"residence_code": own.volunteer.residence_code or ""}
    residence = forms.ResidenceForm(
        request.POST if which == "residence" else None, initial=start, districts=places.districts(day)
    )
    naming = forms.NameForm(request.POST if which == "name" else None)
    context = {"residence": residence, "naming": naming, "own": own}
    form = {"residence": residence, "name": naming}.get(which or "")
    if form is None or not form.is_valid():
        return render(request, "portal/correct.html", context, status=422 if form else 200)
    try:
        _correct(request, form.cleaned_data)
    except DomainError as error:
        return _again(request, "portal/correct.html", context, error)
    messages.success(request, _("Corrected."))
    return redirect(BACK)


@asks(access.MYSELF)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("new_phone", "new_code", "old_code")
def phone(request: Request) -> HttpResponse:
    """Move the account to another phone: a code to the new one, and proof of the present one.

    Whoever has a second factor shows it too: a stolen phone that is signed in holds all the codes.
    """
    person_id = access.myself(request.actor)
    if people.factors(person_id).has_second and not rules.is_fresh(
        request.session, person_id, at=clock.real_now()
    ):
        return _to_confirm(request)
    own = people.own(person_id)
    asks_old = own.masked_phone is not None
    context: dict[str, Any] = {"own": own, "form": forms.NewPhoneForm(request.POST or None)}
    if request.method == "GET":
        return render(request, "portal/move_phone.html", {**context, "form": forms.NewPhoneForm()})
    if request.POST.get("step") != "move":
        return _send_to_both(request, context)
    form = forms.MovePhoneForm(request.POST, asks_old=asks_old)
    if not form.is_valid():
        return render(request, "portal/move_phone.html", {**context, "move": form}, status=422)
    try:
        limits.spend("sign_in_per_address", address_of(request), at=clock.real_now())
        registry.change_phone(
            person_id,
            form.cleaned_data["new_phone"],
            new_code=form.cleaned_data["new_code"],
            old_code=form.cleaned_data["old_code"] if asks_old else None,
            by=request.actor,
            at=clock.now(),
            real_at=clock.real_now(),
        )
    except DomainError as error:
        return _again(request, "portal/move_phone.html", {**context, "move": form}, error)
    messages.success(request, _("From now on your new phone signs in."))
    return redirect(BACK)


@asks(access.MYSELF)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("code")
def erase(request: Request) -> HttpResponse:
    """End the account for ever: says what goes and what stays, and asks for a fresh proof."""
    person_id = access.myself(request.actor)
    wards = people.wards(person_id, at=clock.now())
    alone = people.reached_alone(person_id, at=clock.now())
    context = {"back": BACK, "wards": wards, "alone": alone, "own": people.own(person_id)}
    if alone:
        return _again(request, "portal/erase.html", context, rules.GuardsChild())
    answer = ending(request, person_id, context)
    if answer is not None:
        return answer
    request.session.flush()
    messages.success(request, _("Your account is erased. Nothing here leads back to you any more."))
    return redirect("/")


def ending(request: Request, erased: UUID, context: dict[str, Any]) -> HttpResponse | None:
    """Show the page on which an account is ended, or end it and return None.

    erased   whose account it is; the proof is that of the person who is signed in
    context  what the page shows besides: back, and the ward or the wards
    """
    own = people.own(access.myself(request.actor))
    is_proved = _is_proved(request, own)
    context = {**context, "own": own, "is_proved": is_proved, "form": forms.CodeForm()}
    if not is_proved and people.factors(own.person_id).has_second:
        # Not by a code to a phone alone, which may be stolen.
        return _to_confirm(request)
    step = request.POST.get("step")
    if step == "code":
        return _send_erasure_code(request, context)
    if step != "erase":
        return render(request, "portal/erase.html", context)
    form = forms.CodeForm(request.POST)
    if not is_proved and not form.is_valid():
        return render(request, "portal/erase.html", {**context, "form": form, "sent": True}, status=422)
    try:
        if not is_proved:
            limits.spend("sign_in_per_address", address_of(request), at=clock.real_now())
            code = form.cleaned_data["code"]
            registry.prove_own_phone(own.person_id, code, CodePurpose.ERASURE, at=clock.real_now())
        operations.erase(erased, by=request.actor, at=clock.now())
    except DomainError as error:
        return _again(request, "portal/erase.html", {**context, "form": form, "sent": True}, error)
    return None


def copy_page(request: Request, found: Held, *, back: str) -> HttpResponse:
    """Show what is held; identities are masked until somebody proves who it is, which one link asks for.

    back  the page to return to, below which the downloads lie
    """
    is_clear = proved_lately(request)
    context = {
        "tables": tables(found if is_clear else masked(found)),
        "is_clear": is_clear,
        "confirm": _confirm_and_come_to(request.path),
        "back": back,
        "json": f"{back}/data.json",
        "xlsx": f"{back}/data.xlsx",
    }
    return render(request, "portal/held.html", context)


def copy_file(request: Request, made: Callable[[], HttpResponse], *, page: str) -> HttpResponse:
    """Answer with a file in the clear, or ask for a proof first.

    page  where the file is offered; after the proof it opens, since a file would leave the question standing
    """
    return made() if proved_lately(request) else redirect(_confirm_and_come_to(page))


def tables(found: Held) -> list[dict[str, Any]]:
    """Return what is held as tables for a page: the latest rows of each, and how many there are in all."""
    return [
        {
            "title": sheet.title,
            "columns": [{"label": label} for label in sheet.columns],
            "rows": [[shown(cell) for cell in row] for row in sheet.rows[: ROWS_ON_PAGE if place else None]],
            "more": max(0, len(sheet.rows) - ROWS_ON_PAGE) if place else 0,
            "is_facts": place == 0,
        }
        for place, sheet in enumerate(sheets(found))
    ]


def as_json(found: Held) -> HttpResponse:
    """Return what is held as a JSON file."""
    held_in = {**found.rooms, "sensitive": found.sensitive}
    answer = JsonResponse(held_in, json_dumps_params={"ensure_ascii": False, "indent": 1})
    return _file(answer, "json")


def as_workbook(found: Held) -> HttpResponse:
    """Return what is held as an Excel file."""
    return _file(HttpResponse(workbook(sheets(found)), content_type=MEDIA_TYPE), "xlsx")


def _file(answer: HttpResponse, ending: str) -> HttpResponse:
    # The name tells nothing of the person: it stays in histories and on shared machines.
    day = city_day(clock.now()).isoformat()
    answer["Cache-Control"] = "private, no-store"
    answer["Content-Disposition"] = f'attachment; filename="shanshi-data-{day}.{ending}"'
    return answer


def _page(page: PrivacyPage) -> dict[str, Any]:
    looked: list[LookWords] = [look_words(line) for line in page.looks]
    return {
        "own": page.own,
        "consents": [consent_words(line) for line in page.consents],
        "looks": looked,
        "wards": page.wards,
    }


def _purpose(purpose: str) -> Purpose:
    if purpose not in set(Purpose):
        raise rules.ConsentTextUnknown(purposes=", ".join(Purpose))
    return Purpose(purpose)


def _correct(request: Request, typed: dict[str, Any]) -> None:
    person_id, at = access.myself(request.actor), clock.now()
    if "real_name" in typed:
        limits.spend("registration_per_address", address_of(request), at=clock.real_now())
        registry.correct_name(person_id, typed["real_name"], by=request.actor, at=at)
    else:
        registry.correct_residence(person_id, typed["residence_code"] or None, by=request.actor, at=at)


def _send_to_both(request: Request, context: dict[str, Any]) -> HttpResponse:
    """Send a code to the new phone, and one to the present phone, if there is one."""
    form, person_id, now = context["form"], access.myself(request.actor), clock.real_now()
    if not form.is_valid():
        return render(request, "portal/move_phone.html", context, status=422)
    new_phone = form.cleaned_data["new_phone"]
    asks_old = context["own"].masked_phone is not None
    try:
        limits.spend("code_per_address", address_of(request), at=now)
        limits.spend("code_per_phone", new_phone, at=now)
        registry.send_proof_code(new_phone, CodePurpose.NEW_PHONE, at=now, asked_by=str(person_id))
        if asks_old:
            limits.spend("code_per_phone", str(person_id), at=now)
            registry.send_own_code(person_id, CodePurpose.OLD_PHONE, at=now)
    except DomainError as error:
        return _again(request, "portal/move_phone.html", context, error)
    move = forms.MovePhoneForm(initial={"new_phone": new_phone}, asks_old=asks_old)
    sent_to = rules.masked_phone(new_phone)
    return render(request, "portal/move_phone.html", {**context, "move": move, "sent_to": sent_to})


def _send_erasure_code(request: Request, context: dict[str, Any]) -> HttpResponse:
    person_id, now = access.myself(request.actor), clock.real_now()
    try:
        limits.spend("code_per_address", address_of(request), at=now)
        limits.spend("code_per_phone", str(person_id), at=now)
        registry.send_own_code(person_id, CodePurpose.ERASURE, at=now)
    except DomainError as error:
        return _again(request, "portal/erase.html", context, error)
    return render(request, "portal/erase.html", {**context, "sent": True})


def _to_confirm(request: Request) -> HttpResponse:
    return redirect(_confirm_and_come_to(request.path))


def _confirm_and_come_to(page: str) -> str:
    return f"{reverse('registry:confirm')}?{urlencode({'next': page})}"


def _is_proved(request: Request, own: OwnFacts) -> bool:
    """Whether a fresh second factor stands in for the code; without a phone, any fresh proof."""
    person_id = own.person_id
    if not rules.is_fresh(request.session, person_id, at=clock.real_now()):
        return False
    within = timedelta(minutes=rules.FRESH_MINUTES)
    return own.masked_phone is None or rules.second_factor_shown(
        request.session, person_id, at=clock.real_now(), within=within
    )


def _again(request: Request, page: str, context: dict[str, Any], error: DomainError) -> HttpResponse:
    said = refusal(error)
    return said.on(render(request, page, {**context, "refused": said}, status=said.status))
