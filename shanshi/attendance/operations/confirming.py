"""A leader vouches for a shift: its visits become verified minutes, and coins on the pending accounts.

One shift or a thousand go through the same few statements: the days of the people concerned are locked, what
each visit is worth is decided in plain Python, and visits and books are written as sets.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from shanshi.activities import operations as shift_books
from shanshi.activities import queries as activities
from shanshi.activities.queries import ShiftFacts
from shanshi.attendance import models, rules
from shanshi.attendance.operations.earnings import Accepted, postings_of
from shanshi.attendance.operations.telling import tell_confirmed
from shanshi.attendance.rules import DayLimits, DaySoFar, Stay, VisitState, Worth
from shanshi.foundation import audit, installation
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import DomainError
from shanshi.kernel.period import Period
from shanshi.ledger import operations as ledger
from shanshi.policies import queries as policies
from shanshi.registry import queries as registry

SHIFTS_AT_ONCE: Final = 200
# What a leader confirms with one press.
MOST_AT_ONCE: Final = 50

_DAYS: Final = """
    SELECT * FROM attendance_visit
    WHERE (holder_id, served_on) IN
          (SELECT holder_id, served_on FROM attendance_visit WHERE shift_id = ANY(%s) AND state = 'left')
    ORDER BY holder_id, id
    FOR UPDATE
"""
_CONFIRM: Final = """
    UPDATE attendance_visit visit
    SET state = 'confirmed', stayed = new.stayed, minutes = new.minutes,
        minutes_over_limit = new.minutes_over_limit, coin_units = new.coin_units, reason = new.reason,
        policy = new.policy, confirmed_at = new.confirmed_at, confirmed_by = %s
    FROM unnest(%s::uuid[], %s::uuid[], %s::interval[], %s::int[], %s::int[], %s::int[], %s::text[],
                %s::text[], %s::timestamptz[])
         AS new (holder_id, id, stayed, minutes, minutes_over_limit, coin_units, reason, policy, confirmed_at)
    WHERE visit.holder_id = new.holder_id AND visit.id = new.id
"""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a confirmation accepted.

    visits              accepted, whatever they earned
    minutes             verified minutes posted
    minutes_over_limit  minutes that wait for a review
    coin_units          posted to pending accounts
    forgotten           visits that were never checked out, and earn nothing
    own_left_out        visits of the person who confirmed and of that person's wards, for somebody else
    """

    visits: int = 0
    minutes: int = 0
    minutes_over_limit: int = 0
    coin_units: int = 0
    forgotten: int = 0
    own_left_out: int = 0


@transaction.atomic
def confirm(shift_id: UUID, *, by: Actor, at: datetime) -> Confirmed:
    """Accept the visits to a shift: verified minutes and pending coins are in the books at once.

    The own visit of the person who confirms is left out, and those of the minors whose guardian that person
    is: a child's code is shown by the guardian. They are accepted when somebody else confirms again.

    at  with a time zone

    Raises SignInNeeded, activities.ShiftMissing, rules.ShiftNotOpen: it was never published in time.
    ShiftNotOver. VisitsStillOpen: somebody may still check out. OnlyOwnVisit. AlreadyConfirmed: nothing
    waits. Then nothing has changed.
    Source: rules of the city, section 1; policies "hours" and "coins".
    Locks the visits of those days, in the order of holder and id, then the balances, then the shift.
    """
    by.known()
    shift = activities.shift(shift_id)
    if not rules.takes_check_ins(
        shift.starts_at, shift.published_at, state=shift.state, cancelled_at=shift.cancelled_at
    ):
        raise rules.ShiftNotOpen
    if at < shift.ends_at:
        raise rules.ShiftNotOver(ends_at=rules.local(shift.ends_at))
    _check_nobody_inside(shift, at)

    wards = registry.guarded(by.known(), at=at)
    confirmed = _accept([(shift, at)], by=by, posted_at=at, wards=wards, left_by=at, tells=True)[shift.id]
    # A check-out may have been taken back while this one waited for the visits.
    _check_nobody_inside(shift, at)
    # Another confirmation may have come first while this one waited for the visits.
    was_confirmed_at = activities.shift(shift_id).confirmed_at
    if confirmed.visits == 0 and confirmed.own_left_out:
        raise rules.OnlyOwnVisit
    if confirmed.visits == 0 and was_confirmed_at is not None:
        raise rules.AlreadyConfirmed
    if was_confirmed_at is None:
        shift_books.mark_confirmed(shift_id, by=by, at=at)
    audit.record(
        "attendance.confirm",
        f"shift:{shift_id}",
        by=by,
        at=at,
        before={"confirmed_at": was_confirmed_at.isoformat() if was_confirmed_at else None},
        after={
            "visits": confirmed.visits,
            "minutes": confirmed.minutes,
            "minutes_over_limit": confirmed.minutes_over_limit,
            "coin_units": confirmed.coin_units,
            "forgotten": confirmed.forgotten,
            "own_left_out": confirmed.own_left_out,
        },
    )
    return confirmed


def confirm_each(
    shift_ids: Iterable[UUID], *, by: Actor, at: datetime
) -> list[tuple[UUID, Confirmed | DomainError]]:
    """Confirm several shifts, each by itself, and return for each in order what came of it.

    What one shift refuses stops no other: the refusal stands beside the id.

    shift_ids  each once; whose doors the person runs, as access decides
    at         with a time zone

    Raises SignInNeeded; TooManyShifts: more than 50 at once. Locks as `confirm`, one shift after the other.
    """
    by.known()
    wanted = list(dict.fromkeys(shift_ids))
    if len(wanted) > MOST_AT_ONCE:
        raise rules.TooManyShifts(most=MOST_AT_ONCE)
    answers: list[tuple[UUID, Confirmed | DomainError]] = []
    for shift_id in wanted:
        try:
            answers.append((shift_id, confirm(shift_id, by=by, at=at)))
        except DomainError as refusal:
            answers.append((shift_id, refusal))
    return answers


def confirm_many(moments: Mapping[UUID, datetime], *, by: Actor, at: datetime) -> Confirmed:
    """Accept the visits to many shifts of a case, each as of its own moment, and return the sums.

    Goes by batches of shifts, each a transaction; what was confirmed before is left as it is, so it may be
    called again. The books take the postings as of `at`; when each visit happened stands in them too.

    moments  shift -> when it was confirmed, with a time zone; not before its end
    at       when this is written, with a time zone

    Raises SignInNeeded. rules.NotACase: this is no demo database. rules.ShiftNotOver; then the batch has
    changed nothing.
    Locks as confirm does.
    """
    by.known()
    if not installation.is_demo():
        raise rules.NotACase
    in_order = sorted(moments, key=lambda shift_id: (moments[shift_id], shift_id))
    total = Confirmed()
    for start in range(0, len(in_order), SHIFTS_AT_ONCE):
        for one in _confirm_batch(in_order[start : start + SHIFTS_AT_ONCE], moments, by=by, at=at):
            total = _sum(total, one)
    return total


@transaction.atomic
def _confirm_batch(
    shift_ids: Sequence[UUID], moments: Mapping[UUID, datetime], *, by: Actor, at: datetime
) -> Iterable[Confirmed]:
    chosen = [(shift, moments[shift.id]) for shift in activities.shifts(shift_ids)]
    chosen.sort(key=lambda pair: (pair[1], pair[0].id))
    for shift, moment in chosen:
        if moment < shift.ends_at:
            raise rules.ShiftNotOver(ends_at=rules.local(shift.ends_at))
    confirmed = _accept(chosen, by=by, posted_at=at)
    shift_books.mark_many_confirmed(
        {shift.id: moment for shift, moment in chosen if shift.confirmed_at is None}, by=by
    )
    return list(confirmed.values())


@transaction.atomic
def close_forgotten(*, at: datetime) -> int:
    """Close the visits whose time for checking out has passed, and return how many; they earn nothing.

    at  with a time zone
    """
    return models.Visit.objects.filter(state=VisitState.OPEN.value, during__endswith__lt=at).update(
        state=VisitState.FORGOTTEN.value
    )


def _check_nobody_inside(shift: ShiftFacts, at: datetime) -> None:
    inside = models.Visit.objects.filter(shift_id=shift.id, state=VisitState.OPEN.value)
    closes_at = at
    for until in inside.values_list("during__endswith", flat=True):
        closes_at = max(closes_at, until)
    if closes_at > at:
        raise rules.VisitsStillOpen(people=inside.count(), closes_at=rules.local(closes_at))


def _accept(
    chosen: Sequence[tuple[ShiftFacts, datetime]],
    *,
    by: Actor,
    posted_at: datetime,
    wards: Collection[UUID] = (),
    left_by: datetime | None = None,
    tells: bool = False,
) -> dict[UUID, Confirmed]:
    shift_ids = [shift.id for shift, _ in chosen]
    forgotten = _close(shift_ids, left_by)
    rows = list(models.Visit.objects.raw(_DAYS, [shift_ids]))
    days = _Days(rows)
    accepted: list[Accepted] = []
    sums: dict[UUID, Confirmed] = {}
    for shift, at in chosen:
        waiting = days.waiting(shift.id)
        mine = [holder_id for holder_id in (by.holder_id, *wards) if holder_id in waiting]
        own = [visit for holder_id in mine for visit in waiting.pop(holder_id)]
        new = [one for visits in waiting.values() for one in _worth(visits, shift, days, at)]
        accepted += new
        sums[shift.id] = Confirmed(
            visits=len(new),
            minutes=sum(one.worth.minutes for one in new),
            minutes_over_limit=sum(one.worth.minutes_over_limit for one in new),
            coin_units=sum(one.coin_units for one in new),
            forgotten=forgotten.get(shift.id, 0),
            own_left_out=len(own),
        )
    _write(accepted, by=by)
    ledger.post(postings_of(accepted), at=posted_at)
    if tells:
        tell_confirmed(accepted, at=posted_at)
    return sums


class _Days:
    """The days of the people concerned: what waits for a shift, and what each day holds so far."""

    def __init__(self, rows: Sequence[models.Visit]) -> None:
        self._waiting: dict[UUID, dict[UUID, list[models.Visit]]] = {}
        self._at_activity: dict[tuple[UUID, date, UUID], DaySoFar] = {}
        self._at_once: dict[tuple[UUID, date], int] = {}
        for row in rows:
            if row.state == VisitState.LEFT:
                self._waiting.setdefault(row.shift_id, {}).setdefault(row.holder_id, []).append(row)
            elif row.state == VisitState.CONFIRMED:
                worth = Worth(
                    row.id, row.stayed or timedelta(), row.minutes or 0, row.minutes_over_limit or 0
                )
                self.add(row, worth)

    def waiting(self, shift_id: UUID) -> dict[UUID, list[models.Visit]]:
        """The visits of each person that wait for this shift's confirmation."""
        return self._waiting.get(shift_id, {})

    def so_far(self, visit: models.Visit) -> DaySoFar:
        """What the day of a visit holds already."""
        at_activity = self._at_activity.get(_activity_day(visit), DaySoFar())
        return replace(at_activity, at_once_minutes=self._at_once.get((visit.holder_id, visit.served_on), 0))

    def add(self, visit: models.Visit, worth: Worth) -> None:
        """Count an accepted visit into its day."""
        before = self._at_activity.get(_activity_day(visit), DaySoFar())
        self._at_activity[_activity_day(visit)] = replace(
            before,
            pairs=before.pairs + 1,
            stayed=before.stayed + worth.stayed,
            given_minutes=before.given_minutes + worth.minutes + worth.minutes_over_limit,
        )
        day = (visit.holder_id, visit.served_on)
        self._at_once[day] = self._at_once.get(day, 0) + worth.minutes


def _activity_day(visit: models.Visit) -> tuple[UUID, date, UUID]:
    return visit.holder_id, visit.served_on, visit.activity_id


def _worth(visits: Sequence[models.Visit], shift: ShiftFacts, days: _Days, at: datetime) -> list[Accepted]:
    hours = policies.in_force("hours", visits[0].served_on)
    coins = policies.in_force("coins", visits[0].served_on)
    by_id = {visit.id: visit for visit in visits}
    worths = rules.worth_of_shift(
        [Stay(visit.id, visit.came_at, visit.left_at) for visit in visits],
        shift=Period(shift.starts_at, shift.ends_at),
        kind=shift.kind,
        so_far=days.so_far(visits[0]),
        limits=DayLimits.of(hours.values, hours.version),
    )
    per_minute = coins.values["units_per_verified_minute"]
    accepted = []
    for worth in worths:
        visit = by_id[worth.visit_id]
        days.add(visit, worth)
        units = rules.coin_units(worth.minutes, per_minute=per_minute)
        accepted.append(Accepted(visit, shift, worth, units, hours.version, coins.version, at))
    return accepted


def _close(shift_ids: Sequence[UUID], left_by: datetime | None) -> dict[UUID, int]:
    still = models.Visit.objects.filter(shift_id__in=shift_ids, state=VisitState.OPEN.value)
    if left_by is not None:
        still = still.filter(during__endswith__lte=left_by)
    still.update(state=VisitState.FORGOTTEN.value)
    counts: dict[UUID, int] = {}
    forgotten = models.Visit.objects.filter(shift_id__in=shift_ids, state=VisitState.FORGOTTEN.value)
    for shift_id in forgotten.values_list("shift_id", flat=True):
        counts[shift_id] = counts.get(shift_id, 0) + 1
    return counts


def _write(accepted: Sequence[Accepted], *, by: Actor) -> None:
    if not accepted:
        return
    columns = zip(
        *(
            (
                one.visit.holder_id,
                one.visit.id,
                one.worth.stayed,
                one.worth.minutes,
                one.worth.minutes_over_limit,
                one.coin_units,
                one.worth.reason,
                one.hours_policy,
                one.at,
            )
            for one in accepted
        ),
        strict=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(_CONFIRM, [by.known(), *(list(column) for column in columns)])


def _sum(one: Confirmed, other: Confirmed) -> Confirmed:
    return Confirmed(
        visits=one.visits + other.visits,
        minutes=one.minutes + other.minutes,
        minutes_over_limit=one.minutes_over_limit + other.minutes_over_limit,
        coin_units=one.coin_units + other.coin_units,
        forgotten=one.forgotten + other.forgotten,
        own_left_out=one.own_left_out + other.own_left_out,
    )
