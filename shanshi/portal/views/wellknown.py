"""Addresses that every site has: where to report a weakness (RFC 9116), where to change a password."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from shanshi.foundation import clock
from shanshi.foundation.doors import Request, public
from shanshi.kernel.errors import Missing

# RFC 9116 wants less than a year, so that nobody believes a contact that is gone.
HOLDS = timedelta(days=180)


@public
@require_GET
def security_txt(request: Request) -> HttpResponse:
    """Whom to tell about a weakness. There is none as long as the operator named no contact."""
    if not settings.SECURITY_CONTACT:
        raise Missing
    until = (clock.real_now() + HOLDS).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        *(f"Contact: {one}" for one in settings.SECURITY_CONTACT.split()),
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: zh, en",
        f"Canonical: {request.build_absolute_uri(request.path)}",
        *([f"Policy: {settings.SECURITY_POLICY_URL}"] if settings.SECURITY_POLICY_URL else []),
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@public
@require_GET
def change_password(request: Request) -> HttpResponse:
    """Lead password managers to the page where a password is changed."""
    return redirect("registry:new_password")
