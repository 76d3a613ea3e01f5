"""Says who asks: request.actor, from a bearer token or from the session's cookie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from shanshi.design.context import wear
from shanshi.foundation import clock, problems
from shanshi.foundation.actor import VISITOR, Actor
from shanshi.foundation.doors import Request, refusal, token_of
from shanshi.kernel.errors import DomainError, SignInNeeded
from shanshi.registry import queries, rules
from shanshi.registry.rules import ScopeTooNarrow

READING = frozenset({"GET", "HEAD", "OPTIONS"})


class ActorMiddleware:
    """Builds the actor once per request; a token that does not hold is refused before anything else.

    A bearer token goes before a cookie, and costs one query. A request with a cookie only must carry the
    form's token wherever it changes something; pages ask for it, and the API asks in `api.bearer`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        token = token_of(request)
        if token is None:
            before = request.session.get(SESSION_KEY)
            request.actor = actor_of_session(request)
            answer = self.get_response(request)
            dress(request, answer, before=before)
            return answer
        found = queries.bearer_of(token, real_at=clock.real_now(), at=clock.now())
        if found is None:
            return _refused(SignInNeeded(), "invalid_token")
        if ("read" if request.method in READING else "write") not in found.scopes:
            return _refused(ScopeTooNarrow(), "insufficient_scope")
        actor = found.actor if "staff" in found.scopes else found.actor.without_roles()
        request.actor = actor if "names" in found.scopes else actor.without_names()
        return self.get_response(request)


def actor_of_session(request: HttpRequest) -> Actor:
    """Return the actor whose session this is; a visitor if there is none or it has ended."""
    person_id = request.session.get(SESSION_KEY)
    if person_id is None:
        return VISITOR
    found = queries.session_of(person_id, at=clock.now())
    held = request.session.get(HASH_SESSION_KEY, "")
    known = (found.session_hash, *found.older_hashes) if found is not None else ()
    if found is None or not any(constant_time_compare(held, one) for one in known):
        request.session.flush()
        return VISITOR
    if found.actor.grants and not rules.second_factor_shown(
        request.session,
        person_id,
        at=clock.real_now(),
        within=timedelta(hours=settings.SHANSHI_SECOND_FACTOR_HOURS),
        demo=settings.SHANSHI_DEMO,
    ):
        return found.actor.without_roles()
    return found.actor


def dress(request: HttpRequest, answer: HttpResponse, *, before: str | None) -> None:
    """Let pages look as the person who has just signed in wants them, however the person signed in.

    before  who was signed in when the request came; only a change asks the database
    """
    person_id = request.session.get(SESSION_KEY)
    if person_id is None or person_id == before:
        return
    chosen = queries.preference_of(UUID(str(person_id)))
    if chosen is not None:
        wear(
            answer,
            theme=chosen.theme,
            elder="1" if chosen.is_elder else "0",
            language=chosen.language or None,
        )


def _refused(error: DomainError, reason: str) -> HttpResponse:
    answer = problems.from_refusal(refusal(error))
    answer["WWW-Authenticate"] = f'Bearer error="{reason}"'
    return answer
