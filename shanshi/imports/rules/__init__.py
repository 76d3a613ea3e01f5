"""What lists hold, and what is right in them. Plain Python: no tables, no clock, no settings."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from shanshi.imports.rules import activities, members, merchants, offers, refusals, rosters, volunteers
from shanshi.imports.rules.cells import COIN_UNITS, EXAMPLE, LeftOut, Wrong
from shanshi.imports.rules.columns import Choice, Column, Line, kept_of, lines_of, word
from shanshi.imports.rules.found import Found
from shanshi.imports.rules.kinds import WORKING, ListKind, ListState

COLUMNS: Final[Mapping[ListKind, tuple[Column, ...]]] = {
    ListKind.MEMBERS: members.COLUMNS,
    ListKind.VOLUNTEERS: volunteers.COLUMNS,
    ListKind.ACTIVITIES: activities.COLUMNS,
    ListKind.ROSTER: rosters.COLUMNS,
    ListKind.MERCHANTS: merchants.COLUMNS,
    ListKind.OFFERS: offers.COLUMNS,
}
MOST_ROWS: Final = 10_000
# So many rows are worked through while somebody waits; more go to the background.
AT_ONCE: Final = 200
UNDO_WITHIN: Final = timedelta(hours=24)
# How often a list whose work broke off is begun anew.
MOST_TRIES: Final = 3

__all__ = [
    "AT_ONCE",
    "COIN_UNITS",
    "COLUMNS",
    "EXAMPLE",
    "MOST_ROWS",
    "MOST_TRIES",
    "UNDO_WITHIN",
    "WORKING",
    "Choice",
    "Column",
    "Found",
    "LeftOut",
    "Line",
    "ListKind",
    "ListState",
    "Wrong",
    "activities",
    "kept_of",
    "lines_of",
    "members",
    "merchants",
    "offers",
    "refusals",
    "rosters",
    "volunteers",
    "word",
]
