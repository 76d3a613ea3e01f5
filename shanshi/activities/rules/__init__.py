"""Decisions about activities, shifts and sign-ups: plain values in, plain values out."""

from shanshi.activities.rules.drafts import (
    ActivityDraft,
    PositionDraft,
    SubmissionIncomplete,
    check_draft,
    missing_for_submission,
)
from shanshi.activities.rules.kinds import (
    HOLDS_A_PLACE,
    LIVE,
    ActivityKind,
    ActivityState,
    RiskKind,
    SignUpState,
)
from shanshi.activities.rules.publication import (
    PublicationBlocked,
    decide_publication,
    missing_for_publication,
)
from shanshi.activities.rules.shifts import ShiftDraft, accept_until, check_capacity, check_move, check_shift
from shanshi.activities.rules.sign_ups import decide_sign_up, reasons_against

__all__ = [
    "HOLDS_A_PLACE",
    "LIVE",
    "ActivityDraft",
    "ActivityKind",
    "ActivityState",
    "PositionDraft",
    "PublicationBlocked",
    "RiskKind",
    "ShiftDraft",
    "SignUpState",
    "SubmissionIncomplete",
    "accept_until",
    "check_capacity",
    "check_draft",
    "check_move",
    "check_shift",
    "decide_publication",
    "decide_sign_up",
    "missing_for_publication",
    "missing_for_submission",
    "reasons_against",
]
