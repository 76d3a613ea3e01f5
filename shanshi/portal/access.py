"""Who may open which page. Each room decides for its own things; the portal only gathers the words."""

from __future__ import annotations

from shanshi.activities.access import SEE_ACTIVITY, SIGN_UP, activity_to_see
from shanshi.activities.access import volunteer as may_sign_up
from shanshi.attendance.access import (
    LIST_VISITS,
    OWN_CODE,
    SCAN,
    SEE_VISIT,
    own_visits,
    scanner,
    visit_to_see,
)
from shanshi.ledger.access import SEE_OWN_BOOKS, own_books
from shanshi.registry.access import MYSELF, myself
from shanshi.rewards.access import LIST_REDEMPTIONS, REDEEM, SEE_REDEMPTION, own_redemption
from shanshi.rewards.access import holder as may_redeem

__all__ = [
    "LIST_REDEMPTIONS",
    "LIST_VISITS",
    "MYSELF",
    "OWN_CODE",
    "REDEEM",
    "SCAN",
    "SEE_ACTIVITY",
    "SEE_OWN_BOOKS",
    "SEE_REDEMPTION",
    "SEE_VISIT",
    "SIGN_UP",
    "activity_to_see",
    "may_redeem",
    "may_sign_up",
    "myself",
    "own_books",
    "own_redemption",
    "own_visits",
    "scanner",
    "visit_to_see",
]
