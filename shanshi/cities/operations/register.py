"""What the steps of loading share: who loads, what got which id, and how a refusal finds its line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from django.db import transaction

from shanshi.cities.rules.case import Case, Shift
from shanshi.cities.rules.drawing import Drawing
from shanshi.cities.rules.fields import Row
from shanshi.cities.rules.problems import CaseInvalid, Problem
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import DomainError

SOURCE: Final = "case"
T = TypeVar("T")
W = TypeVar("W")


@dataclass(frozen=True, slots=True)
class Known:
    """A person of the case on the platform; holder_id is None for somebody who is no volunteer."""

    person_id: UUID
    holder_id: UUID | None

    @property
    def actor(self) -> Actor:
        """The person as somebody who acts, without roles: the case says who did what."""
        return Actor(person_id=self.person_id, holder_id=self.holder_id)


@dataclass(slots=True)
class Load:
    """One case on its way into the database.

    opened_at  before everything else in the case: when its organizations were entered
    """

    case: Case
    drawing: Drawing
    by: Actor
    at: datetime
    opened_at: datetime
    tell: Callable[[int, str], None]
    venues: dict[str, UUID] = field(default_factory=dict)
    stations: dict[str, UUID] = field(default_factory=dict)
    streets: dict[str, UUID] = field(default_factory=dict)
    merchants: dict[str, UUID] = field(default_factory=dict)
    offers: dict[str, UUID] = field(default_factory=dict)
    organizations: dict[str, UUID] = field(default_factory=dict)
    teams: dict[str, UUID] = field(default_factory=dict)
    programs: dict[str, UUID] = field(default_factory=dict)
    projects: dict[str, UUID] = field(default_factory=dict)
    activities: dict[str, UUID] = field(default_factory=dict)
    booths: dict[str, list[UUID]] = field(default_factory=dict)
    shifts: dict[Shift, UUID] = field(default_factory=dict)
    people: dict[str, Known] = field(default_factory=dict)

    def holder(self, person: str) -> UUID:
        """Return the holder id of a volunteer of the case."""
        holder_id = self.people[person].holder_id
        assert holder_id is not None
        return holder_id


@contextmanager
def on_line(file: str, line: int) -> Iterator[None]:
    """Let a refusal of the platform name the file and the line that it is about.

    line  counted from 1; 0 for the whole file

    Raises CaseInvalid in place of any other refusal.
    """
    try:
        yield
    except CaseInvalid:
        raise
    except DomainError as refusal:
        reasons = refusal.parts or (refusal,)
        raise CaseInvalid(
            Problem(file, line, "", f"{reason} [{reason.code}]") for reason in reasons
        ) from refusal


def write_located(
    rows: Sequence[T], lines: Sequence[tuple[str, int]], write: Callable[[Sequence[T]], W]
) -> W:
    """Write rows as one batch and return the answer; if the platform refuses, find the row that it is about.

    lines  file and line of each row

    Raises CaseInvalid. The caller's transaction then takes back what was written.
    """
    try:
        with transaction.atomic():
            return write(rows)
    except DomainError:
        for row, place in zip(rows, lines, strict=True):
            with on_line(*place):
                write([row])
        raise


def lines_of(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """Return file and line of each record of a case."""
    return [(row.file, row.line) for row in rows]
