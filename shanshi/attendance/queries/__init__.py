"""Questions to the room: codes of now, visits, rosters. Nothing here writes."""

from shanshi.attendance.queries.codes import PersonalCode, VenueCode, personal_code, session_key, venue_code
from shanshi.attendance.queries.visits import (
    Counts,
    RosterRow,
    ScanFacts,
    VisitFacts,
    counts,
    failed_scans,
    first_answer,
    held_about,
    open_visit,
    roster,
    scans,
    to_decide,
    visit,
    visit_facts,
    visits,
)

__all__ = [
    "Counts",
    "PersonalCode",
    "RosterRow",
    "ScanFacts",
    "VenueCode",
    "VisitFacts",
    "counts",
    "failed_scans",
    "first_answer",
    "held_about",
    "open_visit",
    "personal_code",
    "roster",
    "scans",
    "session_key",
    "to_decide",
    "venue_code",
    "visit",
    "visit_facts",
    "visits",
]
