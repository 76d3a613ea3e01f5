"""Endpoints of activities, shifts and sign-ups."""

from ninja import Router

from shanshi.activities.api.activities import router as activities
from shanshi.activities.api.programs import router as programs
from shanshi.activities.api.sign_ups import router as sign_ups

router = Router(tags=["activities"])
router.add_router("", activities)
router.add_router("", sign_ups)
router.add_router("", programs)

__all__ = ["router"]
