"""What forms of the portal offer to choose from."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from shanshi.kernel.quantities import city_day
from shanshi.places import queries as places
from shanshi.places.queries import VenueFacts
from shanshi.registry import queries as registry


def districts_to_choose(at: datetime) -> list[tuple[str, str]]:
    """Return code and name of the districts that stand on the day of a moment, by code.

    at  with a time zone
    """
    return [(one.code, one.name) for one in places.districts(city_day(at))]


def bodies_to_choose(organization_ids: Iterable[UUID]) -> list[tuple[UUID, str]]:
    """Return id and name of the bodies, by name."""
    found = registry.organizations(organization_ids).values()
    return sorted(((one.id, one.name) for one in found), key=lambda pair: (pair[1], pair[0]))


def venues_to_choose() -> dict[str, VenueFacts]:
    """Return the venues of the city by their ids, by name."""
    return {str(one.id): one for one in sorted(places.venues_in(), key=lambda one: (one.name, one.id))}
