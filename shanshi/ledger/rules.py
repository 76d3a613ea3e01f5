"""What a transfer may be, how it is hashed, and which coins are spent first. Plain Python."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from shanshi.kernel.errors import N_, DomainError, Invalid, Missing

LARGEST_AMOUNT: Final = 10**12
LONGEST: Final[Mapping[str, int]] = {"source": 200, "reason": 500, "policy": 100}
FIRST_YEAR, LAST_YEAR = 2000, 9999
_UNWRITABLE: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_BETWEEN: Final = "\x1f"


class Unit(StrEnum):
    """What an account counts. A coin account counts coin units, 60 to a coin."""

    VERIFIED_MINUTE = "verified_minute"
    HONORARY_MINUTE = "honorary_minute"
    COIN = "coin"
    RED_POINT = "red_point"


class Kind(StrEnum):
    """Whose account it is. The first three belong to a volunteer and never go below zero."""

    VOLUNTEER = "volunteer"
    PENDING = "pending"
    RESERVED = "reserved"
    ISSUER = "issuer"
    EXPIRED = "expired"
    MERCHANT = "merchant"
    CITY = "city"


GUARDED: Final = frozenset({Kind.VOLUNTEER, Kind.PENDING, Kind.RESERVED})


class PostingInvalid(Invalid):
    """A posting that the books cannot hold."""

    code = "ledger.posting_invalid"
    says = N_("The posting {id} cannot be written: {field} is {value}; expected {expected}.")
    way = N_("This is a defect of the program that posts; tell its makers.")


class PostedOtherwise(DomainError):
    """The same id came with another body."""

    code = "ledger.posted_otherwise"
    says = N_("The transfer {id} is already in the books with other contents.")
    way = N_("Give a new transfer a new id; repeat an old one unchanged.")


class BalanceTooLow(DomainError):
    """A guarded account would go below zero."""

    code = "ledger.balance_too_low"
    says = N_("The account {kind} ({unit}) holds {held}, and {needed} are needed.")
    way = N_("Earn or release more first, or take a smaller amount.")


class AlreadyReversed(DomainError):
    """The transfer was reversed before."""

    code = "ledger.already_reversed"
    says = N_("The transfer {id} has been reversed already.")
    way = N_("Look at its reversal; post a new transfer if that was wrong.")


class NotReversible(DomainError):
    """A reversal names no original, or one that it does not mirror."""

    code = "ledger.not_reversible"
    says = N_("The transfer {id} cannot be reversed: it is a reversal, or is not mirrored exactly.")
    way = N_("Post a new transfer instead.")


class TransferMissing(Missing):
    """No such transfer is in the books."""

    code = "ledger.transfer_missing"
    says = N_("The transfer {id} is not in the books.")


@dataclass(frozen=True, slots=True)
class Account:
    """One account: whose, of what, and for coins of which year of earning.

    owner_id  the holder for guarded kinds; the merchant, the city or the issuing program for open ones
    year      for coins the civil year of earning, else 0
    """

    kind: Kind
    owner_id: UUID
    unit: Unit
    year: int = 0

    @property
    def is_guarded(self) -> bool:
        """Whether the account must not go below zero, and so keeps a balance row."""
        return self.kind in GUARDED


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount that is to leave one account and reach another.

    id           made by the caller: posting it twice is posting it once
    holder_id    the volunteer whose book this stands in
    amount       more than zero; minutes, coin units or points
    source       what caused it, such as "visit:<holder>:<visit>"
    policy       version of the rule that decided it, such as "coins@2019-01-01"
    happened_at  when the cause happened, with a time zone
    reverses     the transfer that this one takes back
    """

    id: UUID
    holder_id: UUID
    giver: Account
    taker: Account
    amount: int
    source: str
    reason: str
    policy: str
    happened_at: datetime
    reverses: UUID | None = None


def checked(posting: Posting) -> Posting:
    """Return the posting as it is, if the books can hold it.

    Raises PostingInvalid: naming the first field that is wrong, and what was expected.
    """
    if _is_writable(posting):
        return posting
    for field, value, expected, right in _demands(posting):
        if not right:
            raise PostingInvalid(id=posting.id, field=field, value=value, expected=expected)
    raise AssertionError(f"{posting.id} is refused without a reason")


def _is_writable(posting: Posting) -> bool:
    """Whether all demands are met: the same as below, asked quickly, because every posting is asked."""
    giver, taker, holder_id = posting.giver, posting.taker, posting.holder_id
    texts = (posting.source, posting.reason, posting.policy)
    return (
        type(posting.amount) is int
        and 0 < posting.amount <= LARGEST_AMOUNT
        and (giver.kind != taker.kind or giver.owner_id != taker.owner_id)
        and giver.unit == taker.unit
        and giver.year == taker.year
        and (FIRST_YEAR <= giver.year <= LAST_YEAR if giver.unit == Unit.COIN else giver.year == 0)
        and posting.happened_at.tzinfo is not None
        and (giver.kind not in GUARDED or giver.owner_id == holder_id)
        and (taker.kind not in GUARDED or taker.owner_id == holder_id)
        and all(map(len, texts))
        and all(map(int.__le__, map(len, texts), LONGEST.values()))
        and not _UNWRITABLE.search("".join(texts))
    )


def _demands(posting: Posting) -> list[tuple[str, object, str, bool]]:
    giver, taker, amount = posting.giver, posting.taker, posting.amount
    coins = giver.unit == Unit.COIN
    two = (giver.kind, giver.owner_id) != (taker.kind, taker.owner_id)
    year_expected = f"a year from {FIRST_YEAR}" if coins else "0"
    year_right = FIRST_YEAR <= giver.year <= LAST_YEAR if coins else giver.year == 0
    demands = [
        ("amount", amount, f"1 to {LARGEST_AMOUNT}", type(amount) is int and 0 < amount <= LARGEST_AMOUNT),
        ("taker", taker, "another account than the giver", two),
        ("unit", taker.unit, f"{giver.unit} on both sides", giver.unit == taker.unit),
        ("year", giver.year, year_expected, year_right),
        ("year", taker.year, "the giver's year", giver.year == taker.year),
        ("happened_at", posting.happened_at, "a time with a zone", posting.happened_at.tzinfo is not None),
    ]
    for side, account in (("giver", giver), ("taker", taker)):
        own = not account.is_guarded or account.owner_id == posting.holder_id
        demands.append((side, account.owner_id, f"the holder {posting.holder_id}", own))
    for field, longest in LONGEST.items():
        text: str = getattr(posting, field)
        writable = 1 <= len(text) <= longest and not _UNWRITABLE.search(text)
        demands.append((field, text, f"1 to {longest} characters of text", writable))
    return demands


def request_hash(posting: Posting, *, posted_at: datetime) -> bytes:
    """Return the 32 bytes that stand beside a transfer in the books; the database computes the same.

    posted_at  when it was written, with a time zone; to the microsecond
    """
    words = [
        posting.id,
        posting.holder_id,
        posting.giver.kind,
        posting.giver.owner_id,
        posting.taker.kind,
        posting.taker.owner_id,
        posting.giver.unit,
        posting.giver.year,
        posting.amount,
        posting.source,
        posting.reason,
        posting.policy,
        (posting.happened_at - _EPOCH) // _MICROSECOND,
        posting.reverses or "",
        (posted_at - _EPOCH) // _MICROSECOND,
    ]
    return hashlib.sha256(_BETWEEN.join(str(word) for word in words).encode()).digest()


def oldest_first(held: Mapping[int, int], amount: int) -> dict[int, int]:
    """Return how much of an amount each year's coins pay, the oldest first.

    held    year of earning -> coin units held, none negative
    amount  coin units, more than zero

    Raises BalanceTooLow: all years together hold less.
    Source: rules of the city, section 5: the oldest coins are spent first.
    """
    left, paid = amount, dict[int, int]()
    for year in sorted(held):
        share = min(left, held[year])
        if share > 0:
            paid[year] = share
            left -= share
    if left > 0:
        raise BalanceTooLow(kind=Kind.VOLUNTEER, unit=Unit.COIN, held=amount - left, needed=amount)
    return paid


def mirrored(posting: Posting, *, id: UUID, source: str, reason: str, happened_at: datetime) -> Posting:  # noqa: A002
    """Return the posting that takes another back and names it.

    id           of the reversal
    happened_at  when the mistake was settled, with a time zone

    Raises NotReversible: the other is a reversal itself.
    """
    if posting.reverses is not None:
        raise NotReversible(id=posting.id)
    return Posting(
        id=id,
        holder_id=posting.holder_id,
        giver=posting.taker,
        taker=posting.giver,
        amount=posting.amount,
        source=source,
        reason=reason,
        policy=posting.policy,
        happened_at=happened_at,
        reverses=posting.id,
    )
