"""Who belongs to an organization, row by row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from shanshi.foundation import crypto, paging
from shanshi.registry import models, rules
from shanshi.registry.queries.people import VolunteerFacts, claim_row, volunteers
from shanshi.registry.rules import ClaimKind


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """One membership. Without `volunteer` the person has been erased; is_member: whether they accepted."""

    volunteer: VolunteerFacts | None
    team: str
    joined_at: datetime
    is_member: bool
    id: UUID
    team_id: UUID | None


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """Somebody else made a volunteer a member, who has not answered. team: empty for the whole."""

    id: UUID
    organization_id: UUID
    organization: str
    team: str
    invited_at: datetime


@dataclass(frozen=True, slots=True)
class MemberFilter:
    """Which members are wanted; what is left open means everybody.

    is_member  True: who accepted; False: who has not answered yet
    team_id    of one team; no_team: who stands in none
    holder_id  one person
    """

    is_member: bool | None = None
    team_id: UUID | None = None
    no_team: bool = False
    holder_id: UUID | None = None


def member_page(
    organization_id: UUID, *, cursor: str | None, limit: int, wanted: MemberFilter | None = None
) -> tuple[list[MemberFacts], str | None]:
    """Return memberships and invitations that stand, the latest first, and the cursor of the next page.

    Raises paging.CursorUnreadable.
    """
    rows = models.Membership.objects.filter(organization_id=organization_id, left_at=None)
    if wanted is not None:
        rows = rows.filter(_wanted(wanted))
    found, following = paging.page(
        rows.select_related("team"), order=("-joined_at", "-id"), cursor=cursor, limit=limit
    )
    people = volunteers([row.holder_id for row in found])
    return [
        MemberFacts(
            people.get(row.holder_id),
            row.team.name if row.team else "",
            row.joined_at,
            row.accepted_at is not None,
            row.pk,
            row.team_id,
        )
        for row in found
    ], following


def _wanted(wanted: MemberFilter) -> Q:
    found = Q()
    if wanted.is_member is not None:
        found &= Q(accepted_at__isnull=not wanted.is_member)
    if wanted.team_id is not None:
        found &= Q(team_id=wanted.team_id)
    if wanted.no_team:
        found &= Q(team_id=None)
    if wanted.holder_id is not None:
        found &= Q(holder_id=wanted.holder_id)
    return found


def with_numbers(numbers: Iterable[str]) -> dict[str, VolunteerFacts]:
    """Return the volunteers who have these numbers, in two questions; unknown and erased ones are left out.

    numbers  as they are stored
    """
    indexes = {crypto.blind_index(ClaimKind.VOLUNTEER_NUMBER, number): number for number in numbers}
    owners = models.Claim.objects.filter(
        holder_id__in=[claim_row(index) for index in indexes],
        kind=ClaimKind.VOLUNTEER_NUMBER,
        index__in=list(indexes),
    ).values_list("index", "owner_holder_id")
    held = {indexes[bytes(index)]: holder_id for index, holder_id in owners}
    people = volunteers(held.values())
    return {number: people[holder_id] for number, holder_id in held.items() if holder_id in people}


def standing(organization_id: UUID, holder_ids: Iterable[UUID]) -> set[tuple[UUID, UUID | None]]:
    """Return which people belong to the organization or are invited, each with the team (None: the whole)."""
    rows = models.Membership.objects.filter(
        organization_id=organization_id, holder_id__in=set(holder_ids), left_at=None
    )
    return set(rows.values_list("holder_id", "team_id"))


def declined(organization_id: UUID, holder_ids: Iterable[UUID], *, at: datetime) -> frozenset[UUID]:
    """Return which people declined an invitation of the organization so lately that it does not ask again.

    at  with a time zone
    """
    rows = models.Membership.objects.filter(
        organization_id=organization_id,
        holder_id__in=set(holder_ids),
        accepted_at=None,
        left_at__gt=at - rules.ASKED_AGAIN_AFTER,
    )
    return frozenset(rows.values_list("holder_id", flat=True))


def invitations(holder_id: UUID) -> list[InvitationFacts]:
    """Return the invitations that wait for a volunteer's answer, the latest first."""
    rows = models.Membership.objects.filter(holder_id=holder_id, left_at=None, accepted_at=None)
    return [
        InvitationFacts(
            row.pk,
            row.organization_id,
            row.organization.name,
            row.team.name if row.team else "",
            row.joined_at,
        )
        for row in rows.select_related("organization", "team").order_by("-joined_at", "-pk")
    ]
