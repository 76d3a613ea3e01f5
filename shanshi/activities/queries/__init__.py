"""Questions about activities, shifts and sign-ups; never write."""

from shanshi.activities.queries.activities import (
    activity,
    activity_of,
    fields_in_use,
)
from shanshi.activities.queries.booths import BoothDoor, BoothFacts, booth, booths
from shanshi.activities.queries.doors import DoorFacts, door
from shanshi.activities.queries.facts import (
    ActivityCard,
    ActivityFacts,
    MySignUp,
    OrganizerFacts,
    PositionFacts,
    ShiftFacts,
    SignUpFacts,
)
from shanshi.activities.queries.finding import (
    Finding,
    activities_led,
    activities_open,
    waiting_for_review,
)
from shanshi.activities.queries.programs import (
    ProgramFacts,
    ProjectFacts,
    program,
    program_activities,
    programs,
    project,
    projects,
)
from shanshi.activities.queries.shifts import (
    ids_of,
    open_shifts_of,
    shift,
    shifts,
    shifts_led,
    shifts_placed_around,
)
from shanshi.activities.queries.sign_ups import (
    held_about,
    is_placed,
    placed,
    roster,
    sign_up,
    sign_up_of_id,
    sign_ups_of,
)
from shanshi.activities.queries.venues import shifts_at

__all__ = [
    "ActivityCard",
    "ActivityFacts",
    "BoothDoor",
    "BoothFacts",
    "DoorFacts",
    "Finding",
    "MySignUp",
    "OrganizerFacts",
    "PositionFacts",
    "ProgramFacts",
    "ProjectFacts",
    "ShiftFacts",
    "SignUpFacts",
    "activities_led",
    "activities_open",
    "activity",
    "activity_of",
    "booth",
    "booths",
    "door",
    "fields_in_use",
    "held_about",
    "ids_of",
    "is_placed",
    "open_shifts_of",
    "placed",
    "program",
    "program_activities",
    "programs",
    "project",
    "projects",
    "roster",
    "shift",
    "shifts",
    "shifts_at",
    "shifts_led",
    "shifts_placed_around",
    "sign_up",
    "sign_up_of_id",
    "sign_ups_of",
    "waiting_for_review",
]
