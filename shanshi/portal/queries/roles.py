"""Who holds which role, with the words of the places; and the places at which somebody may give roles."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from shanshi.activities import queries as activities
from shanshi.foundation import paging
from shanshi.foundation.actor import CITY, Role
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import city_day
from shanshi.places import queries as divisions
from shanshi.portal.rules import NobodyNumbered
from shanshi.registry import queries as registry
from shanshi.registry.queries import GrantFacts, PersonLine, tree
from shanshi.registry.queries.tree import PlaceFacts
from shanshi.registry.rules import check_place_name
from shanshi.rewards import queries as rewards

MOST_PLACES: Final = 200
NOBODY: Final = PersonLine("", "")


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role of one person.

    giver, ender  empty where the system or somebody without a number did it
    """

    grant: GrantFacts
    person: PersonLine
    giver: PersonLine
    ender: PersonLine
    place_name: str
    state: str


def place_of(name: str, on: date) -> PlaceFacts:
    """Return a place at which roles are held, with its lineage.

    name  "city", "division:<code>", "organization:<uuid>", "team:<uuid>", "merchant:<uuid>", "shift:<uuid>"
    on    in the city's zone

    Raises RoleInvalid: no place is called so. DivisionUnknown, ShiftMissing, Missing: there is none.
    """
    check_place_name(name)
    sort, _, key = name.partition(":")
    if sort == "shift":
        shift = activities.shift(UUID(key))
        return PlaceFacts(name, "", _shift_words(shift), shift.lineage)
    if sort == "merchant":
        merchant = rewards.merchants([UUID(key)]).get(UUID(key))
        if merchant is None:
            raise Missing
        return PlaceFacts(name, "", merchant.name, rewards.merchant_tree(merchant.id, on))
    return tree.place(name, on)


def place_names(names: Iterable[str]) -> dict[str, str]:
    """Return what places are called, one query for each sort; left out are the city and what is unknown."""
    keys: dict[str, set[str]] = {}
    for name in names:
        sort, _, key = name.partition(":")
        keys.setdefault(sort, set()).add(key)
    found = {
        f"division:{code}": name for code, name in divisions.division_names(keys.get("division", ())).items()
    }
    bodies = registry.organizations(_ids(keys.get("organization", ())))
    found |= {f"organization:{body.id}": body.name for body in bodies.values()}
    found |= {
        f"team:{team.id}": team.name for team in registry.teams_of_ids(_ids(keys.get("team", ()))).values()
    }
    shops = rewards.merchants(_ids(keys.get("merchant", ())))
    found |= {f"merchant:{shop.id}": shop.name for shop in shops.values()}
    found |= {f"shift:{one.id}": _shift_words(one) for one in activities.shifts(_ids(keys.get("shift", ())))}
    return found


def role_page(
    places: Collection[str] | None,
    *,
    on: date,
    with_past: bool = False,
    person_id: UUID | None = None,
    role: Role | None = None,
    cursor: str | None = None,
    limit: int = 20,
) -> tuple[list[RoleLine], str | None]:
    """Return a page of roles at or below places, the latest given first, and the cursor of the next or None.

    places  "city" means all; None: whatever the place
    on      in the city

    Raises CursorUnreadable.
    """
    rows = registry.grants(places, on=on, with_past=with_past, person_id=person_id, role=role)
    found, following = paging.page(rows, order=registry.NEWEST_GRANTS_FIRST, cursor=cursor, limit=limit)
    return role_lines([registry.grant_facts(row) for row in found], on=on), following


def role_lines(grants: Collection[GrantFacts], *, on: date) -> list[RoleLine]:
    """Return roles with the words of their people and places, in a fixed number of queries.

    on  in the city
    """
    people = registry.person_lines(
        person for grant in grants for person in (grant.person_id, grant.given_by, grant.ended_by)
    )
    names = place_names({grant.place for grant in grants})
    return [
        RoleLine(
            grant=grant,
            person=people.get(grant.person_id, NOBODY),
            giver=people.get(grant.given_by, NOBODY),
            ender=people.get(grant.ended_by, NOBODY) if grant.ended_by else NOBODY,
            place_name=names.get(grant.place, ""),
            state=_state(grant, on),
        )
        for grant in grants
    ]


def places_to_choose(places: Collection[str], *, find: str, on: date) -> list[tuple[str, str]]:
    """Return places at or below some, with what they are called: at most 200.

    find  a part of the name, or empty
    on    in the city
    """
    named: dict[str, str] = dict.fromkeys(places, "")
    bodies = registry.organizations_under(places)
    named |= {f"organization:{body.id}": body.name for body in bodies}
    if CITY in places:
        named |= {f"division:{one.code}": one.name for one in divisions.districts(on)}
        if find.strip():
            called = divisions.divisions_called(find.strip(), on, limit=MOST_PLACES)
            named |= {f"division:{one.code}": one.name for one in called}
        shops = rewards.merchants_called(find.strip(), limit=MOST_PLACES)
        named |= {f"merchant:{shop.id}": shop.name for shop in shops}
    for place in places:
        kind, _, code = place.partition(":")
        if kind == "division":
            named |= {f"division:{one.code}": one.name for one in divisions.below(code, on)}
    own = [body.id for body in bodies if f"organization:{body.id}" in places]
    named |= {team.place: team.name for body in own for team in registry.teams(body)}
    named |= place_names(places)
    wanted = find.strip().lower()
    found = [(place, name) for place, name in named.items() if wanted in name.lower()]
    return found[:MOST_PLACES]


def person_numbered(number: str) -> tuple[UUID, PersonLine]:
    """Return the person who has a volunteer number, and how they are called on lists.

    number  as typed

    Raises NobodyNumbered.
    """
    holder_id = registry.by_number(number)
    if holder_id is None:
        raise NobodyNumbered
    facts = registry.volunteer(holder_id)
    return facts.person_id, PersonLine(facts.number, facts.masked_name)


def _state(grant: GrantFacts, on: date) -> str:
    if grant.ended_at is not None:
        return "ended"
    if grant.is_ahead_of(on):
        return "ahead"
    return "holds" if grant.holds_on(on) else "over"


def _shift_words(shift: activities.ShiftFacts) -> str:
    return f"{shift.title} · {city_day(shift.starts_at).isoformat()}"


def _ids(keys: Iterable[str]) -> list[UUID]:
    return [UUID(key) for key in keys]


def people_of(person_ids: Iterable[UUID | None]) -> Mapping[UUID, PersonLine]:
    """Return how people are called on lists, in two queries."""
    return registry.person_lines(person_ids)
