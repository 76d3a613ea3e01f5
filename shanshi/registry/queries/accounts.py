"""How a person signs in: the account that Django and allauth hold, and the factors set up for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt

from shanshi.kernel.errors import Missing
from shanshi.registry import models
from shanshi.registry.queries import people
from shanshi.registry.queries.sealing import factors_of

_NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class PasskeyFacts:
    """A passkey, by the name that its owner gave it."""

    id: int
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token of a program, without itself."""

    id: UUID
    label: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class FactorFacts:
    """How a person may prove who they are, besides a code to the phone.

    recovery_left  how many recovery codes are unused; None if there are none at all
    """

    has_password: bool
    has_one_time_codes: bool
    passkeys: tuple[PasskeyFacts, ...]
    recovery_left: int | None

    @property
    def has_second(self) -> bool:
        """Whether a second factor is set up, so that signing in asks for it."""
        return self.has_one_time_codes or bool(self.passkeys)


def account_of(person_id: Any) -> models.Person | None:
    """Return the account of a person, as Django wants it; None if there is none, or it was erased.

    person_id  also as a session keeps it
    """
    try:
        known = UUID(str(person_id))
    except ValueError:
        return None
    return models.Person.objects.filter(pk=known, erased_at=None).first()


def account_with_phone(phone: str) -> models.Person | None:
    """Return the account of whoever has a phone; it costs as much when nobody has it.

    phone  as typed

    Raises rules.PhoneInvalid.
    """
    return account_of(people.person_with_phone(phone) or _NOBODY)


def has_password(account: models.Person) -> bool:
    """Whether a password was ever set; an empty one is none."""
    return bool(account.password) and account.has_usable_password()


def name_of(factor: Authenticator) -> str:
    """Return the name that its owner gave a passkey; nothing for other factors."""
    if factor.type != Authenticator.Type.WEBAUTHN:
        return ""
    with factors_of(factor.user_id):
        return str(decrypt(factor.data["name"]))


def unused_recovery_codes(factor: Authenticator) -> list[str]:
    """Return the recovery codes of a person that were not used yet, in the clear: to be shown once."""
    with factors_of(factor.user_id):
        return list(factor.wrap().get_unused_codes())


def passkey_of(person_id: UUID, passkey_id: int) -> Authenticator:
    """Return a passkey of a person.

    Raises Missing: the person has no such passkey.
    """
    found = Authenticator.objects.filter(
        pk=passkey_id, user_id=person_id, type=Authenticator.Type.WEBAUTHN
    ).first()
    if found is None:
        raise Missing
    return found


def one_time_codes_of(person_id: UUID) -> Authenticator:
    """Return what checks a person's one-time codes.

    Raises Missing: the person has set none up.
    """
    found = Authenticator.objects.filter(user_id=person_id, type=Authenticator.Type.TOTP).first()
    if found is None:
        raise Missing
    return found


def tokens(person_id: UUID, *, at: datetime) -> list[TokenFacts]:
    """Return the tokens of a person that hold, the newest first; the tokens themselves nobody knows.

    at  real time, with a zone

    Raises rules.PersonUnknown.
    """
    holder_id = people.holder_of(person_id)
    rows = models.BearerToken.objects.filter(holder_id=holder_id, expires_at__gt=at).order_by(
        "-made_at", "pk"
    )
    return [TokenFacts(row.pk, row.label, tuple(row.scopes), row.made_at, row.expires_at) for row in rows]


def factors(person_id: UUID) -> FactorFacts:
    """Return how a person may sign in."""
    account = account_of(person_id)
    rows = list(Authenticator.objects.filter(user_id=person_id).order_by("pk"))
    recovery = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    return FactorFacts(
        has_password=account is not None and has_password(account),
        has_one_time_codes=any(row.type == Authenticator.Type.TOTP for row in rows),
        passkeys=tuple(
            PasskeyFacts(row.pk, name_of(row), row.created_at, row.last_used_at)
            for row in rows
            if row.type == Authenticator.Type.WEBAUTHN
        ),
        recovery_left=len(unused_recovery_codes(recovery)) if recovery else None,
    )
