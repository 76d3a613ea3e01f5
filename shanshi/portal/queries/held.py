"""Everything that is held about a person, from every room: the person's own copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from shanshi.activities import queries as activities
from shanshi.attendance import queries as attendance
from shanshi.foundation import held as ground
from shanshi.kernel.quantities import city_day
from shanshi.ledger import queries as ledger
from shanshi.notices import queries as notices
from shanshi.registry import queries as registry
from shanshi.registry import rules
from shanshi.rewards import queries as rewards

# Every room that knows something of a person by its ids; tests/house finds one that is missing.
HOLDERS: Final[Mapping[str, Callable[[UUID, UUID], Mapping[str, Any]]]] = MappingProxyType(
    {
        "registry": lambda person_id, _: registry.held_about(person_id),
        "activities": lambda _, holder_id: activities.held_about(holder_id),
        "attendance": lambda _, holder_id: attendance.held_about(holder_id),
        "ledger": lambda _, holder_id: ledger.held_about(holder_id),
        "notices": lambda _, holder_id: notices.held_about(holder_id),
        "rewards": lambda _, holder_id: rewards.held_about(holder_id),
        "foundation": lambda person_id, _: ground.held_about(person_id),
    }
)


class Masked(str):
    """A value of which only so much shows that its owner knows it again."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What every room holds about a person.

    rooms      name of the room -> what it holds, as plain values
    titles     shift -> what it was for and where, to put beside a visit
    sensitive  names of those fields that the law calls sensitive at the person's age; "*" for all
    """

    rooms: Mapping[str, Mapping[str, Any]]
    titles: Mapping[UUID, tuple[str, str]]
    sensitive: tuple[str, ...]


def held(person_id: UUID, *, at: datetime) -> Held:
    """Return everything that is held about a person; a fixed number of questions.

    at  with a time zone; the age counts on that day in the city

    Raises registry's PersonUnknown: nobody, or erased.
    Source: PIPL art. 45.
    """
    holder_id = registry.holder_of(person_id)
    rooms = {room: about(person_id, holder_id) for room, about in HOLDERS.items()}
    visits = rooms["attendance"]["visits"]
    shifts = activities.shifts({visit["shift_id"] for visit in visits})
    titles = {shift.id: (shift.title, shift.place_text) for shift in shifts}
    return Held(rooms, titles, _sensitive(rooms["registry"]["volunteer"], at))


def masked(found: Held) -> Held:
    """Return what is held with identities, exact places and sensitive marks masked: for a page that is open
    although nobody has just proved who is looking at it."""
    registry, attendance = found.rooms["registry"], found.rooms["attendance"]
    signing_in = registry["signing_in"]
    linked = [_hidden(row, {"name_there": _stars}) for row in signing_in["linked_identities"]]
    shown = {
        **_hidden(registry, {"phone": rules.masked_phone, "email": rules.masked_email}),
        "volunteer": registry["volunteer"] and _hidden(registry["volunteer"], _MASKS),
        "guardians": [_hidden(row, _GUARDIAN_MASKS) for row in registry["guardians"]],
        "signing_in": {**signing_in, "linked_identities": linked},
    }
    places = [_hidden(row, {"latitude": _stars, "longitude": _stars}) for row in attendance["locations"]]
    rooms = {**found.rooms, "registry": shown, "attendance": {**attendance, "locations": places}}
    return replace(found, rooms=rooms)


def _stars(_value: Any) -> str:
    return "***"


_MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "real_name": rules.masked_name,
    "id_number": rules.masked_id_number,
    "birth_on": _stars,
    "party_member": _stars,
}
_GUARDIAN_MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "name": rules.masked_name,
    "phone": rules.masked_phone,
}


def _hidden(row: Mapping[str, Any], masks: Mapping[str, Callable[[str], str]]) -> dict[str, Any]:
    hidden = {name: Masked(mask(row[name])) for name, mask in masks.items() if row[name] is not None}
    return {**row, **hidden}


def _sensitive(volunteer: Mapping[str, Any] | None, at: datetime) -> tuple[str, ...]:
    age = rules.ADULT_FROM
    if volunteer is not None:
        age = rules.age_on(date.fromisoformat(volunteer["birth_on"]), city_day(at))
    if rules.is_sensitive("*", age):
        return ("*",)
    fields = [*(volunteer or {}), "locations", "red_points"]
    return tuple(field for field in fields if rules.is_sensitive(field, age))
