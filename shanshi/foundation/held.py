"""What the ground holds about a person: sessions, and answers kept for a day for requests that come twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from shanshi.foundation import models


def held_about(person_id: UUID) -> dict[str, Any]:
    """Return what the ground holds about a person, as plain values.

    The answers are sealed under the request's own key, which is not kept: only that there are some is known.
    """
    sessions = models.Session.objects.filter(person_id=person_id).order_by("made_at", "pk")
    return {
        "sessions": list(sessions.values("device", "made_at", "seen_on", "expires_at")),
        "answers_kept": list(
            models.IdempotentRequest.objects.filter(holder_id=person_id)
            .order_by("made_at", "pk")
            .values("made_at", "status")
        ),
    }


def forget(person_id: UUID, *, phone: str | None) -> int:
    """Delete what the ground holds about a person, and return how many rows went.

    phone  of the person, 11 digits: the fake gateway, where one is in use, keeps messages by it

    What staff did stays on the trail under the opaque id; counts of tries are hashes that expire.
    """
    gone = models.Session.objects.filter(person_id=person_id).delete()[0]
    gone += models.IdempotentRequest.objects.filter(holder_id=person_id).delete()[0]
    if phone is not None:
        gone += models.OutboxMessage.objects.filter(phone=phone).delete()[0]
    return gone
