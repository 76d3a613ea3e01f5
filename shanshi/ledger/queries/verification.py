"""Whether the books are right: everything that is kept beside the transfers is computed again from them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction


@dataclass(frozen=True, slots=True)
class Finding:
    """The first row that breaks a promise, and how many do.

    check  the promise: "hash", "reversal", "balance", "negative" or "zero_sum"
    where  which row, so that it can be found again
    says   what is wrong there, in English
    rows   how many rows break this promise
    """

    check: str
    where: str
    says: str
    rows: int


@dataclass(frozen=True, slots=True)
class Report:
    """What was looked at, and what is wrong. No finding means that the books are right."""

    transfers: int
    balances: int
    findings: tuple[Finding, ...]

    @property
    def is_right(self) -> bool:
        """Whether no promise is broken."""
        return not self.findings


# Each gives: how many rows break the promise, where the first stands, what is wrong with it.
_CHECKS = {
    "hash": """
        SELECT count(*) OVER (), format('transfer %s of holder %s', id, holder_id),
            'its contents are not those that were posted'
        FROM ledger_transfer AS t
        WHERE request_hash IS DISTINCT FROM ledger_request_hash(
            id, holder_id, giver_kind, giver_id, taker_kind, taker_id, unit, year, amount, source, reason,
            policy, happened_at, reverses, posted_at)
        ORDER BY holder_id, id LIMIT 1
    """,
    "reversal": """
        SELECT count(*) OVER (), format('transfer %s of holder %s', r.id, r.holder_id),
            CASE WHEN o.id IS NULL THEN format('it reverses %s, which is not in the books', r.reverses)
                 ELSE format('it does not mirror %s, which it reverses', r.reverses) END
        FROM ledger_transfer AS r
        LEFT JOIN ledger_transfer AS o ON o.holder_id = r.holder_id AND o.id = r.reverses
        WHERE r.reverses IS NOT NULL AND (o.id IS NULL OR o.reverses IS NOT NULL
            OR (o.giver_kind, o.giver_id, o.taker_kind, o.taker_id, o.unit, o.year, o.amount)
            <> (r.taker_kind, r.taker_id, r.giver_kind, r.giver_id, r.unit, r.year, r.amount))
        ORDER BY r.holder_id, r.id LIMIT 1
    """,
    "balance": """
        SELECT count(*) OVER (),
            format('account %s %s %s of holder %s', kind, unit, year, holder_id),
            format('its balance is %s after %s transfers; its transfers give %s after %s',
                coalesce(kept.amount, 0), coalesce(kept.transfers, 0),
                coalesce(summed.amount, 0), coalesce(summed.transfers, 0))
        FROM ledger_balance AS kept FULL JOIN (
            SELECT holder_id, kind, unit, year, sum(delta)::bigint AS amount, count(*) AS transfers
            FROM (SELECT holder_id, giver_kind AS kind, unit, year, -amount AS delta FROM ledger_transfer
                  UNION ALL
                  SELECT holder_id, taker_kind, unit, year, amount FROM ledger_transfer) AS leg
            WHERE kind IN ('volunteer', 'pending', 'reserved')
            GROUP BY holder_id, kind, unit, year
        ) AS summed USING (holder_id, kind, unit, year)
        WHERE (kept.amount, kept.transfers) IS DISTINCT FROM (summed.amount, summed.transfers)
        ORDER BY holder_id, kind, unit, year LIMIT 1
    """,
    "negative": """
        SELECT count(*) OVER (),
            format('account %s %s %s of holder %s', kind, unit, year, holder_id),
            format('it holds %s, and opened with %s', amount, opened_with)
        FROM ledger_balance WHERE amount < 0 OR opened_with < 0
        ORDER BY holder_id, kind, unit, year LIMIT 1
    """,
    "zero_sum": """
        SELECT count(*) OVER (), format('unit %s', unit),
            format('volunteers hold %s, and open accounts gave %s', coalesce(held, 0), coalesce(given, 0))
        FROM (SELECT unit, sum(amount) AS held FROM ledger_balance GROUP BY unit) AS kept
        FULL JOIN (
            SELECT unit, coalesce(sum(amount) FILTER (WHERE giver_kind <> ALL (guarded)), 0)
                - coalesce(sum(amount) FILTER (WHERE taker_kind <> ALL (guarded)), 0) AS given
            FROM ledger_transfer, (SELECT '{volunteer,pending,reserved}'::text[] AS guarded) AS g
            GROUP BY unit) AS opened USING (unit)
        WHERE coalesce(held, 0) <> coalesce(given, 0)
        ORDER BY unit LIMIT 1
    """,
}
_SIZE = "SELECT (SELECT count(*) FROM ledger_transfer), (SELECT count(*) FROM ledger_balance)"


def verify() -> Report:
    """Recompute hashes, reversals, balances and sums, and name the first wrong row of each.

    Runs in the database over any number of rows, on one snapshot, so it may run while people use the books.
    """
    with _one_snapshot(), connection.cursor() as cursor:
        cursor.execute(_SIZE)
        transfers, balances = cursor.fetchone()
        findings = []
        for check, statement in _CHECKS.items():
            cursor.execute(statement)
            if found := cursor.fetchone():
                rows, where, says = found
                findings.append(Finding(check, where, says, rows))
    return Report(transfers, balances, tuple(findings))


@contextlib.contextmanager
def _one_snapshot() -> Iterator[None]:
    # Inside somebody's transaction the level can no longer be chosen; the caller's own changes count then.
    inside = connection.in_atomic_block
    with transaction.atomic():
        if not inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
