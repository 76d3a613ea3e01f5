"""Telling people that their hours are in the books, and which of their coins end soon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from shanshi.attendance.operations.earnings import Accepted
from shanshi.attendance.rules import notices
from shanshi.kernel.quantities import city_day
from shanshi.ledger import queries as ledger
from shanshi.policies import queries as policies
from shanshi.registry import operations as registry

TOLD_AT_ONCE: Final = 1_000


def tell_confirmed(accepted: Sequence[Accepted], *, at: datetime) -> None:
    """Tell those whose visits to a shift were confirmed how many minutes they earned; who earned none, not.

    at  with a time zone
    """
    by_shift: dict[UUID, dict[UUID, int]] = {}
    shifts = {one.shift.id: one.shift for one in accepted}
    for one in accepted:
        people = by_shift.setdefault(one.shift.id, {})
        people[one.visit.holder_id] = people.get(one.visit.holder_id, 0) + one.worth.minutes
    for shift_id, minutes in by_shift.items():
        shift = shifts[shift_id]
        earned = {holder: {"verified_minutes": count} for holder, count in minutes.items() if count}
        message = notices.minutes_confirmed(shift.title, city_day(shift.starts_at), 0)
        registry.tell_each(earned, message, key=f"confirmed:{shift_id}:{at.isoformat()}", at=at)


def tell_expiring(*, at: datetime) -> int:
    """Tell everybody whose coins end within the days of the policy, and return how many were told; each once.

    at  with a time zone

    Source: rules of the city, section 5; policies "coins" and "notices". A transaction for each thousand.
    """
    today = city_day(at)
    kept: int = policies.in_force("coins", today).values["years_kept_after_earning"]
    ahead = timedelta(days=policies.in_force("notices", today).values["expiry_notice_days"])
    last_on = date(today.year, 12, 31)
    if last_on - today > ahead:
        return 0
    told, after = 0, None
    while True:
        held = ledger.coins_of_year(today.year - kept, after=after, limit=TOLD_AT_ONCE)
        if not held:
            return told
        after = max(held)
        facts = {holder_id: {"held_coins": units} for holder_id, units in held.items()}
        message = notices.coins_expire(0, last_on)
        told += registry.tell_each(facts, message, key=f"coins_expire:{last_on}", at=at)
