"""The shifts of an activity as one reader sees them: one's own place, or what stands against it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shanshi.activities import queries as activities
from shanshi.activities.queries import ActivityFacts, MySignUp, ShiftFacts, SignUpFacts
from shanshi.activities.rules import reasons_against
from shanshi.attendance import queries as attendance
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies
from shanshi.portal.queries.standing import Standing, door_times, standing
from shanshi.registry import queries as registry
from shanshi.registry import rules as registry_rules
from shanshi.registry.queries import VolunteerFacts
from shanshi.registry.rules import age_on

_MOST_SIGN_UPS: Final = 200
_MOST_VISITS: Final = 50
_OPEN: Final = frozenset({Standing.FREE, Standing.FULL})
_PAST: Final = frozenset({Standing.OVER, Standing.CANCELLED})


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """One shift for one reader.

    sign_up      the reader's own, if there is a live one
    to_evaluate  the reader's confirmed visit of which nothing was said yet
    against  the first reason why the reader may not sign up, if there is one
    """

    shift: ShiftFacts
    standing: Standing
    sign_up: SignUpFacts | None = None
    against: DomainError | None = None
    to_evaluate: UUID | None = None

    @property
    def is_to_be_had(self) -> bool:
        """Whether a place is free, and nothing stands against having it."""
        return self.standing is Standing.FREE and self.against is None

    @property
    def may_be_asked_for(self) -> bool:
        """Whether the reader may sign up, or join the waiting list: never once it has begun."""
        return self.standing in _OPEN and self.sign_up is None and self.against is None

    @property
    def is_past(self) -> bool:
        """Whether it belongs below: over, or called off."""
        return self.standing in _PAST


def shift_lines(activity: ActivityFacts, holder_id: UUID | None, *, at: datetime) -> list[ShiftLine]:
    """Return the published shifts of an activity by start, in nine queries however many they are.

    holder_id  of the reader, if the reader is a volunteer
    at         with a time zone
    """
    shifts = [shift for shift in activity.shifts if shift.published_at is not None]
    times = door_times(at)
    if holder_id is None:
        return [ShiftLine(shift, standing(shift, None, (), at=at, times=times)) for shift in shifts]
    since = min([at - times.closes_after, *(shift.starts_at for shift in shifts if shift.ends_at > at)])
    mine = activities.sign_ups_of(holder_id, since=since, limit=_MOST_SIGN_UPS)
    own = {one.sign_up.shift_id: one.sign_up for one in mine}
    visits = attendance.to_decide(holder_id, city_day(at))
    reader = registry.volunteer(holder_id)
    silent = {visit.shift_id: visit.id for visit in attendance.to_evaluate(holder_id, limit=_MOST_VISITS)}
    lines = []
    for shift in shifts:
        sign_up = own.get(shift.id)
        stands = standing(shift, sign_up, visits, at=at, times=times)
        against = _against(activity, shift, reader, mine, at=at) if stands in _OPEN else None
        lines.append(ShiftLine(shift, stands, sign_up, against, silent.get(shift.id)))
    return lines


def _against(
    activity: ActivityFacts,
    shift: ShiftFacts,
    reader: VolunteerFacts,
    mine: Sequence[MySignUp],
    *,
    at: datetime,
) -> DomainError | None:
    facts: dict[str, Any] = {
        "at": at,
        "shift_starts_at": shift.starts_at,
        "age": age_on(reader.birth_on, city_day(shift.starts_at)),
        "min_age": activity.min_age,
        "has_guardian_consent": reader.has_guardian_consent,
        "risk_kinds": activity.risk_kinds,
        "has_clash": any(_overlap(one.shift, shift) for one in mine),
    }
    try:
        terms = registry.consent_text(registry_rules.Purpose.TERMS, city_day(at))
        registry_rules.check_terms(reader.terms, terms.version)
    except DomainError as withdrawn:
        return withdrawn
    # Which skills somebody has is asked beside the button, so nothing stands against them here.
    reasons = reasons_against(facts, policies.in_force("sign_up", city_day(at)).values)
    return reasons[0] if reasons else None


def _overlap(one: ShiftFacts, other: ShiftFacts) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
