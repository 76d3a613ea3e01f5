"""Questions about lists; never write."""

from shanshi.imports.queries.checks import Asked, check
from shanshi.imports.queries.exports import HIDDEN, people_of, rows
from shanshi.imports.queries.lists import (
    Findings,
    ListFacts,
    Remark,
    findings,
    recent,
    sent_list,
    stalled,
)

__all__ = [
    "HIDDEN",
    "Asked",
    "Findings",
    "ListFacts",
    "Remark",
    "check",
    "findings",
    "people_of",
    "recent",
    "rows",
    "sent_list",
    "stalled",
]
