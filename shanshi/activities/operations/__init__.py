"""Changes to activities, shifts and sign-ups; one transaction each."""

from shanshi.activities.operations.booths import BoothDraft, add_booths, change_booth, remove_booth
from shanshi.activities.operations.calendars import end_calendar_key, make_calendar_key
from shanshi.activities.operations.drafting import change, create
from shanshi.activities.operations.loads import (
    Placement,
    Published,
    Reviewed,
    place_all,
    place_many,
    publish_many,
)
from shanshi.activities.operations.messages import tell_roster
from shanshi.activities.operations.programs import (
    Figure,
    PairedTeam,
    ProgramDraft,
    ProjectDraft,
    change_figures,
    change_program,
    change_project,
    create_program,
    create_project,
)
from shanshi.activities.operations.series import (
    RestChange,
    SeriesMade,
    add_series,
    cancel_rest,
    change_rest,
)
from shanshi.activities.operations.shifts import (
    ShiftChange,
    add_shifts,
    cancel_shift,
    change_shift,
    mark_confirmed,
    mark_many_confirmed,
)
from shanshi.activities.operations.sign_ups import accept, forget, give_back, lapse_offers, sign_up, withdraw
from shanshi.activities.operations.steps import cancel, close, publish, return_to_draft, submit
from shanshi.activities.operations.telling import remind
from shanshi.activities.operations.templates import keep_template, remove_template
from shanshi.activities.rules import ActivityDraft, PositionDraft, ShiftDraft

__all__ = [
    "ActivityDraft",
    "BoothDraft",
    "Figure",
    "PairedTeam",
    "Placement",
    "PositionDraft",
    "ProgramDraft",
    "ProjectDraft",
    "Published",
    "RestChange",
    "Reviewed",
    "SeriesMade",
    "ShiftChange",
    "ShiftDraft",
    "accept",
    "add_booths",
    "add_series",
    "add_shifts",
    "cancel",
    "cancel_rest",
    "cancel_shift",
    "change",
    "change_booth",
    "change_figures",
    "change_program",
    "change_project",
    "change_rest",
    "change_shift",
    "close",
    "create",
    "create_program",
    "create_project",
    "end_calendar_key",
    "forget",
    "give_back",
    "keep_template",
    "lapse_offers",
    "make_calendar_key",
    "mark_confirmed",
    "mark_many_confirmed",
    "place_all",
    "place_many",
    "publish",
    "publish_many",
    "remind",
    "remove_booth",
    "remove_template",
    "return_to_draft",
    "sign_up",
    "submit",
    "tell_roster",
    "withdraw",
]
