"""Who the invented volunteers are."""

from __future__ import annotations

import math
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random
from typing import Final

from shanshi.cities.rules.case import Case
from shanshi.cities.rules.identity import full_years, invented_id_number
from shanshi.cities.rules.shapes import NamesRow, PopulationRow
from shanshi.registry.rules import Relation

OWN_CONSENT_AGE: Final = 14
ADULT_AGE: Final = 18
DOUBLE_SURNAME_EVERY: Final = 150
TWO_CHARACTERS_PER_MILLE: Final = 820


@dataclass(frozen=True, slots=True)
class InventedGuardian:
    """Who consented that a minor volunteers."""

    name: str
    phone: str
    relation: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """One invented volunteer.

    id     "drawn-<number>", the number from 1
    eager  how readily the person comes, relative to the others
    """

    id: str
    name: str
    id_number: str
    birth_on: date
    phone: str
    residence: str
    registered_at: datetime
    party_member: bool
    guardian: InventedGuardian | None
    eager: float


class Wheel:
    """Draws keys as often as their weights say."""

    def __init__(self, weights: Mapping[str, int]) -> None:
        self._keys = [key for key, weight in weights.items() if weight]
        self._sums = list(accumulate(weights[key] for key in self._keys))

    def turn(self, rng: Random) -> str:
        """Return one key."""
        return self._keys[bisect(self._sums, rng.random() * self._sums[-1])]


def drawn_people(case: Case) -> tuple[Drawn, ...]:
    """Return the invented volunteers of a case, none if it has no population.yaml.

    No two have one ID number or one telephone, nor one that a named person has.
    """
    plan = case.population
    if plan is None or plan.names is None:
        return ()
    rng = Random(f"{plan.seed} people")
    ages, years, births = Wheel(plan.ages), Wheel(plan.registered), Wheel(plan.birthplaces)
    taken = {row.id_number for row in case.people}
    people: list[Drawn] = []
    for district, count in plan.volunteers.items():
        for _ in range(count):
            low, _, high = ages.turn(rng).partition("-")
            id_number, birth_on = _identity(rng, case.today, (int(low), int(high)), births, district, taken)
            name = invented_name(rng, plan.names)
            registered_at = _registration(rng, case, birth_on, int(years.turn(rng)))
            minor = full_years(birth_on, registered_at.date()) < ADULT_AGE
            number = len(people) + 1
            people.append(
                Drawn(
                    id=f"drawn-{number}",
                    name=name,
                    id_number=id_number,
                    birth_on=birth_on,
                    phone=_phone(plan, 2 * number),
                    residence=district,
                    registered_at=registered_at,
                    party_member=not minor and rng.randrange(1000) < plan.party_member_per_mille,
                    guardian=_guardian(rng, plan, name, number) if minor else None,
                    eager=_eagerness(rng, plan.most_active_times),
                )
            )
    return tuple(people)


def _identity(
    rng: Random, today: date, ages: tuple[int, int], births: Wheel, district: str, taken: set[str]
) -> tuple[str, date]:
    while True:
        age = rng.randint(*ages)
        birth_on = today - timedelta(days=int(age * 365.2425) + rng.randrange(1, 365))
        area = births.turn(rng)
        id_number = invented_id_number(district if area == "own" else area, birth_on)
        # Order number 000 leaves one number for each area and day, so the second of a pair is drawn again.
        if id_number not in taken and ages[0] <= full_years(birth_on, today) <= ages[1]:
            taken.add(id_number)
            return id_number, birth_on


def invented_name(rng: Random, names: NamesRow, surname: str = "") -> str:
    """Return a name, with a surname drawn or given."""
    if not surname:
        double = names.double_surnames and rng.randrange(DOUBLE_SURNAME_EVERY) == 0
        # Squared: the first surnames of the list are much more common than the last.
        place = int(len(names.surnames) * rng.random() ** 2)
        surname = rng.choice(names.double_surnames) if double else names.surnames[place]
    first = rng.choice(names.given_first)
    if rng.randrange(1000) < TWO_CHARACTERS_PER_MILLE:
        second = rng.choice(names.given_second)
        return surname + first + second
    return surname + rng.choice(names.given_second)


def _registration(rng: Random, case: Case, birth_on: date, year: int) -> datetime:
    # Whoever is of age now registered when of age; whoever is a minor now, at 14 or later.
    age = ADULT_AGE if full_years(birth_on, case.today) >= ADULT_AGE else OWN_CONSENT_AGE
    of_age = date(birth_on.year + age, birth_on.month, min(birth_on.day, 28)) + timedelta(days=4)
    yesterday = case.today - timedelta(days=1)
    earliest = min(max(of_age, date(year, 1, 1)), yesterday)
    latest = min(date(max(year, earliest.year), 12, 31), yesterday)
    day = earliest + timedelta(days=rng.randrange((latest - earliest).days + 1))
    at = time(rng.randint(8, 21), rng.randrange(60), rng.randrange(60))
    return datetime.combine(day, at, case.zone)


def _guardian(rng: Random, plan: PopulationRow, name: str, number: int) -> InventedGuardian:
    assert plan.names is not None
    relation = rng.choice([Relation.MOTHER, Relation.MOTHER, Relation.FATHER, Relation.GRANDPARENT])
    surname = name[: 2 if name.startswith(plan.names.double_surnames or ("\0",)) else 1]
    other = invented_name(rng, plan.names, surname if relation == Relation.FATHER else "")
    return InventedGuardian(other, _phone(plan, 2 * number + 1), str(relation))


def _phone(plan: PopulationRow, number: int) -> str:
    return plan.phone_prefix + str(number).zfill(11 - len(plan.phone_prefix))


def _eagerness(rng: Random, times: int) -> float:
    # Between the top and the bottom tenth of a normal distribution lie 2.563 standard deviations.
    return math.exp(math.log(times) * rng.gauss(0.0, 1.0) / 2.563)


def in_order(people: Sequence[Drawn]) -> list[Drawn]:
    """Return people in the order in which they registered."""
    return sorted(people, key=lambda person: (person.registered_at, person.id))
