"""A list is taken whole or not at all, once, and undone within a day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanshi.foundation.actor import Actor
from shanshi.imports import models, queries
from shanshi.imports.operations.making import Making, make, unmake
from shanshi.imports.operations.progress import silent
from shanshi.imports.operations.sending import alone, confirmed_in, keep, keep_stays
from shanshi.imports.queries.lists import facts_of, opened
from shanshi.imports.rules import MOST_TRIES, UNDO_WITHIN, WORKING, Found, ListKind, ListState, lines_of
from shanshi.imports.rules.refusals import (
    CellsWrong,
    ChangedSince,
    ListBusy,
    ListFailed,
    NothingNew,
    NotTaken,
    UndoTooLate,
)
from shanshi.kernel.errors import DomainError, Missing
from shanshi.registry.rules import CannotRegister, ListChanged

Told = Callable[[int], None]
_HOURS = UNDO_WITHIN.total_seconds() // 3600


@transaction.atomic
def want(list_id: UUID, *, real_at: datetime) -> bool:
    """Begin to take a list; return whether there is work to do. Asked twice, it is begun once.

    real_at  real time, with a zone

    Raises Missing; ListBusy; ListFailed; CellsWrong; NothingNew. Locks the list.
    """
    row = _locked(list_id)
    if row.state in {ListState.TAKING, ListState.TAKEN}:
        return False
    _check_free(row)
    if row.state == ListState.UNDONE:
        raise NothingNew
    if row.wrong:
        raise CellsWrong
    if not row.new:
        raise NothingNew
    _begin(row, ListState.TAKING, real_at)
    return True


@transaction.atomic
def want_back(list_id: UUID, *, at: datetime, real_at: datetime) -> bool:
    """Begin to undo a list; return whether there is work to do. Asked twice, it is begun once.

    at       with a time zone
    real_at  real time, with a zone

    Raises Missing; ListBusy; NotTaken; UndoTooLate. Locks the list.
    """
    row = _locked(list_id)
    if row.state in {ListState.UNDOING, ListState.UNDONE}:
        return False
    _check_free(row)
    if row.taken_at is None:
        raise NotTaken
    if at - row.taken_at > UNDO_WITHIN:
        raise UndoTooLate(hours=int(_HOURS))
    _begin(row, ListState.UNDOING, real_at)
    return True


def take(list_id: UUID, *, by: Actor, at: datetime, told: Told = silent) -> queries.ListFacts:
    """Take a list that `want` has begun: check it again, and make everything that is new or nothing.

    by    who has sent it; that the role still holds is asked before
    at    with a time zone
    told  called with how many rows are done; on another connection, since the transaction stays open

    Raises Missing; ListBusy; ChangedSince: something is wrong now, and the list is as it was looked at anew.
    Waits for others who claim the same values; works alone on the list.
    """
    try:
        with transaction.atomic():
            if not alone(list_id):
                raise ListBusy
            row = _row(list_id)
            if row.state != ListState.TAKING:
                return facts_of(row)
            kind, confirmed = ListKind(row.kind), confirmed_in(row)
            place = UUID(row.place.partition(":")[2])
            asked = queries.Asked(place, at, by, confirmed, silent)
            found = queries.check(kind, lines_of(opened(row, "content")), asked)
            if found.wrong:
                raise _Moved(found)
            made = make(kind, found, Making(row.place, by, at, told)) if found.new else []
            models.SentList.objects.filter(pk=list_id).update(
                state=ListState.TAKEN,
                made=made,
                new=len(found.new),
                left_out=len(found.left_out),
                done=row.rows,
                beat_at=None,
                taken_at=at,
                last_at=at,
            )
            return facts_of(_row(list_id))
    except _Moved as moved:
        keep(list_id, moved.found, confirmed)
        raise ChangedSince from moved
    except (CannotRegister, ListChanged) as error:
        # Somebody was faster by a moment; a new look sees what they did.
        keep(list_id, _again(list_id, by=by, at=at), confirmed)
        raise ChangedSince from error


def undo(list_id: UUID, *, by: Actor, at: datetime, told: Told = silent) -> queries.ListFacts:
    """Take back what a list has made, as far as nothing depends on it; what stays is kept with its reason.

    by    as in `take`
    at    with a time zone

    Raises Missing; ListBusy. Works alone on the list.
    """
    with transaction.atomic():
        if not alone(list_id):
            raise ListBusy
        row = _row(list_id)
        if row.state != ListState.UNDOING:
            return facts_of(row)
        made = [(str(one), int(number)) for one, number in row.made or []]
        stay = unmake(ListKind(row.kind), made, Making(row.place, by, at, told))
        keep_stays(list_id, stay)
        models.SentList.objects.filter(pk=list_id).update(
            state=ListState.UNDONE,
            undone=len(made) - len(stay),
            undone_at=at,
            done=row.rows,
            beat_at=None,
        )
        return facts_of(_row(list_id))


@transaction.atomic
def give_up(list_id: UUID, *, error: DomainError | None = None) -> None:
    """Say that a list could not be worked through: it is as it was before, or failed.

    error  why, if the product said no; without it the work broke off too often

    Locks the list.
    """
    row = models.SentList.objects.select_for_update().filter(pk=list_id).first()
    if row is None:
        return
    before = {
        ListState.CHECKING: ListState.FAILED,
        ListState.TAKING: ListState.CHECKED,
        ListState.UNDOING: ListState.TAKEN,
    }
    row.state = before.get(ListState(row.state), row.state)
    row.refused = (error or ListFailed()).code
    row.beat_at = None
    row.save(update_fields=["state", "refused", "beat_at"])


@transaction.atomic
def begin_again(list_id: UUID, *, real_at: datetime) -> bool:
    """Return whether work that broke off is to be begun anew; after several times it is given up.

    real_at  real time, with a zone

    Locks the list.
    """
    row = models.SentList.objects.select_for_update().filter(pk=list_id).first()
    if row is None or row.state not in WORKING:
        return False
    if row.tries + 1 >= MOST_TRIES:
        give_up(list_id)
        return False
    row.tries, row.beat_at = row.tries + 1, real_at
    row.save(update_fields=["tries", "beat_at"])
    return True


class _Moved(Exception):
    """What was looked at does not hold any more."""

    def __init__(self, found: Found[object]) -> None:
        super().__init__()
        self.found = found


def _again(list_id: UUID, *, by: Actor, at: datetime) -> Found[object]:
    row = _row(list_id)
    asked = queries.Asked(UUID(row.place.partition(":")[2]), at, by, confirmed_in(row), silent)
    return queries.check(ListKind(row.kind), lines_of(opened(row, "content")), asked)


def _begin(row: models.SentList, state: ListState, real_at: datetime) -> None:
    row.state, row.done, row.tries, row.beat_at, row.refused = state, 0, 0, real_at, ""
    row.save(update_fields=["state", "done", "tries", "beat_at", "refused"])


def _check_free(row: models.SentList) -> None:
    if row.state in WORKING:
        raise ListBusy
    if row.state == ListState.FAILED:
        raise ListFailed


def _locked(list_id: UUID) -> models.SentList:
    row = models.SentList.objects.select_for_update().filter(pk=list_id).first()
    if row is None:
        raise Missing
    return row


def _row(list_id: UUID) -> models.SentList:
    row = models.SentList.objects.filter(pk=list_id).first()
    if row is None:
        raise Missing
    return row
