"""Accounts and the identities of the city's own service: an identity is known by its blind index alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.socialaccount.models import SocialAccount

from shanshi.foundation import crypto
from shanshi.gateways.identity_service import PROVIDER
from shanshi.registry import models


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """That an account is linked to an identity, and since when."""

    linked_at: datetime


def identity_index(subject: str) -> str:
    """Return under what an identity is kept: from it, nobody learns the service's name for the person.

    subject  the issuer and its name for the person
    """
    return crypto.blind_index("identity_service", subject).hex()


def person_of_identity(index: str) -> UUID | None:
    """Return the person to whom an identity is linked; None if there is none, or the person was erased."""
    rows = SocialAccount.objects.filter(provider=PROVIDER, uid=index)
    found = rows.values_list("user_id", flat=True).first()
    if found is None or not models.Person.objects.filter(pk=found, erased_at=None).exists():
        return None
    return UUID(str(found))


def link_of(person_id: UUID) -> LinkFacts | None:
    """Return the link of an account; None if it has none."""
    row = SocialAccount.objects.filter(provider=PROVIDER, user_id=person_id).order_by("pk").first()
    return LinkFacts(row.date_joined) if row else None
