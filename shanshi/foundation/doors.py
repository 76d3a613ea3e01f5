"""What pages share: the typed request, the mark of public pages, refusals in the reader's language."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.defaults import server_error

from shanshi.foundation.actor import Actor, SecondFactorNeeded
from shanshi.kernel.errors import N_, DomainError, Forbidden, Kind

STATUS = {
    Kind.REFUSED: 409,
    Kind.INVALID: 422,
    Kind.MISSING: 404,
    Kind.UNKNOWN_PERSON: 401,
    Kind.FORBIDDEN: 403,
    Kind.TOO_MANY: 429,
    Kind.TOO_LARGE: 413,
    Kind.WRONG_TYPE: 415,
}

View = TypeVar("View", bound=Callable[..., Any])


class Request(HttpRequest):
    """A request with the actor who makes it."""

    actor: Actor
    htmx: Any


def public(view: View) -> View:
    """Mark a door that anybody may use. Every other door asks its room's `access`."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


def address_of(request: HttpRequest) -> str:
    """Return the address that a request comes from, for counting tries.

    Behind proxies it is what the outermost of our own proxies saw (the setting SHANSHI_PROXIES says how many
    there are); what a client writes before that is not believed.
    """
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    if 0 < settings.SHANSHI_PROXIES <= len(hops):
        return hops[-settings.SHANSHI_PROXIES].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def token_of(request: HttpRequest) -> str | None:
    """Return the bearer token of a request; None if it carries none, whatever else it carries."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


@dataclass(frozen=True)
class Refusal:
    """A refusal in the reader's language."""

    code: str
    status: int
    says: str
    way: str
    parts: tuple[Refusal, ...] = ()
    wait_seconds: int | None = None

    def on(self, response: HttpResponse) -> HttpResponse:
        """Return the response with what its head must say beside the status."""
        if self.wait_seconds is not None:
            response.headers["Retry-After"] = str(self.wait_seconds)
        return response


def refusal(error: DomainError) -> Refusal:
    """Return the refusal with both sentences in the language of the request."""
    facts = {name: value for name, value in error.facts.items() if value is not None}

    def sentence(text: str) -> str:
        return gettext(text).format_map(_Facts(facts)) if text else ""

    parts = tuple(refusal(part) for part in error.parts)
    wait = facts.get("wait_seconds") if error.kind is Kind.TOO_MANY else None
    return Refusal(
        error.code,
        STATUS[error.kind],
        sentence(error.says),
        sentence(error.way),
        parts,
        wait if isinstance(wait, int) else None,
    )


class _Facts(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "…"


class RefusalMiddleware:
    """Turns a refusal that a page let through into a page that says what, why, and the way that is open."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        # A reader comes here by the address bar, a change of language, or a sign-in in the middle of a form.
        is_lost = answer.status_code == 405 and request.method == "GET" and not answer.content
        if not is_lost or request.path.startswith("/api/"):
            return answer
        said = refusal(FormsOnly())
        page = render(request, "design/refusal.html", {"refusal": said}, status=405)
        page["Allow"] = answer["Allow"]
        return page

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer for a DomainError; anything else is a defect and goes on."""
        if not isinstance(error, DomainError):
            return None
        if error.kind == Kind.UNKNOWN_PERSON and not request.headers.get("HX-Request"):
            return redirect(f"/sign-in?{urlencode({'next': request.get_full_path()})}")
        if isinstance(error, SecondFactorNeeded) and request.method == "GET":
            return redirect(f"/account/second-factor?{urlencode({'next': request.get_full_path()})}")
        answer = refusal(error)
        return answer.on(render(request, "design/refusal.html", {"refusal": answer}, status=answer.status))


class FormsOnly(DomainError):
    """A reader opened an address that only takes what a form sends."""

    code = "foundation.forms_only"
    says = N_("This address only takes what a form sends. Nothing has changed.")
    way = N_("Go back to the page with the form, and begin there again.")


class FormTooOld(Forbidden):
    """The form's token does not belong to this browser: the page was open too long, or cookies are off."""

    code = "foundation.form_too_old"
    says = N_("This page was open too long, or cookies are switched off. Nothing has changed.")
    way = N_("Load the page again, and send the form once more.")


def form_too_old(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer where a form's token is missing or foreign, with the way back to the form (CSRF_FAILURE_VIEW).

    reason  Django's, for its log; it helps a person little
    """
    if request.headers.get("HX-Request"):
        return render(request, "design/_refusal.html", {"refusal": refusal(FormTooOld())}, status=403)
    came_from = urlsplit(request.headers.get("Referer", ""))
    ours = came_from.netloc == request.get_host()
    back_url = came_from._replace(scheme="", netloc="", fragment="").geturl() if ours else ""
    return render(request, "403_csrf.html", {"back_url": back_url}, status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer for what nobody expected: 503 while the database does not answer, otherwise a defect of ours."""
    if not isinstance(sys.exc_info()[1], InterfaceError | OperationalError):
        return server_error(request)
    # Without the request: what a page usually knows of its reader stands in the database.
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "5"})
