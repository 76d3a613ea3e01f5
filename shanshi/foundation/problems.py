"""RFC 9457 problems: what the API answers when it refuses."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from shanshi.foundation.doors import Refusal, refusal
from shanshi.kernel.errors import DomainError, Missing, SignInNeeded

log = logging.getLogger(__name__)

# Every status with which an endpoint may refuse: `response={200: X, REFUSALS: Problem}`.
REFUSALS = frozenset({400, 401, 403, 404, 409, 422, 429})


class WrongField(Schema):
    """One field that is not as it should be."""

    where: str
    what: str


class Problem(Schema):
    """Why the API said no (RFC 9457). `code` is stable; `detail` says what to do, in the asker's language."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[WrongField] | None = None


def answer(status: int, code: str, title: str, detail: str = "", **more: Any) -> HttpResponse:
    """Return a problem as a response.

    code   stable, "room.fact"
    title  what is wrong; detail: what to do
    """
    body = {
        "type": f"urn:shanshi:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }
    return HttpResponse(
        json.dumps(body, ensure_ascii=False, default=str),
        status=status,
        content_type="application/problem+json; charset=utf-8",
    )


def from_refusal(said: Refusal) -> HttpResponse:
    """Return a refusal of the domain as a problem."""
    if not said.parts:
        return answer(said.status, said.code, said.says, said.way)
    errors = [{"where": part.code, "what": f"{part.says} {part.way}".strip()} for part in said.parts]
    return answer(said.status, said.code, said.says, said.way, errors=errors)


def install(api: NinjaAPI) -> None:
    """Make an API answer every error as a problem."""

    def domain(_: HttpRequest, error: DomainError | type[DomainError]) -> HttpResponse:
        assert isinstance(error, DomainError)
        return from_refusal(refusal(error))

    def invalid(_: HttpRequest, error: ValidationError | type[ValidationError]) -> HttpResponse:
        assert isinstance(error, ValidationError)
        errors = [
            {"where": ".".join(str(part) for part in one["loc"]), "what": one["msg"]} for one in error.errors
        ]
        where = "; ".join(f"{one['where']}: {one['what']}" for one in errors)
        return answer(422, "kernel.invalid", "What was sent is not valid.", where, errors=errors)

    def nobody(_: HttpRequest, error: object) -> HttpResponse:
        return from_refusal(refusal(SignInNeeded()))

    def nothing(_: HttpRequest, error: object) -> HttpResponse:
        return from_refusal(refusal(Missing()))

    def other(_: HttpRequest, error: HttpError | type[HttpError]) -> HttpResponse:
        assert isinstance(error, HttpError)
        return answer(error.status_code, "api.http_error", error.message)

    api.add_exception_handler(DomainError, domain)
    api.add_exception_handler(ValidationError, invalid)
    api.add_exception_handler(AuthenticationError, nobody)
    api.add_exception_handler(Http404, nothing)
    api.add_exception_handler(HttpError, other)
