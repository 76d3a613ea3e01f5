"""Volunteers, as far as other rooms may know them. The one place where identity is decrypted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shanshi.foundation import crypto, statements
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import city_day
from shanshi.registry import models, rules
from shanshi.registry.rules import ClaimKind, PersonUnknown, Purpose, Sex


@dataclass(frozen=True, slots=True)
class VolunteerFacts:
    """A volunteer as other rooms see one.

    has_guardian_consent  about minors; adults need none
    terms                 the version of the terms that stands agreed to; None once withdrawn
    """

    person_id: UUID
    holder_id: UUID
    number: str
    masked_name: str
    birth_on: date
    sex: str
    residence_code: str | None
    is_party_member: bool
    registered_at: datetime
    has_guardian_consent: bool
    terms: str | None = None


@dataclass(frozen=True, slots=True)
class OwnFacts:
    """What a person is shown of themselves: masked, as everywhere."""

    person_id: UUID
    masked_phone: str | None
    volunteer: VolunteerFacts | None
    masked_id_number: str | None


_VOLUNTEERS = """
    SELECT v.holder_id, v.person_id, v.number, v.real_name, v.birth_on, v.sex, v.party_member,
           v.residence_code, v.registered_at, p.data_key, v.id_number,
           EXISTS (
               SELECT 1 FROM registry_guardian g WHERE g.holder_id = v.holder_id AND g.withdrawn_at IS NULL
           ),
           (SELECT c.text_version FROM registry_consent c
            WHERE c.holder_id = v.holder_id AND c.purpose = 'terms' AND c.withdrawn_at IS NULL)
    FROM registry_volunteer v JOIN registry_person p ON p.holder_id = v.holder_id
    WHERE v.holder_id = ANY(%s::uuid[]) AND v.erased_at IS NULL
"""


_CONSENTED = """
    SELECT holder_id FROM registry_consent
    WHERE holder_id = ANY(%s::uuid[]) AND purpose = %s AND withdrawn_at IS NULL
"""

Sealed = bytes | memoryview


def where(table: str, column: str, row: UUID) -> str:
    """Return the place of a sealed value: it opens nowhere else."""
    return f"{table}|{column}|{row}"


def data_key_of(holder_id: UUID, wrapped: Sealed) -> bytes:
    """Return a person's plain data key."""
    return crypto.unwrap(bytes(wrapped), f"person|{holder_id}")


def open_sealed(key: bytes, sealed: Sealed, table: str, column: str, row: UUID) -> str:
    """Return the text of a sealed column, which opens in its own place alone."""
    return crypto.unseal(key, bytes(sealed), where(table, column, row))


def volunteer(holder_id: UUID) -> VolunteerFacts:
    """Return one volunteer.

    Raises Missing: there is none, or the volunteer was erased.
    """
    found = volunteers([holder_id]).get(holder_id)
    if found is None:
        raise Missing
    return found


def volunteers(holder_ids: Iterable[UUID]) -> dict[UUID, VolunteerFacts]:
    """Return several volunteers in one query; unknown and erased ones are left out."""
    return {row[0]: _facts(row) for row in _rows(holder_ids)}


def real_names(holder_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return real names of those who ask about themselves; anybody else looks through operations.look."""
    return {
        row[0]: crypto.unseal(data_key_of(row[0], row[9]), row[3], where("volunteer", "real_name", row[0]))
        for row in _rows(holder_ids)
    }


def by_number(number: str) -> UUID | None:
    """Return the holder id of a volunteer number; None if nobody has it.

    number  as typed: spaces and small letters are understood
    """
    checked = rules.checked_number(number)
    if checked is None:
        return None
    return _owner(ClaimKind.VOLUNTEER_NUMBER, checked, "owner_holder_id")


def person_with_phone(phone: str) -> UUID | None:
    """Return the person who has a phone; None if nobody has. For staff, loader and demo: no door tells it.

    phone  as typed

    Raises rules.PhoneInvalid.
    """
    return _owner(ClaimKind.PHONE, rules.checked_phone(phone), "person_id")


def holder_of(person_id: UUID) -> UUID:
    """Return the opaque holder id of a person, volunteer or not.

    Raises rules.PersonUnknown: nobody, or erased.
    """
    row = (
        models.Person.objects.filter(pk=person_id, erased_at=None).values_list("holder_id", flat=True).first()
    )
    if row is None:
        raise PersonUnknown
    return row


def person_of(holder_id: UUID) -> UUID:
    """Return the person behind an opaque holder id, volunteer or not; for what the person alone is shown.

    Raises rules.PersonUnknown: nobody, or erased.
    """
    rows = models.Person.objects.filter(holder_id=holder_id, erased_at=None)
    found = rows.values_list("pk", flat=True).first()
    if found is None:
        raise PersonUnknown
    return found


def own(person_id: UUID) -> OwnFacts:
    """Return what a person is shown of themselves.

    Raises rules.PersonUnknown: nobody, or erased.
    """
    person = models.Person.objects.filter(pk=person_id, erased_at=None).first()
    if person is None or person.data_key is None:
        raise PersonUnknown
    key = data_key_of(person.holder_id, person.data_key)
    phone = None
    if person.phone is not None:
        phone = rules.masked_phone(open_sealed(key, person.phone, "person", "phone", person.holder_id))
    rows = _rows([person.holder_id])
    if not rows:
        return OwnFacts(person_id, phone, None, None)
    id_number = crypto.unseal(key, rows[0][10], where("volunteer", "id_number", person.holder_id))
    return OwnFacts(person_id, phone, _facts(rows[0]), rules.masked_id_number(id_number))


def phone_of(person_id: UUID) -> str | None:
    """Return a person's phone in the clear, for sending a message to it and nothing else, or None."""
    person = models.Person.objects.filter(pk=person_id, erased_at=None).first()
    if person is None or person.data_key is None or person.phone is None:
        return None
    key = data_key_of(person.holder_id, person.data_key)
    return open_sealed(key, person.phone, "person", "phone", person.holder_id)


def consented(holder_ids: Iterable[UUID], purpose: Purpose) -> frozenset[UUID]:
    """Return which of the volunteers have consented to a purpose and not withdrawn it."""
    # Each scan that sends a place asks this, so it is prepared.
    rows = statements.rows(_CONSENTED, [list(holder_ids), purpose.value])
    return frozenset(row[0] for row in rows)


def claim_row(index: bytes) -> UUID:
    """Return where the claim of a value lies: the value itself says it."""
    return UUID(bytes=index[:16])


def _owner(kind: ClaimKind, value: str, column: str) -> UUID | None:
    index = crypto.blind_index(kind, value)
    found: UUID | None = (
        models.Claim.objects.filter(holder_id=claim_row(index), kind=kind, index=index)
        .values_list(column, flat=True)
        .first()
    )
    return found


def _rows(holder_ids: Iterable[UUID]) -> list[tuple[Any, ...]]:
    return statements.rows(_VOLUNTEERS, [list(holder_ids)])


def _facts(row: tuple[Any, ...]) -> VolunteerFacts:
    holder_id = row[0]
    key = data_key_of(holder_id, row[9])

    def opened(column: str, sealed: bytes) -> str:
        return crypto.unseal(key, sealed, where("volunteer", column, holder_id))

    birth_on = date.fromisoformat(opened("birth_on", row[4]))
    # Who came as a child stays masked as one: a question knows no day, and this errs to the safe side.
    masked = rules.masked_child_name if rules.is_child(birth_on, city_day(row[8])) else rules.masked_name
    return VolunteerFacts(
        person_id=row[1],
        holder_id=holder_id,
        number=row[2],
        masked_name=masked(opened("real_name", row[3])),
        birth_on=birth_on,
        sex=Sex(opened("sex", row[5])).value,
        residence_code=row[7],
        is_party_member=opened("party_member", row[6]) == "yes",
        registered_at=row[8],
        has_guardian_consent=row[11],
        terms=row[12],
    )
