"""Endpoints drawn from several rooms: one's own data, roles, proposals, looks, the auditor."""

from ninja import Router

from shanshi.portal.api.audit import router as audit
from shanshi.portal.api.looks import router as looks
from shanshi.portal.api.own import router as own
from shanshi.portal.api.roles import router as roles

router = Router()
for part in (own, roles, looks, audit):
    router.add_router("", part)

__all__ = ["router"]
