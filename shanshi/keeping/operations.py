"""Letting go of what has been kept long enough, class by class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shanshi.activities.operations import expiring as activities
from shanshi.attendance.operations import expiring as attendance
from shanshi.foundation import retention
from shanshi.foundation.models import RetentionRun
from shanshi.foundation.retention import Sweep
from shanshi.imports.operations import expiring as imports
from shanshi.keeping import queries
from shanshi.keeping.rules import DataClass, cutoff
from shanshi.keeping.rules.classes import EXPIRING
from shanshi.kernel.quantities import city_day
from shanshi.notices import operations as notices
from shanshi.registry.operations import expiring as registry

SWEEPS: Mapping[str, Sweep] = {
    **retention.SWEEPS,
    **notices.SWEEPS,
    **registry.SWEEPS,
    **activities.SWEEPS,
    **attendance.SWEEPS,
    **imports.SWEEPS,
}
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Gone:
    """What a run did with one class.

    removed  rows that went; due: rows that have grown old and are still there
    """

    data_class: str
    kept_days: int
    removed: int
    due: int
    oldest_left_at: datetime | None


def expire(
    *, at: datetime, real_at: datetime, as_owner: bool = False, often_only: bool = False
) -> list[Gone]:
    """Let go of everything that has been kept long enough, and write down how much; what each class lost.

    at          the domain's time, with a zone; the days in force then count
    real_at     real time, with a zone, for what lives by the clock on the wall
    as_owner    the connection is the owner's: also what is written once; others only count it
    often_only  the classes of each hour; one that lost nothing is not written down

    Each batch is a transaction of its own; a run that was broken off, or comes late, is finished by the next,
    and two at once share the work.
    """
    done = []
    for one, days in _terms(at):
        if often_only and not one.often:
            continue
        moment = real_at if one.real_time else at
        sweep, before = SWEEPS[one.name], cutoff(days, at=moment)
        removed = 0
        if as_owner or not one.by_owner:
            while count := sweep.take(before, at=at, most=BATCH):
                removed += count
        left = Gone(one.name, days, removed, sweep.due(before), sweep.oldest())
        done.append(left)
        if removed or not often_only:
            RetentionRun.objects.create(
                ran_at=moment,
                data_class=one.name,
                kept_days=days,
                removed=removed,
                oldest_left_at=left.oldest_left_at,
            )
    return done


def due(*, at: datetime, real_at: datetime) -> list[Gone]:
    """Return what a run would let go of now; nothing is changed.

    at, real_at  as in `expire`
    """
    found = []
    for one, days in _terms(at):
        sweep, before = SWEEPS[one.name], cutoff(days, at=real_at if one.real_time else at)
        found.append(Gone(one.name, days, 0, sweep.due(before), sweep.oldest()))
    return found


def _terms(at: datetime) -> list[tuple[DataClass, int]]:
    days = queries.days(city_day(at))
    return [(one, days[one.name]) for one in EXPIRING]
