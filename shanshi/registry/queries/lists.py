"""What lists of people need to know: many at once, each in a fixed number of questions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shanshi.foundation import crypto
from shanshi.foundation.models import Session
from shanshi.registry import models
from shanshi.registry.queries.people import VolunteerFacts, claim_row, volunteers
from shanshi.registry.rules import ClaimKind, Purpose

_AT_ONCE = 5_000
# By whom somebody was registered who has not agreed to the terms yet: "list:<organization>".
LISTED = "list:"


@dataclass(frozen=True, slots=True)
class ListedMember:
    """One membership or invitation, as a list writes it. team: empty for the whole organization."""

    volunteer: VolunteerFacts
    team: str


def claimed(kind: ClaimKind, values: Collection[str]) -> dict[str, UUID]:
    """Return which of the values are somebody's, with the holder; in two questions for ten thousand.

    values  as they are stored
    """
    indexes = {crypto.blind_index(kind, value): value for value in values}
    keys = list(indexes)
    found: dict[str, UUID] = {}
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        rows = models.Claim.objects.filter(
            holder_id__in=[claim_row(index) for index in some], kind=kind, index__in=some
        )
        for index, owner in rows.values_list("index", "owner_holder_id"):
            found[indexes[bytes(index)]] = owner
    return found


def listed_members(organization_id: UUID, *, enrolled: bool = False) -> list[ListedMember]:
    """Return who belongs to an organization or is invited, the earliest first; erased people are left out.

    enrolled  only those whom the organization itself has registered from a list
    """
    rows = list(
        models.Membership.objects.filter(organization_id=organization_id, left_at=None)
        .order_by("joined_at", "pk")
        .values_list("holder_id", "team__name")
    )
    if enrolled:
        ours = set(
            models.Volunteer.objects.filter(
                holder_id__in=[holder_id for holder_id, _ in rows], source=f"{LISTED}{organization_id}"
            ).values_list("holder_id", flat=True)
        )
        rows = [row for row in rows if row[0] in ours]
    people = volunteers({holder_id for holder_id, _ in rows})
    return [ListedMember(people[holder_id], team or "") for holder_id, team in rows if holder_id in people]


def begun(holder_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return which of the people have agreed, signed in, answered, or hold a role: something is theirs."""
    wanted = list(holder_ids)
    people = dict(models.Person.objects.filter(holder_id__in=wanted).values_list("pk", "holder_id"))
    by_holder: list[Any] = [
        models.Consent.objects.filter(purpose="terms"),
        models.BearerToken.objects.all(),
        models.Preference.objects.all(),
        models.Membership.objects.exclude(accepted_at=None, left_at=None),
    ]
    found: set[UUID] = set()
    for rows in by_holder:
        found |= set(rows.filter(holder_id__in=wanted).values_list("holder_id", flat=True))
    found |= set(
        models.Guardian.objects.filter(holder_id__in=wanted, known_as__isnull=False).values_list(
            "holder_id", flat=True
        )
    )
    signed_in = Session.objects.filter(person_id__in=list(people)).values_list("person_id", flat=True)
    found |= {people[person_id] for person_id in signed_in if person_id is not None}
    granted = models.RoleGrant.objects.filter(person_id__in=list(people))
    found |= {people[person_id] for person_id in granted.values_list("person_id", flat=True)}
    return frozenset(found)


def has_agreed(holder_id: UUID) -> bool:
    """Whether a volunteer has agreed to the terms, then or now: only somebody from a list may not have."""
    return models.Consent.objects.filter(holder_id=holder_id, purpose=Purpose.TERMS).exists()


def waits_to_agree(person_id: UUID) -> bool:
    """Whether an organization has put a person on a list, who has not agreed to the terms since."""
    row = models.Volunteer.objects.filter(
        person_id=person_id, source__startswith=LISTED, erased_at=None
    ).first()
    return row is not None and not has_agreed(row.holder_id)


def places_with_roles(places: Iterable[str]) -> frozenset[str]:
    """Return the places at which somebody holds or held a role.

    places  as a role names them: "merchant:<uuid>"
    """
    rows = models.RoleGrant.objects.filter(place__in=list(places))
    return frozenset(rows.values_list("place", flat=True))
