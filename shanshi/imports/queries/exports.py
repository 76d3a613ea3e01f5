"""The same lists on their way out, with the columns by which they come in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from shanshi.activities.queries import lists as activity_lists
from shanshi.design.rules import coin_number
from shanshi.imports.rules import COLUMNS, MOST_ROWS, ListKind, word
from shanshi.imports.rules import activities as activity_rules
from shanshi.imports.rules import offers as offer_rules
from shanshi.imports.rules.cells import YES_NO
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.registry import queries as registry
from shanshi.registry.queries import VolunteerFacts
from shanshi.rewards.queries import lists as street_lists

Cell = str | int | float | date | datetime | None
Texts = Mapping[str, Cell]
# What stands in a cell that tells who somebody is, unless a look has opened it.
HIDDEN: Final = "***"


def rows(
    kind: ListKind,
    place: UUID,
    language: str,
    shown: Mapping[UUID, Mapping[str, str]] | None = None,
) -> list[tuple[Cell, ...]]:
    """Return the rows of a list as its file holds them, in the order of its columns.

    place     the id of the organization, the shift or the street
    language  of the fixed values
    shown     what a look has opened: by holder, "real_name", "phone", "id_number"; names are masked else
    """
    keys = [column.key for column in COLUMNS[kind]]
    found = _EXPORTS[kind](place, language, shown or {})
    return [tuple(texts.get(key, "") for key in keys) for texts in found]


def people_of(kind: ListKind, place: UUID) -> list[UUID]:
    """Return the people of a list of members, volunteers or a roster, each once.

    place  as in `rows`
    """
    if kind is ListKind.ROSTER:
        return activity_lists.signed_up(place)
    found = registry.listed_members(place, enrolled=kind is ListKind.VOLUNTEERS)
    return list(dict.fromkeys(one.volunteer.holder_id for one in found))


Shown = Mapping[UUID, Mapping[str, str]]


def _members(place: UUID, language: str, shown: Shown) -> list[Texts]:
    return [
        {"number": one.volunteer.number, "team": one.team, "name": _name(one.volunteer, shown)}
        for one in registry.listed_members(place)
    ]


def _volunteers(place: UUID, language: str, shown: Shown) -> list[Texts]:
    return [
        {
            "name": _name(one.volunteer, shown),
            "id_number": shown.get(one.volunteer.holder_id, {}).get("id_number", HIDDEN),
            "phone": shown.get(one.volunteer.holder_id, {}).get("phone", HIDDEN),
            "residence": one.volunteer.residence_code or "",
            "team": one.team,
            "number": one.volunteer.number,
        }
        for one in registry.listed_members(place, enrolled=True)
    ]


def _roster(place: UUID, language: str, shown: Shown) -> list[Texts]:
    holders = activity_lists.signed_up(place)
    people = registry.volunteers(holders)
    return [
        {"number": people[one].number, "name": _name(people[one], shown)} for one in holders if one in people
    ]


def _name(volunteer: VolunteerFacts, shown: Shown) -> str:
    return shown.get(volunteer.holder_id, {}).get("real_name", volunteer.masked_name)


def _activities(place: UUID, language: str, shown: Shown) -> list[Texts]:
    comma = "、" if language.startswith("zh") else ", "
    found: list[Texts] = []
    for one in activity_lists.planned_shifts(place, most=MOST_ROWS):
        starts, ends = one.starts_at.astimezone(CITY_ZONE), one.ends_at.astimezone(CITY_ZONE)
        risks = (word(activity_rules.RISKS, risk, language) for risk in one.risk_kinds)
        found.append({
            "title": one.title,
            "kind": word(activity_rules.KINDS, one.kind, language),
            "description": one.description,
            "fields": comma.join(one.fields),
            "skills": comma.join(one.skills),
            "min_age": one.min_age,
            "risks": one.risks,
            "risk_kinds": comma.join(risks),
            "bring": one.bring,
            "person_in_charge": one.person_in_charge,
            "expected_people": one.expected_people,
            "place": one.place_text,
            "division": one.division_code,
            "latitude": one.latitude,
            "longitude": one.longitude,
            "radius_m": one.radius_m,
            "team": one.team,
            "day": starts.date().isoformat(),
            "starts": f"{starts:%H:%M}",
            "ends": f"{ends:%H:%M}",
            "capacity": one.capacity,
            "shift_name": one.name,
        })  # fmt: skip
    return found


def _merchants(place: UUID, language: str, shown: Shown) -> list[Texts]:
    return [
        {
            "name": one.name,
            "name_en": one.name_en,
            "trade": one.trade,
            "address": one.address,
            "phone": one.phone,
            "latitude": one.latitude,
            "longitude": one.longitude,
            "joined_on": one.joined_on.isoformat(),
            "left_on": one.left_on.isoformat() if one.left_on else "",
        }
        for one in street_lists.street_merchants(place)
    ]


def _offers(place: UUID, language: str, shown: Shown) -> list[Texts]:
    return [
        {
            "merchant": one.merchant_name,
            "title": one.title,
            "title_en": one.title_en,
            "says": one.says,
            "kind": word(offer_rules.KINDS, one.kind, language),
            "price": coin_number(one.price_coin_units, language),
            "stock": one.stock,
            "per_person": one.per_person,
            "from_on": one.from_on.isoformat(),
            "to_on": one.to_on.isoformat(),
            "weekdays": _days(one.weekdays),
            "residents": word(YES_NO, "yes" if one.is_for_residents else "no", language),
        }
        for one in street_lists.street_offers(place)
    ]


def _days(weekdays: Sequence[int]) -> str:
    return ",".join(str(day) for day in sorted(weekdays))


_EXPORTS: Final[Mapping[ListKind, Callable[[UUID, str, Shown], list[Texts]]]] = {
    ListKind.MEMBERS: _members,
    ListKind.VOLUNTEERS: _volunteers,
    ListKind.ACTIVITIES: _activities,
    ListKind.ROSTER: _roster,
    ListKind.MERCHANTS: _merchants,
    ListKind.OFFERS: _offers,
}
