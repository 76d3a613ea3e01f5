"""Who redeemed what: redemptions of a case, drawn in order of time, never beyond what was earned by then."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from shanshi.activities.rules.kinds import ActivityKind
from shanshi.cities.rules.case import Case
from shanshi.cities.rules.drawing.visits import CONFIRMED_AFTER, Turn, minutes_of
from shanshi.cities.rules.problems import CaseInvalid, Problem
from shanshi.cities.rules.shapes import OfferRow
from shanshi.kernel.quantities import COIN_UNITS

SETTLED_AFTER: Final = timedelta(hours=24) + CONFIRMED_AFTER
TRIES_PER_REDEMPTION: Final = 40


@dataclass(frozen=True, slots=True)
class Purchase:
    """One redemption.

    line  line of redemptions.csv, or 0 if drawn
    """

    person: str
    offer: str
    redeemed_at: datetime
    line: int = 0


class Purse:
    """Coin units of one volunteer, as the coins rule has them: earned this year or last, and settled."""

    def __init__(self) -> None:
        self._earned: list[tuple[datetime, int]] = []
        self._spent: list[tuple[datetime, int]] = []

    def earn(self, at: datetime, units: int) -> None:
        """Write earned units down, in order of time."""
        self._earned.append((at, units))

    def spend(self, at: datetime, units: int) -> None:
        """Write spent units down."""
        self._spent.append((at, units))

    def holds(self, at: datetime) -> int:
        """Return the units that can surely be spent at a moment."""
        since = datetime(at.year - 1, 1, 1, tzinfo=at.tzinfo)
        settled = bisect_right(self._earned, at - SETTLED_AFTER, key=lambda entry: entry[0])
        earned = sum(units for moment, units in self._earned[:settled] if moment >= since)
        return earned - sum(
            units for moment, units in self._spent if moment >= since or moment.year == at.year - 1
        )


def drawn_purchases(case: Case, turns: Sequence[Turn]) -> tuple[Purchase, ...]:
    """Return the redemptions given by name and the drawn ones, in order of time.

    turns  all visits, in order of their shift
    """
    given = [Purchase(row.person, row.offer, row.redeemed_at, row.line) for row in case.redemptions]
    plan = case.population
    if plan is None or not plan.redemptions or not case.offers:
        return tuple(sorted(given, key=lambda purchase: purchase.redeemed_at))
    offers = {offer.id: offer for offer in case.offers}
    purses = _purses(case, turns)
    had: Counter[tuple[str, str]] = Counter()
    gone: Counter[str] = Counter()
    for purchase in given:
        purses[purchase.person].spend(purchase.redeemed_at, _units(offers[purchase.offer]))
        had[purchase.person, purchase.offer] += 1
        gone[purchase.offer] += 1
    rng = Random(f"{plan.seed} redemptions")
    found = list(given)
    people = sorted({turn.person for turn in turns} - {row.id for row in case.people})
    for redeemed_at in _moments(rng, case, plan.redemptions):
        for _ in range(TRIES_PER_REDEMPTION):
            offer = rng.choice(case.offers)
            person = rng.choice(people)
            on = redeemed_at.date()
            if not offer.from_on <= on <= offer.to_on or str(on.isoweekday()) not in offer.days:
                continue
            if had[person, offer.id] >= offer.limit_per_person or gone[offer.id] >= offer.stock:
                continue
            if purses[person].holds(redeemed_at) < _units(offer):
                continue
            purses[person].spend(redeemed_at, _units(offer))
            had[person, offer.id] += 1
            gone[offer.id] += 1
            found.append(Purchase(person, offer.id, redeemed_at))
            break
    return tuple(sorted(found, key=lambda purchase: (purchase.redeemed_at, purchase.person)))


def check_paid(case: Case, turns: Sequence[Turn], purchases: Sequence[Purchase]) -> None:
    """Go on if each redemption that the case names could be paid by coins that were there by then.

    turns      all visits, in order of their shift
    purchases  all redemptions, in order of time

    Raises CaseInvalid: with the line of each that could not.
    """
    offers = {offer.id: offer for offer in case.offers}
    purses = _purses(case, turns)
    problems = []
    for purchase in purchases:
        purse, units = purses[purchase.person], _units(offers[purchase.offer])
        held = purse.holds(purchase.redeemed_at)
        if purchase.line and held < units:
            price, had = units / COIN_UNITS, held / COIN_UNITS
            reason = f"The offer costs {price:g} coins; the volunteer had {had:g} by then."
            problems.append(Problem("redemptions.csv", purchase.line, "redeemed_at", reason))
        purse.spend(purchase.redeemed_at, units)
    if problems:
        raise CaseInvalid(problems)


def _purses(case: Case, turns: Sequence[Turn]) -> defaultdict[str, Purse]:
    services = {row.id for row in case.activities if row.kind == ActivityKind.SERVICE}
    purses: defaultdict[str, Purse] = defaultdict(Purse)
    for turn in turns:
        if turn.shift.activity in services and minutes_of(turn):
            purses[turn.person].earn(turn.shift.ends_at, minutes_of(turn))
    return purses


def _moments(rng: Random, case: Case, count: int) -> list[datetime]:
    first = min(offer.from_on for offer in case.offers)
    length = (case.today - first).days
    if length <= 0:
        return []
    # Later days are likelier: the street fills with time.
    found = [
        _moment(rng, first + timedelta(days=int(length * rng.random() ** 0.6)), case) for _ in range(count)
    ]
    return sorted(found)


def _moment(rng: Random, on: date, case: Case) -> datetime:
    return datetime.combine(on, time(rng.randint(9, 19), rng.randrange(60), rng.randrange(60)), case.zone)


def _units(offer: OfferRow) -> int:
    return int(offer.price_coins * COIN_UNITS)
