"""What the pages of signing in share: where one goes on, refusals, the name of the browser."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from shanshi.foundation import crypto
from shanshi.foundation.doors import Request, refusal
from shanshi.kernel.errors import DomainError

_DEVICE = "device"
_SEEN = "seen"
_MOST_SEEN = 4  # phones of one browser: a family's tablet
_DEVICE_LIVES = timedelta(days=400)


def device_of(request: HttpRequest) -> str:
    """Return the name by which this browser is known for counting tries; a new one at its first visit.

    Codes belong to the browser that asked for them, so that nobody else's wrong tries use them up. The name
    says nothing about the person; the cookie is signed, so that nobody takes another's.
    """
    known = getattr(request, "_device", None) or request.get_signed_cookie(_DEVICE, default="", salt=_DEVICE)
    request._device = known or secrets.token_urlsafe(18)  # type: ignore[attr-defined]
    return str(request._device)  # type: ignore[attr-defined]


def phone_counted(request: HttpRequest, phone: str) -> str:
    """Return for whom tries with a phone count: for a browser that has signed in with it before, apart.

    So whoever uses up the tries from elsewhere does not lock out the owner at the owner's own device.
    """
    return f"{phone}|{device_of(request)}" if _trace(request, phone) in _traces(request) else phone


def remember_phone(request: HttpRequest, response: HttpResponse, phone: str) -> HttpResponse:
    """Return the answer with a trace of the phone that has signed in here; only our keys can make it."""
    traces = [one for one in _traces(request) if one != _trace(request, phone)]
    traces.append(_trace(request, phone))
    _set(response, _SEEN, " ".join(traces[-_MOST_SEEN:]))
    return remember_device(request, response)


def remember_device(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the answer with the browser's name, for next time."""
    _set(response, _DEVICE, device_of(request))
    return response


def _trace(request: HttpRequest, phone: str) -> str:
    return crypto.blind_index("seen_phone", f"{phone}|{device_of(request)}").hex()[:24]


def _traces(request: HttpRequest) -> list[str]:
    return str(request.get_signed_cookie(_SEEN, default="", salt=_SEEN)).split()


def _set(response: HttpResponse, name: str, value: str) -> None:
    response.set_signed_cookie(
        name,
        value,
        salt=name,
        max_age=_DEVICE_LIVES,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def wanted(request: HttpRequest) -> str:
    """Return the page of ours that was wanted before; nothing if it is another site's."""
    page = str(request.POST.get("next") or request.GET.get("next") or "")
    return page if is_ours(request, page) else ""


def onward(request: Request, page: str) -> str:
    """Return where to go after signing in: the page that was wanted, if it is one of ours."""
    return page if is_ours(request, page) else "/me"


def is_ours(request: HttpRequest, page: str) -> bool:
    """Whether an address leads to a page of this site."""
    # Without a slash it would be taken for the name of a page.
    return page.startswith("/") and url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )


def again(request: Request, page: str, context: dict[str, Any], error: DomainError) -> HttpResponse:
    """Show a page again with what was refused, and what was typed still there."""
    said = refusal(error)
    return said.on(render(request, page, {**context, "refused": said}, status=said.status))
