"""How a redemption stands in the books: which transfers each of its steps makes, and their ids.

The ids follow from the redemption, the step and the year, so a step that is done twice is posted once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shanshi.kernel.errors import N_
from shanshi.kernel.ids import id_of
from shanshi.ledger.rules import Account, Kind, Posting, Unit, mirrored


class Step(StrEnum):
    """A step of a redemption that moves coins."""

    RESERVE = "reserve"
    FULFILL = "fulfill"
    PAY = "pay"


SET_ASIDE = N_("Coins set aside for an offer")
GIVEN = N_("Coins given for an offer")
NOT_USED = N_("Coins given back: the code was not used")
TAKEN_BACK = N_("Coins given back: the merchant took the redemption back")

_REASONS = {Step.RESERVE: SET_ASIDE, Step.FULFILL: GIVEN, Step.PAY: GIVEN}


@dataclass(frozen=True, slots=True)
class Payment:
    """What one redemption costs whom.

    by_year  year of earning -> coin units; the price together
    policy   the version of the redemption policy
    """

    redemption_id: UUID
    holder_id: UUID
    merchant_id: UUID
    by_year: Mapping[int, int]
    policy: str


def source_of(holder_id: UUID, redemption_id: UUID) -> str:
    """Return how the books name a redemption."""
    return f"redemption:{holder_id}:{redemption_id}"


def postings(payment: Payment, step: Step, *, happened_at: datetime) -> list[Posting]:
    """Return the transfers of one step, one for each year of coins.

    happened_at  with a time zone
    """
    giver = Kind.RESERVED if step == Step.FULFILL else Kind.VOLUNTEER
    taker, taker_id = (
        (Kind.RESERVED, payment.holder_id) if step == Step.RESERVE else (Kind.MERCHANT, payment.merchant_id)
    )
    return [
        Posting(
            id=id_of("redemption", payment.redemption_id, step, year),
            holder_id=payment.holder_id,
            giver=Account(giver, payment.holder_id, Unit.COIN, year),
            taker=Account(taker, taker_id, Unit.COIN, year),
            amount=units,
            source=source_of(payment.holder_id, payment.redemption_id),
            reason=_REASONS[step],
            policy=payment.policy,
            happened_at=happened_at,
        )
        for year, units in sorted(payment.by_year.items())
    ]


def reversals(payment: Payment, *steps: Step, reason: str, happened_at: datetime) -> list[Posting]:
    """Return the transfers that take steps back; each names its original.

    happened_at  with a time zone
    """
    return [
        mirrored(
            original,
            id=id_of(original.id, "taken back"),
            source=original.source,
            reason=reason,
            happened_at=happened_at,
        )
        for step in steps
        for original in postings(payment, step, happened_at=happened_at)
    ]
