"""Endpoints drawn from several rooms: own data, roles, proposals, looks, auditor, organizations, reviews."""

from ninja import Router

from shanshi.portal.api.audit import router as audit
from shanshi.portal.api.booths import router as booths
from shanshi.portal.api.looks import router as looks
from shanshi.portal.api.notices import router as notices
from shanshi.portal.api.organizations import router as organizations
from shanshi.portal.api.own import router as own
from shanshi.portal.api.reviews import router as reviews
from shanshi.portal.api.roles import router as roles

router = Router()
for part in (own, notices, roles, looks, audit, organizations, reviews, booths):
    router.add_router("", part)

__all__ = ["router"]
