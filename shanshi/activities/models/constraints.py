"""Constraints that several tables share."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


def in_pairs(step: str) -> models.CheckConstraint:
    """Return the constraint that a step has both its moment and its person, or neither."""
    return models.CheckConstraint(
        condition=Q(**{f"{step}_at__isnull": True, f"{step}_by__isnull": True})
        | Q(**{f"{step}_at__isnull": False, f"{step}_by__isnull": False}),
        name=f"%(class)s_{step}_has_time_and_person",
    )


def in_state_only_after(state: str, step: str) -> models.CheckConstraint:
    """Return the constraint that a row in the state has the step on record."""
    return models.CheckConstraint(
        condition=~Q(state=state) | Q(**{f"{step}_at__isnull": False}), name=f"%(class)s_{state}_was_{step}"
    )
