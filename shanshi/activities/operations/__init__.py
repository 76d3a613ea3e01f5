"""Changes to activities, shifts and sign-ups; one transaction each."""

from shanshi.activities.operations.drafting import change, create
from shanshi.activities.operations.loads import (
    Placement,
    Published,
    Reviewed,
    place_all,
    place_many,
    publish_many,
)
from shanshi.activities.operations.programs import (
    ProgramDraft,
    ProjectDraft,
    create_program,
    create_project,
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
from shanshi.activities.rules import ActivityDraft, PositionDraft, ShiftDraft

__all__ = [
    "ActivityDraft",
    "Placement",
    "PositionDraft",
    "ProgramDraft",
    "ProjectDraft",
    "Published",
    "Reviewed",
    "ShiftChange",
    "ShiftDraft",
    "accept",
    "add_shifts",
    "cancel",
    "cancel_shift",
    "change",
    "change_shift",
    "close",
    "create",
    "create_program",
    "create_project",
    "forget",
    "give_back",
    "lapse_offers",
    "mark_confirmed",
    "mark_many_confirmed",
    "place_all",
    "place_many",
    "publish",
    "publish_many",
    "return_to_draft",
    "sign_up",
    "submit",
    "withdraw",
]
