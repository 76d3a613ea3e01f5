"""Making and changing drafts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from shanshi.activities import models, rules
from shanshi.activities.rules import states
from shanshi.activities.rules.drafts import OrganizerUnknown, ProgramUnknown, TeamUnknown
from shanshi.activities.rules.finding import kept
from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.places import queries as places
from shanshi.registry import queries as registry

Organizations = Mapping[UUID, "registry.OrganizationFacts"]
_TOLD: Final = (
    "title", "kind", "description", "bring", "program_id", "project_id", "fields", "skills",
    "skills_required", "min_age", "risks", "risk_kinds", "expected_people", "is_foreign_related",
    "is_outside_province", "is_agreement_asked", "agreement_ref", "insurance_ref", "venue_id", "place_text",
    "division_code",
)  # fmt: skip
_TOLD_CHARACTERS: Final = 200


@transaction.atomic
def create(draft: rules.ActivityDraft, *, by: Actor, at: datetime, source: str = "platform") -> UUID:
    """Make a draft and return its id.

    at  with a time zone

    Raises what rules.check_draft refuses, then OrganizerUnknown, ProgramUnknown, TeamUnknown.
    """
    rules.check_draft(draft)
    bodies = organizations([draft])
    check_work([draft])
    row = activity_row(draft, bodies, by=by, at=at, source=source)
    locate([row], [draft])
    row.save(force_insert=True)
    models.Organizer.objects.bulk_create(organizer_rows(row.id, draft))
    models.Position.objects.bulk_create(position_rows(row.id, draft))
    audit.record("activities.create", f"activity:{row.id}", by=by, at=at, after=_told(row, draft.organizers))
    return row.id


@transaction.atomic
def change(activity_id: UUID, draft: rules.ActivityDraft, *, by: Actor, at: datetime) -> None:
    """Let a draft say something else; its shifts stay.

    at  with a time zone

    Raises what rules.check_draft refuses, OrganizerUnknown, ProgramUnknown, TeamUnknown, ActivityMissing,
    its state when it is no draft. Locks the activity.
    """
    rules.check_draft(draft)
    bodies = organizations([draft])
    check_work([draft])
    row = locked(activity_id)
    states.check_draft(rules.ActivityState(row.state))
    given_by = models.Organizer.objects.filter(activity_id=row.id).order_by("rank")
    before = _told(row, given_by.values_list("organization_id", flat=True))
    charged = row.person_in_charge
    for name, value in said(draft, bodies).items():
        setattr(row, name, value)
    locate([row], [draft])
    row.save()
    models.Organizer.objects.filter(activity_id=row.id).delete()
    models.Position.objects.filter(activity_id=row.id).delete()
    models.Organizer.objects.bulk_create(organizer_rows(row.id, draft))
    models.Position.objects.bulk_create(position_rows(row.id, draft))
    after = _told(row, draft.organizers)
    changed = {name for name in after if before[name] != after[name]}
    # The trail holds no names of persons: only that another one is in charge.
    other = {"person_in_charge": "another person"} if row.person_in_charge != charged else {}
    audit.record(
        "activities.change",
        f"activity:{row.id}",
        by=by,
        at=at,
        before={name: before[name] for name in sorted(changed)},
        after={**{name: after[name] for name in sorted(changed)}, **other},
    )


def _told(row: models.Activity, organizers: Iterable[UUID]) -> dict[str, object]:
    """What the trail tells of an activity: what it says, shortened, without the name of a person."""

    def plain(value: object) -> object:
        if value is None or isinstance(value, bool | int):
            return value
        return [str(one) for one in value] if isinstance(value, list) else str(value)[:_TOLD_CHARACTERS]

    told = {name: plain(getattr(row, name)) for name in _TOLD}
    return {**told, "organizers": [str(body) for body in organizers]}


def locked(activity_id: UUID) -> models.Activity:
    """Return the activity's row, locked until the transaction ends.

    Raises ActivityMissing.
    """
    row = models.Activity.objects.select_for_update(no_key=True).filter(id=activity_id).first()
    if row is None:
        raise states.ActivityMissing
    return row


def organizations(drafts: Iterable[rules.ActivityDraft]) -> Organizations:
    """Return every organizer that the drafts name, in one query.

    Raises OrganizerUnknown.
    """
    wanted = {body for draft in drafts for body in draft.organizers}
    found = registry.organizations(wanted)
    if not wanted <= set(found):
        raise OrganizerUnknown
    return found


def check_work(drafts: Iterable[rules.ActivityDraft]) -> None:
    """Return nothing: programs, projects and teams that the drafts name are there, teams in their organizer.

    Raises ProgramUnknown, TeamUnknown.
    """
    named = list(drafts)
    programs = {draft.program_id for draft in named if draft.program_id is not None}
    projects = {draft.project_id for draft in named if draft.project_id is not None}
    if programs and models.Program.objects.filter(id__in=programs).count() < len(programs):
        raise ProgramUnknown
    if projects and models.Project.objects.filter(id__in=projects).count() < len(projects):
        raise ProgramUnknown
    teams = registry.teams_of_ids(draft.team_id for draft in named if draft.team_id is not None)
    for draft in named:
        if draft.team_id is None:
            continue
        team = teams.get(draft.team_id)
        if team is None or team.organization_id != draft.organizers[0]:
            raise TeamUnknown


def activity_row(
    draft: rules.ActivityDraft, bodies: Organizations, *, by: Actor, at: datetime, source: str
) -> models.Activity:
    """Return the row of a new draft, not yet saved."""
    return models.Activity(
        state=rules.ActivityState.DRAFT,
        created_at=at,
        created_by=by.known(),
        source=source,
        **said(draft, bodies),
    )


def said(draft: rules.ActivityDraft, bodies: Organizations) -> dict[str, Any]:
    """Return what a draft says, by column."""
    found_by = kept(
        draft.title, draft.place_text, *draft.fields, *(bodies[body].name for body in draft.organizers)
    )
    lead = bodies[draft.organizers[0]]
    division_code = draft.division_code or lead.division_code
    return {
        "title": draft.title.strip(),
        "description": draft.description,
        "bring": draft.bring.strip(),
        "kind": draft.kind,
        "program_id": draft.program_id,
        "project_id": draft.project_id,
        "lead_organization_id": lead.id,
        "team_id": draft.team_id,
        "fields": list(draft.fields),
        "skills": list(draft.skills),
        "skills_required": draft.skills_required,
        "min_age": draft.min_age,
        "risks": draft.risks.strip(),
        "risk_kinds": sorted(set(draft.risk_kinds)),
        "person_in_charge": draft.person_in_charge.strip(),
        "expected_people": draft.expected_people,
        "attended_at_least": draft.attended_at_least,
        "is_foreign_related": draft.is_foreign_related,
        # The province is in the first two digits; nobody has to remember to tick a box.
        "is_outside_province": draft.is_outside_province or division_code[:2] != lead.division_code[:2],
        "is_agreement_asked": draft.is_agreement_asked,
        "agreement_ref": draft.agreement_ref.strip(),
        "insurance_ref": draft.insurance_ref.strip(),
        "venue_id": draft.venue_id,
        "place_text": draft.place_text.strip(),
        "division_code": division_code,
        "find_text": found_by.text,
        "find_sounds": found_by.sounds,
        "find_grams": found_by.grams,
    }


def locate(rows: Iterable[models.Activity], drafts: Iterable[rules.ActivityDraft]) -> None:
    """Say of each row where it is: the first position of its draft, else the draft's venue, else nowhere.

    rows, drafts  in the same order; the rows are not saved. One query at most.
    """
    pairs = list(zip(rows, drafts, strict=True))
    wanted = {draft.venue_id for _, draft in pairs if not draft.positions and draft.venue_id is not None}
    venues = places.venues(wanted) if wanted else {}
    for row, draft in pairs:
        venue = venues.get(draft.venue_id) if draft.venue_id is not None else None
        where = draft.positions[0] if draft.positions else venue
        row.latitude = round(where.latitude, 6) if where is not None else None
        row.longitude = round(where.longitude, 6) if where is not None else None


def organizer_rows(activity_id: UUID, draft: rules.ActivityDraft) -> list[models.Organizer]:
    """Return the rows of the organizers; the first leads."""
    return [
        models.Organizer(activity_id=activity_id, organization_id=body, is_lead=rank == 0, rank=rank)
        for rank, body in enumerate(draft.organizers)
    ]


def position_rows(activity_id: UUID, draft: rules.ActivityDraft) -> list[models.Position]:
    """Return the rows of the positions, in order."""
    return [
        models.Position(
            activity_id=activity_id,
            name=position.name,
            latitude=round(position.latitude, 6),
            longitude=round(position.longitude, 6),
            radius_m=position.radius_m,
        )
        for position in draft.positions
    ]
