"""The person's own copy: everything that this room holds about somebody, opened with the person's key."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from shanshi.foundation import crypto
from shanshi.registry import models
from shanshi.registry.queries import accounts, guardians, people
from shanshi.registry.queries.people import Sealed
from shanshi.registry.rules import PersonUnknown

_SEALED = ("real_name", "id_number", "birth_on", "sex", "party_member")
_LISTED: dict[str, tuple[Any, tuple[str, ...], str]] = {
    "consents": (
        models.Consent,
        ("purpose", "text_version", "given_at", "given_by", "withdrawn_at", "withdrawn_by", "source"),
        "holder_id",
    ),
    "memberships": (
        models.Membership,
        ("organization__name", "team__name", "joined_at", "accepted_at", "left_at", "source"),
        "holder_id",
    ),
    "looks": (
        models.IdentityLook,
        ("field", "purpose", "note", "capacity", "looked_at", "looked_by"),
        "holder_id",
    ),
    "preferences": (models.Preference, ("theme", "is_elder", "language", "changed_at"), "holder_id"),
    "tokens": (models.BearerToken, ("label", "scopes", "made_at", "expires_at"), "holder_id"),
    "roles": (
        models.RoleGrant,
        ("role", "place", "from_on", "to_on", "reason", "given_at", "ended_at", "end_reason"),
        "person_id",
    ),
}


def held_about(person_id: UUID) -> dict[str, Any]:
    """Return everything that this room holds about a person, in the clear, for the person's own copy.

    Raises rules.PersonUnknown: nobody, or erased.
    Source: PIPL art. 45.
    """
    person = models.Person.objects.filter(pk=person_id, erased_at=None).first()
    if person is None or person.data_key is None:
        raise PersonUnknown
    holder_id = person.holder_id
    key = people.data_key_of(holder_id, person.data_key)
    phone = _opened(key, "person", "phone", holder_id, person.phone)
    facts: dict[str, Any] = {
        "person_id": person.pk,
        "holder_id": holder_id,
        "phone": phone,
        "email": _opened(key, "person", "email", holder_id, person.email),
        "first_seen_at": person.made_at,
        "source": person.source,
        "signing_in": _signing_in(person),
        "volunteer": _volunteer(holder_id, key),
        "guardians": _guardians(holder_id, key),
        "guardian_of": _guardian_of(person_id, phone),
    }
    for name, (model, columns, column) in _LISTED.items():
        owner = person.pk if column == "person_id" else holder_id
        rows = model.objects.filter(**{column: owner}).order_by("pk").values(*columns)
        facts[name] = [{key.replace("__", "_"): value for key, value in row.items()} for row in rows]
    return facts


def _opened(key: bytes, table: str, column: str, row: UUID, sealed: Sealed | None) -> str | None:
    return None if sealed is None else people.open_sealed(key, sealed, table, column, row)


def _volunteer(holder_id: UUID, key: bytes) -> dict[str, Any] | None:
    row = models.Volunteer.objects.filter(holder_id=holder_id, erased_at=None).first()
    if row is None:
        return None
    return {
        "number": row.number,
        "registered_at": row.registered_at,
        "residence_code": row.residence_code,
        "source": row.source,
        **{name: _opened(key, "volunteer", name, holder_id, getattr(row, name)) for name in _SEALED},
    }


def _guardians(holder_id: UUID, key: bytes) -> list[dict[str, Any]]:
    return [
        {
            "name": _opened(key, "guardian", "name", row.pk, row.name),
            "phone": _opened(key, "guardian", "phone", row.pk, row.phone),
            "relation": row.relation,
            "consented_at": row.consented_at,
            "withdrawn_at": row.withdrawn_at,
            "source": row.source,
        }
        for row in models.Guardian.objects.filter(holder_id=holder_id).order_by("consented_at")
    ]


def _guardian_of(person_id: UUID, phone: str | None) -> list[dict[str, Any]]:
    """The minors whose accounts keep this person's name and phone as their guardian's."""
    if phone is None:
        return []
    indexes = crypto.blind_indexes("guardian_phone", phone)
    rows = list(models.Guardian.objects.filter(phone_index__in=indexes).order_by("consented_at"))
    since = guardians.has_phone_since(person_id, phone)
    rows = [row for row in rows if guardians.knows(row, person_id, since)]
    found = people.volunteers({row.holder_id for row in rows})
    return [
        {
            "minor": found[row.holder_id].masked_name,
            "relation": row.relation,
            "consented_at": row.consented_at,
            "withdrawn_at": row.withdrawn_at,
        }
        for row in rows
        if row.holder_id in found
    ]


def _signing_in(person: models.Person) -> dict[str, Any]:
    """How the person signs in: that there is a password, never which; what else was set up."""
    factors = Authenticator.objects.filter(user_id=person.pk).order_by("pk")
    linked = SocialAccount.objects.filter(user_id=person.pk).order_by("pk")
    return {
        "has_password": accounts.has_password(person),
        "factors": [
            {
                "kind": row.type,
                "name": accounts.name_of(row),
                "made_at": row.created_at,
                "used_at": row.last_used_at,
            }
            for row in factors
        ],
        "linked_identities": [
            {
                "service": row.provider,
                "name_there": row.uid,
                "linked_at": row.date_joined,
                "used_at": row.last_login,
            }
            for row in linked
        ],
    }
