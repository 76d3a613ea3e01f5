"""Bearer tokens of programs: shown once, kept as a hash, with scopes and an end.

All times here are real time: tokens live by the clock on the wall, also in a demo.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from shanshi.kernel.errors import Missing
from shanshi.registry import models, rules
from shanshi.registry.queries import actors, people


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token, shown this once, and when it expires."""

    token: str
    expires_at: datetime


@transaction.atomic
def issue_token(
    person_id: UUID,
    *,
    label: str,
    at: datetime,
    scopes: Sequence[str] = rules.SCOPES,
    days: int = rules.TOKEN_DAYS,
) -> Issued:
    """Return a new bearer token of a person; only its hash is kept.

    label   what it is for, shown to the person
    at      real time, with a zone
    scopes  of "read", "write", "staff" (the person's roles hold), "names" (identities
            are shown: one's own data, and with "staff" what the roles may look at)
    days    after how many it expires, 1 to 365

    Raises rules.TokenInvalid: no scope, too few or too many days; rules.PersonUnknown.
    """
    kept = [scope for scope in rules.SCOPES if scope in scopes]
    if not kept:
        raise rules.TokenInvalid(what="no scope")
    if not 1 <= days <= rules.TOKEN_MAX_DAYS:
        raise rules.TokenInvalid(what=f"{days} days")
    holder_id = people.holder_of(person_id)
    raw = holder_id.bytes + secrets.token_bytes(32)
    token = "shs_" + base64.urlsafe_b64encode(raw).decode().rstrip("=")
    expires_at = at + timedelta(days=days)
    models.BearerToken.objects.create(
        holder_id=holder_id,
        person_id=person_id,
        token_hash=actors.token_hash(token),
        label="".join(sign for sign in label if sign.isprintable())[:80],
        scopes=kept,
        made_at=at,
        expires_at=expires_at,
    )
    return Issued(token, expires_at)


@transaction.atomic
def revoke_token(token: str) -> None:
    """Make a token worthless; one that is worthless already stays so."""
    holder_id = actors.holder_of_token(token)
    if holder_id is not None:
        models.BearerToken.objects.filter(holder_id=holder_id, token_hash=actors.token_hash(token)).delete()


@transaction.atomic
def revoke_staff_tokens(person_id: UUID) -> int:
    """Make the tokens worthless with which a person's roles hold, and return how many; for who has no second
    factor any more.

    Raises rules.PersonUnknown.
    """
    holder_id = people.holder_of(person_id)
    gone, _ = models.BearerToken.objects.filter(holder_id=holder_id, scopes__contains=["staff"]).delete()
    return gone


@transaction.atomic
def revoke_own_token(person_id: UUID, token_id: UUID) -> None:
    """Make a token of a person worthless.

    Raises rules.PersonUnknown; Missing: the person has no such token.
    """
    holder_id = people.holder_of(person_id)
    gone, _ = models.BearerToken.objects.filter(holder_id=holder_id, pk=token_id).delete()
    if not gone:
        raise Missing
