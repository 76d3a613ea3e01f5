"""RFC 9457 problems: what the API answers when it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from shanshi.foundation.doors import Refusal, refusal
from shanshi.kernel.errors import N_, DomainError, Forbidden, Invalid, Missing, SignInNeeded

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
    errors = [{"where": part.code, "what": f"{part.says} {part.way}".strip()} for part in said.parts]
    more = {"errors": errors} if errors else {}
    return said.on(answer(said.status, said.code, said.says, said.way, **more))


def refuse(request: HttpRequest, error: DomainError, *, status: int | None = None) -> HttpResponse:
    """Answer before any door: a program gets a problem, a reader a page, a fragment of a page a fragment.

    status  another one than the refusal's kind says
    """
    said = refusal(error)
    status = status or said.status
    if request.path.startswith("/api/"):
        return said.on(answer(status, said.code, said.says, said.way))
    page = "design/_refusal.html" if request.headers.get("HX-Request") else "design/refusal.html"
    return said.on(render(request, page, {"refusal": said}, status=status))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer where the frame itself said no to a person (handler403)."""
    return refuse(request, Forbidden())


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
        said = from_refusal(refusal(SignInNeeded()))
        said["WWW-Authenticate"] = "Bearer"
        return said

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


class ProblemMiddleware:
    """Answers a program in its own language when the frame said no: no such path, wrong method, a defect."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        kind = response.get("Content-Type", "")
        if (
            not request.path.startswith("/api/")
            or response.status_code < 400
            or kind.startswith("application/problem+json")
        ):
            return response
        said = _FRAME.get(response.status_code)
        error = refusal(said()) if said else refusal(Defect())
        problem = answer(response.status_code, error.code, error.says, error.way)
        for name in {"Allow", "Retry-After", "X-Frame-Options"} & set(response.headers):
            problem[name] = response[name]
        return problem


class WrongMethod(DomainError):
    """The path is right and the method is not."""

    code = "foundation.wrong_method"
    says = N_("This address does not take this method.")
    way = N_("Look the method up in /api/v1/openapi.json.")


class BadRequest(Invalid):
    """The frame could not read the request at all."""

    code = "foundation.bad_request"
    says = N_("The request could not be read.")
    way = N_("Send a body of at most 1 MB that is well-formed JSON.")


class NotReady(DomainError):
    """The database does not answer: it is being started again, or it is too busy."""

    code = "foundation.not_ready"
    says = N_("The platform is not ready at this moment. Nothing was changed.")
    way = N_("Send the request again in a few seconds, with the same Idempotency-Key.")


class Defect(DomainError):
    """A mistake of ours; it has been written to the log."""

    code = "foundation.defect"
    says = N_("Something went wrong on our side. Nothing was changed.")
    way = N_("Try again with the same Idempotency-Key; if it stays, tell us the time.")


_FRAME: dict[int, type[DomainError]] = {
    400: BadRequest,
    403: Forbidden,
    404: Missing,
    405: WrongMethod,
    503: NotReady,
}
