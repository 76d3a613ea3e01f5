"""Endpoints of the rewards: offers, redemptions, tills, appointments."""

from ninja import Router

from shanshi.rewards.api.appointments import router as appointments
from shanshi.rewards.api.offers import router as offers

router = Router(tags=["rewards"])
router.add_router("", offers)
router.add_router("", appointments)

__all__ = ["router"]
