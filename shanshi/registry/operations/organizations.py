"""Making organizations and teams, joining and leaving them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import Missing
from shanshi.kernel.ids import new_id
from shanshi.kernel.quantities import city_day
from shanshi.places import queries as places
from shanshi.places.rules import name_key
from shanshi.registry import models, rules


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """An organization to make. `division_code` after GB/T 2260, `credit_code` with 18 characters."""

    name: str
    kind: str
    parent_id: UUID | None
    division_code: str
    credit_code: str | None = None
    name_en: str = ""


@transaction.atomic
def create_organization(row: OrganizationRow, *, by: Actor, at: datetime, source: str = "platform") -> UUID:
    """Make an organization and return its id.

    by  who makes it, for the trail
    at  with a time zone

    Raises rules.OrganizationInvalid: no name, unknown kind, unknown parent; rules.CreditCodeInvalid;
    places.DivisionUnknown; rules.OrganizationExists: name in this division, or credit code.
    """
    name = " ".join(row.name.split())
    if not name or len(name) > 100:
        raise rules.OrganizationInvalid(what="name")
    if row.kind not in set(rules.OrganizationKind):
        raise rules.OrganizationInvalid(what=f"kind {row.kind[:20]!r}")
    credit_code = rules.checked_credit_code(row.credit_code) if row.credit_code else None
    above = places.lineage_near(row.division_code, city_day(at))
    if row.parent_id is not None:
        parent = (
            models.Organization.objects.filter(pk=row.parent_id).values_list("lineage", flat=True).first()
        )
        if parent is None:
            raise rules.OrganizationInvalid(what="parent")
        # The parent's divisions are not the child's: a city body's team may work in one district only.
        above = (*(place for place in parent if place.startswith("organization:")), *above)
    key = new_id()
    made = models.Organization(
        id=key,
        name=name,
        name_en=row.name_en.strip(),
        name_key=name_key(name),
        kind=row.kind,
        parent_id=row.parent_id,
        division_code=row.division_code,
        lineage=[f"organization:{key}", *above],
        credit_code=credit_code,
        made_at=at,
        made_by=by.known(),
        source=source,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise rules.OrganizationExists from error
    after = {
        "name": name,
        "kind": row.kind,
        "parent": str(row.parent_id) if row.parent_id else None,
        "division_code": row.division_code,
    }
    audit.record("registry.create_organization", f"organization:{key}", by=by, at=at, after=after)
    return key


@transaction.atomic
def create_team(
    organization_id: UUID, name: str, *, by: Actor, at: datetime, source: str = "platform"
) -> UUID:
    """Make a team inside an organization and return its id.

    at  with a time zone

    Raises rules.OrganizationInvalid: no name, no such organization; rules.OrganizationExists.
    """
    name = " ".join(name.split())
    if not name or len(name) > 100:
        raise rules.OrganizationInvalid(what="name")
    if not models.Organization.objects.filter(pk=organization_id).exists():
        raise rules.OrganizationInvalid(what="organization")
    made = models.Team(
        organization_id=organization_id,
        name=name,
        name_key=name_key(name),
        made_at=at,
        made_by=by.known(),
        source=source,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise rules.OrganizationExists from error
    audit.record("registry.create_team", f"team:{made.pk}", by=by, at=at, after={"name": name})
    return made.pk


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
    models.Membership.objects.bulk_create(
        [
            models.Membership(
                holder_id=holder_id,
                organization_id=organization_id,
                team_id=team_id,
                joined_at=at,
                accepted_at=accepted_at,
                source=source,
            )
        ],
        ignore_conflicts=True,
    )
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
