"""Real names of a roster for paper: looks at identities, each written down, all or none."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from shanshi.foundation.actor import Actor
from shanshi.registry import operations as registry
from shanshi.registry.rules import IdentityField

AT_ONCE: Final = 50


@sensitive_variables()
@transaction.atomic
def names_for_paper(
    holder_ids: Sequence[UUID], *, purpose: str, note: str, by: Actor, capacity: str, at: datetime
) -> dict[UUID, str]:
    """Return the real names of a roster, and write down every look; the people see who looked and why.

    purpose, note, capacity  as registry.operations.look takes them
    at                       with a time zone

    Raises what registry.operations.look refuses; then nothing was opened. Locks as it does.
    Source: rules of the city, section 3: reads are logged.
    """
    found: dict[UUID, str] = {}
    for start in range(0, len(holder_ids), AT_ONCE):
        seen = registry.look(
            holder_ids[start : start + AT_ONCE],
            [IdentityField.REAL_NAME],
            purpose=purpose,
            note=note,
            by=by,
            capacity=capacity,
            at=at,
        )
        found |= {holder: fields[IdentityField.REAL_NAME] for holder, fields in seen.items()}
    return found
