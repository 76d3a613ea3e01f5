"""What must hold between the records of a case. Each topic notes every wrong place."""

from __future__ import annotations

from collections.abc import Mapping

from shanshi.cities.rules.case import Case, read
from shanshi.cities.rules.checks import activities, people, places, population, rewards, uniqueness, visits
from shanshi.cities.rules.problems import CaseInvalid, Notes

TOPICS = (
    uniqueness.check,
    places.check,
    people.check,
    activities.check,
    visits.check,
    rewards.check,
    population.check,
)


def checked(files: Mapping[str, bytes]) -> Case:
    """Return the case that the files hold, read and checked in every respect that needs no database.

    files  name in the case's folder to the bytes of the file

    Raises CaseInvalid: with every wrong place, by file, line, field and reason.
    """
    notes = Notes()
    case = read(files, notes)
    if case is None:
        raise CaseInvalid(notes.problems)
    for check in TOPICS:
        check(case, notes)
    notes.settle()
    return case
