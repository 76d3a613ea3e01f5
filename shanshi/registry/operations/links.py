"""Linking an account to an identity of the city's own service, and unlinking it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from shanshi.gateways.identity_service import PROVIDER
from shanshi.registry import models, rules
from shanshi.registry.rules.links import IdentityLinked, IdentityTaken


@transaction.atomic
def link_identity(person_id: UUID, index: str, *, at: datetime) -> None:
    """Link an account to a proved identity, so that it signs the person in; linking twice is linking once.

    index  of queries.links.identity_index; nothing else of the identity is kept
    at     real time, with a zone

    Raises rules.PersonUnknown: nobody, or erased; IdentityTaken; IdentityLinked: to another identity.
    Locks the person.
    """
    if not models.Person.objects.select_for_update().filter(pk=person_id, erased_at=None).exists():
        raise rules.PersonUnknown
    mine = SocialAccount.objects.filter(provider=PROVIDER, user_id=person_id).first()
    if mine is not None:
        if mine.uid != index:
            raise IdentityLinked
        return
    SocialAccount.objects.bulk_create(
        [SocialAccount(provider=PROVIDER, uid=index, user_id=person_id, extra_data={})], ignore_conflicts=True
    )
    # Two accounts at once: the unique index has let one of them in.
    row = SocialAccount.objects.filter(provider=PROVIDER, uid=index)
    if not row.filter(user_id=person_id).update(date_joined=at):
        raise IdentityTaken


@transaction.atomic
def forget_links(person_id: UUID) -> int:
    """Unlink an account from every identity, and return how many there were; none is fine too."""
    gone, _ = SocialAccount.objects.filter(user_id=person_id).delete()
    return int(gone)
