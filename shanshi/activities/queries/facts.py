"""What the room answers with: plain values, without any row behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shanshi.activities.rules import (
    HOLDS_A_PLACE,
    ActivityKind,
    ActivityState,
    RiskKind,
    SignUpState,
)


@dataclass(frozen=True, slots=True)
class PositionFacts:
    """Where volunteers check in: degrees, and a radius in metres."""

    latitude: float
    longitude: float
    radius_m: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class OrganizerFacts:
    """One of the bodies that give an activity."""

    id: UUID
    name: str
    is_lead: bool


@dataclass(frozen=True, slots=True)
class ShiftFacts:
    """A shift with what its doors and rosters need of its activity.

    kind, state       of the activity
    taken             places placed or offered
    organization_id   the organizer that leads
    lineage           the shift, the team in whose name it is, the leading organizer and all places above it
    earns_red_points  whether the activity's program gives red points
    """

    id: UUID
    activity_id: UUID
    title: str
    name: str
    kind: ActivityKind
    state: ActivityState
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    waiting: int
    positions: tuple[PositionFacts, ...]
    lineage: tuple[str, ...]
    organization_id: UUID
    place_text: str
    division_code: str
    earns_red_points: bool
    created_by: UUID
    published_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: UUID | None
    cancelled_at: datetime | None
    source: str
    series_id: UUID | None = None

    @property
    def free(self) -> int:
        """Places that somebody can have at once; none while others wait."""
        return 0 if self.waiting or self.cancelled_at else self.capacity - self.taken

    @property
    def is_open(self) -> bool:
        """Whether volunteers may see it and sign up for it, as long as it has not begun."""
        return (
            self.state is ActivityState.PUBLISHED
            and self.published_at is not None
            and self.cancelled_at is None
        )


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """An activity with its organizers, positions and shifts.

    lineage  the team in whose name it is, the leading organizer and all places above it
    parents  the places that may review it: those above the leading organizer, without any organizer
    """

    id: UUID
    title: str
    description: str
    kind: ActivityKind
    state: ActivityState
    program_id: UUID | None
    program_name: str
    project_id: UUID | None
    organizers: tuple[OrganizerFacts, ...]
    team_id: UUID | None
    team_name: str
    lineage: tuple[str, ...]
    parents: tuple[str, ...]
    fields: tuple[str, ...]
    skills: tuple[str, ...]
    skills_required: bool
    min_age: int
    risks: str
    risk_kinds: tuple[RiskKind, ...]
    person_in_charge: str
    expected_people: int
    attended_at_least: int | None
    is_foreign_related: bool
    is_outside_province: bool
    is_agreement_asked: bool
    agreement_ref: str
    insurance_ref: str
    venue_id: UUID | None
    place_text: str
    division_code: str
    positions: tuple[PositionFacts, ...]
    shifts: tuple[ShiftFacts, ...]
    created_at: datetime
    created_by: UUID
    submitted_at: datetime | None
    submitted_by: UUID | None
    returned_at: datetime | None
    returned_why: str
    published_at: datetime | None
    published_by: UUID | None
    cancelled_at: datetime | None
    cancelled_why: str
    closed_at: datetime | None
    source: str
    bring: str = ""

    @property
    def organization_id(self) -> UUID:
        """The organizer that leads."""
        return self.organizers[0].id

    @property
    def is_public(self) -> bool:
        """Whether everybody may see it: it is or was published."""
        return self.published_at is not None


@dataclass(frozen=True, slots=True)
class ActivityCard:
    """An activity in a list, with its next shift.

    starts_at, ends_at     of the next shift that matches
    capacity, taken        places of all matching shifts together
    free                   places that somebody can have at once
    distance_m             from where somebody looks, in metres; None where nobody said it
    """

    id: UUID
    title: str
    kind: ActivityKind
    state: ActivityState
    fields: tuple[str, ...]
    organization_id: UUID
    organization_name: str
    place_text: str
    division_code: str
    min_age: int
    starts_at: datetime | None
    ends_at: datetime | None
    shifts: int
    capacity: int
    taken: int
    waiting: int
    free: int
    submitted_at: datetime | None
    attended_at_least: int | None
    distance_m: int | None = None


@dataclass(frozen=True, slots=True)
class SignUpFacts:
    """A sign-up as its person sees it.

    position       place on the waiting list from 1; 0 when a place is offered; None otherwise
    offered_until  when the offered place goes to the next one
    """

    id: UUID
    activity_id: UUID
    shift_id: UUID
    holder_id: UUID
    state: SignUpState
    position: int | None
    starts_at: datetime
    ends_at: datetime
    signed_up_at: datetime
    offered_until: datetime | None = None
    is_new: bool = False

    @property
    def holds_a_place(self) -> bool:
        """Whether a place is kept for the person."""
        return self.state in HOLDS_A_PLACE


@dataclass(frozen=True, slots=True)
class MySignUp:
    """A sign-up with the shift that it is for."""

    sign_up: SignUpFacts
    shift: ShiftFacts
