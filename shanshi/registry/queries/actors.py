"""Who asks: one query gives the person, the holder and the roles held on a day."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shanshi.foundation import statements
from shanshi.foundation.actor import Actor, Grant, Role
from shanshi.kernel.quantities import city_day
from shanshi.registry import models
from shanshi.registry.rules import SCOPES, PersonUnknown

_ROLES = """
    ARRAY(
        SELECT g.role || ' ' || g.place FROM registry_rolegrant g
        WHERE g.person_id = p.id AND g.ended_at IS NULL
          AND g.from_on <= %(day)s AND (g.to_on IS NULL OR g.to_on >= %(day)s)
        ORDER BY g.role, g.place
    )
"""
# Whom an organization has put on a list is no volunteer to any door before agreeing to the terms.
_VOLUNTEER = (
    "LEFT JOIN registry_volunteer v ON v.holder_id = p.holder_id AND v.erased_at IS NULL"
    " AND (left(v.source, 5) <> 'list:' OR EXISTS ("
    "SELECT 1 FROM registry_consent c WHERE c.holder_id = v.holder_id AND c.purpose = 'terms'))"
)


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """Whose session it is, and what the session must hold to be theirs."""

    actor: Actor
    session_hash: str
    older_hashes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BearerFacts:
    """Whose token it is, and what it may be used for: "read", "write", "staff", "names"."""

    actor: Actor
    scopes: tuple[str, ...]


def actor_of(person_id: UUID, at: datetime) -> Actor:
    """Return a person as an actor, with the roles held at a moment.

    at  with a time zone; roles hold for whole days of the city

    Raises rules.PersonUnknown: nobody, or erased.
    """
    row = _first(
        f"SELECT p.id, v.holder_id, {_ROLES} FROM registry_person p {_VOLUNTEER}"
        " WHERE p.id = %(person)s AND p.erased_at IS NULL",
        {"person": person_id, "day": _day(at)},
    )
    if row is None:
        raise PersonUnknown
    return _actor(*row)


def session_of(person_id: str, *, at: datetime) -> SessionFacts | None:
    """Return the actor of a session and the hash it must hold; None if there is no such person any more.

    person_id  as the session keeps it
    at         with a time zone; roles hold for whole days of the city
    """
    try:
        known = UUID(person_id)
    except ValueError:
        return None
    row = _first(
        f"SELECT p.id, v.holder_id, {_ROLES}, p.stamp FROM registry_person p {_VOLUNTEER}"
        " WHERE p.id = %(person)s AND p.erased_at IS NULL",
        {"person": known, "day": _day(at)},
    )
    if row is None:
        return None
    first, *older = models.session_hashes(bytes(row[3]))
    return SessionFacts(_actor(*row[:3]), first, tuple(older))


def bearer_of(token: str, *, real_at: datetime, at: datetime) -> BearerFacts | None:
    """Return the actor of a token and its scopes; None if it is unknown, revoked or expired.

    token    as it was given out
    real_at  real time, with a zone: tokens expire by it
    at       the domain's time, with a zone: roles hold by it
    """
    holder_id = holder_of_token(token)
    if holder_id is None:
        return None
    row = _first(
        f"SELECT p.id, v.holder_id, {_ROLES}, t.scopes::text FROM registry_bearertoken t"
        f" JOIN registry_person p ON p.holder_id = t.holder_id AND p.erased_at IS NULL {_VOLUNTEER}"
        " WHERE t.holder_id = %(holder)s AND t.token_hash = %(hash)s AND t.expires_at > %(now)s",
        {"holder": holder_id, "hash": token_hash(token), "now": real_at, "day": _day(at)},
    )
    if row is None:
        return None
    return BearerFacts(_actor(*row[:3]), tuple(scope for scope in SCOPES if f'"{scope}"' in row[3]))


def holder_of_token(token: str) -> UUID | None:
    """Return the holder id that a token carries; None if it has not the form of a token."""
    try:
        raw = base64.b64decode(token.removeprefix("shs_") + "=", altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    # 16 bytes say where the row lies, 32 are random.
    return UUID(bytes=raw[:16]) if len(raw) == 48 else None


def token_hash(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def roles_at(place: str, at: datetime) -> list[tuple[UUID, Role]]:
    """Return the persons who hold a role at exactly this place, with their roles.

    at  with a time zone
    """
    day = _day(at)
    rows = models.RoleGrant.objects.filter(place=place, ended_at=None, from_on__lte=day).order_by(
        "given_at", "pk"
    )
    return [(row.person_id, Role(row.role)) for row in rows if row.to_on is None or row.to_on >= day]


def _day(at: datetime) -> Any:
    return city_day(at)


def _first(sql: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    # Each request begins here, so these are prepared.
    found = statements.rows(sql, values)
    return found[0] if found else None


def _actor(person_id: UUID, holder_id: UUID | None, roles: Iterable[str]) -> Actor:
    pairs = (text.split(" ", 1) for text in roles)
    return Actor(person_id, holder_id, tuple(Grant(Role(role), place) for role, place in pairs))
