"""Who may send which list, for which place; and who takes and undoes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shanshi.activities import access as activity_access
from shanshi.activities import queries as activities
from shanshi.foundation.actor import Actor, Role
from shanshi.foundation.permissions import Permission, Reach, Who
from shanshi.imports import queries
from shanshi.imports.queries import ListFacts
from shanshi.imports.rules import ListKind
from shanshi.kernel.errors import Missing
from shanshi.places import queries as places
from shanshi.registry import access as registry_access
from shanshi.registry import queries as registry
from shanshi.rewards import access as reward_access

REGISTER_PEOPLE = Permission(
    "volunteer",
    "register from a list",
    roles={Role.CITY_STAFF: Reach.HERE, Role.DIVISION_STAFF: Reach.HERE, Role.MANAGER: Reach.HERE},
    note="For an organization; they begin nothing before they sign in and agree to the terms themselves.",
)
FILL_ROSTER = Permission(
    "roster",
    "fill from a list",
    roles={Role.MANAGER: Reach.HERE, Role.LEADER: Reach.HERE},
    note="With members of the organizer who have accepted and agreed to the terms.",
)
NAMES_IN_LIST = Permission(
    "identity",
    "take home in a list",
    roles={Role.CITY_STAFF: Reach.HERE, Role.MANAGER: Reach.HERE},
    note="Of members who have accepted, for a purpose; each look is written down and shown to the person.",
)
OWN_LIST = Permission(
    "list that was sent",
    "see, take, undo",
    frozenset({Who.SELF}),
    note="By whoever sent it, with a role that may send it still.",
)
PEOPLE = (ListKind.MEMBERS, ListKind.VOLUNTEERS)
GOODS = (ListKind.MERCHANTS, ListKind.OFFERS)


@dataclass(frozen=True, slots=True)
class ListPlace:
    """What a list is about.

    place    "organization:<uuid>", "shift:<uuid>", "street:<uuid>"
    name     of the organization, the activity or the street
    lineage  the place and all places above it, the lowest first
    """

    kind: ListKind
    place: str
    name: str
    lineage: tuple[str, ...]

    @property
    def id(self) -> UUID:
        """The id alone."""
        return UUID(self.place.partition(":")[2])


def people_list(actor: Actor, organization_id: UUID, people: str) -> ListPlace:
    """Return an organization whose members or volunteers the actor may list.

    people  "members" or "volunteers"

    Raises SignInNeeded, Forbidden; Missing.
    """
    return _allowed(actor, _kind(people, PEOPLE), f"organization:{organization_id}")


def named_list(actor: Actor, organization_id: UUID, people: str) -> ListPlace:
    """Return an organization whose members or volunteers the actor may take home by name.

    people  "members" or "volunteers"

    Raises SignInNeeded, Forbidden; Missing.
    """
    place = people_list(actor, organization_id, people)
    NAMES_IN_LIST.check(actor, place.lineage)
    return place


def activity_list(actor: Actor, organization_id: UUID) -> ListPlace:
    """Return an organization for which the actor may plan activities by a list.

    Raises SignInNeeded, Forbidden; Missing.
    """
    return _allowed(actor, ListKind.ACTIVITIES, f"organization:{organization_id}")


def roster_list(actor: Actor, shift_id: UUID) -> ListPlace:
    """Return a shift whose roster the actor may fill.

    Raises SignInNeeded, Forbidden; activities' ShiftMissing.
    """
    return _allowed(actor, ListKind.ROSTER, f"shift:{shift_id}")


def street_list(actor: Actor, street_id: UUID, goods: str, *, on: date) -> ListPlace:
    """Return a street whose merchants or offers the actor may list.

    goods  "merchants" or "offers"
    on     which divisions stand above; in the city's zone

    Raises SignInNeeded, Forbidden; Missing.
    """
    return _allowed(actor, _kind(goods, GOODS), f"street:{street_id}", on=on)


def own_list(actor: Actor, list_id: UUID, *, on: date) -> tuple[ListFacts, ListPlace]:
    """Return a list that the actor has sent, and what it is about.

    on  as in `street_list`

    Raises SignInNeeded; Missing: there is none, or it is somebody else's; Forbidden: the role has ended.
    """
    person_id = actor.known()
    found = queries.sent_list(list_id)
    if found.sent_by != person_id:
        raise Missing
    return found, _allowed(actor, found.kind, found.place, on=on)


def check_still(actor: Actor, found: ListFacts, *, on: date) -> ListPlace:
    """Return what a list is about: whoever sent it may still send it at the moment of taking.

    on  as in `street_list`

    Raises SignInNeeded, Forbidden; Missing.
    """
    return _allowed(actor, found.kind, found.place, on=on)


def may(actor: Actor, kind: ListKind, lineage: tuple[str, ...]) -> bool:
    """Whether the actor may send lists of a kind for a place.

    lineage  the place and all places above it, the lowest first
    """
    return _permission(kind).by_role(actor, lineage)


def _allowed(actor: Actor, kind: ListKind, place: str, *, on: date | None = None) -> ListPlace:
    actor.known()
    name, lineage = _place(place, on)
    _permission(kind).check(actor, lineage)
    return ListPlace(kind, place, name, lineage)


def _permission(kind: ListKind) -> Permission:
    # Those of other rooms are theirs to state; here they are only asked.
    return {
        ListKind.MEMBERS: registry_access.KEEP_MEMBERS,
        ListKind.VOLUNTEERS: REGISTER_PEOPLE,
        ListKind.ACTIVITIES: activity_access.PLAN_ACTIVITY,
        ListKind.ROSTER: FILL_ROSTER,
        ListKind.MERCHANTS: reward_access.KEEP_MERCHANTS,
        ListKind.OFFERS: reward_access.KEEP_MERCHANTS,
    }[kind]


def _place(place: str, on: date | None) -> tuple[str, tuple[str, ...]]:
    sort, _, key = place.partition(":")
    if sort == "organization":
        body = registry.organization(UUID(key))
        return body.name, body.lineage
    if sort == "shift":
        shift = activities.shift(UUID(key))
        return shift.title, shift.lineage
    street = places.street(UUID(key))
    assert on is not None
    code = street.subdistrict_code or street.division_code
    return street.name, (place, *places.lineage_near(code, on))


def _kind(word: str, kinds: tuple[ListKind, ...]) -> ListKind:
    if word not in kinds:
        raise Missing
    return ListKind(word)
