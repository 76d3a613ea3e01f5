"""Questions about single activities and about the queues of staff; never write."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shanshi.activities import models
from shanshi.activities.queries.facts import ActivityFacts, OrganizerFacts
from shanshi.activities.queries.shifts import facts_of as shift_facts
from shanshi.activities.queries.shifts import positions, team_place
from shanshi.activities.rules import ActivityKind, ActivityState, RiskKind
from shanshi.activities.rules.states import ActivityMissing
from shanshi.registry import queries as registry


def activity(activity_id: UUID, *, since: datetime | None = None) -> ActivityFacts:
    """Return an activity with its organizers, team, positions and shifts, in five queries.

    since  leave out the shifts that were over by then, with a time zone; an activity may stand for years

    Raises ActivityMissing.
    """
    row = models.Activity.objects.select_related("program", "team").filter(id=activity_id).first()
    if row is None:
        raise ActivityMissing
    organizer_ids = [
        organizer.organization_id
        for organizer in models.Organizer.objects.filter(activity_id=row.id).order_by("-is_lead", "rank")
    ]
    bodies = registry.organizations(organizer_ids)
    lead = bodies[row.lead_organization_id]
    places = positions([row.id])[row.id]
    standing = models.Shift.objects.filter(activity_id=row.id)
    if since is not None:
        standing = standing.filter(ends_at__gt=since)
    rows = list(standing.order_by("starts_at", "id"))
    for shift in rows:
        shift.activity = row
    own = {f"organization:{body}" for body in organizer_ids}
    return ActivityFacts(
        id=row.id,
        title=row.title,
        description=row.description,
        kind=ActivityKind(row.kind),
        state=ActivityState(row.state),
        program_id=row.program_id,
        program_name=row.program.name if row.program is not None else "",
        project_id=row.project_id,
        organizers=tuple(
            OrganizerFacts(body, bodies[body].name, body == row.lead_organization_id)
            for body in organizer_ids
        ),
        team_id=row.team_id,
        team_name=row.team.name if row.team is not None else "",
        lineage=(*team_place(row), *lead.lineage),
        parents=tuple(place for place in lead.parents if place not in own),
        fields=tuple(row.fields),
        skills=tuple(row.skills),
        skills_required=row.skills_required,
        min_age=row.min_age,
        risks=row.risks,
        risk_kinds=tuple(RiskKind(kind) for kind in row.risk_kinds),
        person_in_charge=row.person_in_charge,
        expected_people=row.expected_people,
        attended_at_least=row.attended_at_least,
        is_foreign_related=row.is_foreign_related,
        is_outside_province=row.is_outside_province,
        is_agreement_asked=row.is_agreement_asked,
        agreement_ref=row.agreement_ref,
        insurance_ref=row.insurance_ref,
        venue_id=row.venue_id,
        place_text=row.place_text,
        division_code=row.division_code,
        positions=places,
        shifts=tuple(shift_facts(shift, places, lead.lineage) for shift in rows),
        created_at=row.created_at,
        created_by=row.created_by,
        submitted_at=row.submitted_at,
        submitted_by=row.submitted_by,
        returned_at=row.returned_at,
        returned_why=row.returned_why,
        published_at=row.published_at,
        published_by=row.published_by,
        cancelled_at=row.cancelled_at,
        cancelled_why=row.cancelled_why,
        closed_at=row.closed_at,
        source=row.source,
        bring=row.bring,
    )


def activity_of(shift_id: UUID) -> UUID:
    """Return the id of the activity that a shift belongs to.

    Raises ActivityMissing.
    """
    found = models.Shift.objects.filter(id=shift_id).values_list("activity_id", flat=True).first()
    if found is None:
        raise ActivityMissing
    return found


def fields_in_use(limit: int = 30) -> list[str]:
    """Return the fields that published activities name, by name."""
    rows = models.Activity.objects.filter(state=ActivityState.PUBLISHED).values_list("fields", flat=True)
    return sorted({field for fields in rows.iterator() for field in fields})[:limit]
