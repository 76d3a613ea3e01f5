"""How much a case holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shanshi.cities.rules.case import Case
from shanshi.cities.rules.drawing import Drawing


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much was loaded."""

    case: str
    name_zh: str
    name_en: str
    clock_starts_at: datetime
    divisions: int
    organizations: int
    people: int
    activities: int
    shifts: int
    sign_ups: int
    visits: int
    merchants: int
    offers: int
    redemptions: int


def loaded(case: Case, drawn: Drawing) -> Loaded:
    """Return how much a case and what was drawn for it hold."""
    return Loaded(
        case=case.case.id,
        name_zh=case.case.name_zh,
        name_en=case.case.name_en,
        clock_starts_at=case.clock,
        divisions=len(case.divisions) + len(case.subdistricts),
        organizations=len(case.organizations),
        people=len(case.people) + len(drawn.people),
        activities=len(case.activities),
        shifts=sum(len(found) for found in case.shifts.values()),
        sign_ups=len(drawn.turns),
        visits=sum(1 for turn in drawn.turns if turn.came_at is not None),
        merchants=len(case.merchants),
        offers=len(case.offers),
        redemptions=len(drawn.purchases),
    )
