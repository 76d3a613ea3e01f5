"""Forgetting a person: the key is destroyed, and with it everything that it opened."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Greatest

from shanshi.foundation import audit, crypto, sessions
from shanshi.foundation.actor import Actor
from shanshi.registry import models, rules
from shanshi.registry.queries import people


@transaction.atomic
def forget(person_id: UUID, *, by: Actor, at: datetime) -> None:
    """Erase who a person is: data key, sealed fields, indexes, contacts, guardians, tokens, devices.

    What stays is the opaque holder id, so that the books stay in balance, and the trail without a name.

    Only `portal.operations.erase` and the retention job call it: the first asks every other room as well, and
    for the second there is nothing in any other room.

    by  the person themself, a guardian, or staff
    at  with a time zone

    Raises SignInNeeded; rules.PersonUnknown: nobody, or erased already.
    Locks the person.
    Source: PIPL art. 47 (rules of the city, section 3).
    """
    forgetter = by.known()
    person = models.Person.objects.select_for_update().filter(pk=person_id, erased_at=None).first()
    if person is None:
        raise rules.PersonUnknown
    holder_id = person.holder_id
    _forget_codes(person_id)
    models.Claim.objects.filter(owner_holder_id=holder_id).delete()
    models.BearerToken.objects.filter(holder_id=holder_id).delete()
    models.Preference.objects.filter(holder_id=holder_id).delete()
    sessions.end_all(person_id)
    Authenticator.objects.filter(user_id=person_id).delete()
    SocialAccount.objects.filter(user_id=person_id).delete()
    models.Guardian.objects.filter(holder_id=holder_id).delete()
    _forget_guardianship(person_id)
    models.Membership.objects.filter(holder_id=holder_id, accepted_at=None).delete()
    # One may be accepted for a day to come.
    standing = models.Membership.objects.filter(holder_id=holder_id, left_at=None)
    standing.update(left_at=Greatest("joined_at", Value(at)))
    models.Consent.objects.filter(holder_id=holder_id, withdrawn_at=None).update(
        withdrawn_at=at, withdrawn_by=forgetter
    )
    models.RoleGrant.objects.filter(person_id=person_id, ended_at=None).update(
        ended_at=at, ended_by=forgetter, end_reason="erased"
    )
    models.Volunteer.objects.filter(holder_id=holder_id).update(
        number=None,
        real_name=None,
        id_number=None,
        birth_on=None,
        sex=None,
        party_member=None,
        residence_code=None,
        erased_at=at,
    )
    models.Person.objects.filter(holder_id=holder_id).update(
        data_key=None, phone=None, email=None, password="", stamp=secrets.token_bytes(16), erased_at=at
    )
    audit.record("registry.forget", f"person:{person_id}", by=by, at=at)


def _forget_guardianship(person_id: UUID) -> None:
    """Whoever has the phone next is no guardian: by it, nobody finds the minors any more."""
    phone = people.phone_of(person_id)
    if phone is not None:
        indexes = crypto.blind_indexes("guardian_phone", phone)
        models.Guardian.objects.filter(phone_index__in=indexes).update(phone_index=None, known_as=None)


def _forget_codes(person_id: UUID) -> None:
    phone = people.phone_of(person_id)
    if phone is not None:
        rows = [
            people.claim_row(crypto.blind_index(f"phone_code|{purpose}", phone))
            for purpose in rules.CodePurpose
        ]
        models.PhoneCode.objects.filter(holder_id__in=rows).delete()
