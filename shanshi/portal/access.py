"""Who may open which page. Each room decides for its own things; the portal only gathers the words."""

from __future__ import annotations

from shanshi.activities.access import activity_to_see
from shanshi.activities.access import volunteer as may_sign_up
from shanshi.attendance.access import own_visits, scanner, visit_to_see
from shanshi.ledger.access import own_books
from shanshi.registry.access import myself
from shanshi.rewards.access import holder as may_redeem
from shanshi.rewards.access import own_redemption

__all__ = [
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
