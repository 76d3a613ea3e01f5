"""Facts of the domain as answers of the endpoints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from shanshi.activities.api import shapes
from shanshi.activities.queries import ActivityCard, ActivityFacts, MySignUp, ShiftFacts, SignUpFacts
from shanshi.activities.rules import SignUpState
from shanshi.registry import queries as registry


def shift_out(shift: ShiftFacts) -> shapes.ShiftOut:
    """Return a shift as an answer."""
    return shapes.ShiftOut(
        id=shift.id,
        name=shift.name,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        capacity=shift.capacity,
        taken=shift.taken,
        waiting=shift.waiting,
        free=shift.free,
        published_at=shift.published_at,
        confirmed_at=shift.confirmed_at,
        cancelled_at=shift.cancelled_at,
    )


def card_out(card: ActivityCard) -> shapes.CardOut:
    """Return an activity of a list as an answer."""
    return shapes.CardOut(
        id=card.id,
        title=card.title,
        kind=card.kind,
        state=card.state,
        fields=list(card.fields),
        organizer=shapes.OrganizerOut(id=card.organization_id, name=card.organization_name, is_lead=True),
        place=card.place_text,
        division_code=card.division_code,
        min_age=card.min_age,
        starts_at=card.starts_at,
        ends_at=card.ends_at,
        shifts=card.shifts,
        capacity=card.capacity,
        taken=card.taken,
        waiting=card.waiting,
        free=card.free,
        distance_m=card.distance_m,
    )


def activity_out(activity: ActivityFacts, *, for_its_people: bool = False) -> shapes.ActivityOut:
    """Return an activity as an answer.

    for_its_people  whether shifts that are not published show too
    """
    return shapes.ActivityOut(
        id=activity.id,
        title=activity.title,
        description=activity.description,
        kind=activity.kind,
        state=activity.state,
        organizers=[
            shapes.OrganizerOut(id=one.id, name=one.name, is_lead=one.is_lead) for one in activity.organizers
        ],
        team=activity.team_id,
        fields=list(activity.fields),
        skills=list(activity.skills),
        skills_required=activity.skills_required,
        min_age=activity.min_age,
        risks=activity.risks,
        risk_kinds=list(activity.risk_kinds),
        bring=activity.bring,
        person_in_charge=activity.person_in_charge,
        expected_people=activity.expected_people,
        attended_at_least=activity.attended_at_least,
        is_foreign_related=activity.is_foreign_related,
        is_outside_province=activity.is_outside_province,
        is_agreement_asked=activity.is_agreement_asked,
        agreement_ref=activity.agreement_ref,
        insurance_ref=activity.insurance_ref,
        place=activity.place_text,
        venue=activity.venue_id,
        division_code=activity.division_code,
        positions=[
            shapes.PositionShape(
                latitude=one.latitude, longitude=one.longitude, radius_m=one.radius_m, name=one.name
            )
            for one in activity.positions
        ],
        program=activity.program_id,
        project=activity.project_id,
        shifts=[
            shift_out(shift) for shift in activity.shifts if for_its_people or shift.published_at is not None
        ],
        submitted_at=activity.submitted_at,
        returned_why=activity.returned_why,
        published_at=activity.published_at,
        cancelled_at=activity.cancelled_at,
        cancelled_why=activity.cancelled_why,
        closed_at=activity.closed_at,
    )


def sign_up_out(sign_up: SignUpFacts) -> shapes.SignUpOut:
    """Return a live sign-up as an answer."""
    state: Literal["placed", "waiting"] = "placed" if sign_up.state is SignUpState.PLACED else "waiting"
    return shapes.SignUpOut(
        id=sign_up.id,
        shift=sign_up.shift_id,
        activity=sign_up.activity_id,
        state=state,
        position=sign_up.position,
        accept_by=sign_up.offered_until,
        starts_at=sign_up.starts_at,
        ends_at=sign_up.ends_at,
    )


def my_sign_up_out(mine: MySignUp) -> shapes.MySignUpOut:
    """Return a sign-up with what it is for as an answer."""
    return shapes.MySignUpOut(
        **sign_up_out(mine.sign_up).dict(), title=mine.shift.title, place=mine.shift.place_text
    )


def withdrawn_out(sign_up: SignUpFacts) -> shapes.WithdrawnOut:
    """Return an ended sign-up as an answer."""
    state: Literal["cancelled", "lapsed"] = "lapsed" if sign_up.state is SignUpState.LAPSED else "cancelled"
    return shapes.WithdrawnOut(id=sign_up.id, shift=sign_up.shift_id, state=state)


def roster_out(shift: ShiftFacts, sign_ups: Iterable[SignUpFacts]) -> shapes.RosterOut:
    """Return a roster as an answer, names masked, in two queries. Erased people show without a number."""
    rows = list(sign_ups)
    people = registry.volunteers(row.holder_id for row in rows)

    def row_out(row: SignUpFacts) -> shapes.RosterRow:
        person = people.get(row.holder_id)
        return shapes.RosterRow(
            volunteer_number=person.number if person else "",
            name=person.masked_name if person else "*",
            state=row.state,
            position=row.position,
            signed_up_at=row.signed_up_at,
            accept_by=row.offered_until,
        )

    return shapes.RosterOut(
        shift=shift_out(shift),
        activity=shift.activity_id,
        title=shift.title,
        items=[row_out(row) for row in rows],
    )
