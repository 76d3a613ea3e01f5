"""Belonging to an organization: many are invited at once, and each answers for themself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import city_day
from shanshi.registry import models, queries, rules
from shanshi.registry.operations.notices import tell
from shanshi.registry.rules import ListChanged, ListEmpty
from shanshi.registry.rules.belonging import Belonging


def add_members(organization_id: UUID, members: Sequence[Belonging], *, by: Actor, at: datetime) -> int:
    """Invite all of these people to be members, or none; return how many were neither members nor invited.

    As `invite_members`, which says whom.

    at  with a time zone

    Raises as `invite_members`.
    """
    return len(invite_members(organization_id, members, by=by, at=at))


@transaction.atomic
def invite_members(
    organization_id: UUID, members: Sequence[Belonging], *, by: Actor, at: datetime
) -> list[UUID]:
    """Invite all of these people to be members, or none; return the new invitations in the order given.

    Doing it twice is doing it once. Who declined within rules.ASKED_AGAIN_AFTER is left out. Until a person
    accepts, nothing of theirs opens to the organization.

    by  who adds them; whoever adds themself is a member at once
    at  with a time zone

    Raises SignInNeeded; Missing: no such organization; ListEmpty; ListChanged: a team is another
    organization's, or somebody is not a volunteer any more.
    """
    by.known()
    if not models.Organization.objects.filter(pk=organization_id).exists():
        raise Missing
    if not members:
        raise ListEmpty
    teams = {one.team_id for one in members if one.team_id is not None}
    ours = models.Team.objects.filter(pk__in=teams, organization_id=organization_id).count()
    holders = {one.holder_id for one in members}
    here = models.Volunteer.objects.filter(holder_id__in=holders, erased_at=None).count()
    if ours != len(teams) or here != len(holders):
        raise ListChanged
    before = queries.standing(organization_id, holders)
    declined = queries.declined(organization_id, holders, at=at)
    new = [
        one for one in members if (one.holder_id, one.team_id) not in before and one.holder_id not in declined
    ]
    rows = [
        models.Membership(
            holder_id=one.holder_id,
            organization_id=organization_id,
            team_id=one.team_id,
            joined_at=at,
            accepted_at=at if one.holder_id == by.holder_id else None,
        )
        for one in new
    ]
    models.Membership.objects.bulk_create(rows, batch_size=2_000, ignore_conflicts=True)
    if new:
        tell_invited(organization_id, rows, at=at)
        audit.record(
            "registry.add_members",
            f"organization:{organization_id}",
            by=by,
            at=at,
            after={"added": len(new), "in_the_list": len(members)},
        )
    return [row.pk for row in rows]


def tell_invited(organization_id: UUID, rows: Sequence[models.Membership], *, at: datetime) -> None:
    """Tell those who were invited to an organization; whoever is a member already, not.

    at  with a time zone
    """
    name = models.Organization.objects.values_list("name", flat=True).get(pk=organization_id)
    holders = {row.holder_id for row in rows if row.accepted_at is None}
    # Asked again after a decline, a person is told again; put on a second list of the same day, not.
    key = f"invited:{organization_id}:{city_day(at)}"
    tell(holders, rules.notices.invited(name), key=key, at=at)


@transaction.atomic
def accept_invitation(invitation_id: UUID, *, holder_id: UUID, by: Actor, at: datetime) -> None:
    """Make an invited volunteer a member; accepting twice is accepting once.

    by  the volunteer, or the guardian of a child who does not sign in
    at  with a time zone

    Raises SignInNeeded; Missing: no such invitation of this volunteer, or it was declined.
    """
    by.known()
    standing = models.Membership.objects.filter(pk=invitation_id, holder_id=holder_id, left_at=None)
    if not standing.filter(accepted_at=None).update(accepted_at=at) and not standing.exists():
        raise Missing


@transaction.atomic
def decline_invitation(invitation_id: UUID, *, holder_id: UUID, by: Actor, at: datetime) -> None:
    """Decline an invitation; declining twice is declining once.

    by  as in `accept_invitation`
    at  with a time zone; the same organization does not ask again for rules.ASKED_AGAIN_AFTER

    Raises SignInNeeded; Missing: no such invitation of this volunteer, or it was accepted.
    """
    by.known()
    invited = models.Membership.objects.filter(pk=invitation_id, holder_id=holder_id, accepted_at=None)
    if not invited.filter(left_at=None).update(left_at=at) and not invited.exists():
        raise Missing
