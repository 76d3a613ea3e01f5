"""The OpenAPI document: assembles the rooms' endpoints under /api/v1."""

from __future__ import annotations

from shanshi.activities.api import router as activities
from shanshi.api.document import Api
from shanshi.attendance.api import router as attendance
from shanshi.foundation import problems
from shanshi.ledger.api import router as ledger
from shanshi.portal.api import router as portal
from shanshi.registry.api import bearer
from shanshi.registry.api import router as registry
from shanshi.rewards.api import router as rewards

api = Api(
    title="Shanshi 善时",
    version="1",
    description="The volunteer-service platform of a city. Errors are RFC 9457 problems with a stable "
    "`code`; every POST takes an `Idempotency-Key`; lists are paged by cursor.",
    auth=bearer,
    docs_url=None,
    urls_namespace="api",
)
problems.install(api)
for router in (registry, activities, attendance, ledger, rewards, portal):
    api.add_router("", router)
