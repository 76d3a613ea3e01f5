"""A list comes in and is looked at; nothing of what it says is made yet."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from shanshi.foundation import crypto
from shanshi.foundation.actor import Actor
from shanshi.imports import models, queries
from shanshi.imports.operations.progress import silent
from shanshi.imports.queries.lists import facts_of, opened, owner, where
from shanshi.imports.rules import COLUMNS, Found, Line, ListKind, ListState, kept_of, lines_of
from shanshi.imports.rules.cells import LeftOut
from shanshi.imports.rules.refusals import ListEmpty
from shanshi.kernel.errors import DomainError, Missing
from shanshi.kernel.ids import new_id

Told = Callable[[int], None]
# So many of each sort are kept; a page shows fewer, and who has more wrong begins with these.
_KEPT = 1_000


@transaction.atomic
def send(
    kind: ListKind, place: str, lines: Sequence[Line], *, by: Actor, at: datetime, real_at: datetime
) -> queries.ListFacts:
    """Keep a list to be looked at, sealed under a key of its own, and return where it stands.

    place    "organization:<uuid>", "shift:<uuid>", "street:<uuid>"
    at       with a time zone
    real_at  real time, with a zone, by which work that broke off is found

    Raises SignInNeeded; ListEmpty.
    """
    sender = by.known()
    if not lines:
        raise ListEmpty
    list_id = new_id()
    key, wrapped = crypto.new_data_key(owner(list_id))
    row = models.SentList.objects.create(
        id=list_id,
        kind=kind,
        place=place,
        state=ListState.CHECKING,
        data_key=wrapped,
        content=_sealed(key, "content", list_id, kept_of(lines, COLUMNS[kind])),
        rows=len(lines),
        beat_at=real_at,
        sent_at=at,
        sent_by=sender,
        last_at=at,
    )
    return facts_of(row)


def look(list_id: UUID, *, by: Actor, at: datetime, told: Told = silent) -> queries.ListFacts:
    """Look at a list against what is there now, keep what was found, and return where it stands.

    by    who has sent it
    at    with a time zone
    told  called with how many rows are done

    Raises Missing: the list, or what it is about, is gone; the gateways' refusals.
    """
    row = _row(list_id)
    if row.state != ListState.CHECKING:
        return facts_of(row)
    lines = lines_of(opened(row, "content"))
    confirmed = confirmed_in(row)
    asked = queries.Asked(UUID(row.place.partition(":")[2]), at, by, confirmed, told)
    found = queries.check(ListKind(row.kind), lines, asked)
    return keep(list_id, found, confirmed)


@transaction.atomic
def keep(list_id: UUID, found: Found[Any], confirmed: Mapping[int, bool]) -> queries.ListFacts:
    """Keep what was found in a list, which is then as it was looked at; return where it stands.

    confirmed  by row: whether the register of identities confirms it

    Raises Missing. Locks the list.
    """
    row = models.SentList.objects.select_for_update().filter(pk=list_id).first()
    if row is None:
        raise Missing
    key = crypto.unwrap(bytes(row.data_key), owner(row.id))
    told = {
        "wrong": [_remark(one.address, one.error) for one in found.wrong[:_KEPT]],
        "left_out": [_remark(str(one.row), one.error) for one in found.left_out[:_KEPT]],
        "new": found.rows[:_KEPT],
        "unconfirmed": sorted(row for row, known in confirmed.items() if not known),
        "confirmed": sorted(row for row, known in confirmed.items() if known),
    }
    row.found = _sealed(key, "found", row.id, told)
    row.state, row.done, row.beat_at = ListState.CHECKED, row.rows, None
    row.new, row.left_out, row.wrong = len(found.new), len(found.left_out), len(found.wrong)
    row.tries = 0
    row.save()
    return facts_of(row)


@transaction.atomic
def keep_stays(list_id: UUID, stay: Collection[LeftOut]) -> None:
    """Keep which rows of a list stayed when it was undone, and why.

    Raises Missing. Locks the list.
    """
    row = models.SentList.objects.select_for_update().filter(pk=list_id).first()
    if row is None:
        raise Missing
    key = crypto.unwrap(bytes(row.data_key), owner(row.id))
    told = opened(row, "found") | {"stay": [_remark(str(one.row), one.error) for one in list(stay)[:_KEPT]]}
    row.found = _sealed(key, "found", row.id, told)
    row.save(update_fields=["found"])


@transaction.atomic
def drop(list_id: UUID) -> None:
    """Delete a list that was not taken; twice is once. Does nothing to one that somebody works on."""
    models.SentList.objects.filter(
        pk=list_id, taken_at=None, state__in=[ListState.CHECKED, ListState.FAILED]
    ).delete()


def confirmed_in(row: models.SentList) -> dict[int, bool]:
    """Return what an earlier look has learnt from the register of identities, by row."""
    if row.found is None:
        return {}
    said = opened(row, "found")
    return dict.fromkeys(said["confirmed"], True) | dict.fromkeys(said["unconfirmed"], False)


def alone(list_id: UUID) -> bool:
    """Whether nobody else works on a list; if so, nobody will until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"list|{list_id}"])
        return bool(cursor.fetchone()[0])


def _row(list_id: UUID) -> models.SentList:
    row = models.SentList.objects.filter(pk=list_id).first()
    if row is None:
        raise Missing
    return row


def _remark(at: str, error: DomainError) -> dict[str, Any]:
    return {
        "at": at,
        "code": error.code,
        "facts": {name: _plain(value) for name, value in error.facts.items()},
    }


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def _sealed(key: bytes, column: str, list_id: UUID, told: Mapping[str, Any]) -> bytes:
    return crypto.seal(key, json.dumps(told, ensure_ascii=False), where(column, list_id))


__all__ = ["Told", "alone", "confirmed_in", "drop", "keep", "keep_stays", "look", "send"]
