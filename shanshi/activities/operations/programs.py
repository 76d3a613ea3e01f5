"""Making programs and projects: reference data, by staff or from a case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from shanshi.activities import models
from shanshi.foundation import audit
from shanshi.foundation.actor import Actor


@dataclass(frozen=True, slots=True)
class ProgramDraft:
    """A named campaign, with its organizers in order and its figures as published, each by its name."""

    name: str
    division_code: str
    organizers: tuple[UUID, ...]
    name_en: str = ""
    description: str = ""
    launched_on: date | None = None
    ends_on: date | None = None
    earns_red_points: bool = False
    fields: tuple[str, ...] = ()
    figures: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProjectDraft:
    """A lasting piece of work of one organization; `key_of_year`: the year that lists it as a key one."""

    name: str
    organization_id: UUID
    program_id: UUID | None = None
    description: str = ""
    fields: tuple[str, ...] = ()
    key_of_year: int | None = None


@transaction.atomic
def create_program(draft: ProgramDraft, *, by: Actor, at: datetime, source: str = "platform") -> UUID:
    """Make a program and return its id. One of the same name in the division is the same program.

    at  with a time zone
    """
    row, made = models.Program.objects.get_or_create(
        division_code=draft.division_code,
        name=draft.name,
        defaults={
            "name_en": draft.name_en,
            "description": draft.description,
            "launched_on": draft.launched_on,
            "ends_on": draft.ends_on,
            "earns_red_points": draft.earns_red_points,
            "fields": list(draft.fields),
            "figures": dict(draft.figures),
            "source": source,
        },
    )
    if made:
        models.ProgramOrganizer.objects.bulk_create(
            models.ProgramOrganizer(program=row, organization_id=body, rank=rank)
            for rank, body in enumerate(draft.organizers)
        )
        audit.record("activities.create_program", f"program:{row.id}", by=by, at=at, after={"name": row.name})
    return row.id


@transaction.atomic
def create_project(draft: ProjectDraft, *, by: Actor, at: datetime, source: str = "platform") -> UUID:
    """Make a project and return its id. One of the same name in the organization is the same project.

    at  with a time zone
    """
    row, made = models.Project.objects.get_or_create(
        organization_id=draft.organization_id,
        name=draft.name,
        defaults={
            "program_id": draft.program_id,
            "description": draft.description,
            "fields": list(draft.fields),
            "key_of_year": draft.key_of_year,
            "source": source,
        },
    )
    if made:
        audit.record("activities.create_project", f"project:{row.id}", by=by, at=at, after={"name": row.name})
    return row.id
