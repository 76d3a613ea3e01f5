"""The one door to the books: post, spend, reverse."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from shanshi.foundation import statements
from shanshi.kernel.ids import id_of
from shanshi.ledger import models, queries, rules
from shanshi.ledger.rules import Account, Kind, Posting, Unit

_POST: Final = "SELECT ledger_post(%s, %s)"
_POST_ONE: Final = f"SELECT ledger_post_one({', '.join(['%s'] * 15)})"
_REFUSALS: Final = {
    "SH001": rules.PostedOtherwise,
    "SH002": rules.AlreadyReversed,
    "SH003": rules.NotReversible,
    "SH004": rules.BalanceTooLow,
}


def post(postings: Sequence[Posting], *, at: datetime) -> list[UUID]:
    """Write a batch of transfers, move the guarded balances, and return the ids in the order given.

    One round trip, all or nothing. A transfer that is in the books already, with the same body, changes
    nothing and is no error; so a batch may be sent again.

    postings  any number, of any holders, in any order; ids made by the caller. The batch is one moment: what
              it takes from an account may come from what it gives to it
    at        when it is written, with a time zone

    Raises rules.PostingInvalid, PostedOtherwise, AlreadyReversed, NotReversible, BalanceTooLow; then nothing
    of the batch is written, and a transaction around it can only be rolled back.
    Locks the ids, then the balances, each in the order of their keys.
    """
    if not postings:
        return []
    for posting in postings:
        rules.checked(posting)
    try:
        if len(postings) == 1:
            _call(_POST_ONE, (*_row(postings[0]).values(), at))
        else:
            _call(_POST, (json.dumps([_row(posting) for posting in postings], default=str), at))
    except psycopg.Error as error:
        refusal = _REFUSALS.get(error.sqlstate or "")
        if refusal is None:
            with connection.wrap_database_errors:
                raise
        facts: dict[str, Any] = json.loads(error.diag.message_detail or "{}")
        raise refusal(**facts) from None
    return [posting.id for posting in postings]


def _call(statement: str, values: tuple[object, ...]) -> None:
    # Past Django's cursor, which writes the values into the text of the statement: here the text stays the
    # same, so the driver can prepare it, and the server keeps the plans inside the function anyway.
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    statements.cursor_of(database.connection).execute(statement, values)


def _row(posting: Posting) -> dict[str, object]:
    """Return the columns in the order of ledger_post_one."""
    return {
        "id": posting.id,
        "holder_id": posting.holder_id,
        "giver_kind": posting.giver.kind.value,
        "giver_id": posting.giver.owner_id,
        "taker_kind": posting.taker.kind.value,
        "taker_id": posting.taker.owner_id,
        "unit": posting.giver.unit.value,
        "year": posting.giver.year,
        "amount": posting.amount,
        "source": posting.source,
        "reason": posting.reason,
        "policy": posting.policy,
        "happened_at": posting.happened_at,
        "reverses": posting.reverses,
    }


@transaction.atomic
def spend(
    holder_id: UUID,
    amount: int,
    *,
    id: UUID,  # noqa: A002 - the id of the request, as in Posting
    taker_kind: Kind,
    taker_id: UUID,
    source: str,
    reason: str,
    policy: str,
    happened_at: datetime,
    at: datetime,
) -> list[UUID]:
    """Move spendable coins of a volunteer, the oldest year first, and return the transfers, one a year.

    amount       coin units, more than zero
    id           made by the caller; spending twice with one id is spending once
    taker_kind   "reserved" (taker_id is then the holder), "merchant", "expired" or "city"
    happened_at  when the cause happened; at: when it is written; both with a time zone

    Raises PostedOtherwise: the id was spent with other contents. BalanceTooLow: all years together hold less.
    PostingInvalid: as in post.
    Locks the volunteer's coin balances, oldest year first.
    """
    held = _lock_coins(holder_id)
    ids = {year: id_of("ledger.spend", holder_id, id, year) for year in held}
    before = {
        row.year: row.amount
        for row in models.Transfer.objects.filter(holder_id=holder_id, pk__in=list(ids.values()))
    }
    if before and sum(before.values()) != amount:
        raise rules.PostedOtherwise(id=id)
    shares = before or rules.oldest_first(held, amount)
    postings = [
        Posting(
            id=ids[year],
            holder_id=holder_id,
            giver=Account(Kind.VOLUNTEER, holder_id, Unit.COIN, year),
            taker=Account(taker_kind, taker_id, Unit.COIN, year),
            amount=share,
            source=source,
            reason=reason,
            policy=policy,
            happened_at=happened_at,
        )
        for year, share in sorted(shares.items())
    ]
    return post(postings, at=at)


def _lock_coins(holder_id: UUID) -> dict[int, int]:
    rows = models.Balance.objects.filter(holder_id=holder_id, kind=Kind.VOLUNTEER, unit=Unit.COIN)
    return dict(rows.select_for_update().order_by("year").values_list("year", "amount"))


def reverse(
    holder_id: UUID,
    transfer_id: UUID,
    *,
    id: UUID,  # noqa: A002 - the id of the reversal, as in Posting
    reason: str,
    source: str,
    at: datetime,
) -> UUID:
    """Take a transfer back by its opposite, which names it, and return the id of the reversal.

    id  made by the caller; reversing twice with one id is reversing once
    at  when it was decided and is written, with a time zone

    Raises TransferMissing, NotReversible, PostingInvalid, AlreadyReversed.
    PostedOtherwise: the id stands for another transfer.
    BalanceTooLow: what the transfer gave has been spent.
    """
    original = queries.transfer(transfer_id, holder_id=holder_id)
    # A repeated reversal carries the moment at which the first one happened, so that it is the same.
    happened_at = queries.happened_at(id, holder_id=holder_id) or at
    reversal = rules.mirrored(original, id=id, source=source, reason=reason, happened_at=happened_at)
    return post([reversal], at=at)[0]
