"""Tables of programs, projects, activities, shifts and sign-ups.

Between two big tables the foreign key is the database's alone, made by the migration over both columns
(activity_id, id); Django's own would point at the id only.
"""

from __future__ import annotations

from shanshi.activities.models.activities import Activity, Booth, Organizer, Position, Template
from shanshi.activities.models.programs import (
    Program,
    ProgramDivision,
    ProgramOrganizer,
    ProgramPartner,
    ProgramTeam,
    Project,
)
from shanshi.activities.models.shifts import CalendarKey, RosterMessage, Series, Shift, SignUp

__all__ = [
    "Activity",
    "Booth",
    "CalendarKey",
    "Organizer",
    "Position",
    "Program",
    "ProgramDivision",
    "ProgramOrganizer",
    "ProgramPartner",
    "ProgramTeam",
    "Project",
    "RosterMessage",
    "Series",
    "Shift",
    "SignUp",
    "Template",
]
