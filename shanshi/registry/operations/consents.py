"""Giving and withdrawing consent: one as easy as the other.

What a withdrawal stops elsewhere (places on shifts, coins that wait) is given back by `portal.operations`,
which knows all rooms; every later step asks here, so that it stops even if nobody did that.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import city_day
from shanshi.registry import models, rules
from shanshi.registry.queries import consents as texts
from shanshi.registry.rules import Purpose


@transaction.atomic
def give_consent(
    holder_id: UUID, purpose: str, *, text_version: str, by: Actor, at: datetime, source: str = "platform"
) -> None:
    """Write down a volunteer's consent to a purpose; consenting twice to one text is consenting once.

    A consent to an older text ends, at the same moment, with the consent to the new one.

    purpose       one of rules.Purpose
    text_version  of the text that was shown; it must be the one in force
    at            with a time zone

    Raises SignInNeeded; rules.ConsentTextUnknown; rules.ConsentTextOld; Missing: no such volunteer.
    Source: PIPL art. 13 to 15.
    """
    giver = by.known()
    asked = _purpose(purpose)
    version = texts.consent_text(asked, city_day(at)).version
    if text_version.strip() != version:
        raise rules.ConsentTextOld(version=version)
    if not models.Volunteer.objects.filter(holder_id=holder_id, erased_at=None).exists():
        raise Missing
    standing = models.Consent.objects.filter(holder_id=holder_id, purpose=asked, withdrawn_at=None)
    standing.exclude(text_version=version).update(withdrawn_at=at, withdrawn_by=giver)
    models.Consent.objects.bulk_create(
        [
            models.Consent(
                holder_id=holder_id,
                purpose=asked,
                text_version=version,
                given_at=at,
                given_by=giver,
                source=source,
            )
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def withdraw_consent(holder_id: UUID, purpose: str, *, by: Actor, at: datetime) -> bool:
    """Withdraw a volunteer's consent to a purpose, and return whether one stood; without one nothing changes.

    at  with a time zone

    Raises SignInNeeded; rules.ConsentTextUnknown.
    Source: PIPL art. 15.
    """
    by.known()
    standing = models.Consent.objects.filter(
        holder_id=holder_id, purpose=_purpose(purpose), withdrawn_at=None
    )
    return bool(standing.update(withdrawn_at=at, withdrawn_by=by.known()))


def _purpose(purpose: str) -> Purpose:
    try:
        return Purpose(purpose)
    except ValueError:
        raise rules.ConsentTextUnknown(purposes=", ".join(Purpose)) from None
