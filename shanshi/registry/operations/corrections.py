"""Correcting what is kept about somebody: residence, name, phone.

Source of all: PIPL art. 46. The trail says that something was corrected, never what it was or is.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanshi.foundation import audit, crypto
from shanshi.foundation.actor import Actor
from shanshi.gateways import identity
from shanshi.registry import models, rules
from shanshi.registry.operations.claims import Wish, claim
from shanshi.registry.operations.notices import MOVED_TEXT, tell, warn
from shanshi.registry.operations.proofs import send_proof_code, spend_code
from shanshi.registry.queries import guardians, people
from shanshi.registry.rules import ClaimKind, CodePurpose


def send_own_code(person_id: UUID, purpose: CodePurpose, *, at: datetime) -> str:
    """Send a code to a person's own phone, and return the phone masked.

    purpose  OLD_PHONE or ERASURE
    at       real time, with a zone

    Raises rules.PersonUnknown; rules.PhoneInvalid: the account has none; those of gateways.
    """
    people.holder_of(person_id)
    phone = people.phone_of(person_id) or ""
    send_proof_code(phone, purpose, at=at, asked_by=str(person_id))
    return rules.masked_phone(phone)


def prove_own_phone(person_id: UUID, code: str, purpose: CodePurpose, *, at: datetime) -> None:
    """Use up a code that was sent to a person's own phone.

    code  as typed
    at    real time, with a zone

    Raises rules.CodeWrong, also for an account without a phone; a wrong try is counted.
    """
    phone = people.phone_of(person_id)
    if phone is None:
        raise rules.CodeWrong
    spend_code(phone, code, purpose, at=at, asked_by=str(person_id))


@transaction.atomic
def correct_residence(person_id: UUID, residence_code: str | None, *, by: Actor, at: datetime) -> None:
    """Change where a volunteer lives.

    residence_code  6 digits after GB/T 2260, or None for not told
    at              with a zone

    Raises SignInNeeded; rules.DivisionCodeInvalid; rules.PersonUnknown: no volunteer.
    """
    by.known()
    residence = rules.checked_residence(residence_code)
    volunteer = _volunteer(person_id)
    if volunteer.residence_code == residence:
        return
    models.Volunteer.objects.filter(holder_id=volunteer.holder_id).update(residence_code=residence)
    audit.record("registry.correct", f"person:{person_id}", by=by, at=at, after={"field": "residence_code"})


def correct_name(person_id: UUID, real_name: str, *, by: Actor, at: datetime) -> None:
    """Change the real name, once the register outside confirms it for the ID number.

    real_name  as typed
    at         with a zone

    Raises SignInNeeded; rules.NameInvalid; rules.PersonUnknown: no volunteer; rules.NameNotConfirmed.
    Locks the volunteer.
    """
    by.known()
    name = rules.checked_name(real_name)
    volunteer, key = _volunteer(person_id), _key_of(person_id)
    number = people.open_sealed(
        key, volunteer.id_number or b"", "volunteer", "id_number", volunteer.holder_id
    )
    # Asked before the transaction: nothing stays locked while another register answers.
    if identity.gateway().check(name, number, people.phone_of(person_id)) != identity.Verdict.SAME_PERSON:
        raise rules.NameNotConfirmed
    with transaction.atomic():
        locked = models.Volunteer.objects.select_for_update().filter(pk=volunteer.pk, erased_at=None)
        if not locked.exists():
            raise rules.PersonUnknown
        where = people.where("volunteer", "real_name", volunteer.holder_id)
        locked.update(real_name=crypto.seal(key, name, where))
        audit.record("registry.correct", f"person:{person_id}", by=by, at=at, after={"field": "real_name"})


def change_phone(
    person_id: UUID,
    new_phone: str,
    *,
    new_code: str,
    old_code: str | None,
    by: Actor,
    at: datetime,
    real_at: datetime,
) -> None:
    """Move an account to another phone, which then signs in; the old one no longer does.

    new_phone, new_code  as typed; the code was sent to the new phone (CodePurpose.NEW_PHONE)
    old_code             sent to the present phone; None where the door has seen a fresh proof of another sort
    at, real_at          the domain's time, and real time, by which codes live; with a zone

    Raises SignInNeeded; rules.PhoneInvalid; rules.PersonUnknown; rules.GuardianIsSelf: the phone is that of
    the person's own guardian; rules.CodeWrong: counted for each phone; rules.PhoneTaken: told only to whoever
    has just proved that the phone is theirs.
    Locks the person; waits for another claim of the phone.
    """
    by.known()
    digits = rules.checked_phone(new_phone)
    if _is_guardians(person_id, digits):
        raise rules.GuardianIsSelf
    present = people.phone_of(person_id)
    if old_code is not None:
        if present is None:
            raise rules.CodeWrong
        spend_code(present, old_code, CodePurpose.OLD_PHONE, at=real_at, asked_by=str(person_id))
    spend_code(digits, new_code, CodePurpose.NEW_PHONE, at=real_at, asked_by=str(person_id))
    if digits != present:
        _move(person_id, digits, by=by, at=at)
        if present is not None:
            warn(present, MOVED_TEXT)


@transaction.atomic
def _move(person_id: UUID, digits: str, *, by: Actor, at: datetime) -> None:
    person = models.Person.objects.select_for_update().filter(pk=person_id, erased_at=None).first()
    if person is None or person.data_key is None:
        raise rules.PersonUnknown
    holder_id = person.holder_id
    guarded = _guarded(person_id)
    if claim([Wish(ClaimKind.PHONE, digits, person_id, holder_id)], at=at):
        raise rules.PhoneTaken
    mine = models.Claim.objects.filter(owner_holder_id=holder_id, kind=ClaimKind.PHONE)
    mine.exclude(index__in=crypto.blind_indexes(ClaimKind.PHONE, digits)).delete()
    key = people.data_key_of(holder_id, person.data_key)
    _move_guardianship(person_id, guarded, digits)
    person.phone = crypto.seal(key, digits, people.where("person", "phone", holder_id))
    person.save(update_fields=["phone"])
    audit.record("registry.correct", f"person:{person_id}", by=by, at=at, after={"field": "phone"})
    tell([holder_id], rules.notices.phone_moved(), key=f"phone_moved:{at.isoformat()}", at=at)


def _guarded(person_id: UUID) -> list[models.Guardian]:
    """The minors' rows by which the person is known as the guardian; not those of a number's former owner."""
    phone = people.phone_of(person_id)
    if phone is None:
        return []
    since = guardians.has_phone_since(person_id, phone)
    rows = models.Guardian.objects.filter(phone_index__in=crypto.blind_indexes("guardian_phone", phone))
    locked = rows.select_for_update().order_by("pk")
    return [row for row in locked if guardians.knows(row, person_id, since)]


def _move_guardianship(person_id: UUID, guarded: list[models.Guardian], digits: str) -> None:
    """A guardian who moves to another phone keeps the minors: they are found by it."""
    for row in guarded:
        minor = models.Person.objects.filter(holder_id=row.holder_id, erased_at=None).first()
        if minor is None or minor.data_key is None:
            continue
        key = people.data_key_of(row.holder_id, minor.data_key)
        row.phone = crypto.seal(key, digits, people.where("guardian", "phone", row.pk))
        row.phone_index = crypto.blind_index("guardian_phone", digits)
        row.known_as = person_id
        row.save(update_fields=["phone", "phone_index", "known_as"])


def _is_guardians(person_id: UUID, phone: str) -> bool:
    holder_id = people.holder_of(person_id)
    standing = models.Guardian.objects.filter(
        holder_id=holder_id, withdrawn_at=None, phone_index__in=crypto.blind_indexes("guardian_phone", phone)
    )
    return standing.exists()


def _volunteer(person_id: UUID) -> models.Volunteer:
    holder_id = people.holder_of(person_id)
    volunteer = models.Volunteer.objects.filter(holder_id=holder_id, erased_at=None).first()
    if volunteer is None:
        raise rules.PersonUnknown
    return volunteer


def _key_of(person_id: UUID) -> bytes:
    person = models.Person.objects.filter(pk=person_id, erased_at=None).first()
    if person is None or person.data_key is None:
        raise rules.PersonUnknown
    return people.data_key_of(person.holder_id, person.data_key)
