"""Who belongs to an organization and to its teams: joining, leaving, being put into a team, being let go."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import Missing
from shanshi.registry import models
from shanshi.registry.operations.belonging import tell_invited
from shanshi.registry.rules import bodies


@transaction.atomic
def join(
    holder_id: UUID,
    organization_id: UUID,
    *,
    by: Actor,
    at: datetime,
    team_id: UUID | None = None,
    source: str = "platform",
) -> None:
    """Make a volunteer a member of an organization or of one of its teams; joining twice is joining once.

    by  the volunteer, or a case that is loaded; of anybody else it is an invitation to be accepted
    at  with a time zone

    Raises SignInNeeded; Missing: no such volunteer, organization or team.
    """
    by.known()
    accepted_at = at if by.holder_id == holder_id or source == "case" else None
    if not models.Volunteer.objects.filter(holder_id=holder_id, erased_at=None).exists():
        raise Missing
    if not models.Organization.objects.filter(pk=organization_id).exists():
        raise Missing
    if (
        team_id is not None
        and not models.Team.objects.filter(pk=team_id, organization_id=organization_id).exists()
    ):
        raise Missing
    member = models.Membership(
        holder_id=holder_id,
        organization_id=organization_id,
        team_id=team_id,
        joined_at=at,
        accepted_at=accepted_at,
        source=source,
    )
    standing = models.Membership.objects.filter(
        holder_id=holder_id, organization_id=organization_id, left_at=None
    )
    is_known = standing.filter(Q(team=team_id) if team_id else Q(team=None)).exists()
    models.Membership.objects.bulk_create([member], ignore_conflicts=True)
    if accepted_at is None and not is_known:
        tell_invited(organization_id, [member], at=at)
    if accepted_at is not None:
        invited = models.Membership.objects.filter(
            holder_id=holder_id, organization_id=organization_id, left_at=None, accepted_at=None
        )
        here = invited.filter(team=None) if team_id is None else invited.filter(team_id=team_id)
        here.update(accepted_at=accepted_at)


@transaction.atomic
def leave(holder_id: UUID, organization_id: UUID, *, by: Actor, at: datetime) -> None:
    """End a volunteer's memberships of an organization and its teams; leaving twice is leaving once.

    at  with a time zone

    Raises SignInNeeded.
    """
    by.known()
    models.Membership.objects.filter(
        holder_id=holder_id, organization_id=organization_id, left_at=None
    ).update(left_at=at)


@transaction.atomic
def put_in_team(
    membership_id: UUID, organization_id: UUID, team_id: UUID | None, *, by: Actor, at: datetime
) -> None:
    """Let a member stand in a team of the organization, or in none; where they stand, nothing changes.

    organization_id  whose membership it is
    at               with a time zone

    Raises SignInNeeded; Missing: no such membership here, it has ended, or no such team of the organization;
    bodies.NotAnswered: an invitation; AlreadyInTeam. Locks the membership.
    """
    by.known()
    row = _locked_membership(membership_id, organization_id)
    if row is None or row.left_at is not None:
        raise Missing
    if row.accepted_at is None:
        raise bodies.NotAnswered
    names = dict(models.Team.objects.filter(organization_id=organization_id).values_list("pk", "name"))
    if team_id is not None and team_id not in names:
        raise Missing
    if row.team_id == team_id:
        return
    try:
        with transaction.atomic():
            models.Membership.objects.filter(holder_id=row.holder_id, pk=row.pk).update(team_id=team_id)
    except IntegrityError as error:
        raise bodies.AlreadyInTeam from error
    body = f"organization:{organization_id}"
    audit.record(
        "registry.put_in_team",
        f"membership:{row.pk}",
        by=by,
        at=at,
        before={"place": body, "team": names.get(row.team_id) if row.team_id else None},
        after={"place": body, "team": names.get(team_id) if team_id else None},
    )


@transaction.atomic
def end_membership(
    membership_id: UUID, organization_id: UUID, *, reason: str, by: Actor, at: datetime
) -> None:
    """End a membership, or take an invitation back; one that has ended stays as it is.

    Whose invitation was taken back is not asked again by this organization for ASKED_AGAIN_AFTER.

    organization_id  whose membership it is
    at               with a time zone
    reason           why, in words; it stays on the trail

    Raises SignInNeeded; bodies.ReasonNeeded; Missing: no such membership here. Locks the membership.
    """
    by.known()
    why = bodies.checked_reason(reason)
    row = _locked_membership(membership_id, organization_id)
    if row is None:
        raise Missing
    if row.left_at is not None:
        return
    models.Membership.objects.filter(holder_id=row.holder_id, pk=row.pk).update(left_at=at)
    audit.record(
        "registry.end_membership",
        f"membership:{row.pk}",
        by=by,
        at=at,
        before={"place": f"organization:{organization_id}", "accepted": row.accepted_at is not None},
        after={"ended_at": at.isoformat()},
        reason=why,
    )


def _locked_membership(membership_id: UUID, organization_id: UUID) -> models.Membership | None:
    rows = models.Membership.objects.select_for_update()
    return rows.filter(pk=membership_id, organization_id=organization_id).first()
