"""The one door: a folder of plain files becomes a city, in one transaction."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings
from django.db import transaction

from shanshi.cities.operations import ground, history, people, work
from shanshi.cities.operations.register import Load
from shanshi.cities.queries import has_people, has_places
from shanshi.cities.rules.case import Case
from shanshi.cities.rules.checks import checked
from shanshi.cities.rules.drawing import Drawing, drawing
from shanshi.cities.rules.folder import files_of
from shanshi.cities.rules.measure import Loaded, loaded
from shanshi.cities.rules.refusals import AlreadyLoaded, NotEmpty, NotInProduction
from shanshi.foundation import installation
from shanshi.foundation.actor import Actor, system

LOADER: Final = system("cities.load")


class Teller(Protocol):
    """Is told how far a load is."""

    def __call__(self, done: int, total: int, what: str) -> None: ...


def is_loaded() -> bool:
    """Whether a case is in this database."""
    return has_places()


def load_case(
    path: Path, *, progress: Teller | None = None, by: Actor = LOADER, at: datetime | None = None
) -> Loaded:
    """Load the case in a folder, all of it or nothing; return how much. An empty database becomes a demo.

    progress  told after each part: done, total (of the same arbitrary unit), what
    at        when it is loaded, with a time zone; the moment at which the case's clock starts if not given

    Raises NotInProduction, NotEmpty, AlreadyLoaded; CaseInvalid with every wrong place, or with the line that
    the platform refuses.
    """
    if not settings.SHANSHI_FAKE_GATEWAYS:
        raise NotInProduction
    if not installation.is_demo() and (has_people() or has_places()):
        raise NotEmpty
    if is_loaded():
        raise AlreadyLoaded
    case = checked(files_of(path))
    drawn = drawing(case)
    with transaction.atomic():
        installation.mark_as_demo(starts_at=case.clock)
        _load(case, drawn, progress=progress, by=by, at=at or case.clock)
    return loaded(case, drawn)


def _load(case: Case, drawn: Drawing, *, progress: Teller | None, by: Actor, at: datetime) -> None:
    total = _size(case, drawn)
    done = 0

    def tell(more: int, what: str) -> None:
        nonlocal done
        done = min(done + more, total)
        if progress is not None:
            progress(done, total, what)

    load = Load(case=case, drawing=drawn, by=by, at=at, opened_at=_opened_at(case), tell=tell)
    tell(0, "Places and organizations 区划与组织")
    ground.add_divisions(load)
    ground.add_organizations(load)
    ground.add_places(load)
    ground.add_merchants(load)
    people.add_people(load)
    people.add_teams(load)
    people.give_roles(load)
    tell(0, "Activities 活动")
    work.add_programs(load)
    work.add_activities(load)
    work.name_activities(load)
    ground.add_offers(load)
    history.sign_up(load)
    history.record_visits(load)
    history.stamp(load)
    history.confirm(load)
    history.redeem(load)
    history.expire(load)
    tell(total, "Loaded 已载入")


def _size(case: Case, drawn: Drawing) -> int:
    came = sum(1 for turn in drawn.turns if turn.came_at is not None)
    shifts = sum(len(found) for found in case.shifts.values())
    return len(case.people) + len(drawn.people) + len(drawn.turns) + came + shifts + len(drawn.purchases)


def _opened_at(case: Case) -> datetime:
    moments = [case.clock, *(row.registered_at for row in case.people)]
    moments += [row.submitted_at for row in case.activities if row.submitted_at is not None]
    return min(moments) - timedelta(days=1)
