"""Endpoints of organizations, their teams and members: looking, making, changing, moving."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Router, Schema, Status

from shanshi.foundation import clock, limits, paging
from shanshi.foundation.doors import Request, public
from shanshi.foundation.permissions import asks
from shanshi.foundation.problems import REFUSALS, Problem
from shanshi.portal.queries.bodies import body_page
from shanshi.registry import access, operations, queries
from shanshi.registry.operations import OrganizationChange, OrganizationRow
from shanshi.registry.queries import MemberFilter, OrganizationFacts
from shanshi.registry.queries.bodies import BodyFilter, organization_page
from shanshi.registry.rules import OrganizationKind

router = Router(tags=["organizations"])

Name = Annotated[str, Field(min_length=1, max_length=100)]
CreditCode = Annotated[
    str | None, Field(max_length=18, description="Unified social credit code, 18 characters.")
]
Reason = Annotated[str, Field(min_length=1, max_length=500, description="Why; it stays on the trail.")]
Limit = Annotated[int, Field(ge=1, le=paging.LARGEST)]


class OrganizationOut(Schema):
    """An organization. `parent_id` is null for one that stands directly below its division."""

    id: UUID
    name: str
    name_en: str
    kind: OrganizationKind
    parent_id: UUID | None
    division_code: str


class OrganizationsOut(Schema):
    """A page of organizations, by the sound of their names."""

    items: list[OrganizationOut]
    next: str | None = Field(description="Cursor of the next page, or null")


class TeamOut(Schema):
    """A team of an organization."""

    id: UUID
    name: str


class RecordOut(OrganizationOut):
    """An organization with its teams and its record: what was confirmed at activities that it led."""

    teams: list[TeamOut]
    verified_minutes: int
    visits: int
    shifts_held: int
    shifts_cancelled: int


class OrganizationIn(Schema):
    """What an organization says of itself."""

    name: Name
    name_en: str = Field("", max_length=200)
    kind: OrganizationKind
    credit_code: CreditCode = None


class NewOrganizationIn(OrganizationIn):
    """A new organization: below a parent, or without one directly below a division."""

    parent_id: UUID | None = None
    division_code: str = Field(min_length=6, max_length=9, description="GB/T 2260: where it works.")


class MoveIn(Schema):
    """Under which parent it shall stand."""

    parent_id: UUID
    reason: Reason


class MovedOut(Schema):
    """How many organizations have moved, itself among them."""

    organizations: int


class NameIn(Schema):
    """What a team is called."""

    name: Name


class MadeOut(Schema):
    """What was made."""

    id: UUID


class MemberOut(Schema):
    """A membership, by volunteer number and masked name. `is_member`: whether the person has accepted."""

    id: UUID
    number: str
    masked_name: str
    team_id: UUID | None
    joined_at: datetime
    is_member: bool


class MembersOut(Schema):
    """A page of members and invited people, the latest first."""

    items: list[MemberOut]
    next: str | None = Field(description="Cursor of the next page, or null")


class TeamIn(Schema):
    """The team in which a member shall stand; null for none."""

    team_id: UUID | None


class ReasonIn(Schema):
    """Why."""

    reason: Reason


@router.get(
    "/organizations", response={200: OrganizationsOut, REFUSALS: Problem}, summary="Organizations", auth=None
)
@public
def listed(
    request: Request,
    text: str = "",
    kind: OrganizationKind | None = None,
    division_code: str = "",
    cursor: str | None = None,
    limit: Limit = 50,
) -> OrganizationsOut:
    """Find organizations by characters of the name, its sounds or their initials."""
    limits.count(request, "searches")
    wanted = BodyFilter(text[:100], kind, division_code[:9].replace("\x00", ""))
    found, following = organization_page(wanted, cursor=cursor, limit=limit)
    return OrganizationsOut(items=[_organization(one) for one in found], next=following)


@router.get(
    "/organizations/{organization_id}",
    response={200: RecordOut, REFUSALS: Problem},
    summary="One organization",
    auth=None,
)
@public
def one(request: Request, organization_id: UUID) -> RecordOut:
    """What it is, its teams and its record; sums are at most five minutes old."""
    page = body_page(queries.organization(organization_id), at=clock.now())
    return RecordOut(
        **_organization(page.organization).dict(),
        teams=[TeamOut(id=team.id, name=team.name) for team in page.teams],
        verified_minutes=page.record.minutes,
        visits=page.record.visits,
        shifts_held=page.kept.held,
        shifts_cancelled=page.kept.cancelled,
    )


@router.post("/organizations", response={201: MadeOut, REFUSALS: Problem}, summary="Make an organization")
@asks(access.MANAGE_ORGANIZATIONS)
def make(request: Request, given: NewOrganizationIn) -> Status[MadeOut]:
    """Make one below a parent, or directly below a division."""
    now = clock.now()
    if given.parent_id is not None:
        lineage = access.organization_to_build_on(request.actor, given.parent_id).lineage
    else:
        lineage = access.division_to_build_in(request.actor, given.division_code, at=now)
    access.may_make_kind(request.actor, given.kind, lineage)
    return Status(
        201,
        MadeOut(id=operations.create_organization(OrganizationRow(**given.dict()), by=request.actor, at=now)),
    )


@router.put(
    "/organizations/{organization_id}",
    response={200: OrganizationOut, REFUSALS: Problem},
    summary="Change an organization",
)
@asks(access.CHANGE_ORGANIZATION)
def change(request: Request, organization_id: UUID, given: OrganizationIn) -> OrganizationOut:
    """Let it say something else of itself; its own manager does not."""
    found = access.organization_to_change(request.actor, organization_id)
    for kind in {found.kind, given.kind.value}:
        access.may_make_kind(request.actor, kind, found.lineage)
    operations.change_organization(
        found.id, OrganizationChange(**given.dict()), by=request.actor, at=clock.now()
    )
    return _organization(queries.organization(found.id))


@router.post(
    "/organizations/{organization_id}/move",
    response={200: MovedOut, REFUSALS: Problem},
    summary="Put it under another parent",
)
@asks(access.MOVE_ORGANIZATION)
def move(request: Request, organization_id: UUID, given: MoveIn) -> MovedOut:
    """Put an organization with all below it under another parent."""
    found = access.organization_to_move(request.actor, organization_id)
    parent = access.organization_to_move(request.actor, given.parent_id)
    moved = operations.move_organization(
        found.id, parent.id, reason=given.reason, by=request.actor, at=clock.now()
    )
    return MovedOut(organizations=moved)


@router.post(
    "/organizations/{organization_id}/teams",
    response={201: MadeOut, REFUSALS: Problem},
    summary="Make a team",
)
@asks(access.MANAGE_ORGANIZATIONS)
def make_team(request: Request, organization_id: UUID, given: NameIn) -> Status[MadeOut]:
    """Make a team in an organization."""
    found = access.organization_to_build_on(request.actor, organization_id)
    return Status(
        201, MadeOut(id=operations.create_team(found.id, given.name, by=request.actor, at=clock.now()))
    )


@router.put(
    "/organizations/{organization_id}/teams/{team_id}",
    response={204: None, REFUSALS: Problem},
    summary="Rename a team",
)
@asks(access.CHANGE_TEAM)
def rename_team(request: Request, organization_id: UUID, team_id: UUID, given: NameIn) -> Status[None]:
    """Call a team by another name."""
    team = access.team_to_change(request.actor, organization_id, team_id)
    operations.rename_team(team.id, given.name, by=request.actor, at=clock.now())
    return Status(204, None)


@router.get(
    "/organizations/{organization_id}/members",
    response={200: MembersOut, REFUSALS: Problem},
    summary="Its members",
)
@asks(access.KEEP_MEMBERS)
def members(
    request: Request,
    organization_id: UUID,
    state: Literal["member", "invited"] | None = None,
    team_id: UUID | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> MembersOut:
    """Who belongs to it or is invited, masked."""
    found = access.organization_to_keep(request.actor, organization_id)
    wanted = MemberFilter(is_member=None if state is None else state == "member", team_id=team_id)
    rows, following = queries.member_page(found.id, cursor=cursor, limit=limit, wanted=wanted)
    items = [
        MemberOut(
            id=row.id,
            number=row.volunteer.number,
            masked_name=row.volunteer.masked_name,
            team_id=row.team_id,
            joined_at=row.joined_at,
            is_member=row.is_member,
        )
        for row in rows
        if row.volunteer is not None
    ]
    return MembersOut(items=items, next=following)


@router.post(
    "/organizations/{organization_id}/members/{membership_id}/team",
    response={204: None, REFUSALS: Problem},
    summary="Put a member into a team",
)
@asks(access.TEND_MEMBERS)
def put_in_team(request: Request, organization_id: UUID, membership_id: UUID, given: TeamIn) -> Status[None]:
    """Let a member stand in a team, or in none."""
    found = access.organization_to_tend(request.actor, organization_id)
    operations.put_in_team(membership_id, found.id, given.team_id, by=request.actor, at=clock.now())
    return Status(204, None)


@router.post(
    "/organizations/{organization_id}/members/{membership_id}/end",
    response={204: None, REFUSALS: Problem},
    summary="End a membership",
)
@asks(access.TEND_MEMBERS)
def end(request: Request, organization_id: UUID, membership_id: UUID, given: ReasonIn) -> Status[None]:
    """Let a member go, or take an invitation back; ending twice is ending once."""
    found = access.organization_to_tend(request.actor, organization_id)
    operations.end_membership(membership_id, found.id, reason=given.reason, by=request.actor, at=clock.now())
    return Status(204, None)


def _organization(facts: OrganizationFacts) -> OrganizationOut:
    return OrganizationOut(
        id=facts.id,
        name=facts.name,
        name_en=facts.name_en,
        kind=OrganizationKind(facts.kind),
        parent_id=facts.parent_id,
        division_code=facts.division_code,
    )
