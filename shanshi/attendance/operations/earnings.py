"""What accepted visits put into the books: verified minutes, pending coins, red points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from shanshi.activities.queries import ShiftFacts
from shanshi.attendance import models, rules
from shanshi.attendance.rules import Worth
from shanshi.kernel.errors import N_
from shanshi.kernel.ids import id_of
from shanshi.ledger.rules import Account, Kind, Posting, Unit
from shanshi.policies import queries as policies
from shanshi.registry import queries as registry
from shanshi.registry.rules import Purpose

_MINUTES: Final = N_("Confirmed service")
_COINS: Final = N_("Coins for confirmed service")
_RED_POINTS: Final = N_("Red points for confirmed service")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A visit with what it is worth, by which rules, as of when."""

    visit: models.Visit
    shift: ShiftFacts
    worth: Worth
    coin_units: int
    hours_policy: str
    coins_policy: str
    at: datetime


def postings_of(accepted: Sequence[Accepted]) -> list[Posting]:
    """Return the transfers for accepted visits; each names its visit and the policy.

    accepted  in any order, of any people and shifts
    """
    postings = [posting for one in accepted for posting in _postings(one)]
    return [*postings, *_red_points(accepted)]


def _postings(one: Accepted) -> Iterable[Posting]:
    visit, left_at = one.visit, one.visit.left_at
    if one.worth.minutes == 0 or left_at is None:
        return
    source = f"visit:{visit.holder_id}:{visit.id}"
    yield Posting(
        id=id_of("visit", visit.id, Unit.VERIFIED_MINUTE),
        holder_id=visit.holder_id,
        giver=Account(Kind.ISSUER, one.shift.organization_id, Unit.VERIFIED_MINUTE),
        taker=Account(Kind.VOLUNTEER, visit.holder_id, Unit.VERIFIED_MINUTE),
        amount=one.worth.minutes,
        source=source,
        reason=_MINUTES,
        policy=one.hours_policy,
        happened_at=left_at,
    )
    if one.coin_units:
        year = rules.earned_in(left_at)
        yield Posting(
            id=id_of("visit", visit.id, Unit.COIN),
            holder_id=visit.holder_id,
            giver=Account(Kind.ISSUER, one.shift.organization_id, Unit.COIN, year),
            taker=Account(Kind.PENDING, visit.holder_id, Unit.COIN, year),
            amount=one.coin_units,
            source=source,
            reason=_COINS,
            policy=one.coins_policy,
            happened_at=left_at,
        )


def _red_points(accepted: Sequence[Accepted]) -> Iterable[Posting]:
    earning = [one for one in accepted if one.shift.earns_red_points and one.worth.minutes]
    opted_in = registry.consented({one.visit.holder_id for one in earning}, Purpose.RED_POINTS)
    known = registry.volunteers(opted_in) if opted_in else {}
    for one in earning:
        visit, facts = one.visit, known.get(one.visit.holder_id)
        policy = policies.in_force("red_points", visit.served_on)
        points = rules.red_points(
            one.worth.minutes,
            per_point=policy.values["minutes_per_point"],
            program_earns=True,
            is_member=facts is not None and facts.is_party_member,
            opted_in=facts is not None,
        )
        if points and visit.left_at:
            yield Posting(
                id=id_of("visit", visit.id, Unit.RED_POINT),
                holder_id=visit.holder_id,
                giver=Account(Kind.ISSUER, one.shift.organization_id, Unit.RED_POINT),
                taker=Account(Kind.VOLUNTEER, visit.holder_id, Unit.RED_POINT),
                amount=points,
                source=f"visit:{visit.holder_id}:{visit.id}",
                reason=_RED_POINTS,
                policy=policy.version,
                happened_at=visit.left_at,
            )
