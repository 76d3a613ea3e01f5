"""What forms of the portal offer to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from shanshi.kernel.quantities import city_day
from shanshi.places import queries as places
from shanshi.places.queries import VenueFacts
from shanshi.registry import queries as registry


@dataclass(frozen=True, slots=True)
class Giver:
    """In whose name an activity is given: a body, or a team of it. Written "<uuid>" or "<uuid>/<uuid>"."""

    organization_id: UUID
    team_id: UUID | None = None

    def __str__(self) -> str:
        return f"{self.organization_id}/{self.team_id}" if self.team_id else str(self.organization_id)

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the giver that is written so.

        Raises ValueError: it is none.
        """
        body, _, team = text.partition("/")
        return cls(UUID(body), UUID(team) if team else None)


def districts_to_choose(at: datetime) -> list[tuple[str, str]]:
    """Return code and name of the districts that stand on the day of a moment, by code.

    at  with a time zone
    """
    return [(one.code, one.name) for one in places.districts(city_day(at))]


def givers_to_choose(
    organization_ids: Iterable[UUID], team_ids: Iterable[UUID] = ()
) -> list[tuple[Giver, str]]:
    """Return in whose name an activity can be given, with its words, by name: bodies, each before its teams.

    organization_ids  bodies, each with all its teams
    team_ids          teams alone, without their bodies
    """
    whole = set(organization_ids)
    teams = {one.id: one for one in registry.teams_of_ids(team_ids).values()}
    for body in whole:
        teams |= {one.id: one for one in registry.teams(body)}
    bodies = registry.organizations(whole | {one.organization_id for one in teams.values()})
    found = [(Giver(body), bodies[body].name) for body in whole if body in bodies]
    found += [
        (Giver(one.organization_id, one.id), f"{bodies[one.organization_id].name} · {one.name}")
        for one in teams.values()
    ]
    return sorted(found, key=lambda pair: (pair[1], str(pair[0])))


def venues_to_choose() -> dict[str, VenueFacts]:
    """Return the venues of the city by their ids, by name."""
    return {str(one.id): one for one in sorted(places.venues_in(), key=lambda one: (one.name, one.id))}
