"""Templates of an organization, and what an activity would say again; never write."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shanshi.activities import models
from shanshi.activities.rules import ActivityDraft, ActivityKind, PositionDraft, RiskKind
from shanshi.activities.rules.states import ActivityMissing
from shanshi.activities.rules.templates import ShiftShape, TemplateMissing, read_draft, without_occasion

LISTED: Final = 100


@dataclass(frozen=True, slots=True)
class TemplateFacts:
    """An activity to begin from again.

    lineage  the organization that keeps it, and all places above
    """

    id: UUID
    organization_id: UUID
    organization_name: str
    lineage: tuple[str, ...]
    name: str
    draft: ActivityDraft
    shifts: tuple[ShiftShape, ...]


def templates(organization_ids: Iterable[UUID]) -> list[TemplateFacts]:
    """Return the templates that the organizations keep, by name, in one query."""
    rows = models.Template.objects.filter(organization_id__in=list(organization_ids), removed_at__isnull=True)
    return [_facts(row) for row in rows.select_related("organization").order_by("name", "id")[:LISTED]]


def template(template_id: UUID) -> TemplateFacts:
    """Return a template, also one that was removed.

    Raises TemplateMissing.
    """
    row = models.Template.objects.select_related("organization").filter(id=template_id).first()
    if row is None:
        raise TemplateMissing
    return _facts(row)


def activity_again(activity_id: UUID) -> ActivityDraft:
    """Return what an activity would say the next time: without its person in charge and its papers.

    Raises ActivityMissing.
    """
    row = models.Activity.objects.filter(id=activity_id).first()
    if row is None:
        raise ActivityMissing
    return draft_again(row)


def draft_again(row: models.Activity) -> ActivityDraft:
    """Return what an activity would say the next time: without its person in charge and its papers."""
    organizers = models.Organizer.objects.filter(activity_id=row.id).order_by("-is_lead", "rank")
    places = models.Position.objects.filter(activity_id=row.id).order_by("id")
    return without_occasion(
        ActivityDraft(
            title=row.title,
            organizers=tuple(organizers.values_list("organization_id", flat=True)),
            division_code=row.division_code,
            kind=ActivityKind(row.kind),
            description=row.description,
            fields=tuple(row.fields),
            skills=tuple(row.skills),
            skills_required=row.skills_required,
            min_age=row.min_age,
            risks=row.risks,
            risk_kinds=tuple(RiskKind(kind) for kind in row.risk_kinds),
            bring=row.bring,
            expected_people=row.expected_people,
            is_foreign_related=row.is_foreign_related,
            is_outside_province=row.is_outside_province,
            is_agreement_asked=row.is_agreement_asked,
            venue_id=row.venue_id,
            place_text=row.place_text,
            positions=tuple(
                PositionDraft(float(one.latitude), float(one.longitude), one.radius_m, one.name)
                for one in places
            ),
            program_id=row.program_id,
            project_id=row.project_id,
            team_id=row.team_id,
        )
    )


def _facts(row: models.Template) -> TemplateFacts:
    return TemplateFacts(
        id=row.id,
        organization_id=row.organization_id,
        organization_name=row.organization.name,
        lineage=tuple(row.organization.lineage),
        name=row.name,
        draft=read_draft(row.draft),
        shifts=tuple(ShiftShape.read(one) for one in row.shifts),
    )
