"""What a door asks when somebody scans: everything of the shift and of the person's place, in one query."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shanshi.activities import models
from shanshi.activities.queries.facts import PositionFacts
from shanshi.activities.rules import ActivityKind, ActivityState, SignUpState
from shanshi.foundation import statements


@dataclass(frozen=True, slots=True)
class DoorFacts:
    """A shift as its door sees it, for one person.

    kind, state  of the activity
    is_placed    whether the person has a place
    """

    id: UUID
    activity_id: UUID
    kind: ActivityKind
    state: ActivityState
    starts_at: datetime
    ends_at: datetime
    published_at: datetime | None
    cancelled_at: datetime | None
    positions: tuple[PositionFacts, ...]
    is_placed: bool


_DOOR: Final = """
    SELECT shift.activity_id, activity.kind, activity.state, shift.starts_at, shift.ends_at,
           shift.published_at, shift.cancelled_at,
           (SELECT json_agg(json_build_array(latitude, longitude, radius_m))
            FROM activities_position WHERE activity_id = shift.activity_id),
           EXISTS (SELECT FROM activities_signup
                   WHERE activity_id = shift.activity_id AND shift_id = shift.id AND holder_id = %s::uuid
                     AND state = 'placed')
    FROM activities_shift shift JOIN activities_activity activity ON activity.id = shift.activity_id
    WHERE shift.id = %s::uuid
"""


def door(shift_id: UUID, holder_id: UUID) -> DoorFacts | None:
    """Return a shift as its door sees it for one person, or None, in one query."""
    found = statements.rows(_DOOR, [holder_id, shift_id])
    if not found:
        return None
    activity_id, kind, state, starts_at, ends_at, published_at, cancelled_at, positions, is_placed = found[0]
    return DoorFacts(
        id=shift_id,
        activity_id=activity_id,
        kind=ActivityKind(kind),
        state=ActivityState(state),
        starts_at=starts_at,
        ends_at=ends_at,
        published_at=published_at,
        cancelled_at=cancelled_at,
        positions=tuple(PositionFacts(float(a), float(b), c) for a, b, c in positions or ()),
        is_placed=is_placed,
    )


def placed_on(shift_ids: Collection[UUID]) -> Mapping[UUID, frozenset[UUID]]:
    """Return the people who have a place on each of the shifts, in one query."""
    found: dict[UUID, set[UUID]] = {shift_id: set() for shift_id in shift_ids}
    placed = models.SignUp.objects.filter(shift_id__in=list(found), state=SignUpState.PLACED)
    for shift_id, holder_id in placed.values_list("shift_id", "holder_id"):
        found[shift_id].add(holder_id)
    return {shift_id: frozenset(people) for shift_id, people in found.items()}
