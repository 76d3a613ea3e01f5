"""What the pages of signing in share: where one goes on, refusals, the name of the browser."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from shanshi.foundation.doors import Request, refusal
from shanshi.kernel.errors import DomainError

_DEVICE = "device"
_DEVICE_LIVES = timedelta(days=400)


def device_of(request: HttpRequest) -> str:
    """Return the name by which this browser is known for counting tries; a new one at its first visit.

    Codes belong to the browser that asked for them, so that nobody else's wrong tries use them up. The name
    says nothing about the person; the cookie is signed, so that nobody takes another's.
    """
    known = getattr(request, "_device", None) or request.get_signed_cookie(_DEVICE, default="", salt=_DEVICE)
    request._device = known or secrets.token_urlsafe(18)  # type: ignore[attr-defined]
    return str(request._device)  # type: ignore[attr-defined]


def remember_device(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the answer with the browser's name, for next time."""
    response.set_signed_cookie(
        _DEVICE,
        device_of(request),
        salt=_DEVICE,
        max_age=_DEVICE_LIVES,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


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
