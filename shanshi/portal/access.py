"""Who may open which page. Each room decides for its own things; the portal only gathers the words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings

from shanshi.activities.access import SEE_ACTIVITY, SIGN_UP, activity_to_see
from shanshi.activities.access import volunteer as may_sign_up
from shanshi.activities.queries import shift as shift_of
from shanshi.attendance.access import (
    EVALUATE,
    LIST_VISITS,
    OWN_CODE,
    SCAN,
    SEE_VISIT,
    own_visits,
    scanner,
    visit_to_evaluate,
    visit_to_see,
)
from shanshi.attendance.queries import roster
from shanshi.foundation.actor import CITY, Actor, Role
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import city_day
from shanshi.ledger.access import READ_BOOKS, SEE_OWN_BOOKS, all_books, own_books
from shanshi.notices.access import READ_NOTICES
from shanshi.notices.access import SEE_TOTALS as SEE_MESSAGES
from shanshi.notices.access import may_see_totals as may_see_messages
from shanshi.notices.access import reader as reads_notices
from shanshi.portal.queries.roles import place_of
from shanshi.portal.rules import NotAmongThem, check_roster_look
from shanshi.registry import queries as registry
from shanshi.registry.access import (
    CONSENT,
    DECIDE_FOR_CITY,
    GIVE_ROLE,
    GUARD,
    INVITATION,
    LOOK_AT_NAMES,
    MYSELF,
    READ_LOOKS,
    READ_TRAIL,
    SEE_LOOKS,
    SEE_ROLES,
    may_decide_for_city,
    may_grant,
    may_look_at_names,
    may_read_looks,
    may_read_trail,
    may_see_roles,
    myself,
    own_consents,
    own_invitation,
    own_invitations,
    ward_to_confirm,
    ward_to_guard,
)
from shanshi.registry.operations import RoleWish
from shanshi.registry.queries import GrantFacts, WardFacts
from shanshi.registry.queries.tree import PlaceFacts
from shanshi.registry.rules import check_unmasks, roles_that_fit
from shanshi.rewards.access import LIST_REDEMPTIONS, REDEEM, SEE_REDEMPTION, own_redemption
from shanshi.rewards.access import holder as may_redeem

__all__ = [
    "CONSENT",
    "DECIDE_FOR_CITY",
    "EVALUATE",
    "GIVE_ROLE",
    "GUARD",
    "INVITATION",
    "LIST_REDEMPTIONS",
    "LIST_VISITS",
    "LOOK_AT_NAMES",
    "MYSELF",
    "OWN_CODE",
    "READ_BOOKS",
    "READ_LOOKS",
    "READ_NOTICES",
    "READ_TRAIL",
    "REDEEM",
    "SCAN",
    "SEE_ACTIVITY",
    "SEE_LOOKS",
    "SEE_MESSAGES",
    "SEE_OWN_BOOKS",
    "SEE_REDEMPTION",
    "SEE_ROLES",
    "SEE_VISIT",
    "SIGN_UP",
    "activity_to_see",
    "all_books",
    "data_of_ward",
    "gives_leaders",
    "may_decide_for_city",
    "may_give",
    "may_read_looks",
    "may_read_trail",
    "may_redeem",
    "may_see_messages",
    "may_see_roles",
    "may_sign_up",
    "myself",
    "own_books",
    "own_consents",
    "own_data",
    "own_invitation",
    "own_invitations",
    "own_redemption",
    "own_visits",
    "people_to_look_at",
    "place_to_give_at",
    "places_to_give_at",
    "reads_notices",
    "role_to_change",
    "roster_to_look_at",
    "scanner",
    "substitute_wish",
    "visit_to_evaluate",
    "visit_to_see",
    "ward_to_confirm",
    "ward_to_guard",
]


# Who answers for a roster when its leaders are done with it.
_OFFICE: Final = frozenset({Role.CITY_STAFF, Role.MANAGER})


def own_data(actor: Actor) -> UUID:
    """Return the person who may see everything that is held about themself, in the clear.

    Raises SignInNeeded; registry's NamesScopeMissing: a token that was not made for identities.
    """
    person_id = myself(actor)
    check_unmasks(actor.unmasks)
    return person_id


def data_of_ward(actor: Actor, holder_id: UUID, *, at: datetime) -> WardFacts:
    """Return a minor about whom the guardian may see everything that is held, in the clear.

    at  with a time zone

    Raises what ward_to_guard refuses; registry's NamesScopeMissing: a token that was not made for identities.
    """
    ward = ward_to_guard(actor, holder_id, at=at)
    check_unmasks(actor.unmasks)
    return ward


def places_to_give_at(actor: Actor) -> tuple[str, ...]:
    """Return the places at which, and below which, the actor may give some role; at least one.

    Raises SignInNeeded, Forbidden: the actor gives no role anywhere.
    """
    places = {place for permission in GIVE_ROLE.values() for place in permission.places(actor)}
    if not places:
        GIVE_ROLE[Role.LEADER].somewhere(actor)
    return tuple(sorted(places, key=lambda place: (place != CITY, place)))


def place_to_give_at(actor: Actor, name: str, on: date) -> tuple[PlaceFacts, tuple[Role, ...]]:
    """Return a place, and the roles that the actor may give there; at least one.

    on  in the city's zone

    Raises SignInNeeded, Forbidden: none; RoleInvalid, Missing: there is no such place.
    """
    places_to_give_at(actor)
    found = place_of(name, on)
    fitting = roles_that_fit(found.place, kind=found.kind)
    roles = tuple(role for role in fitting if GIVE_ROLE[role].by_role(actor, found.lineage))
    if not roles:
        raise GIVE_ROLE[fitting[0] if fitting else Role.LEADER].refusal(actor, found.lineage)
    return found, roles


def may_give(actor: Actor, role: Role, place: PlaceFacts) -> None:
    """Return nothing: the actor may give this role at this place.

    Raises SignInNeeded, Forbidden.
    """
    may_grant(actor, role, place.lineage)


def gives_leaders(actor: Actor, lineage: Sequence[str]) -> bool:
    """Whether the actor may give somebody the lead at a place.

    lineage  the place and all above it, the lowest first
    """
    return GIVE_ROLE[Role.LEADER].by_role(actor, lineage)


def role_to_change(actor: Actor, grant_id: UUID) -> GrantFacts:
    """Return a role of somebody that the actor may change and end.

    Raises SignInNeeded, Forbidden: the actor may not give this role there; Missing.
    """
    places_to_give_at(actor)
    found = registry.grant(grant_id)
    may_grant(actor, found.role, found.lineage)
    return found


def substitute_wish(person_id: UUID, shift_id: UUID, *, from_on: date, to_on: date, reason: str) -> RoleWish:
    """Return the role that whoever leads one shift for this once shall have.

    from_on, to_on  days in the city, both included
    reason          why, in words; it stays on the trail
    """
    return RoleWish(person_id, Role.LEADER, f"shift:{shift_id}", from_on, to_on, reason)


def roster_to_look_at(actor: Actor, shift_id: UUID, *, purpose: str, at: datetime) -> str:
    """Return in which capacity the actor may look at everybody on a roster: by which role at which place.

    purpose  of registry.rules.LookPurpose
    at       with a time zone

    Raises SignInNeeded, Forbidden: no role to look there; ShiftMissing; RosterNotYetPublic, RosterLongPast.
    """
    LOOK_AT_NAMES.somewhere(actor)
    found = place_of(f"shift:{shift_id}", city_day(at))
    may_look_at_names(actor, found.lineage)
    return _capacity(actor, found.lineage, _roles_to_look(actor, found, purpose, at))


def people_to_look_at(
    actor: Actor, place: str, numbers: Sequence[str], *, purpose: str | None, at: datetime
) -> tuple[list[UUID], str]:
    """Return whom the actor may look at, and in which capacity: by which role at which place.

    place    how the actor has to do with them: "shift:<uuid>" whose roster they are on, "organization:<uuid>"
             or "team:<uuid>" whose members they are, or "city" for its staff
    numbers  volunteer numbers as typed
    purpose  of registry.rules.LookPurpose; None while the actor has not yet said it
    at       with a time zone

    Raises SignInNeeded, Forbidden: no role to look there; RoleInvalid, Missing: no such place;
    RosterNotYetPublic, RosterLongPast; NotAmongThem: nobody there has one of the numbers.
    """
    LOOK_AT_NAMES.somewhere(actor)
    found = place_of(place, city_day(at))
    may_look_at_names(actor, found.lineage)
    roles = _roles_to_look(actor, found, purpose, at)
    holders = [registry.by_number(number) for number in numbers]
    there = _people_at(found)
    wanted = [one for one in holders if one is not None and (there is None or one in there)]
    if len(wanted) < len(numbers):
        raise NotAmongThem
    return wanted, _capacity(actor, found.lineage, roles)


def _roles_to_look(actor: Actor, found: PlaceFacts, purpose: str | None, at: datetime) -> frozenset[Role]:
    """The roles in which the actor looks there: a roster that is long past is the office's alone."""
    every = frozenset(LOOK_AT_NAMES.roles)
    sort, _, key = found.place.partition(":")
    if sort != "shift":
        return every
    shift = shift_of(UUID(key))
    days = settings.SHANSHI_LOOK_DAYS_AFTER_SHIFT
    check_roster_look(
        purpose,
        published_at=shift.published_at,
        ends_at=shift.ends_at,
        days=days,
        is_of_office=any(actor.holds(role, found.lineage) for role in _OFFICE),
        at=at,
    )
    return _OFFICE if at >= shift.ends_at + timedelta(days=days) else every


def _people_at(found: PlaceFacts) -> set[UUID] | None:
    """The people of a place; None for everybody."""
    sort, _, key = found.place.partition(":")
    if sort == CITY:
        return None
    if sort == "shift":
        return {row.holder_id for row in roster(UUID(key))}
    if sort == "organization":
        return set(registry.members(UUID(key)))
    if sort == "team":
        body = UUID(found.lineage[1].removeprefix("organization:"))
        return set(registry.members(body, team_id=UUID(key)))
    raise Missing


def _capacity(actor: Actor, lineage: Sequence[str], roles: Collection[Role]) -> str:
    # The nearest role is the one in which somebody acts.
    nearest = [*lineage, CITY] if CITY not in lineage else list(lineage)
    held = [grant for grant in actor.grants if grant.role in roles and grant.place in nearest]
    grant = min(held, key=lambda one: nearest.index(one.place))
    return f"{grant.role.value} {grant.place}"
