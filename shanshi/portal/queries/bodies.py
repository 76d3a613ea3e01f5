"""The page of an organization: what it is and gives; and for its managers, who belongs to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.core.cache import cache

from shanshi.activities.queries import ActivityCard, Finding, activities_open
from shanshi.activities.queries import bodies as given
from shanshi.activities.queries.bodies import Giving, Kept
from shanshi.attendance.queries import records
from shanshi.attendance.queries.records import Month, Record
from shanshi.kernel.quantities import city_day
from shanshi.places import queries as places
from shanshi.registry import queries as registry
from shanshi.registry.queries import OrganizationFacts, TeamFacts
from shanshi.registry.queries.bodies import Belongings, belongings

NOW_SHOWN: Final = 6
OVER_SHOWN: Final = 10
# The record is a sum over years of visits; a page may be as old as this.
KEPT_SECONDS: Final = 300
MONTHS_SHOWN: Final = 12


@dataclass(frozen=True, slots=True)
class BodyPage:
    """An organization as everybody may see it, without any person.

    over, older  what is over, the latest first, and the cursor of the next page
    """

    organization: OrganizationFacts
    parent: OrganizationFacts | None
    division: str
    children: tuple[OrganizationFacts, ...]
    teams: tuple[TeamFacts, ...]
    now: tuple[ActivityCard, ...]
    over: tuple[ActivityCard, ...]
    older: str | None
    record: Record
    this_year: Record
    kept: Kept
    year: int


@dataclass(frozen=True, slots=True)
class BodyDesk:
    """An organization as its managers run it.

    states  how many activities stand in which state
    months  the last twelve with service, the latest first
    """

    organization: OrganizationFacts
    belongings: Belongings
    states: Mapping[str, int]
    months: tuple[Month, ...]
    record: Record


def body_page(organization: OrganizationFacts, *, at: datetime, cursor: str | None = None) -> BodyPage:
    """Return what everybody may see of an organization, in a fixed number of queries.

    at      with a time zone
    cursor  of what is over

    Raises foundation.paging.CursorUnreadable.
    """
    day = city_day(at)
    giving = Giving(organization_id=organization.id)
    over, older = given.activities_over(giving, at=at, cursor=cursor, limit=OVER_SHOWN)
    now, _following = activities_open(Finding(organization_id=organization.id), at=at, limit=NOW_SHOWN)
    months = months_of(giving, f"organization:{organization.id}")
    above = registry.organizations([organization.parent_id] if organization.parent_id else [])
    return BodyPage(
        organization=organization,
        parent=above.get(organization.parent_id) if organization.parent_id else None,
        division=places.division_names([organization.division_code]).get(organization.division_code, ""),
        children=tuple(registry.children(organization.id)),
        teams=tuple(registry.teams(organization.id)),
        now=tuple(now),
        over=tuple(over),
        older=older,
        record=records.in_all(months),
        this_year=records.in_all(months, since=date(day.year, 1, 1)),
        kept=given.kept(giving, at=at),
        year=day.year,
    )


def body_desk(organization: OrganizationFacts) -> BodyDesk:
    """Return what the managers of an organization see beside its page, in a fixed number of queries."""
    giving = Giving(organization_id=organization.id)
    months = records.months(given.shifts_of(giving))
    return BodyDesk(
        organization=organization,
        belongings=belongings(organization.id),
        states=given.states(giving),
        months=tuple(reversed(months[-MONTHS_SHOWN:])),
        record=records.in_all(months),
    )


def months_of(giving: Giving, key: str, *, since: date | None = None) -> list[Month]:
    """Return what was confirmed month by month, at most five minutes old.

    key    under which it is kept
    since  first day, in the city
    """
    kept = f"portal.months.{key}.{since}"
    found: list[Month] | None = cache.get(kept)
    if found is None:
        found = records.months(given.shifts_of(giving), since=since)
        cache.set(kept, found, KEPT_SECONDS)
    return found


def parents_to_choose(organization: OrganizationFacts, under: tuple[str, ...]) -> list[tuple[UUID, str]]:
    """Return the organizations under which one may be put, with their names, by sound.

    under  places at or below which they lie; "city" means all
    """
    own = f"organization:{organization.id}"
    return [(one.id, one.name) for one in registry.organizations_under(under) if own not in one.lineage]
