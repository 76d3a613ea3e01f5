"""Invented volunteers, their earlier visits and their redemptions: the same for one seed."""

from __future__ import annotations

from dataclasses import dataclass

from shanshi.cities.rules.case import Case
from shanshi.cities.rules.drawing.people import Drawn, drawn_people
from shanshi.cities.rules.drawing.purchases import Purchase, check_paid, drawn_purchases
from shanshi.cities.rules.drawing.visits import Turn, drawn_turns


@dataclass(frozen=True, slots=True)
class Drawing:
    """What was drawn, together with what the case gives by name.

    people     the invented volunteers
    turns      sign-ups and visits of named and invented volunteers, in order of their shift
    purchases  redemptions of named and invented volunteers, in order of time
    """

    people: tuple[Drawn, ...]
    turns: tuple[Turn, ...]
    purchases: tuple[Purchase, ...]


def drawing(case: Case) -> Drawing:
    """Return everything that population.yaml draws, and the sign-ups and redemptions given by name.

    Raises CaseInvalid: a redemption given by name that the volunteer's coins could not pay.
    """
    people = drawn_people(case)
    turns = drawn_turns(case, people)
    purchases = drawn_purchases(case, turns)
    check_paid(case, turns, purchases)
    return Drawing(people, turns, purchases)
