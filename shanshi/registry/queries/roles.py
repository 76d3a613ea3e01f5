"""Who holds which role where, from when to when, given by whom and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from shanshi.foundation.actor import CITY, Role
from shanshi.kernel.errors import Missing
from shanshi.registry import models
from shanshi.registry.queries import people

NEWEST_GRANTS_FIRST = ("-given_at", "-id")


@dataclass(frozen=True, slots=True)
class GrantFacts:
    """A role that somebody holds, held, or will hold.

    lineage         the place and all above it when the role was given
    from_on, to_on  first and last day in the city; without a last day it holds until it is ended
    """

    id: UUID
    person_id: UUID
    role: Role
    place: str
    lineage: tuple[str, ...]
    from_on: date
    to_on: date | None
    reason: str
    given_at: datetime
    given_by: UUID
    ended_at: datetime | None
    ended_by: UUID | None
    end_reason: str

    def holds_on(self, day: date) -> bool:
        """Whether the role holds on a day of the city."""
        begun = self.from_on <= day
        return self.ended_at is None and begun and (self.to_on is None or self.to_on >= day)

    def is_ahead_of(self, day: date) -> bool:
        """Whether the role is given for later."""
        return self.ended_at is None and self.from_on > day


@dataclass(frozen=True, slots=True)
class PersonLine:
    """How somebody of staff is called on lists: by number and masked name. Empty for who is no volunteer."""

    number: str
    masked_name: str


def grants(
    places: Collection[str] | None,
    *,
    on: date,
    with_past: bool = False,
    person_id: UUID | None = None,
    role: Role | None = None,
) -> QuerySet[models.RoleGrant]:
    """Return rows of roles at or below any of the places, for paging in NEWEST_GRANTS_FIRST.

    places     "city" means all; None: whatever the place
    on         in the city; what holds then, and what is given for later
    with_past  also what has ended
    """
    rows = models.RoleGrant.objects.all()
    if places is not None and CITY not in places:
        rows = rows.filter(lineage__overlap=list(places))
    if not with_past:
        rows = rows.filter(Q(to_on=None) | Q(to_on__gte=on), ended_at=None)
    if person_id is not None:
        rows = rows.filter(person_id=person_id)
    return rows.filter(role=role.value) if role is not None else rows


def grant(grant_id: UUID) -> GrantFacts:
    """Return one role of somebody.

    Raises Missing.
    """
    row = models.RoleGrant.objects.filter(pk=grant_id).first()
    if row is None:
        raise Missing
    return grant_facts(row)


def grant_facts(row: models.RoleGrant) -> GrantFacts:
    """Return a row of `grants` as plain values."""
    return GrantFacts(
        id=row.pk,
        person_id=row.person_id,
        role=Role(row.role),
        place=row.place,
        lineage=tuple(row.lineage) or (row.place,),
        from_on=row.from_on,
        to_on=row.to_on,
        reason=row.reason,
        given_at=row.given_at,
        given_by=row.given_by,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
        end_reason=row.end_reason,
    )


def person_lines(person_ids: Iterable[UUID | None]) -> dict[UUID, PersonLine]:
    """Return how people are called on lists, in two queries, without the system and who is no volunteer."""
    wanted = {one for one in person_ids if one is not None}
    if not wanted:
        return {}
    pairs = models.Person.objects.filter(pk__in=wanted).values_list("holder_id", "pk")
    owners = dict(pairs)
    return {
        owners[facts.holder_id]: PersonLine(facts.number, facts.masked_name)
        for facts in people.volunteers(owners).values()
    }
