"""Idempotency-Key on every changing request of the API: sent twice is done once.

The key, the effect and the answer are written in one transaction. A second request with the same key waits
for the first and gets its answer; the same key with another body is refused.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

from shanshi.foundation import clock, crypto, models, problems
from shanshi.foundation.actor import VISITOR
from shanshi.foundation.doors import address_of, refusal
from shanshi.kernel.errors import N_, DomainError, Invalid
from shanshi.kernel.ids import id_of

KEPT = timedelta(days=1)
_LONGEST_KEY = 255


class KeyUsedForAnother(DomainError):
    """The Idempotency-Key came with another request before."""

    code = "foundation.idempotency_key_reused"
    says = N_("This Idempotency-Key was used for another request.")
    way = N_("Make a new key for each new request; repeat a request with its own key and body.")


class KeyUnusable(Invalid):
    """The Idempotency-Key is empty or too long."""

    code = "foundation.idempotency_key_invalid"
    says = N_("The Idempotency-Key must have 1 to 255 characters.")
    way = N_("Send for example a UUID.")


class IdempotencyMiddleware:
    """Answers a repeated POST or DELETE of the API with what the first one got."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        key = request.headers.get("Idempotency-Key")
        if key is None or request.method not in {"POST", "DELETE"} or not request.path.startswith("/api/"):
            return self.get_response(request)
        if not 1 <= len(key) <= _LONGEST_KEY or "\x00" in key:
            return problems.from_refusal(refusal(KeyUnusable()))
        return self._once(request, key)

    def _once(self, request: HttpRequest, key: str) -> HttpResponse:
        holder = _holder(request)
        # Keyed, and the answer sealed: a request may hold an ID number, an answer a token.
        # What the asker may do belongs to the request: a token without names gets no answer that holds some.
        said = b"\n".join(
            [str(request.method).encode(), request.get_full_path().encode(), _power(request), request.body]
        )
        # Two keys while that of the indexes is changed; the first writes.
        digests = [hmac.digest(secret, said, hashlib.sha256) for secret in crypto.keyring().accepted("index")]
        data_keys = crypto.blind_indexes("idempotent_request", f"{holder}|{key}")
        where = f"idempotent_request|body|{holder}"
        with transaction.atomic():
            # Two with the same key at once: the second waits here until the first has committed its answer.
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"idempotency|{holder}|{key}"]
                )
            before = models.IdempotentRequest.objects.filter(holder_id=holder, key=key).first()
            if before is not None:
                if bytes(before.request_hash) not in digests:
                    return problems.from_refusal(refusal(KeyUsedForAnother()))
                data_key = data_keys[digests.index(bytes(before.request_hash))]
                body = crypto.unseal(data_key, bytes(before.body), where)
                answer = HttpResponse(body, status=before.status, content_type=before.content_type)
                answer["Idempotency-Replayed"] = "true"
                return answer
            response = self.get_response(request)
            if response.status_code >= 500 or response.status_code in {401, 403, 429}:
                # Nothing was decided: the same key may try again.
                transaction.set_rollback(response.status_code >= 500)
                return response
            if "no-store" in response.get("Cache-Control", ""):
                # What must not be kept is not kept here: asked again, it is done and written down again.
                return response
            models.IdempotentRequest.objects.create(
                holder_id=holder,
                key=key,
                request_hash=digests[0],
                status=response.status_code,
                content_type=response["Content-Type"],
                body=crypto.seal(data_keys[0], response.content.decode(), where),
                made_at=clock.real_now(),
            )
            return response


def _power(request: HttpRequest) -> bytes:
    actor = getattr(request, "actor", VISITOR)
    held = sorted(f"{grant.role.value} {grant.place}" for grant in actor.grants)
    return "|".join(["names" if actor.unmasks else "", *held]).encode()


def _holder(request: HttpRequest) -> UUID:
    # A visitor without a token shares one name per address; the hash of the request still tells them apart.
    # Keyed: all addresses could be tried within minutes.
    actor = getattr(request, "actor", None)
    if actor is not None and actor.person_id is not None:
        person: UUID = actor.person_id
        return person
    return id_of("visitor", crypto.blind_index("visitor", address_of(request)).hex())
