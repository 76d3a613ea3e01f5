"""How somebody can be told something outside of the platform: whether, in which language, and to where."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.models import Q

from shanshi.foundation import crypto
from shanshi.foundation.actor import Role
from shanshi.notices.queries import MANY
from shanshi.registry import models, rules
from shanshi.registry.queries import guardians, people
from shanshi.registry.rules import ClaimKind, Purpose

_REACH = """
    SELECT p.holder_id, p.phone IS NOT NULL, p.email IS NOT NULL, COALESCE(w.language, ''),
           EXISTS (SELECT 1 FROM registry_volunteer v
                   WHERE v.holder_id = p.holder_id AND v.erased_at IS NULL),
           EXISTS (SELECT 1 FROM registry_consent c
                   WHERE c.holder_id = p.holder_id AND c.purpose = %s AND c.withdrawn_at IS NULL)
    FROM registry_person p LEFT JOIN registry_preference w ON w.holder_id = p.holder_id
    WHERE p.holder_id = ANY(%s::uuid[]) AND p.erased_at IS NULL
"""


_UNREAD = """
    SELECT count(*) FROM (
        SELECT 1 FROM registry_person p JOIN notices_notice n ON n.holder_id = p.holder_id
        WHERE p.id = %s AND n.read_at IS NULL LIMIT %s
    ) new
"""


@dataclass(frozen=True, slots=True)
class Reach:
    """How a person can be told something.

    language    in which they read, a code of the settings
    is_registered  whether they are a volunteer, who says by a consent whether messages are wanted
    agrees      whether that consent stands
    """

    has_phone: bool
    has_email: bool
    language: str
    is_registered: bool
    agrees: bool

    @property
    def wants_email(self) -> bool:
        """Whether e-mail with news is wanted: who is no volunteer has said so by giving the address."""
        return self.has_email and (self.agrees or not self.is_registered)

    @property
    def wants_sms(self) -> bool:
        """Whether text messages with news are wanted."""
        return self.has_phone and self.agrees


@dataclass(frozen=True, slots=True)
class GuardianReach:
    """The guardian of a minor. `holder_id` is None where nobody with an account is known to be it."""

    holder_id: UUID | None


def unread(person_id: UUID) -> int:
    """Return how many notices a person has not read, at most MANY + 1; one query, for the frame of pages."""
    with connection.cursor() as cursor:
        cursor.execute(_UNREAD, [person_id, MANY + 1])
        return int(cursor.fetchone()[0])


def holders(person_ids: Iterable[UUID]) -> list[UUID]:
    """Return the holders of people, for telling them something; erased ones and jobs have none."""
    rows = models.Person.objects.filter(pk__in=list(person_ids), erased_at=None)
    return list(rows.values_list("holder_id", flat=True))


def reviewers_at(places: Iterable[str], on: date) -> list[UUID]:
    """Return who reviews at one of the places on a day, by holder, for telling them something.

    places  as grants name them
    on      in the city
    """
    found = models.RoleGrant.objects.filter(
        Q(to_on__isnull=True) | Q(to_on__gte=on),
        role=Role.REVIEWER.value,
        place__in=list(places),
        from_on__lte=on,
        ended_at=None,
    )
    return holders(found.values_list("person_id", flat=True))


def reach(holder_ids: Iterable[UUID]) -> dict[UUID, Reach]:
    """Return how people can be told something, by holder; erased ones are left out. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_REACH, [Purpose.NOTICES.value, list(holder_ids)])
        return {
            row[0]: Reach(row[1], row[2], row[3] or settings.LANGUAGE_CODE, row[4], row[5])
            for row in cursor.fetchall()
        }


def email_of(person_id: UUID) -> str | None:
    """Return a person's own e-mail address in the clear, for the person alone, or None."""
    person = models.Person.objects.filter(pk=person_id, erased_at=None).first()
    if person is None or person.data_key is None or person.email is None:
        return None
    key = people.data_key_of(person.holder_id, person.data_key)
    return people.open_sealed(key, person.email, "person", "email", person.holder_id)


def address_of(holder_id: UUID, column: str) -> str | None:
    """Return where a message goes, in the clear, for sending it and nothing else, or None.

    column  "phone" or "email"
    """
    person = models.Person.objects.filter(holder_id=holder_id, erased_at=None).first()
    sealed: Any = getattr(person, column, None)
    if person is None or person.data_key is None or sealed is None:
        return None
    key = people.data_key_of(holder_id, person.data_key)
    return people.open_sealed(key, sealed, "person", column, holder_id)


def guardians_phone(holder_id: UUID) -> str | None:
    """Return the phone of the guardian who agrees for a minor, for sending a message to it, or None."""
    row = models.Guardian.objects.filter(holder_id=holder_id, withdrawn_at=None).first()
    person = models.Person.objects.filter(holder_id=holder_id, erased_at=None).first()
    if row is None or person is None or person.data_key is None:
        return None
    key = people.data_key_of(holder_id, person.data_key)
    return people.open_sealed(key, row.phone, "guardian", "phone", row.pk)


def guardians_of(holder_ids: Iterable[UUID], on: date) -> dict[UUID, GuardianReach]:
    """Return the guardians of those who are minors on a day, by minor; a fixed number of queries.

    on  in the city

    A guardian has an account where a person has the guardian's phone, and is known to be the guardian.
    """
    rows = list(models.Guardian.objects.filter(holder_id__in=list(holder_ids), withdrawn_at=None))
    minors = people.volunteers({row.holder_id for row in rows})
    keys = dict(
        models.Person.objects.filter(holder_id__in=minors, data_key__isnull=False).values_list(
            "holder_id", "data_key"
        )
    )
    phones: dict[UUID, str] = {}
    found: dict[UUID, models.Guardian] = {}
    for row in rows:
        minor = minors.get(row.holder_id)
        if minor is None or not rules.guardian_sees(minor.birth_on, on) or row.holder_id not in keys:
            continue
        key = people.data_key_of(row.holder_id, keys[row.holder_id] or b"")
        phones[row.holder_id] = people.open_sealed(key, row.phone, "guardian", "phone", row.pk)
        found[row.holder_id] = row
    owners = _owners(set(phones.values()))
    reached = {}
    for holder_id, row in found.items():
        owner = owners.get(phones[holder_id])
        known = owner is not None and guardians.knows(row, owner.person_id, owner.claimed_at)
        reached[holder_id] = GuardianReach(owner.owner_holder_id if owner and known else None)
    return reached


def _owners(phones: set[str]) -> dict[str, models.Claim]:
    """Who has which phone now."""
    indexes = {index: phone for phone in phones for index in crypto.blind_indexes(ClaimKind.PHONE, phone)}
    rows = models.Claim.objects.filter(
        holder_id__in=[people.claim_row(index) for index in indexes],
        kind=ClaimKind.PHONE,
        index__in=list(indexes),
    )
    return {indexes[bytes(row.index)]: row for row in rows}
