"""Shifts that come again by a rule: made at once, and changed or called off from one of them on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction

from shanshi.activities import models, rules
from shanshi.activities.operations.drafting import locked
from shanshi.activities.operations.shifts import (
    ShiftChange,
    activity_of,
    add_shifts,
    cancel_shift,
    change_shift,
    check_stands,
)
from shanshi.activities.operations.steps import checked_reason
from shanshi.activities.rules import recurrence
from shanshi.activities.rules import shifts as shift_rules
from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import CITY_ZONE, city_day


@dataclass(frozen=True, slots=True)
class SeriesMade:
    """A series, and its shifts by start."""

    series_id: UUID
    shift_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class RestChange:
    """What becomes different for the rest of a series; None leaves it. Times are of the city's clock."""

    begins: time | None = None
    ends: time | None = None
    capacity: int | None = None


@transaction.atomic
def add_series(
    activity_id: UUID,
    first: rules.ShiftDraft,
    rule: str,
    *,
    left_out: Collection[date] = (),
    by: Actor,
    at: datetime,
) -> SeriesMade:
    """Add a shift for each day of a rule, with the first one's times of the clock, places and name.

    first     the shift on the day from which the rule counts; its times carry a zone
    rule      of RFC 5545, as rules.recurrence takes it
    left_out  days of the city on which none shall be
    at        with a time zone; each shift must start later

    Raises RecurrenceInvalid, SeriesTooLong, SeriesEmpty, and what add_shifts refuses. Locks the activity.
    """
    days = recurrence.days_of(rule, city_day(first.starts_at), left_out=left_out)
    lasts, begins = first.ends_at - first.starts_at, first.starts_at.astimezone(CITY_ZONE).timetz()
    starts = [datetime.combine(day, begins) for day in days]
    drafts = [rules.ShiftDraft(start, start + lasts, first.capacity, first.name) for start in starts]
    made = add_shifts(activity_id, drafts, by=by, at=at)
    series = models.Series.objects.create(
        activity_id=activity_id, rule=rule, created_at=at, created_by=by.known()
    )
    models.Shift.objects.filter(activity_id=activity_id, id__in=made).update(series_id=series.id)
    told = {"rule": rule, "shifts": len(made)}
    audit.record("activities.add_series", f"activity:{activity_id}", by=by, at=at, after=told)
    return SeriesMade(series.id, tuple(made))


@transaction.atomic
def change_rest(shift_id: UUID, change: RestChange, *, by: Actor, at: datetime) -> int:
    """Change a shift and all later ones of its series, each on its own day; return how many. All or none.

    at  with a time zone

    Raises ShiftMissing; NotInSeries; ShiftCancelled, ShiftConfirmed; RestStands, with what stands against it
    as its part. Locks the activity, then shift after shift by start.
    """

    def one(shift: models.Shift) -> None:
        starts_at = _at(shift.starts_at, change.begins)
        ends_at = _at(shift.ends_at, change.ends)
        change_shift(shift.id, ShiftChange(starts_at, ends_at, change.capacity), by=by, at=at)

    return _each_of_rest(shift_id, one)


@transaction.atomic
def cancel_rest(shift_id: UUID, *, reason: str, by: Actor, at: datetime) -> int:
    """Call off a shift and all later ones of its series, and return how many. All or none.

    at  with a time zone

    Raises ReasonMissing; ShiftMissing; NotInSeries; ShiftCancelled, ShiftConfirmed; RestStands, with what
    stands against it as its part. Locks as `change_rest`, and the sign-ups of each.
    """
    why = checked_reason(reason)
    return _each_of_rest(shift_id, lambda shift: cancel_shift(shift.id, reason=why, by=by, at=at))


def _each_of_rest(shift_id: UUID, do: Callable[[models.Shift], None]) -> int:
    activity_id = activity_of(shift_id)
    locked(activity_id)
    first = models.Shift.objects.get(activity_id=activity_id, id=shift_id)
    if first.series_id is None:
        raise shift_rules.NotInSeries
    check_stands(first)
    rest = models.Shift.objects.filter(
        activity_id=activity_id,
        series_id=first.series_id,
        starts_at__gte=first.starts_at,
        cancelled_at__isnull=True,
        confirmed_at__isnull=True,
    )
    rows = list(rest.order_by("starts_at", "id"))
    for shift in rows:
        with _named(shift):
            do(shift)
    return len(rows)


@contextmanager
def _named(shift: models.Shift) -> Iterator[None]:
    try:
        yield
    except DomainError as refusal:
        raise shift_rules.RestStands(refusal, day=city_day(shift.starts_at).isoformat()) from refusal


def _at(moment: datetime, clock: time | None) -> datetime | None:
    return None if clock is None else datetime.combine(city_day(moment), clock, CITY_ZONE)
