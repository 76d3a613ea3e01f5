"""Second factors: using one up, and taking all of them from somebody who has lost them.

All times here are real time, as in `proofs`.
"""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from uuid import UUID

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt, encrypt
from django.db import connection, transaction

from shanshi.foundation import audit, crypto
from shanshi.foundation.actor import Actor
from shanshi.kernel.ids import id_of
from shanshi.registry import models, rules
from shanshi.registry.operations.links import forget_links
from shanshi.registry.operations.notices import tell
from shanshi.registry.operations.proofs import end_sessions
from shanshi.registry.queries import accounts, people
from shanshi.registry.queries.sealing import factors_of

_REMEMBERED = timedelta(minutes=10)
# What of each kind lies sealed: of a passkey the name that its owner gave it; its key is public.
_SEALED = {
    Authenticator.Type.TOTP: "secret",
    Authenticator.Type.RECOVERY_CODES: "seed",
    Authenticator.Type.WEBAUTHN: "name",
}


@transaction.atomic
def spend_factor(person_id: UUID, code: str, *, at: datetime) -> Authenticator:
    """Use up a one-time code or a recovery code of a person, and return what it belongs to.

    code  as typed
    at    real time, with a zone

    Raises rules.FactorWrong: wrong, too old, or used before, in whichever process of ours.
    Locks the factors: a code that is sent twice at once is used once.
    """
    typed = normalize_user_code(code)[:32]
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]
    rows = Authenticator.objects.select_for_update().filter(user_id=person_id, type__in=kinds)
    for row in rows.order_by("-type", "pk"):
        with factors_of(person_id):
            is_right = row.wrap().validate_code(typed)
        if not is_right:
            continue
        if row.type == Authenticator.Type.TOTP and not _first_time(row.pk, typed, at=at):
            break
        return row
    raise rules.FactorWrong


@transaction.atomic
def set_password(person_id: UUID, password: str) -> None:
    """Give a person a new password; only its hash is kept.

    password  as typed, and found strong enough

    Raises rules.PersonUnknown: nobody, or erased.
    """
    account = accounts.account_of(person_id)
    if account is None:
        raise rules.PersonUnknown
    account.set_password(password)
    account.save(update_fields=["password"])


@transaction.atomic
def reset_second_factor(person_id: UUID, *, by: Actor, at: datetime, reason: str) -> None:
    """Take second factors, password and linked identity of a person away; end all sessions and tokens.

    For who has lost the factors, or the account to somebody else.

    The person signs in again by phone code and sets up new ones; until then roles do not hold. A text message
    tells them.

    by      staff above; that two people decide it is the caller's business
    at      with a time zone
    reason  why, in words; it stays on the trail

    Raises SignInNeeded; rules.PersonUnknown: nobody, or erased; rules.RoleInvalid: no reason.
    """
    by.known()
    if not reason.strip():
        raise rules.RoleInvalid(what="no reason")
    end_sessions(person_id)
    gone = sorted(Authenticator.objects.filter(user_id=person_id).values_list("type", flat=True))
    Authenticator.objects.filter(user_id=person_id).delete()
    # Whoever took the account over must not come first: the phone alone begins anew.
    forget_links(person_id)
    models.Person.objects.filter(pk=person_id).update(password="")
    tell(
        [people.holder_of(person_id)],
        rules.notices.second_factor_reset(),
        key=f"second_factor_reset:{at.isoformat()}",
        at=at,
    )
    before = {"factors": gone}
    audit.record(
        "registry.reset_second_factor", f"person:{person_id}", by=by, at=at, before=before, reason=reason
    )


def rewrap_factors() -> int:
    """Seal the secrets of second factors by the key that wraps now; return how many were sealed by another.

    For the rotation of keys: afterwards no secret needs an earlier one. Waits for whoever uses a factor now.
    """
    current, done = crypto.keyring().current, 0
    for pk in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            if row is None:
                continue
            name = _SEALED[Authenticator.Type(row.type)]
            if crypto.wrapped_by(base64.b64decode(row.data[name])) != current:
                with factors_of(row.user_id):
                    row.data[name] = encrypt(decrypt(row.data[name]))
                row.save(update_fields=["data"])
                done += 1
    return done


def _first_time(authenticator: int, code: str, *, at: datetime) -> bool:
    # Allauth remembers used codes in the memory of one process and for one step of time only.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_try (id, holder_id, taken, expires_at) VALUES (%s, %s, 1, %s)"
            " ON CONFLICT DO NOTHING",
            [
                id_of("one-time code", str(authenticator), code),
                id_of("tries", str(authenticator)),
                at + _REMEMBERED,
            ],
        )
        return bool(cursor.rowcount == 1)
