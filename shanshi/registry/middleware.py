"""Says who asks: request.actor, from the session's cookie or from a bearer token."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from shanshi.foundation import clock, problems
from shanshi.foundation.actor import VISITOR, Actor
from shanshi.foundation.doors import Request, refusal
from shanshi.kernel.errors import SignInNeeded
from shanshi.registry import queries

BEARER = "Bearer "


class ActorMiddleware:
    """Builds the actor once per request; a token that does not hold is refused at once.

    The API trusts a bearer token first. A request without one is the session's, and then the endpoint
    asks for the form's token as every page does.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        header = request.headers.get("Authorization", "")
        if header.startswith(BEARER):
            holding = queries.bearer_of(header.removeprefix(BEARER).strip(), at=clock.real_now(), today_at=clock.now())
            if holding is None:
                answer = problems.from_refusal(refusal(SignInNeeded()))
                answer["WWW-Authenticate"] = 'Bearer error="invalid_token"'
                return answer
            request.actor = holding
        else:
            request.actor = actor_of_session(request)
        return self.get_response(request)


def actor_of_session(request: HttpRequest) -> Actor:
    """Return the actor whose session this is; a visitor if there is none or it has ended."""
    person_id = request.session.get(SESSION_KEY)
    if person_id is None:
        return VISITOR
    found = queries.session_of(person_id, at=clock.now())
    if found is None or not constant_time_compare(request.session.get(HASH_SESSION_KEY, ""), found.session_hash):
        request.session.flush()
        return VISITOR
    return found.actor
