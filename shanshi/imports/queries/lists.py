"""Lists that somebody sent: where each stands, and what was found in it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from shanshi.foundation import crypto
from shanshi.imports import models
from shanshi.imports.rules import UNDO_WITHIN, WORKING, Line, ListKind, ListState, lines_of
from shanshi.kernel.errors import DomainError, Missing

RECENT = 10


@dataclass(frozen=True, slots=True)
class ListFacts:
    """A list. rows, done: how many it has, and how many the work under way has been through."""

    id: UUID
    kind: ListKind
    place: str
    state: ListState
    rows: int
    new: int
    left_out: int
    wrong: int
    undone: int
    done: int
    refused: str
    sent_at: datetime
    sent_by: UUID
    taken_at: datetime | None
    undone_at: datetime | None

    @property
    def is_working(self) -> bool:
        """Whether somebody works on it now."""
        return self.state in WORKING

    @property
    def can_be_taken(self) -> bool:
        """Whether it was looked at, nothing is wrong, and something is new."""
        return self.state is ListState.CHECKED and not self.wrong and self.new > 0

    def can_be_undone(self, at: datetime) -> bool:
        """Whether it was taken, less than a day ago.

        at  with a time zone
        """
        return (
            self.state is ListState.TAKEN and self.taken_at is not None and at - self.taken_at <= UNDO_WITHIN
        )


@dataclass(frozen=True, slots=True)
class Remark:
    """What was found at a cell or a row. error: rebuilt from its code and its facts."""

    address: str
    error: DomainError


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a list, as many of each as a page shows.

    new   rows that would be taken
    stay  after it was undone: rows that stay, and why
    """

    wrong: tuple[Remark, ...]
    left_out: tuple[Remark, ...]
    new: tuple[Line, ...]
    stay: tuple[Remark, ...]


def sent_list(list_id: UUID) -> ListFacts:
    """Return a list.

    Raises Missing.
    """
    row = models.SentList.objects.filter(pk=list_id).first()
    if row is None:
        raise Missing
    return facts_of(row)


def recent(place: str, kind: ListKind, person_id: UUID) -> list[ListFacts]:
    """Return the lists that somebody has sent for a place, the latest first."""
    rows = models.SentList.objects.filter(place=place, kind=kind, sent_by=person_id)
    return [facts_of(row) for row in rows.defer("content", "found").order_by("-sent_at", "-id")[:RECENT]]


def stalled(before: datetime) -> list[UUID]:
    """Return lists whose work has given no sign since a moment.

    before  real time, with a zone
    """
    rows = models.SentList.objects.filter(state__in=sorted(WORKING), beat_at__lt=before)
    return list(rows.order_by("beat_at").values_list("pk", flat=True))


def findings(list_id: UUID, *, most: int) -> Findings:
    """Return what was found in a list.

    most  of each sort

    Raises Missing; foundation's KeysUnreadable.
    """
    row = models.SentList.objects.filter(pk=list_id).first()
    if row is None:
        raise Missing
    said = opened(row, "found") if row.found is not None else {}
    wanted = set(said.get("new", [])[:most])
    lines = lines_of(opened(row, "content")) if wanted else []
    return Findings(
        wrong=_remarks(said.get("wrong", [])[:most]),
        left_out=_remarks(said.get("left_out", [])[:most]),
        new=tuple(line for line in lines if line.number in wanted),
        stay=_remarks(said.get("stay", [])[:most]),
    )


def opened(row: models.SentList, column: str) -> dict[str, Any]:
    """Return what lies sealed in a column of a list.

    column  "content" or "found"

    Raises foundation's KeysUnreadable.
    """
    key = crypto.unwrap(bytes(row.data_key), owner(row.id))
    found: dict[str, Any] = json.loads(crypto.unseal(key, bytes(getattr(row, column)), where(column, row.id)))
    return found


def owner(list_id: UUID) -> str:
    """Return whose key it is, as the wrapping knows it."""
    return f"list|{list_id}"


def where(column: str, list_id: UUID) -> str:
    """Return the place of a sealed value: it opens nowhere else."""
    return f"sentlist|{column}|{list_id}"


def facts_of(row: models.SentList) -> ListFacts:
    """Return a row as plain values."""
    return ListFacts(
        id=row.pk,
        kind=ListKind(row.kind),
        place=row.place,
        state=ListState(row.state),
        rows=row.rows,
        new=row.new,
        left_out=row.left_out,
        wrong=row.wrong,
        undone=row.undone,
        done=row.done,
        refused=row.refused,
        sent_at=row.sent_at,
        sent_by=row.sent_by,
        taken_at=row.taken_at,
        undone_at=row.undone_at,
    )


def _remarks(kept: Sequence[Mapping[str, Any]]) -> tuple[Remark, ...]:
    return tuple(Remark(one["at"], rebuilt(one["code"], one["facts"])) for one in kept)


def rebuilt(code: str, facts: Mapping[str, Any]) -> DomainError:
    """Return a refusal again that was kept by its code; one that is no more is a plain refusal."""
    kind = _known().get(code, DomainError)
    error = DomainError(**facts) if kind is DomainError else kind.__new__(kind)
    # Some refusals want facts of their own by name; what was kept are the facts themselves.
    DomainError.__init__(error, **facts)
    return error


def _known() -> dict[str, type[DomainError]]:
    found: dict[str, type[DomainError]] = {}
    waiting = [DomainError]
    while waiting:
        kind = waiting.pop()
        found.setdefault(kind.code, kind)
        waiting += kind.__subclasses__()
    return found
