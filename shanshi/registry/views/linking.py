"""Pages of the city's own identity service: signing in with it, and linking an account to it.

Linking begins with a form of ours and goes on by a link that carries a ticket: a browser lets no form lead to
another site, and nobody else's page can begin it.
"""

from __future__ import annotations

import secrets
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.contrib.auth import SESSION_KEY
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, address_of, public
from shanshi.foundation.permissions import asks
from shanshi.gateways import identity_service
from shanshi.gateways.identity_service import Proved
from shanshi.kernel.errors import DomainError
from shanshi.registry import access, operations, queries, rules
from shanshi.registry.operations.links import forget_links, link_identity
from shanshi.registry.queries.links import identity_index, person_of_identity
from shanshi.registry.rules import links
from shanshi.registry.views.confirming import freshly_proved, settle
from shanshi.registry.views.signing import begin
from shanshi.registry.views.steps import again, is_ours, onward, wanted


@public
@never_cache
@require_GET
def identity(request: Request) -> HttpResponse:
    """Lead to the service; with a ticket of ours, for linking the account that is signed in."""
    identity_service.check()
    now = clock.real_now()
    limits.spend("sign_in_per_address", address_of(request), at=now)
    linking = request.actor.is_known and links.take_ticket(
        request.session, request.GET.get("ticket", ""), at=now
    )
    if request.actor.is_known and not linking:
        return redirect(onward(request, wanted(request)))
    kept = {"page": wanted(request), "links": str(request.actor.known()) if linking else ""}
    return identity_service.begin(request, back=_back(request), kept=kept)


@public
@never_cache
@require_GET
def identity_back(request: Request) -> HttpResponse:
    """Take the service's answer: sign in whose identity it is, or let it wait for its owner to sign in."""
    identity_service.check()
    now = clock.real_now()
    try:
        limits.spend("sign_in_per_address", address_of(request), at=now)
        proved = identity_service.finish(request, back=_back(request))
        return _linked_now(request, proved) if proved.kept.get("links") else _signed_in(request, proved)
    except DomainError as error:
        return again(request, "registry/identity_refused.html", {"known": request.actor.is_known}, error)


@asks(access.MYSELF)
@require_http_methods(["GET", "POST"])
@freshly_proved
def identity_join(request: Request) -> HttpResponse:
    """Ask whoever has just signed in whether the identity proved before shall be linked to this account."""
    person_id, now = access.myself(request.actor), clock.real_now()
    context = {"name": identity_service.name(), "masked_phone": queries.own(person_id).masked_phone}
    try:
        waiting = links.waiting_in(request.session, at=now)
        if request.method == "GET":
            return render(request, "registry/identity_join.html", context)
        if request.POST.get("answer") == "link":
            link_identity(person_id, waiting.index, at=now)
            settle(request)
            messages.success(request, _linked())
    except DomainError as error:
        links.stop_waiting(request.session)
        return again(request, "registry/identity_refused.html", {"known": True}, error)
    links.stop_waiting(request.session)
    return redirect(onward(request, waiting.page))


@asks(access.MYSELF)
@require_POST
@freshly_proved
def identity_link(request: Request) -> HttpResponse:
    """Begin linking: the answer shows the way to the service, with a ticket."""
    access.myself(request.actor)
    identity_service.check()
    ticket = secrets.token_urlsafe(24)
    links.give_ticket(request.session, ticket, at=clock.real_now())
    way = f"{reverse('registry:identity')}?{urlencode({'ticket': ticket})}"
    return render(request, "registry/identity_way.html", {"name": identity_service.name(), "way": way})


@asks(access.MYSELF)
@require_POST
@freshly_proved
def identity_unlink(request: Request) -> HttpResponse:
    """End the link; the phone signs in as ever."""
    forget_links(access.myself(request.actor))
    settle(request)
    messages.success(request, _("The identity is no longer linked to your account."))
    return redirect("registry:security")


def _signed_in(request: Request, proved: Proved) -> HttpResponse:
    index, page = identity_index(proved.subject), str(proved.kept.get("page", ""))
    person_id = person_of_identity(index) or _person_of_phone(proved.phone, index)
    if person_id is None:
        now = clock.real_now()
        links.keep_waiting(request.session, links.Waiting(index, page), at=now)
        messages.info(
            request,
            _("%(name)s has proved who you are. Sign in with your phone once to link it to your account.")
            % {"name": identity_service.name()},
        )
        join = reverse("registry:identity_join")
        return redirect(f"{reverse('registry:sign_in')}?{urlencode({'next': join})}")
    if SESSION_KEY in request.session:
        request.session.flush()
    if proved.has_second_factor:
        account = queries.account_of(person_id)
        record_authentication(request, account, rules.SECOND_FACTOR, type="identity")
    return begin(request, person_id, "identity", page if is_ours(request, page) else "")


def _person_of_phone(phone: str | None, index: str) -> UUID | None:
    """Link the identity to whose phone it is, where the operator trusts what the service says of phones.

    Whoever has a second factor here must show it before anything is linked: a number may have changed hands,
    and the service's own second factor is that of the new owner.
    """
    if phone is None:
        return None
    try:
        digits = rules.checked_phone(phone)
    except rules.PhoneInvalid:
        return None
    now = clock.real_now()
    person_id = operations.person_of_phone(digits, at=now)
    if queries.factors(person_id).has_second:
        return None
    link_identity(person_id, index, at=now)
    return person_id


def _linked_now(request: Request, proved: Proved) -> HttpResponse:
    person_id = access.myself(request.actor)
    if proved.kept["links"] != str(person_id):
        # Somebody else has signed in meanwhile.
        raise links.IdentityNotWaiting
    link_identity(person_id, identity_index(proved.subject), at=clock.real_now())
    settle(request)
    messages.success(request, _linked())
    return redirect("registry:security")


def _linked() -> str:
    return _("%(name)s is linked to your account: from now on it signs you in.") % {
        "name": identity_service.name()
    }


def _back(request: Request) -> str:
    return request.build_absolute_uri(reverse("registry:identity_back"))
