"""Who may see what of letting go. The table of classes is everybody's; what was found is the city's."""

from __future__ import annotations

from shanshi.foundation.actor import Actor, Role
from shanshi.foundation.permissions import Permission, Reach

SEE_RUNS = Permission(
    "retention",
    "see its runs",
    roles={Role.CITY_STAFF: Reach.HERE, Role.AUDITOR: Reach.HERE},
    note="Everybody sees the table of classes; the runs tell only how many rows went.",
)


def sees_runs(actor: Actor) -> bool:
    """Whether the actor sees what the runs did."""
    return SEE_RUNS.by_role(actor, ())
