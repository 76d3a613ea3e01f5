"""Giving and withdrawing consent: one as easy as the other."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import Missing
from shanshi.registry import models, rules


@transaction.atomic
def give_consent(
    holder_id: UUID, purpose: str, *, text_version: str, by: Actor, at: datetime, source: str = "platform"
) -> None:
    """Write down a volunteer's consent to a purpose; consenting twice is consenting once.

    purpose       one of rules.Purpose
    text_version  of the text that was shown
    at            with a time zone

    Raises SignInNeeded; rules.ConsentTextUnknown; Missing: no such volunteer.
    Source: PIPL art. 13 to 15.
    """
    giver = by.known()
    if purpose not in set(rules.Purpose) or not text_version.strip():
        raise rules.ConsentTextUnknown(purposes=", ".join(rules.Purpose))
    if not models.Volunteer.objects.filter(holder_id=holder_id, erased_at=None).exists():
        raise Missing
    models.Consent.objects.bulk_create(
        [
            models.Consent(
                holder_id=holder_id,
                purpose=purpose,
                text_version=text_version.strip(),
                given_at=at,
                given_by=giver,
                source=source,
            )
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def withdraw_consent(holder_id: UUID, purpose: str, *, by: Actor, at: datetime) -> None:
    """Withdraw a volunteer's consent to a purpose; without one, nothing changes.

    at  with a time zone

    Raises SignInNeeded.
    Source: PIPL art. 15.
    """
    by.known()
    models.Consent.objects.filter(holder_id=holder_id, purpose=purpose, withdrawn_at=None).update(
        withdrawn_at=at
    )
