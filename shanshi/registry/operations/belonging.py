"""Many people join an organization at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import Missing
from shanshi.registry import models, queries
from shanshi.registry.rules import ListChanged, ListEmpty
from shanshi.registry.rules.belonging import Belonging


@transaction.atomic
def add_members(organization_id: UUID, members: Sequence[Belonging], *, by: Actor, at: datetime) -> int:
    """Make all of these people members, or none; return how many were not members before.

    Doing it twice is doing it once.

    by  who adds them
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
    new = [one for one in members if (one.holder_id, one.team_id) not in before]
    models.Membership.objects.bulk_create(
        [
            models.Membership(
                holder_id=one.holder_id, organization_id=organization_id, team_id=one.team_id, joined_at=at
            )
            for one in new
        ],
        ignore_conflicts=True,
    )
    if new:
        audit.record(
            "registry.add_members",
            f"organization:{organization_id}",
            by=by,
            at=at,
            after={"added": len(new), "in_the_list": len(members)},
        )
    return len(new)
