"""Endpoints of programs: who gives them, who takes part, and their figures as published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Field, Router, Schema

from shanshi.activities import queries
from shanshi.activities.rules.programs import Figure
from shanshi.foundation.doors import Request, public
from shanshi.foundation.problems import REFUSALS, Problem
from shanshi.registry import queries as registry

router = Router(tags=["programs"])


class FigureOut(Schema):
    """A published figure: either exact (`value`) or a lower bound (`at_least`, printed with 余)."""

    value: Decimal | None = None
    at_least: Decimal | None = None
    unit: str = Field(description="What is counted: persons, ml, yuan ...; may be empty.")
    counted_on: date | None
    source: str = Field(description="Who says so; may be empty.")
    activity: UUID | None = Field(description="The activity whose figure it is.")

    @staticmethod
    def of(figure: Figure) -> FigureOut:
        """Return a figure as it is sent."""
        return FigureOut(
            value=None if figure.is_at_least else figure.amount,
            at_least=figure.amount if figure.is_at_least else None,
            unit=figure.unit,
            counted_on=figure.counted_on,
            source=figure.source,
            activity=figure.activity_id,
        )


class BodyOut(Schema):
    """An organization that gives a program or takes part in it."""

    id: UUID
    name: str
    kind: str


class PairedTeamOut(Schema):
    """A team built for a program, and the body that it is paired with."""

    id: UUID
    name: str
    paired_with: str | None
    formed_on: date | None


class ProgramCardOut(Schema):
    """A program in the list."""

    id: UUID
    name: str
    name_en: str
    division: str = Field(description="GB/T 2260 code.")
    launched_on: date | None
    organizers: list[BodyOut] = Field(description="In the order in which they are named.")
    fields: list[str]


class ProjectOut(Schema):
    """A lasting piece of work. `key_of_year`: the year that lists it as a key one."""

    id: UUID
    name: str
    description: str
    organization: UUID
    organization_name: str
    fields: list[str]
    key_of_year: int | None


class ProgramOut(ProgramCardOut):
    """A program with everybody who takes part, and its figures by name."""

    description: str
    ends_on: date | None
    earns_red_points: bool
    partners: list[BodyOut]
    pilots: list[str] = Field(description="Codes of the divisions where it is tried out first.")
    teams: list[PairedTeamOut]
    figures: dict[str, FigureOut]
    projects: list[ProjectOut]


class ProgramsOut(Schema):
    """All programs, by launch and name."""

    items: list[ProgramCardOut]


Bodies = Mapping[UUID, registry.OrganizationFacts]


@router.get(
    "/programs",
    response={200: ProgramsOut, REFUSALS: Problem},
    summary="List the programs",
    auth=None,
)
@public
def list_programs(request: Request) -> ProgramsOut:
    """All programs with their organizers, in six queries."""
    found = queries.programs()
    bodies = registry.organizations({body for one in found for body in one.organizers})
    return ProgramsOut(items=[ProgramCardOut(**_card(one, bodies)) for one in found])


@router.get(
    "/programs/{program_id}",
    response={200: ProgramOut, REFUSALS: Problem},
    summary="Show a program",
    auth=None,
)
@public
def show_program(request: Request, program_id: UUID) -> ProgramOut:
    """A program: organizers, partners, pilot divisions, teams, figures with their sources, projects."""
    found = queries.program(program_id)
    paired = {team.paired_with for team in found.teams if team.paired_with is not None}
    bodies = registry.organizations({*found.organizers, *found.partners, *paired})
    teams = registry.teams_of_ids({team.team_id for team in found.teams})
    return ProgramOut(
        **_card(found, bodies),
        description=found.description,
        ends_on=found.ends_on,
        earns_red_points=found.earns_red_points,
        partners=[_body(bodies[body]) for body in found.partners],
        pilots=list(found.divisions),
        teams=[
            PairedTeamOut(
                id=team.team_id,
                name=teams[team.team_id].name,
                paired_with=bodies[team.paired_with].name if team.paired_with else None,
                formed_on=team.formed_on,
            )
            for team in found.teams
        ],
        figures={name: FigureOut.of(figure) for name, figure in found.figures.items()},
        projects=[
            ProjectOut(
                id=project.id,
                name=project.name,
                description=project.description,
                organization=project.organization_id,
                organization_name=project.organization_name,
                fields=list(project.fields),
                key_of_year=project.key_of_year,
            )
            for project in queries.projects(found.id)
        ],
    )


def _card(found: queries.ProgramFacts, bodies: Bodies) -> dict[str, Any]:
    return {
        "id": found.id,
        "name": found.name,
        "name_en": found.name_en,
        "division": found.division_code,
        "launched_on": found.launched_on,
        "organizers": [_body(bodies[body]) for body in found.organizers],
        "fields": list(found.fields),
    }


def _body(body: registry.OrganizationFacts) -> BodyOut:
    return BodyOut(id=body.id, name=body.name, kind=body.kind)
