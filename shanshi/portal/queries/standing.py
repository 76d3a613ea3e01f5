"""How a shift stands for somebody: the one word that decides which button a page shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from shanshi.activities.queries import ShiftFacts, SignUpFacts
from shanshi.activities.rules import SignUpState
from shanshi.attendance.rules import DoorTimes, PastVisit, VisitState, door_hours
from shanshi.kernel.period import Period
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies


class Standing(StrEnum):
    """How a shift stands for somebody.

    INSIDE  checked in now; DOOR: has a place and may check in now; DONE: was there, and left
    BEGUN   goes on now, without this person
    """

    CANCELLED = "cancelled"
    OVER = "over"
    INSIDE = "inside"
    DOOR = "door"
    DONE = "done"
    PLACED = "placed"
    OFFERED = "offered"
    WAITING = "waiting"
    BEGUN = "begun"
    FREE = "free"
    FULL = "full"


def door_times(at: datetime) -> DoorTimes:
    """Return how long before and after a shift the doors are open, by the policy of the day.

    at  with a time zone
    """
    return DoorTimes.of(policies.in_force("check_in", city_day(at)).values)


def standing(
    shift: ShiftFacts,
    sign_up: SignUpFacts | None,
    visits: Sequence[PastVisit],
    *,
    at: datetime,
    times: DoorTimes,
) -> Standing:
    """Return how a shift stands for the person of the sign-up and the visits.

    visits  the person's visits of the day, and an open one
    at      with a time zone
    """
    if shift.cancelled_at is not None or not shift.is_open:
        return Standing.CANCELLED
    here = [visit.state for visit in visits if visit.shift_id == shift.id]
    door = door_hours(Period(shift.starts_at, shift.ends_at), times)
    if VisitState.OPEN in here and at <= door.ends_at:
        return Standing.INSIDE
    if at >= shift.ends_at:
        return Standing.OVER
    if here:
        return Standing.DONE
    if sign_up is not None:
        return _seat(sign_up, may_enter=at >= door.starts_at)
    if at >= shift.starts_at:
        return Standing.BEGUN
    return Standing.FREE if shift.free > 0 else Standing.FULL


def _seat(sign_up: SignUpFacts, *, may_enter: bool) -> Standing:
    if sign_up.state is SignUpState.OFFERED:
        return Standing.OFFERED
    if sign_up.state is SignUpState.WAITING:
        return Standing.WAITING
    return Standing.DOOR if may_enter else Standing.PLACED
