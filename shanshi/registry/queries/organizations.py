"""Organizations and their teams."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from shanshi.kernel.errors import Missing
from shanshi.registry import models


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """An organization.

    lineage  itself, its parents and divisions as places, the lowest first
    parents  the lineage without itself
    """

    id: UUID
    name: str
    kind: str
    parent_id: UUID | None
    lineage: tuple[str, ...]
    parents: tuple[str, ...]
    division_code: str
    name_en: str = ""
    credit_code: str = ""


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """A team of an organization."""

    id: UUID
    organization_id: UUID
    name: str

    @property
    def place(self) -> str:
        """The place at which a role over this team alone is held; it lies below its organization."""
        return f"team:{self.id}"


def organization(organization_id: UUID) -> OrganizationFacts:
    """Return one organization.

    Raises Missing.
    """
    found = organizations([organization_id]).get(organization_id)
    if found is None:
        raise Missing
    return found


def organizations(organization_ids: Iterable[UUID]) -> dict[UUID, OrganizationFacts]:
    """Return several organizations in one query; unknown ids are left out."""
    return {row.pk: facts_of(row) for row in models.Organization.objects.filter(pk__in=set(organization_ids))}


def children(organization_id: UUID) -> list[OrganizationFacts]:
    """Return the organizations directly below one, sorted by the sound of their names."""
    rows = models.Organization.objects.filter(parent_id=organization_id).order_by("name_key", "pk")
    return [facts_of(row) for row in rows]


def organizations_under(places: Iterable[str]) -> list[OrganizationFacts]:
    """Return the organizations at or below any of the places, sorted by the sound of their names.

    places  "organization:<uuid>", "division:<code>"; "city" means all
    """
    wanted = list(places)
    rows = models.Organization.objects.order_by("name_key", "pk")
    if "city" not in wanted:
        rows = rows.filter(lineage__overlap=wanted)
    return [facts_of(row) for row in rows]


def organization_named(name: str, division_code: str) -> UUID | None:
    """Return the organization of this name in a division; None if there is none."""
    return (
        models.Organization.objects.filter(name=name, division_code=division_code)
        .values_list("pk", flat=True)
        .first()
    )


def teams(organization_id: UUID) -> list[TeamFacts]:
    """Return the teams of an organization, sorted by the sound of their names."""
    rows = models.Team.objects.filter(organization_id=organization_id).order_by("name_key", "pk")
    return [TeamFacts(row.pk, row.organization_id, row.name) for row in rows]


def teams_of_ids(team_ids: Iterable[UUID]) -> dict[UUID, TeamFacts]:
    """Return several teams in one query; unknown ids are left out, and none asked is none sought."""
    wanted = set(team_ids)
    rows = models.Team.objects.filter(pk__in=wanted) if wanted else ()
    return {row.pk: TeamFacts(row.pk, row.organization_id, row.name) for row in rows}


def members(organization_id: UUID, *, team_id: UUID | None = None) -> list[UUID]:
    """Return the holder ids of an organization's or a team's members who accepted, the earliest first."""
    rows = models.Membership.objects.filter(
        organization_id=organization_id, left_at=None, accepted_at__isnull=False
    )
    if team_id is not None:
        rows = rows.filter(team_id=team_id)
    return list(dict.fromkeys(rows.order_by("joined_at", "pk").values_list("holder_id", flat=True)))


def memberships(holder_id: UUID) -> list[OrganizationFacts]:
    """Return the organizations a volunteer belongs to, sorted by the sound of their names."""
    ids = models.Membership.objects.filter(
        holder_id=holder_id, left_at=None, accepted_at__isnull=False
    ).values_list("organization_id", flat=True)
    rows = models.Organization.objects.filter(pk__in=set(ids)).order_by("name_key", "pk")
    return [facts_of(row) for row in rows]


def facts_of(row: models.Organization) -> OrganizationFacts:
    """Return a row as plain values."""
    lineage = tuple(row.lineage)
    return OrganizationFacts(
        row.pk,
        row.name,
        row.kind,
        row.parent_id,
        lineage,
        lineage[1:],
        row.division_code,
        row.name_en,
        row.credit_code or "",
    )


def organizations_called(names: Iterable[str]) -> dict[str, list[OrganizationFacts]]:
    """Return the organizations of each name, in one query; unknown names are left out."""
    found: dict[str, list[OrganizationFacts]] = {}
    for row in models.Organization.objects.filter(name__in=set(names)).order_by("division_code", "pk"):
        found.setdefault(row.name, []).append(facts_of(row))
    return found


def teams_called(names: Iterable[str]) -> dict[str, list[TeamFacts]]:
    """Return the teams of each name, in one query; unknown names are left out."""
    found: dict[str, list[TeamFacts]] = {}
    for row in models.Team.objects.filter(name__in=set(names)).order_by("organization_id", "pk"):
        found.setdefault(row.name, []).append(TeamFacts(row.pk, row.organization_id, row.name))
    return found
