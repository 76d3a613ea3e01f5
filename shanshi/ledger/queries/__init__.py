"""Questions to the books: what somebody holds, how it came, and whether the books are right."""

from shanshi.ledger.queries.history import (
    ORDER,
    TransferFacts,
    by_source,
    cause,
    happened_at,
    holders_of,
    transfer,
    transfer_facts,
    transfers,
)
from shanshi.ledger.queries.holdings import (
    Balances,
    Total,
    balances,
    balances_of,
    coins_of_year,
    held_about,
    open_balance,
    totals,
)
from shanshi.ledger.queries.verification import Finding, Report, verify

__all__ = [
    "ORDER",
    "Balances",
    "Finding",
    "Report",
    "Total",
    "TransferFacts",
    "balances",
    "balances_of",
    "by_source",
    "cause",
    "coins_of_year",
    "happened_at",
    "held_about",
    "holders_of",
    "open_balance",
    "totals",
    "transfer",
    "transfer_facts",
    "transfers",
    "verify",
]
