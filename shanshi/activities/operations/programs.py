"""Making and changing programs and projects: reference data, by staff or from a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanshi.activities import models
from shanshi.activities.rules import programs as rules
from shanshi.activities.rules.programs import Figure, PairedTeam, ProgramDraft, ProjectDraft
from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.places import queries as places
from shanshi.registry import queries as registry

__all__ = [
    "Figure",
    "PairedTeam",
    "ProgramDraft",
    "ProjectDraft",
    "change_figures",
    "change_program",
    "change_project",
    "create_program",
    "create_project",
]


@transaction.atomic
def create_program(draft: ProgramDraft, *, by: Actor, at: datetime, source: str = "platform") -> UUID:
    """Make a program and return its id. One of the same name in the division is the same program.

    at  with a time zone

    Raises what rules.check_program refuses; PartnerUnknown.
    """
    _check(draft)
    row, made = models.Program.objects.get_or_create(
        division_code=draft.division_code,
        name=draft.name.strip(),
        defaults={**_said(draft), "source": source},
    )
    if made:
        _write_bodies(row, draft)
        audit.record("activities.create_program", f"program:{row.id}", by=by, at=at, after={"name": row.name})
    return row.id


@transaction.atomic
def change_program(program_id: UUID, draft: ProgramDraft, *, by: Actor, at: datetime) -> None:
    """Let a program say something else; its projects, activities and division stay.

    at  with a time zone

    Raises what rules.check_program refuses; PartnerUnknown; ProgramMissing; ProgramNameTaken. Locks it.
    """
    _check(draft)
    row = _locked(program_id)
    same = models.Program.objects.filter(division_code=row.division_code, name=draft.name.strip())
    if same.exclude(id=row.id).exists():
        raise rules.ProgramNameTaken(name=draft.name.strip())
    before = _told(row)
    for name, value in _said(draft).items():
        setattr(row, name, value)
    row.name = draft.name.strip()
    row.save()
    for bodies in (row.organizers, row.partners, row.divisions, row.teams):
        bodies.all().delete()
    _write_bodies(row, draft)
    _record("activities.change_program", f"program:{row.id}", before, _told(row), by=by, at=at)


@transaction.atomic
def change_figures(program_id: UUID, figures: dict[str, Figure], *, by: Actor, at: datetime) -> None:
    """Let a program publish other figures.

    at  with a time zone

    Raises FigureInvalid, ProgramMissing. Locks it.
    """
    row = _locked(program_id)
    organizers = tuple(row.organizers.values_list("organization_id", flat=True))
    rules.check_program(ProgramDraft(row.name, row.division_code, organizers, figures=figures))
    before = _told(row)
    row.figures = {name: rules.written(figure) for name, figure in figures.items()}
    row.save(update_fields=["figures"])
    _record("activities.change_program", f"program:{row.id}", before, _told(row), by=by, at=at)


@transaction.atomic
def create_project(draft: ProjectDraft, *, by: Actor, at: datetime, source: str = "platform") -> UUID:
    """Make a project and return its id. One of the same name in the organization is the same project.

    at  with a time zone

    Raises what rules.check_project refuses.
    """
    rules.check_project(draft)
    row, made = models.Project.objects.get_or_create(
        organization_id=draft.organization_id,
        name=draft.name.strip(),
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


@transaction.atomic
def change_project(project_id: UUID, draft: ProjectDraft, *, by: Actor, at: datetime) -> None:
    """Let a project say something else; whose it is and its program stay.

    at  with a time zone

    Raises what rules.check_project refuses; ProjectMissing; ProgramNameTaken. Locks it.
    """
    rules.check_project(draft)
    row = models.Project.objects.select_for_update().filter(id=project_id).first()
    if row is None:
        raise rules.ProjectMissing
    name = draft.name.strip()
    same = models.Project.objects.filter(organization_id=row.organization_id, name=name)
    if same.exclude(id=row.id).exists():
        raise rules.ProgramNameTaken(name=name)
    before = _told_project(row)
    row.name, row.description = name, draft.description
    row.fields, row.key_of_year = list(draft.fields), draft.key_of_year
    row.save()
    _record("activities.change_project", f"project:{row.id}", before, _told_project(row), by=by, at=at)


def _locked(program_id: UUID) -> models.Program:
    row = models.Program.objects.select_for_update().filter(id=program_id).first()
    if row is None:
        raise rules.ProgramMissing
    return row


def _check(draft: ProgramDraft) -> None:
    rules.check_program(draft)
    paired = {team.paired_with for team in draft.teams if team.paired_with is not None}
    bodies = {*draft.organizers, *draft.partners, *paired}
    teams = {team.team_id for team in draft.teams}
    if not bodies <= set(registry.organizations(bodies)) or not teams <= set(registry.teams_of_ids(teams)):
        raise rules.PartnerUnknown
    codes = {draft.division_code, *draft.divisions}
    if not codes <= set(places.division_names(codes)):
        raise rules.PartnerUnknown


def _said(draft: ProgramDraft) -> dict[str, object]:
    return {
        "name_en": draft.name_en.strip(),
        "description": draft.description,
        "launched_on": draft.launched_on,
        "ends_on": draft.ends_on,
        "earns_red_points": draft.earns_red_points,
        "fields": list(draft.fields),
        "figures": {name: rules.written(figure) for name, figure in draft.figures.items()},
    }


def _write_bodies(row: models.Program, draft: ProgramDraft) -> None:
    models.ProgramOrganizer.objects.bulk_create(
        models.ProgramOrganizer(program=row, organization_id=body, rank=rank)
        for rank, body in enumerate(draft.organizers)
    )
    models.ProgramPartner.objects.bulk_create(
        models.ProgramPartner(program=row, organization_id=body, rank=rank)
        for rank, body in enumerate(draft.partners)
    )
    models.ProgramDivision.objects.bulk_create(
        models.ProgramDivision(program=row, division_code=code, rank=rank)
        for rank, code in enumerate(draft.divisions)
    )
    models.ProgramTeam.objects.bulk_create(
        models.ProgramTeam(
            program=row,
            team_id=team.team_id,
            paired_with_id=team.paired_with,
            formed_on=team.formed_on,
            rank=rank,
        )
        for rank, team in enumerate(draft.teams)
    )


def _told(row: models.Program) -> dict[str, object]:
    def ids(rows: Iterable[UUID]) -> list[str]:
        return [str(one) for one in rows]

    return {
        "name": row.name,
        "name_en": row.name_en,
        "description": row.description[:200],
        "launched_on": _day(row.launched_on),
        "ends_on": _day(row.ends_on),
        "earns_red_points": row.earns_red_points,
        "fields": list(row.fields),
        "figures": dict(row.figures),
        "organizers": ids(row.organizers.order_by("rank").values_list("organization_id", flat=True)),
        "partners": ids(row.partners.order_by("rank").values_list("organization_id", flat=True)),
        "divisions": list(row.divisions.order_by("rank").values_list("division_code", flat=True)),
        "teams": ids(row.teams.order_by("rank").values_list("team_id", flat=True)),
    }


def _told_project(row: models.Project) -> dict[str, object]:
    return {
        "name": row.name,
        "description": row.description[:200],
        "fields": list(row.fields),
        "key_of_year": row.key_of_year,
    }


def _day(day: object) -> str | None:
    return None if day is None else str(day)


def _record(
    action: str, subject: str, before: dict[str, object], after: dict[str, object], *, by: Actor, at: datetime
) -> None:
    changed: Sequence[str] = sorted(name for name in after if before[name] != after[name])
    audit.record(
        action,
        subject,
        by=by,
        at=at,
        before={name: before[name] for name in changed},
        after={name: after[name] for name in changed},
    )
