"""How many there are."""

from __future__ import annotations

from shanshi.registry import models


def volunteers_registered() -> int:
    """Return how many people are registered as volunteers now; erased ones are not counted."""
    return models.Volunteer.objects.filter(erased_at=None).count()
