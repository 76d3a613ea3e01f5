"""What the room lets go when it has been kept long enough."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Q

from shanshi.activities import models
from shanshi.foundation.retention import Rows, Sweep

SWEEPS: Mapping[str, Sweep] = {
    # Who answers for an activity is announced with it, and is nobody's business years later.
    "persons_in_charge": Rows(
        models.Activity, "last_ends_at", which=~Q(person_in_charge=""), strip={"person_in_charge": ""}
    ),
}
