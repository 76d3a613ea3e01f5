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

    by_year     year of earning -> coin units; the price together
    policy      the version of the redemption policy
    is_settled  whether the merchant is paid for it; not for volunteer service, which is never paid
    """

    redemption_id: UUID
    holder_id: UUID
    merchant_id: UUID
    by_year: Mapping[int, int]
    policy: str
    is_settled: bool = True


def taker_of(payment: Payment, year: int) -> Account:
    """Return the account that the coins of a redemption come to rest in.

    What a merchant gives of its own comes to its account, from which it is settled. Volunteer service is
    given to the city: its coins come home to the city, in an account kept under the merchant's id, and are
    nobody's claim.

    Source: Decree 685 art. 2 and Order 67 art. 19: volunteer service is not paid.
    """
    kind = Kind.MERCHANT if payment.is_settled else Kind.CITY
    return Account(kind, payment.merchant_id, Unit.COIN, year)


def source_of(holder_id: UUID, redemption_id: UUID) -> str:
    """Return how the books name a redemption."""
    return f"redemption:{holder_id}:{redemption_id}"


def postings(payment: Payment, step: Step, *, happened_at: datetime) -> list[Posting]:
    """Return the transfers of one step, one for each year of coins.

    happened_at  with a time zone
    """
    giver = Kind.RESERVED if step == Step.FULFILL else Kind.VOLUNTEER
    return [
        Posting(
            id=id_of("redemption", payment.redemption_id, step, year),
            holder_id=payment.holder_id,
            giver=Account(giver, payment.holder_id, Unit.COIN, year),
            taker=_taker(payment, step, year),
            amount=units,
            source=source_of(payment.holder_id, payment.redemption_id),
            reason=_REASONS[step],
            policy=payment.policy,
            happened_at=happened_at,
        )
        for year, units in sorted(payment.by_year.items())
    ]


def _taker(payment: Payment, step: Step, year: int) -> Account:
    if step == Step.RESERVE:
        return Account(Kind.RESERVED, payment.holder_id, Unit.COIN, year)
    return taker_of(payment, year)


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
