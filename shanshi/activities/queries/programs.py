"""Questions about programs and their projects; never write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from shanshi.activities import models
from shanshi.activities.queries.facts import ActivityCard
from shanshi.activities.queries.finding import cards
from shanshi.activities.rules import ActivityState
from shanshi.activities.rules.programs import (
    Figure,
    PairedTeam,
    ProgramDraft,
    ProgramMissing,
    ProjectMissing,
    figure_of,
)

_PUBLIC = (ActivityState.PUBLISHED, ActivityState.CLOSED)


@dataclass(frozen=True, slots=True)
class ProgramFacts:
    """A program with its organizers, partners, pilot divisions and teams in order; figures by name."""

    id: UUID
    name: str
    name_en: str
    description: str
    division_code: str
    organizers: tuple[UUID, ...]
    earns_red_points: bool
    fields: tuple[str, ...]
    figures: Mapping[str, Figure]
    launched_on: date | None = None
    ends_on: date | None = None
    partners: tuple[UUID, ...] = ()
    divisions: tuple[str, ...] = ()
    teams: tuple[PairedTeam, ...] = ()

    def draft(self) -> ProgramDraft:
        """Return what the program says now, as a draft to change it by."""
        return ProgramDraft(
            name=self.name,
            division_code=self.division_code,
            organizers=self.organizers,
            name_en=self.name_en,
            description=self.description,
            launched_on=self.launched_on,
            ends_on=self.ends_on,
            earns_red_points=self.earns_red_points,
            fields=self.fields,
            figures=self.figures,
            partners=self.partners,
            divisions=self.divisions,
            teams=self.teams,
        )


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """A lasting piece of work. `key_of_year`: the year that lists it as a key one, or None."""

    id: UUID
    name: str
    description: str
    program_id: UUID | None
    organization_id: UUID
    organization_name: str
    fields: tuple[str, ...]
    key_of_year: int | None


def programs() -> list[ProgramFacts]:
    """Return all programs with their bodies, by launch and name, in five queries."""
    return [_program(row) for row in _rows().order_by("launched_on", "name", "id")]


def program(program_id: UUID) -> ProgramFacts:
    """Return a program with its bodies, in five queries.

    Raises ProgramMissing.
    """
    row = _rows().filter(id=program_id).first()
    if row is None:
        raise ProgramMissing
    return _program(row)


def projects(program_id: UUID) -> list[ProjectFacts]:
    """Return the projects of a program: key ones of the latest year first, then by name."""
    rows = models.Project.objects.select_related("organization").filter(program_id=program_id)
    found = [_project(row) for row in rows.order_by("name", "id")]
    return sorted(found, key=lambda project: -(project.key_of_year or 0))


def project(project_id: UUID) -> ProjectFacts:
    """Return one project.

    Raises ProjectMissing.
    """
    row = models.Project.objects.select_related("organization").filter(id=project_id).first()
    if row is None:
        raise ProjectMissing
    return _project(row)


def program_activities(
    program_id: UUID, *, at: datetime, limit: int = 60
) -> tuple[list[ActivityCard], list[ActivityCard]]:
    """Return a program's public activities: those with a shift to come, the next first, and those before.

    at     with a time zone
    limit  of each of the two

    Four queries, however many there are.
    """
    rows = models.Activity.objects.filter(program_id=program_id, state__in=_PUBLIC)
    coming = Q(state=ActivityState.PUBLISHED, last_ends_at__gt=at)
    public = models.Shift.objects.filter(published_at__isnull=False, cancelled_at__isnull=True)
    ahead = cards(
        list(rows.filter(coming).order_by("first_starts_at", "id")[:limit]), public.filter(ends_at__gt=at)
    )
    past = cards(list(rows.exclude(coming).order_by("-last_ends_at", "id")[:limit]), public)
    return sorted(ahead, key=lambda card: (card.starts_at is None, card.starts_at, card.id)), past


def titles(activity_ids: set[UUID]) -> dict[UUID, str]:
    """Return the titles of public activities by id, in one query."""
    rows = models.Activity.objects.filter(id__in=activity_ids, published_at__isnull=False)
    return dict(rows.values_list("id", "title"))


def _rows() -> QuerySet[models.Program]:
    return models.Program.objects.prefetch_related("organizers", "partners", "divisions", "teams")


def _program(row: models.Program) -> ProgramFacts:
    found = {name: figure_of(kept) for name, kept in row.figures.items()}
    return ProgramFacts(
        id=row.id,
        name=row.name,
        name_en=row.name_en,
        description=row.description,
        division_code=row.division_code,
        organizers=tuple(one.organization_id for one in sorted(row.organizers.all(), key=lambda o: o.rank)),
        earns_red_points=row.earns_red_points,
        fields=tuple(row.fields),
        figures={name: figure for name, figure in found.items() if figure is not None},
        launched_on=row.launched_on,
        ends_on=row.ends_on,
        partners=tuple(one.organization_id for one in sorted(row.partners.all(), key=lambda o: o.rank)),
        divisions=tuple(one.division_code for one in sorted(row.divisions.all(), key=lambda o: o.rank)),
        teams=tuple(
            PairedTeam(one.team_id, one.paired_with_id, one.formed_on)
            for one in sorted(row.teams.all(), key=lambda o: o.rank)
        ),
    )


def _project(row: models.Project) -> ProjectFacts:
    return ProjectFacts(
        id=row.id,
        name=row.name,
        description=row.description,
        program_id=row.program_id,
        organization_id=row.organization_id,
        organization_name=row.organization.name,
        fields=tuple(row.fields),
        key_of_year=row.key_of_year,
    )


def venues_of(program_id: UUID) -> set[UUID]:
    """Return the venues at which a program has public activities, in one query."""
    rows = models.Activity.objects.filter(
        program_id=program_id, state__in=_PUBLIC, venue_id__isnull=False
    ).values_list("venue_id", flat=True)
    return {venue_id for venue_id in rows if venue_id is not None}


def programs_at(activity_ids: set[UUID]) -> list[tuple[UUID, str]]:
    """Return the programs of some activities, each once by name, in one query."""
    rows = models.Program.objects.filter(
        id__in=models.Activity.objects.filter(id__in=activity_ids).values("program_id")
    )
    return list(rows.order_by("name", "id").values_list("id", "name"))


def people_in_charge(activity_ids: set[UUID]) -> dict[UUID, str]:
    """Return who is named as in charge of each activity, in one query; for a page that masks the names."""
    rows = models.Activity.objects.filter(id__in=activity_ids).exclude(person_in_charge="")
    return dict(rows.values_list("id", "person_in_charge"))
