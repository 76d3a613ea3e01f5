"""Proving a phone by a code, and what follows from it: a person; and the end of all sessions.

All times here are real time: codes live by the clock on the wall, also in a demo.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext

from shanshi.foundation import crypto, sessions
from shanshi.gateways import sms
from shanshi.kernel.errors import N_
from shanshi.kernel.ids import id_of, new_id
from shanshi.registry import models, rules
from shanshi.registry.operations.claims import Wish, claim
from shanshi.registry.queries import people
from shanshi.registry.rules import ClaimKind, CodePurpose, CodeWrong

SIGN_IN_TEXT = N_("[Shanshi] Your code is {code}. It is valid for {minutes} minutes. Tell it to nobody.")
GUARDIAN_TEXT = N_(
    "[Shanshi] A minor asks for your consent, as the guardian, to volunteer. If you agree, pass on the code"
    " {code}; it is valid for {minutes} minutes. If not, ignore this message."
)
OLD_PHONE_TEXT = N_(
    "[Shanshi] Somebody wants to move your account to another phone. If it is you, the code is {code}, valid"
    " for {minutes} minutes. If not, tell it to nobody."
)
NEW_PHONE_TEXT = N_(
    "[Shanshi] The code that moves your account to this phone is {code}. It is valid for {minutes} minutes."
)
ERASURE_TEXT = N_(
    "[Shanshi] The code that erases your account for ever is {code}. It is valid for {minutes} minutes. If"
    " you did not ask for it, tell it to nobody."
)
_PROOF_TEXTS = {
    CodePurpose.OLD_PHONE: OLD_PHONE_TEXT,
    CodePurpose.NEW_PHONE: NEW_PHONE_TEXT,
    CodePurpose.ERASURE: ERASURE_TEXT,
}


def send_code(phone: str, *, at: datetime, asked_by: str = "") -> None:
    """Send a code to a phone for signing in; an earlier code that the same one asked for no longer holds.

    The same happens whether anybody is registered with this phone or not.

    phone     as typed
    at        real time, with a zone
    asked_by  the browser or program that asks: only it can use the code, or use up its tries

    Raises rules.PhoneInvalid; gateways.PhoneNotServed, GatewayNotConfigured, GatewayUnreachable.
    """
    _send(phone, CodePurpose.SIGN_IN, SIGN_IN_TEXT, at=at, asked_by=asked_by)


def send_guardian_code(phone: str, *, at: datetime, asked_by: str = "") -> None:
    """Send a code to a guardian's phone, with which the guardian consents; it signs nobody in.

    phone     as typed
    at        real time, with a zone
    asked_by  as in send_code

    Raises as send_code.
    """
    _send(phone, CodePurpose.GUARDIAN, GUARDIAN_TEXT, at=at, asked_by=asked_by)


def send_proof_code(phone: str, purpose: CodePurpose, *, at: datetime, asked_by: str = "") -> None:
    """Send a code that proves a phone for one purpose alone; it signs nobody in.

    phone    as typed
    purpose  OLD_PHONE, NEW_PHONE or ERASURE
    at       real time, with a zone
    asked_by  as in send_code

    Raises as send_code.
    """
    _send(phone, purpose, _PROOF_TEXTS[purpose], at=at, asked_by=asked_by)


def prove_phone(phone: str, code: str, *, at: datetime, asked_by: str = "") -> UUID:
    """Return the person whose phone was proved by a code; the first time, that person is made.

    phone, code  as typed
    at           real time, with a zone
    asked_by     as in send_code

    Raises rules.PhoneInvalid, rules.CodeWrong; a wrong try is counted even so.
    """
    digits = rules.checked_phone(phone)
    spend_code(digits, code, CodePurpose.SIGN_IN, at=at, asked_by=asked_by)
    return person_of_phone(digits, at=at, source="platform")


def spend_code(phone: str, code: str, purpose: CodePurpose, *, at: datetime, asked_by: str = "") -> None:
    """Use up the code of a phone, or of an e-mail address.

    phone     11 digits; or the address
    code      as typed
    at        real time, with a zone
    asked_by  as in send_code; another one's wrong tries use up no code of this one

    Raises rules.CodeWrong: wrong, used, replaced, tried five times, or older than five minutes. The try is
    counted in a transaction of its own, so that the refusal cannot undo it.
    """
    row, holder_id = _code_row(phone, purpose, asked_by)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_phonecode SET tries_left = tries_left - 1"
            " WHERE holder_id = %s AND id = %s AND tries_left > 0 AND expires_at > %s"
            " RETURNING salt, code_hash",
            [holder_id, row, at],
        )
        found = cursor.fetchone()
        typed = "".join(code.split())
        digits = typed if typed.isascii() and typed.isdigit() else ""
        # Without a code there is as much to compute as with one: the time tells nothing.
        salt, expected = (bytes(found[0]), bytes(found[1])) if found else (b"", b"")
        if not hmac.compare_digest(_code_hash(salt, digits), expected):
            raise CodeWrong
        # Two with the right code at once: one of them deletes it.
        cursor.execute(
            "DELETE FROM registry_phonecode WHERE holder_id = %s AND id = %s AND code_hash = %s",
            [holder_id, row, expected],
        )
        if cursor.rowcount != 1:
            raise CodeWrong


@transaction.atomic
def person_of_phone(phone: str, *, at: datetime, source: str = "platform") -> UUID:
    """Return the person who has a phone; makes the person if nobody has it.

    phone  11 digits
    at     when the person was first seen, with a zone

    Two at once make one person: the claim of the phone decides.
    """
    known = people.person_with_phone(phone)
    if known is not None:
        return known
    person = new_person(phone, at=at, source=source)
    if not claim([Wish(ClaimKind.PHONE, phone, person.pk, person.holder_id)], at=at):
        person.save(force_insert=True)
        return person.pk
    return person_of_phone(phone, at=at, source=source)


def new_person(phone: str | None, *, at: datetime, source: str) -> models.Person:
    """Return a person with a data key of their own, not yet written.

    phone  11 digits, or None
    at     with a zone
    """
    holder_id = new_id()
    key, wrapped = crypto.new_data_key(f"person|{holder_id}")
    return models.Person(
        id=new_id(),
        holder_id=holder_id,
        data_key=wrapped,
        phone=crypto.seal(key, phone, people.where("person", "phone", holder_id)) if phone else None,
        stamp=secrets.token_bytes(16),
        made_at=at,
        source=source,
    )


@transaction.atomic
def end_sessions(person_id: UUID) -> None:
    """End all sessions and tokens of a person, on every device.

    Raises rules.PersonUnknown.
    """
    holder_id = people.holder_of(person_id)
    models.Person.objects.filter(holder_id=holder_id).update(stamp=secrets.token_bytes(16))
    sessions.end_all(person_id)
    models.BearerToken.objects.filter(holder_id=holder_id).delete()


def _send(phone: str, purpose: CodePurpose, text: str, *, at: datetime, asked_by: str = "") -> None:
    digits = rules.checked_phone(phone)
    gateway = sms.gateway()
    code = fresh_code(digits, purpose, at=at, asked_by=asked_by)
    gateway.send(digits, gettext(text).format(code=code, minutes=rules.CODE_MINUTES))


def fresh_code(address: str, purpose: CodePurpose, *, at: datetime, asked_by: str = "") -> str:
    """Return a new code for an address; the earlier one that the same one asked for no longer holds.

    address   11 digits of a phone, or an e-mail address
    at        real time, with a zone
    asked_by  as in send_code
    """
    code = f"{secrets.randbelow(10**6):06d}"
    row, holder_id = _code_row(address, purpose, asked_by)
    salt = secrets.token_bytes(16)
    fresh = {
        "salt": salt,
        "code_hash": _code_hash(salt, code),
        "tries_left": rules.CODE_TRIES,
        "expires_at": at + timedelta(minutes=rules.CODE_MINUTES),
    }
    models.PhoneCode.objects.bulk_create(
        [models.PhoneCode(id=row, holder_id=holder_id, **fresh)],
        update_conflicts=True,
        unique_fields=["holder_id", "id"],
        update_fields=list(fresh),
    )
    return code


def _code_row(phone: str, purpose: CodePurpose, asked_by: str) -> tuple[UUID, UUID]:
    # All codes of a phone lie together; each that asked for one has a row of its own.
    index = crypto.blind_index(f"phone_code|{purpose}", phone)
    return id_of("phone_code", index.hex(), asked_by), people.claim_row(index)


def _code_hash(salt: bytes, code: str) -> bytes:
    # Keyed: six digits would be found at once by whoever read the table without the key.
    return crypto.blind_index("phone_code_hash", f"{salt.hex()}|{code}")
