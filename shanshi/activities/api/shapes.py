"""What the endpoints take and give."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Schema

from shanshi.activities import operations, queries, rules
from shanshi.activities.rules import ActivityKind, ActivityState, RiskKind, SignUpState
from shanshi.foundation.moments import Moment

Word = Annotated[str, Field(min_length=1, max_length=60)]
Text = Annotated[str, Field(max_length=10_000)]
WHEN = "RFC 3339 with a zone, for example 2019-03-21T09:00:00+08:00."


class PositionShape(Schema):
    """Where volunteers check in: degrees (WGS 84) and a radius in metres."""

    latitude: float = Field(ge=-90, le=90, examples=[30.2489])
    longitude: float = Field(ge=-180, le=180, examples=[120.1607])
    radius_m: int = Field(200, ge=10, le=20_000, description="A scan within it counts as there.")
    name: str = Field("", max_length=100, examples=["文澜阁 east gate"])


class ActivityIn(Schema):
    """A draft. Submitting it asks for `risks`, `person_in_charge`, a `place`, a position and a shift."""

    title: str = Field(min_length=1, max_length=120, examples=["Reading guides at the library"])
    organizers: list[UUID] = Field(
        [],
        max_length=20,
        description="Ids of the organizing bodies; the first leads. Empty: the one body that you lead.",
    )
    kind: ActivityKind = Field(ActivityKind.SERVICE, description="Only `service` earns minutes.")
    description: Text = ""
    fields: list[Word] = Field([], max_length=20, examples=[["社区服务"]])
    skills: list[Word] = Field([], max_length=20, description="Skills that help.")
    skills_required: bool = Field(False, description="Whether nobody may sign up without stating the skills.")
    min_age: int = Field(0, ge=0, le=100, description="Full years on the day of the shift.")
    risks: Text = Field("", description="What may happen to the volunteers. Must be stated to submit.")
    risk_kinds: list[RiskKind] = Field(
        [], max_length=20, description="Danger, rescue, water and height ask for an agreement and insurance."
    )
    bring: Text = Field("", description="What volunteers bring.")
    person_in_charge: str = Field("", max_length=100, description="Must be stated to submit.")
    expected_people: int = Field(0, ge=0, le=10_000_000)
    is_foreign_related: bool = False
    is_outside_province: bool = False
    is_agreement_asked: bool = Field(False, description="Whether one of the two sides asks for an agreement.")
    agreement_ref: str = Field("", max_length=200, description="Number of the signed agreement.")
    insurance_ref: str = Field("", max_length=200, description="Number of the insurance.")
    place: str = Field("", max_length=500, description="Where it is, in words. Needed to submit.")
    venue: UUID | None = None
    division_code: str = Field(
        "", pattern=r"^([0-9]{6,12})?$", description="GB/T 2260; empty: that of the leading organizer."
    )
    positions: list[PositionShape] = Field([], max_length=20, description="Service needs one to submit.")
    program: UUID | None = None
    project: UUID | None = None
    team: UUID | None = Field(None, description="The team of the leading body in whose name it is.")

    def draft(self, organizers: Sequence[UUID]) -> rules.ActivityDraft:
        """Return the draft as the domain knows it.

        organizers  in order; the first leads
        """
        return rules.ActivityDraft(
            title=self.title,
            organizers=tuple(organizers),
            division_code=self.division_code,
            kind=self.kind,
            description=self.description,
            fields=tuple(self.fields),
            skills=tuple(self.skills),
            skills_required=self.skills_required,
            min_age=self.min_age,
            risks=self.risks,
            risk_kinds=tuple(self.risk_kinds),
            bring=self.bring,
            person_in_charge=self.person_in_charge,
            expected_people=self.expected_people,
            is_foreign_related=self.is_foreign_related,
            is_outside_province=self.is_outside_province,
            is_agreement_asked=self.is_agreement_asked,
            agreement_ref=self.agreement_ref,
            insurance_ref=self.insurance_ref,
            venue_id=self.venue,
            place_text=self.place,
            positions=tuple(
                rules.PositionDraft(one.latitude, one.longitude, one.radius_m, one.name)
                for one in self.positions
            ),
            program_id=self.program,
            project_id=self.project,
            team_id=self.team,
        )


class ShiftIn(Schema):
    """A shift of 15 minutes to 24 hours, later than now."""

    starts_at: Moment = Field(description=WHEN)
    ends_at: Moment = Field(description=WHEN)
    capacity: int = Field(ge=1, le=100_000, description="How many people have a place.")
    name: str = Field("", max_length=100)

    def draft(self) -> rules.ShiftDraft:
        """Return the draft as the domain knows it."""
        return rules.ShiftDraft(self.starts_at, self.ends_at, self.capacity, self.name)


class ShiftChangeIn(Schema):
    """What of a shift becomes different; what is left out stays."""

    starts_at: Moment | None = Field(None, description=WHEN)
    ends_at: Moment | None = Field(None, description=WHEN)
    capacity: int | None = Field(None, ge=1, le=100_000)

    def change(self) -> operations.ShiftChange:
        """Return the change as the domain knows it."""
        return operations.ShiftChange(self.starts_at, self.ends_at, self.capacity)


class ReasonIn(Schema):
    """Why."""

    reason: str = Field(min_length=1, max_length=500)


class SignUpIn(Schema):
    """What the volunteer states. The body may be left out."""

    skills: list[Word] = Field([], max_length=20, description="Skills that the volunteer has.")


class ShiftOut(Schema):
    """A shift. `free` places can be had at once; none while somebody waits."""

    id: UUID
    name: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    taken: int
    waiting: int
    free: int
    published_at: datetime | None
    confirmed_at: datetime | None
    cancelled_at: datetime | None


class OrganizerOut(Schema):
    """One of the bodies that give an activity."""

    id: UUID
    name: str
    is_lead: bool


class CardOut(Schema):
    """An activity in a list; the times are those of its next shift that matches."""

    id: UUID
    title: str
    kind: ActivityKind
    state: ActivityState
    fields: list[str]
    organizer: OrganizerOut
    place: str
    division_code: str
    min_age: int
    starts_at: datetime | None
    ends_at: datetime | None
    shifts: int
    capacity: int
    taken: int
    waiting: int
    free: int
    distance_m: int | None = Field(None, description="Of a search from a place; else null.")


class ActivityPage(Schema):
    """A page of activities; `next` is the cursor of the following page, or null."""

    items: list[CardOut]
    next: str | None


class ActivityOut(Schema):
    """An activity with its organizers, positions and shifts."""

    id: UUID
    title: str
    description: str
    kind: ActivityKind
    state: ActivityState
    organizers: list[OrganizerOut]
    team: UUID | None = Field(description="In whose name it is, if a team of the leading body gives it.")
    fields: list[str]
    skills: list[str]
    skills_required: bool
    min_age: int
    risks: str
    risk_kinds: list[RiskKind]
    bring: str
    person_in_charge: str
    expected_people: int
    attended_at_least: int | None = Field(description="A lower bound: printed as 150余.")
    is_foreign_related: bool
    is_outside_province: bool
    is_agreement_asked: bool
    agreement_ref: str
    insurance_ref: str
    place: str
    venue: UUID | None
    division_code: str
    positions: list[PositionShape]
    program: UUID | None
    project: UUID | None
    shifts: list[ShiftOut]
    submitted_at: datetime | None
    returned_why: str
    published_at: datetime | None
    cancelled_at: datetime | None
    cancelled_why: str
    closed_at: datetime | None


class SignUpOut(Schema):
    """A sign-up. A place that is offered shows as `waiting` at position 0, with the deadline to accept it."""

    id: UUID
    shift: UUID
    activity: UUID
    state: Literal["placed", "waiting", "received"] = Field(
        description="`received` is kept for shifts whose places are drawn."
    )
    position: int | None = Field(description="Place on the waiting list from 1; null with a place.")
    accept_by: datetime | None = Field(None, description="Until when an offered place is held.")
    starts_at: datetime
    ends_at: datetime


class MySignUpOut(SignUpOut):
    """A sign-up of mine, with what it is for."""

    title: str
    place: str


class MySignUps(Schema):
    """My live sign-ups for shifts that are not over, the next one first."""

    items: list[MySignUpOut]


class Queue(Schema):
    """Activities in order, all at once."""

    items: list[CardOut]


class WithdrawnOut(Schema):
    """A sign-up that has ended."""

    id: UUID
    shift: UUID
    state: Literal["cancelled", "lapsed"]


class RosterRow(Schema):
    """One person on the roster, masked."""

    volunteer_number: str
    name: str = Field(examples=["林*"])
    state: SignUpState
    position: int | None
    signed_up_at: datetime
    accept_by: datetime | None


class RosterOut(Schema):
    """Who has a place on a shift and who waits, each in order of arrival."""

    shift: ShiftOut
    activity: UUID
    title: str
    items: list[RosterRow]


class FindingIn(Schema):
    """What is looked for; all that is given must hold."""

    q: str = Field(
        "",
        max_length=100,
        description="Words of the title, the place or an organizer: characters, their sounds (`tushuguan`),"
        " initials (`tsg`), or a mixture.",
    )
    field: str = Field("", max_length=60, description="For example 社区服务.")
    division: str = Field("", pattern=r"^[0-9]{0,12}$", description="Beginning of a GB/T 2260 code.")
    kind: ActivityKind | None = None
    organization: UUID | None = None
    program: UUID | None = None
    date_from: date | None = Field(None, description="First day of a shift, in the city's zone.")
    date_to: date | None = Field(None, description="Last day of a shift, in the city's zone.")
    free: bool = Field(False, description="Only what has a place at once.")

    def finding(self) -> queries.Finding:
        """Return what is looked for as the domain knows it."""
        return queries.Finding(
            text=self.q,
            field=self.field,
            division_code=self.division,
            kind=self.kind,
            organization_id=self.organization,
            program_id=self.program,
            from_on=self.date_from,
            until_on=self.date_to,
            free=self.free,
        )


class NearIn(FindingIn):
    """What is looked for, and from where. It comes in the body, so that no address or log holds the place."""

    latitude: float = Field(ge=-90, le=90, description="Degrees, WGS 84.", examples=[30.249])
    longitude: float = Field(ge=-180, le=180, description="Degrees, WGS 84.", examples=[120.161])
    within_m: int = Field(50_000, ge=100, le=200_000, description="What lies farther is left out.")

    def near(self) -> queries.Near:
        """Return where somebody looks from as the domain knows it."""
        return queries.Near(self.latitude, self.longitude, self.within_m)
