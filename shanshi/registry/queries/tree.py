"""The tree in which roles hold: a place with its name, its kind and all places above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shanshi.foundation.actor import CITY, Role
from shanshi.places import queries as places
from shanshi.places.rules import DivisionUnknown
from shanshi.registry import models
from shanshi.registry.rules import BY_TWO, RoleInvalid, check_place_name, is_next_to_city


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """A place at which roles are held.

    place    as a grant names it: "organization:<uuid>"
    kind     of the organization or division: "bank", "district"; empty for other sorts
    name     in the words of its room; empty for the city, and for what stands in a room above
    lineage  the place and all above it, the lowest first
    """

    place: str
    kind: str
    name: str
    lineage: tuple[str, ...]


def place(name: str, on: date) -> PlaceFacts:
    """Return a place of the tree.

    name  "city", "division:<code>", "organization:<uuid>", "team:<uuid>"; the lineage of a merchant or
          a shift is known to its own room, and here it is the place alone
    on    which divisions stand above; in the city's zone

    Raises rules.RoleInvalid: not the name of a place, or there is none. places.DivisionUnknown.
    """
    check_place_name(name)
    sort, _, key = name.partition(":")
    if sort == CITY:
        return PlaceFacts(CITY, "", "", (CITY,))
    if sort == "division":
        found = places.division_near(key, on)
        return PlaceFacts(name, found.kind, found.name, places.lineage_near(key, on))
    if sort == "organization":
        return _organization(UUID(key))
    if sort == "team":
        return _team(UUID(key))
    return PlaceFacts(name, "", "", (name,))


def place_of_role(name: str, lineage: Sequence[str], on: date) -> PlaceFacts:
    """Return the place of a role that was given, as it stands now; without it, as it stood then.

    lineage  what was written down when the role was given
    on       in the city's zone
    """
    try:
        return place(name, on)
    except (RoleInvalid, DivisionUnknown):
        return PlaceFacts(name, "", "", tuple(lineage) or (name,))


def reaches_city(role: Role, at: PlaceFacts) -> bool:
    """Whether a role at a place reaches over the whole city, so that two people give, change and end it.

    That is the city's staff and its auditors; and any role at the city's own division, or at a body directly
    under it below which others stand.
    """
    if role in BY_TWO:
        return True
    if not is_next_to_city(at.place, at.lineage, kind=at.kind if at.place.startswith("division:") else ""):
        return False
    below = models.Organization.objects.filter(lineage__contains=[at.place]).exclude(lineage__0=at.place)
    return at.place.startswith("division:") or below.exists()


def _organization(organization_id: UUID) -> PlaceFacts:
    row = models.Organization.objects.filter(pk=organization_id).first()
    if row is None:
        raise RoleInvalid(what="there is no such organization")
    return PlaceFacts(row.lineage[0], row.kind, row.name, tuple(row.lineage))


def _team(team_id: UUID) -> PlaceFacts:
    row = models.Team.objects.select_related("organization").filter(pk=team_id).first()
    if row is None:
        raise RoleInvalid(what="there is no such team")
    lineage = (f"team:{row.pk}", *row.organization.lineage)
    return PlaceFacts(lineage[0], "", row.name, lineage)
