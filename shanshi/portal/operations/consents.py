"""Giving and withdrawing consent, with what follows in other rooms at once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanshi.activities import operations as activities
from shanshi.attendance import queries as attendance
from shanshi.foundation.actor import Actor
from shanshi.kernel.quantities import city_day
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from shanshi.registry import rules
from shanshi.registry.rules import Purpose
from shanshi.rewards import operations as rewards


@transaction.atomic
def agree(holder_id: UUID, purpose: Purpose, *, text_version: str, by: Actor, at: datetime) -> None:
    """Give a volunteer's consent to a purpose; twice is once.

    text_version  of the text that was shown
    by            the volunteer, or the guardian; `rules.check_may_consent` decides which
    at            with a time zone

    Raises SignInNeeded; Missing; rules.NotYoursToConsent; rules.ConsentTextOld.
    """
    _check(holder_id, purpose, by=by, at=at)
    if purpose == Purpose.MINORS:
        registry.agree_again(holder_id, text_version=text_version, by=by, at=at)
    else:
        registry.give_consent(holder_id, purpose, text_version=text_version, by=by, at=at)


def withdraw(holder_id: UUID, purpose: Purpose, *, by: Actor, at: datetime) -> int:
    """Withdraw a volunteer's consent to a purpose, and return how many places went back; twice is once.

    What it stops, stops now: without the terms or the guardian's consent the volunteer leaves every shift
    that is ahead, and without the terms coins that wait at a till come back. Whoever is at a shift at this
    moment leaves it by its door.

    by  as in `agree`
    at  with a time zone

    Raises SignInNeeded; Missing; rules.NotYoursToConsent.
    Locks the consent, then waiting redemptions and balances, then shifts with their sign-ups.
    """
    with transaction.atomic():
        back = _withdraw(holder_id, purpose, by=by, at=at)
        if purpose == Purpose.MINORS:
            key = f"guardian_withdrew:{at.isoformat()}"
            registry.tell([holder_id], rules.notices.guardian_withdrew(), key=key, at=at)
    return back


def _withdraw(holder_id: UUID, purpose: Purpose, *, by: Actor, at: datetime) -> int:
    _check(holder_id, purpose, by=by, at=at)
    if purpose == Purpose.MINORS:
        registry.withdraw_guardian(holder_id, by=by, at=at)
    else:
        registry.withdraw_consent(holder_id, purpose, by=by, at=at)
    if purpose not in {Purpose.TERMS, Purpose.MINORS}:
        return 0
    if purpose == Purpose.TERMS:
        rewards.forget(holder_id, by=by, at=at)
    inside = attendance.open_visit(holder_id)
    return activities.give_back(holder_id, by=by, at=at, inside=inside.shift_id if inside else None)


def _check(holder_id: UUID, purpose: Purpose, *, by: Actor, at: datetime) -> None:
    by.known()
    day = city_day(at)
    rules.check_may_consent(
        people.consent_text(purpose, day).asked_of,
        age=rules.age_on(people.volunteer(holder_id).birth_on, day),
        is_guardian=by.holder_id != holder_id,
    )
