"""What is kept how long, what has grown old, and what the runs did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shanshi.foundation.models import RetentionRun
from shanshi.keeping.rules import CLASSES, DataClass, waits
from shanshi.keeping.rules.classes import EXPIRING
from shanshi.policies import queries as policies

POLICY = "retention"


@dataclass(frozen=True, slots=True)
class Term:
    """A class of data and how many days it is kept; None for what is kept without an end."""

    data_class: DataClass
    days: int | None


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What one run did with one class.

    waits  it left something that had grown old: only the owner of the tables can let go of it
    """

    ran_at: datetime
    data_class: str
    kept_days: int
    removed: int
    oldest_left_at: datetime | None
    waits: bool


def days(on: date) -> Mapping[str, int]:
    """Return how many days each class that expires is kept.

    on  in the city's zone
    """
    values = policies.in_force(POLICY, on).values
    return {one.name: int(values[one.name]) for one in EXPIRING}


def terms(on: date) -> list[Term]:
    """Return every class with its days, those that expire first.

    on  in the city's zone
    """
    known = days(on)
    return [Term(one, known.get(one.name)) for one in CLASSES]


def last_runs() -> list[RunFacts]:
    """Return the latest run of each class, in the order of the table."""
    rows = RetentionRun.objects.order_by("data_class", "-ran_at").distinct("data_class")
    return _facts(sorted(rows, key=lambda row: _place(row.data_class)))


def runs(*, limit: int = 50) -> list[RunFacts]:
    """Return the latest runs that let go of something, the newest first.

    limit  how many at most
    """
    return _facts(RetentionRun.objects.filter(removed__gt=0).order_by("-ran_at", "data_class")[:limit])


def _place(name: str) -> int:
    return next((place for place, one in enumerate(CLASSES) if one.name == name), len(CLASSES))


def _facts(rows: Iterable[RetentionRun]) -> list[RunFacts]:
    return [
        RunFacts(
            row.ran_at,
            row.data_class,
            row.kept_days or 0,
            row.removed,
            row.oldest_left_at,
            waits(row.oldest_left_at, row.kept_days or 0, at=row.ran_at),
        )
        for row in rows
    ]
