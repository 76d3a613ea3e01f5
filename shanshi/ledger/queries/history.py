"""How it came: transfers, one by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from shanshi.ledger import models
from shanshi.ledger.rules import Account, Kind, Posting, TransferMissing, Unit

ORDER = ("-posted_at", "-id")


@dataclass(frozen=True, slots=True)
class TransferFacts:
    """One transfer as its holder reads it.

    change  what it did to the holder's spendable account: more or less than zero, or zero
    """

    id: UUID
    unit: Unit
    amount: int
    change: int
    giver: Account
    taker: Account
    source: str
    reason: str
    policy: str
    happened_at: datetime
    posted_at: datetime
    reverses: UUID | None


def transfers(holder_id: UUID) -> QuerySet[models.Transfer]:
    """Return the rows of one book, for paging in ORDER; turn a row into facts with `transfer_facts`."""
    return models.Transfer.objects.filter(holder_id=holder_id).order_by(*ORDER)


def transfer_facts(row: models.Transfer) -> TransferFacts:
    """Return one row of `transfers` as plain values."""
    posting = _posting(row)
    gains = posting.taker.kind == Kind.VOLUNTEER
    loses = posting.giver.kind == Kind.VOLUNTEER
    return TransferFacts(
        id=row.id,
        unit=posting.giver.unit,
        amount=row.amount,
        change=row.amount if gains else -row.amount if loses else 0,
        giver=posting.giver,
        taker=posting.taker,
        source=row.source,
        reason=row.reason,
        policy=row.policy,
        happened_at=row.happened_at,
        posted_at=row.posted_at,
        reverses=row.reverses,
    )


def _posting(row: models.Transfer) -> Posting:
    unit = Unit(row.unit)
    return Posting(
        id=row.id,
        holder_id=row.holder_id,
        giver=Account(Kind(row.giver_kind), row.giver_id, unit, row.year),
        taker=Account(Kind(row.taker_kind), row.taker_id, unit, row.year),
        amount=row.amount,
        source=row.source,
        reason=row.reason,
        policy=row.policy,
        happened_at=row.happened_at,
        reverses=row.reverses,
    )


def _with_id(transfer_id: UUID, holder_id: UUID | None) -> QuerySet[models.Transfer]:
    rows = models.Transfer.objects.filter(pk=transfer_id)
    return rows.filter(holder_id=holder_id) if holder_id else rows


def transfer(transfer_id: UUID, *, holder_id: UUID | None = None) -> Posting:
    """Return a transfer as the posting that wrote it.

    holder_id  whose book it stands in; without it every book is searched, and the first found returned

    Raises TransferMissing.
    """
    row = _with_id(transfer_id, holder_id).order_by("holder_id").first()
    if row is None:
        raise TransferMissing(id=transfer_id)
    return _posting(row)


def happened_at(transfer_id: UUID, *, holder_id: UUID) -> datetime | None:
    """Return when the cause of a transfer happened, or None if it is not in the books."""
    return _with_id(transfer_id, holder_id).values_list("happened_at", flat=True).first()


def by_source(source: str, *, holder_id: UUID | None = None) -> list[TransferFacts]:
    """Return the transfers that one cause made, oldest first.

    source     such as "visit:<holder>:<visit>"
    holder_id  whose book; taken from the source where it names the holder, else every book is searched
    """
    holder = holder_id or _holder_in(source)
    rows = models.Transfer.objects.filter(source=source)
    if holder is not None:
        rows = rows.filter(holder_id=holder)
    return [transfer_facts(row) for row in rows.order_by("posted_at", "pk")]


def cause(source: str) -> tuple[str, list[str]]:
    """Return what sort of thing a source names, and its parts: "visit", [holder, visit]."""
    sort, *parts = source.split(":")
    return sort, parts


def holders_of(transfer_id: UUID) -> list[UUID]:
    """Return whose books hold a transfer with this id; almost always one."""
    return list(_with_id(transfer_id, None).order_by("holder_id").values_list("holder_id", flat=True))


def _holder_in(source: str) -> UUID | None:
    _, parts = cause(source)
    if len(parts) != 2:
        return None
    try:
        return UUID(parts[0])
    except ValueError:
        return None
