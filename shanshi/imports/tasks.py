"""Work on lists: in the background if there are many rows, and begun again if it broke off."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from shanshi.foundation import clock
from shanshi.foundation.jobs import app
from shanshi.imports import access, operations, queries
from shanshi.imports.rules import AT_ONCE, ListState
from shanshi.imports.rules.refusals import ListBusy
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.registry import queries as registry

# Longer than any statement of ours takes: without a sign for so long, the worker was ended.
SILENT_FOR = timedelta(minutes=2)


@app.task(name="imports.work")
def work(list_id: str) -> None:
    """Do what a list waits for: look at it, take it, or undo it."""
    now = clock.now()
    found = queries.sent_list(UUID(list_id))
    try:
        who = registry.actor_of(found.sent_by, now)
        access.check_still(who, found, on=city_day(now))
        with operations.Progress(found.id) as told:
            told(0)
            if found.state is ListState.CHECKING:
                operations.look(found.id, by=who, at=now, told=told)
            elif found.state is ListState.TAKING:
                operations.take(found.id, by=who, at=now, told=told)
            elif found.state is ListState.UNDOING:
                operations.undo(found.id, by=who, at=now, told=told)
    except ListBusy:
        return  # another worker has it, and will say how it ends
    except DomainError as error:
        operations.give_up(found.id, error=error)


@app.periodic(cron="* * * * *", periodic_id="imports.resume")
@app.task(name="imports.resume", queueing_lock="imports.resume", pass_context=False)
def resume(timestamp: int) -> None:
    """Each minute: lists whose work broke off, since the server was started anew, are begun again."""
    now = clock.real_now()
    for list_id in queries.stalled(now - SILENT_FOR):
        if operations.begin_again(list_id, real_at=now):
            work.defer(list_id=str(list_id))


def begin(found: queries.ListFacts) -> None:
    """Do the work on a list that has just been asked for: at once if it is short, else in the background."""
    if found.rows <= AT_ONCE:
        work(str(found.id))
    else:
        work.defer(list_id=str(found.id))
