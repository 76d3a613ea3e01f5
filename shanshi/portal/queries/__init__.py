"""What pages drawn from several rooms need; never writes."""

from shanshi.portal.queries.choices import Giver, districts_to_choose, givers_to_choose, venues_to_choose
from shanshi.portal.queries.rosters import Roster, RosterLine, RosterState, masked_name, roster_of

__all__ = [
    "Giver",
    "Roster",
    "RosterLine",
    "RosterState",
    "districts_to_choose",
    "givers_to_choose",
    "masked_name",
    "roster_of",
    "venues_to_choose",
]
