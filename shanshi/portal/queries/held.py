"""Everything that is held about a person, from every room: the person's own copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import UUID

from shanshi.activities import queries as activities
from shanshi.attendance import queries as attendance
from shanshi.foundation import held as ground
from shanshi.kernel.quantities import city_day
from shanshi.ledger import queries as ledger
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
        "rewards": lambda _, holder_id: rewards.held_about(holder_id),
        "foundation": lambda person_id, _: ground.held_about(person_id),
    }
)


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


def _sensitive(volunteer: Mapping[str, Any] | None, at: datetime) -> tuple[str, ...]:
    age = rules.ADULT_FROM
    if volunteer is not None:
        age = rules.age_on(date.fromisoformat(volunteer["birth_on"]), city_day(at))
    if rules.is_sensitive("*", age):
        return ("*",)
    fields = [*(volunteer or {}), "locations", "red_points"]
    return tuple(field for field in fields if rules.is_sensitive(field, age))
