"""What one was told, how one is told, and how many messages the city sends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, address_of, refusal
from shanshi.foundation.permissions import asks
from shanshi.kernel.errors import N_, DomainError
from shanshi.kernel.quantities import city_day
from shanshi.notices import operations, queries
from shanshi.notices.queries import NoticeFacts, Sending
from shanshi.policies import queries as policies
from shanshi.portal import access
from shanshi.portal.forms.telling import EmailCodeForm, EmailForm
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from shanshi.registry import rules
from shanshi.registry.queries import reach
from shanshi.registry.rules import Purpose

DAYS_SHOWN: Final = 14
WAYS: Final = {"sms": N_("Text message"), "email": N_("E-mail")}
STATES: Final = {
    "waiting": N_("on its way"),
    "sending": N_("on its way"),
    "sent": N_("sent"),
    "refused": N_("the address is not served"),
    "failed": N_("could not be sent"),
    "unknown": N_("perhaps sent"),
    "dropped": N_("not needed any more"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One notice as the page shows it. `child` is the masked name of the minor it is about."""

    notice: NoticeFacts
    ways: tuple[str, ...]
    child: str


@asks(access.READ_NOTICES)
@require_GET
def notices(request: Request) -> HttpResponse:
    """What one was told, the newest first, and what became of each message."""
    holder_id = people.holder_of(access.reads_notices(request.actor))
    after = request.GET.get("after")
    found, following = queries.listed(holder_id, language=get_language() or "", cursor=after)
    children = people.volunteers({one.about_holder_id for one in found if one.about_holder_id})
    lines = [
        Line(
            one,
            tuple(way_words(way) for way in one.sendings),
            children[one.about_holder_id].masked_name if one.about_holder_id in children else "",
        )
        for one in found
    ]
    context = {"lines": lines, "following": following, "after": after, "new": queries.unread(holder_id)}
    return render(request, "portal/notices.html", context)


@asks(access.READ_NOTICES)
@require_POST
def open_notice(request: Request, notice_id: UUID) -> HttpResponse:
    """Note that one notice was read, and go where it leads."""
    holder_id = people.holder_of(access.reads_notices(request.actor))
    url = operations.read(holder_id, notice_id, at=clock.now())
    back = "portal:notices"
    # A way within the house only, whatever a sending room once wrote.
    return redirect(url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) and url else back)


@asks(access.READ_NOTICES)
@require_POST
def unread(request: Request, notice_id: UUID) -> HttpResponse:
    """Put one notice among the new ones again."""
    operations.mark_unread(people.holder_of(access.reads_notices(request.actor)), notice_id)
    return redirect("portal:notices")


@asks(access.READ_NOTICES)
@require_POST
def read_all(request: Request) -> HttpResponse:
    """Note that everything until now was read."""
    count = operations.read_all(people.holder_of(access.reads_notices(request.actor)), at=clock.now())
    said = ngettext("One notice is marked as read.", "%(count)d notices are marked as read.", count)
    messages.success(request, said % {"count": count} if count else _("Everything was read already."))
    return redirect("portal:notices")


@asks(access.MYSELF)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("address", "code")
def ways(request: Request) -> HttpResponse:
    """How one is told beside the list: by text messages, and by e-mail to an address that a code proves."""
    person_id = access.myself(request.actor)
    context = _ways(person_id)
    step = request.POST.get("step", "")
    if step == "remove":
        registry.remove_email(by=request.actor, at=clock.now())
        messages.success(request, _("Your e-mail address is removed. Nothing goes there any more."))
        return redirect("portal:notice-ways")
    if step not in {"send", "prove"}:
        return render(request, "portal/notice_ways.html", {**context, "form": EmailForm()})
    form = EmailForm(request.POST) if step == "send" else EmailCodeForm(request.POST)
    name = "form" if step == "send" else "proof"
    if not form.is_valid():
        return render(request, "portal/notice_ways.html", {**context, name: form}, status=422)
    try:
        return _send(request, context, form) if step == "send" else _prove(request, form)
    except DomainError as error:
        said = refusal(error)
        page = {**context, name: form, "refused": said}
        return said.on(render(request, "portal/notice_ways.html", page, status=said.status))


@asks(access.SEE_MESSAGES)
@require_GET
def totals(request: Request) -> HttpResponse:
    """How many messages the city sent in the last days, by way and state; nobody's name."""
    access.may_see_messages(request.actor)
    today = city_day(clock.now())
    since = today - timedelta(days=DAYS_SHOWN - 1)
    found = queries.totals(since, today)
    context = {
        "rows": [
            {"on": one.on, "way": _(WAYS[one.channel]), "state": _(STATES[one.state]), "count": one.count}
            for one in found
        ],
        "told": sum(queries.told(since, today).values()),
        "sent": sum(one.count for one in found if one.state == "sent"),
        "waiting": queries.waiting(),
        "wrong": sum(one.count for one in found if one.state in {"failed", "unknown", "refused"}),
        "days": DAYS_SHOWN,
        "tab": "messages",
    }
    return render(request, "portal/notice_totals.html", context)


def way_words(way: Sending) -> str:
    """Return what became of one message, in the reader's language."""
    whose = _("to the guardian's phone") if way.to_guardian else ""
    return " ".join(part for part in (f"{_(WAYS[way.channel])}:", _(STATES[way.state]), whose) if part)


def _ways(person_id: UUID) -> dict[str, Any]:
    holder_id = people.holder_of(person_id)
    address = reach.email_of(person_id)
    values = policies.in_force("notices", city_day(clock.now())).values
    return {
        "own": people.own(person_id),
        "masked_email": rules.masked_email(address) if address else "",
        "agrees": holder_id in people.consented([holder_id], Purpose.NOTICES),
        "quiet_from": values["quiet_from_hour"],
        "quiet_to": values["quiet_to_hour"],
    }


def _send(request: Request, context: dict[str, Any], form: Any) -> HttpResponse:
    now = clock.real_now()
    limits.spend("code_per_address", address_of(request), at=now)
    limits.spend("email_code_per_person", str(request.actor.person_id), at=now)
    address = registry.send_email_code(form.cleaned_data["address"], by=request.actor, at=now)
    proof = EmailCodeForm(initial={"address": address})
    return render(
        request,
        "portal/notice_ways.html",
        {**context, "proof": proof, "sent_to": rules.masked_email(address)},
    )


def _prove(request: Request, form: Any) -> HttpResponse:
    now = clock.real_now()
    limits.spend("sign_in_per_address", address_of(request), at=now)
    registry.give_email(
        form.cleaned_data["address"],
        form.cleaned_data["code"],
        by=request.actor,
        at=clock.now(),
        real_at=now,
    )
    now_told = _("The address is yours. News goes there as well from now on.")
    not_yet = _("The address is yours. Once you agree to messages with news, they come there as well.")
    told = reach.reach([people.holder_of(access.myself(request.actor))])
    messages.success(request, now_told if any(one.wants_email for one in told.values()) else not_yet)
    return redirect("portal:notice-ways")
