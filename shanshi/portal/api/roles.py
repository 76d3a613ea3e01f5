"""Endpoints of roles and of what two people decide."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Router, Schema, Status

from shanshi.foundation import clock, paging, proposals
from shanshi.foundation.actor import Role
from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.foundation.problems import REFUSALS, Problem
from shanshi.foundation.proposals import Verdict
from shanshi.kernel.quantities import city_day
from shanshi.portal import access
from shanshi.portal.queries.roles import RoleLine, person_numbered, role_page
from shanshi.portal.queries.trail import ProposalLine, proposal_lines, waiting_proposals
from shanshi.registry import operations
from shanshi.registry.operations import Outcome, RoleWish

router = Router(tags=["staff"])
GIVEN = tuple(access.GIVE_ROLE.values())
DECIDE = {
    operations.CITY_ROLE: operations.decide_city_role,
    operations.SECOND_FACTOR: operations.decide_factor_reset,
}

Reason = Annotated[str, Field(min_length=1, max_length=500, description="Why; it stays on the trail.")]
Limit = Annotated[int, Field(ge=1, le=paging.LARGEST)]


class PersonOut(Schema):
    """Somebody of staff by volunteer number and masked name; both empty for the platform itself."""

    number: str
    masked_name: str


class GrantOut(Schema):
    """A role of somebody, from a day to a day. `state`: holds, ahead, over or ended."""

    id: UUID
    person: PersonOut
    role: Role
    place: str
    place_name: str
    from_on: date
    to_on: date | None
    state: str
    reason: str
    given_at: datetime
    given_by: PersonOut
    ended_at: datetime | None
    end_reason: str


class GrantsOut(Schema):
    """A page of roles, the latest given first."""

    items: list[GrantOut]
    next: str | None = Field(description="Cursor of the next page, or null")


class RoleIn(Schema):
    """A role for the person with a volunteer number. Nobody is found by phone."""

    number: str = Field(min_length=1, max_length=30)
    role: Role
    place: str = Field(
        max_length=100, description='"city", "division:<code>", "organization:<id>", "team:<id>" ...'
    )
    from_on: date | None = Field(None, description="First day in the city; today if left out.")
    to_on: date | None = Field(None, description="Last day; without it until somebody ends it.")
    reason: Reason


class DaysIn(Schema):
    """Other days for a role. The first day of one that has begun stays."""

    from_on: date
    to_on: date | None = None
    reason: Reason


class ReasonIn(Schema):
    """Why."""

    reason: Reason


class OutcomeOut(Schema):
    """A role that is held now, or a proposal: what reaches over the whole city waits for a second person."""

    grant_id: UUID | None
    proposal_id: UUID | None


class ProposalOut(Schema):
    """Something that waits for a second person, or was decided. `facts` name what shall be done."""

    id: UUID
    kind: str
    facts: dict[str, str | None]
    about: PersonOut
    reason: str
    proposed_at: datetime
    proposed_by: PersonOut
    expires_at: datetime
    verdict: str | None
    decided_at: datetime | None
    decided_by: PersonOut
    decision_reason: str


class ProposalsOut(Schema):
    """A page of proposals that wait, the oldest first."""

    items: list[ProposalOut]
    next: str | None = Field(description="Cursor of the next page, or null")


class DecisionIn(Schema):
    """How it is decided. Only its author withdraws; anybody else of the city's staff approves or refuses."""

    verdict: Literal["approved", "refused", "withdrawn"]
    reason: Reason


@router.get("/roles", response={200: GrantsOut, REFUSALS: Problem}, summary="Who holds which role")
@asks(access.SEE_ROLES)
def roles(
    request: Request,
    role: Role | None = None,
    past: bool = False,
    cursor: str | None = None,
    limit: Limit = 50,
) -> GrantsOut:
    """Roles at one's own places and below; with `past` also those that have ended."""
    places = access.may_see_roles(request.actor)
    found, following = role_page(
        places, on=city_day(clock.now()), with_past=past, role=role, cursor=cursor, limit=limit
    )
    return GrantsOut(items=[_grant(line) for line in found], next=following)


@router.post("/roles", response={201: OutcomeOut, REFUSALS: Problem}, summary="Give a role")
@asks(*GIVEN)
def give(request: Request, given: RoleIn) -> Status[OutcomeOut]:
    """Give a role at a place and below, from a day to a day; over the whole city, propose it."""
    now = clock.now()
    place, _roles = access.place_to_give_at(request.actor, given.place, city_day(now))
    access.may_give(request.actor, given.role, place)
    person_id, _line = person_numbered(given.number)
    wish = RoleWish(
        person_id, given.role, place.place, given.from_on or city_day(now), given.to_on, given.reason
    )
    outcome = operations.give_role(wish, lineage=place.lineage, kind=place.kind, by=request.actor, at=now)
    return Status(201, _outcome(outcome))


@router.post(
    "/roles/{grant_id}/days", response={200: OutcomeOut, REFUSALS: Problem}, summary="Change its days"
)
@asks(*GIVEN)
def change(request: Request, grant_id: UUID, given: DaysIn) -> OutcomeOut:
    """Let a role be held for other days; over the whole city, propose it."""
    found = access.role_to_change(request.actor, grant_id)
    outcome = operations.change_role(
        found.id,
        from_on=given.from_on,
        to_on=given.to_on,
        by=request.actor,
        at=clock.now(),
        reason=given.reason,
    )
    return _outcome(outcome)


@router.post("/roles/{grant_id}/end", response={200: OutcomeOut, REFUSALS: Problem}, summary="End a role")
@asks(*GIVEN)
def end(request: Request, grant_id: UUID, given: ReasonIn) -> OutcomeOut:
    """End a role at once; over the whole city, propose it. Ending twice is ending once."""
    found = access.role_to_change(request.actor, grant_id)
    return _outcome(operations.withdraw_role(found.id, by=request.actor, at=clock.now(), reason=given.reason))


@router.get("/proposals", response={200: ProposalsOut, REFUSALS: Problem}, summary="What two people decide")
@asks(access.DECIDE_FOR_CITY)
def waiting(request: Request, cursor: str | None = None, limit: Limit = 50) -> ProposalsOut:
    """What waits for a second person, the oldest first."""
    access.may_decide_for_city(request.actor)
    found, following = waiting_proposals(tuple(DECIDE), at=clock.now(), cursor=cursor, limit=limit)
    return ProposalsOut(items=[_proposal(line) for line in found], next=following)


@router.post(
    "/proposals/{proposal_id}/decision", response={200: ProposalOut, REFUSALS: Problem}, summary="Decide"
)
@asks(access.DECIDE_FOR_CITY)
def decide(request: Request, proposal_id: UUID, given: DecisionIn) -> ProposalOut:
    """Approve, refuse or withdraw a proposal; never approve or refuse one's own."""
    access.may_decide_for_city(request.actor)
    found = proposals.proposal(proposal_id)
    if found.kind not in DECIDE:
        raise proposals.ProposalMissing
    DECIDE[found.kind](
        found.id, Verdict(given.verdict), by=request.actor, at=clock.now(), reason=given.reason
    )
    (line,) = proposal_lines([proposals.proposal(found.id)])
    return _proposal(line)


def _outcome(outcome: Outcome) -> OutcomeOut:
    return OutcomeOut(grant_id=outcome.grant_id, proposal_id=outcome.proposal_id)


def _grant(line: RoleLine) -> GrantOut:
    grant = line.grant
    return GrantOut(
        id=grant.id,
        person=PersonOut.from_orm(line.person),
        role=grant.role,
        place=grant.place,
        place_name=line.place_name,
        from_on=grant.from_on,
        to_on=grant.to_on,
        state=line.state,
        reason=grant.reason,
        given_at=grant.given_at,
        given_by=PersonOut.from_orm(line.giver),
        ended_at=grant.ended_at,
        end_reason=grant.end_reason,
    )


def _proposal(line: ProposalLine) -> ProposalOut:
    one = line.proposal
    return ProposalOut(
        id=one.id,
        kind=one.kind,
        facts={name: None if value is None else str(value) for name, value in one.facts.items()},
        about=PersonOut.from_orm(line.subject),
        reason=one.reason,
        proposed_at=one.proposed_at,
        proposed_by=PersonOut.from_orm(line.by),
        expires_at=one.expires_at,
        verdict=one.verdict.value if one.verdict else None,
        decided_at=one.decided_at,
        decided_by=PersonOut.from_orm(line.decider),
        decision_reason=one.decision_reason,
    )
