"""Many at once, set-based: for cases and imports. The rules are those of the single operations."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from shanshi.activities import models, rules
from shanshi.activities.operations.drafting import (
    activity_row,
    check_work,
    locate,
    organizations,
    organizer_rows,
    position_rows,
)
from shanshi.activities.operations.shifts import check_stands, shift_row
from shanshi.activities.operations.steps import check_may_publish, check_reviewer, check_says_enough
from shanshi.activities.rules import shifts as shift_rules
from shanshi.activities.rules import sign_ups as sign_up_rules
from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.kernel.ids import new_id
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies
from shanshi.registry import queries as registry
from shanshi.registry import rules as registry_rules

_BATCH = 2_000

_COUNT = """
UPDATE activities_shift SET taken = one.taken, arrivals = one.arrivals
  FROM unnest(%s::uuid[], %s::uuid[], %s::int[], %s::int[]) AS one (activity_id, id, taken, arrivals)
 WHERE activities_shift.activity_id = one.activity_id AND activities_shift.id = one.id
"""

_INSERT = """
INSERT INTO activities_signup (id, activity_id, shift_id, holder_id, arrival, starts_at, ends_at,
                               signed_up_at, state, signed_up_by, policy, source)
SELECT one.*, 'placed', %s, '', %s
  FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::int[],
              %s::timestamptz[], %s::timestamptz[], %s::timestamptz[]) AS one
"""

# The sign-ups of one person in order of start: whoever overlaps anybody overlaps the one with the latest
# end so far, so one pass finds a clash, however many there are.
_CLASH = """
SELECT 1
  FROM (SELECT starts_at, max(ends_at) OVER (PARTITION BY holder_id ORDER BY starts_at, id
                                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until
          FROM activities_signup
         WHERE holder_id = ANY(%s) AND state = ANY(%s) AND ends_at > %s AND starts_at < %s) AS day
 WHERE starts_at < busy_until
 LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """An activity that was submitted and published on dates of its own. Times carry a zone."""

    draft: rules.ActivityDraft
    shifts: tuple[rules.ShiftDraft, ...]
    submitted_at: datetime
    submitted_by: Actor
    published_at: datetime
    published_by: Actor


@dataclass(frozen=True, slots=True)
class Published:
    """The ids of an activity and of its shifts, in the order in which they were given."""

    activity_id: UUID
    shift_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Placement:
    """A place for somebody on a shift, signed up for at a time with a zone."""

    activity_id: UUID
    shift_id: UUID
    holder_id: UUID
    signed_up_at: datetime


@transaction.atomic
def publish_many(rows: Sequence[Reviewed], *, by: Actor, at: datetime, source: str) -> list[Published]:
    """Write activities that were reviewed on their own dates, and return their ids in order. All or none.

    by, at  who loads them and when; each row has its own people and times

    Raises, for the first row that is wrong, what create, submit and publish refuse.
    Source: as publish.
    """
    for row in rows:
        _check_reviewed(row)
    bodies = organizations(row.draft for row in rows)
    check_work(row.draft for row in rows)
    activities, organizers, positions, shifts, answers = [], [], [], [], []
    for row in rows:
        activity = activity_row(row.draft, bodies, by=row.submitted_by, at=row.submitted_at, source=source)
        planned = [
            shift_row(activity.id, shift, by=row.submitted_by, at=row.submitted_at, source=source)
            for shift in row.shifts
        ]
        _publish(activity, planned, row)
        activities.append(activity)
        organizers.extend(organizer_rows(activity.id, row.draft))
        positions.extend(position_rows(activity.id, row.draft))
        shifts.extend(planned)
        answers.append(Published(activity.id, tuple(shift.id for shift in planned)))
    locate(activities, [row.draft for row in rows])
    models.Activity.objects.bulk_create(activities, batch_size=_BATCH)
    models.Organizer.objects.bulk_create(organizers, batch_size=_BATCH)
    models.Position.objects.bulk_create(positions, batch_size=_BATCH)
    models.Shift.objects.bulk_create(shifts, batch_size=_BATCH)
    audit.record("activities.publish_many", f"load:{source}", by=by, at=at, after={"activities": len(rows)})
    return answers


def _check_reviewed(row: Reviewed) -> None:
    rules.check_draft(row.draft)
    for shift in row.shifts:
        rules.check_shift(shift, at=max(row.submitted_at, row.published_at))


def _publish(activity: models.Activity, planned: Sequence[models.Shift], row: Reviewed) -> None:
    check_says_enough(activity, positions=len(row.draft.positions), shifts=planned)
    activity.submitted_at, activity.submitted_by = row.submitted_at, row.submitted_by.known()
    check_reviewer(activity, planned, reviewer=row.published_by)
    activity.publication_policy = check_may_publish(activity, planned, at=row.published_at)
    activity.state = rules.ActivityState.PUBLISHED
    activity.published_at, activity.published_by = row.published_at, row.published_by.known()
    activity.first_starts_at = min(shift.starts_at for shift in planned)
    activity.last_ends_at = max(shift.ends_at for shift in planned)
    for shift in planned:
        shift.published_at, shift.published_by = row.published_at, row.published_by.known()


def place_many(
    activity_id: UUID,
    shift_id: UUID,
    holder_ids: Sequence[UUID],
    *,
    by: Actor,
    at: datetime,
    source: str,
) -> int:
    """Give many people a place on one shift, and return how many are new.

    at  when they signed up, with a time zone

    Raises as place_all.
    """
    return place_all(
        [Placement(activity_id, shift_id, holder_id, at) for holder_id in holder_ids], by=by, source=source
    )


@transaction.atomic
def place_all(rows: Sequence[Placement], *, by: Actor, source: str) -> int:
    """Give people places on shifts, in the order given, and return how many are new. All or none.

    Who has a live sign-up for the shift already is passed over.

    Raises ShiftMissing, ShiftCancelled, ShiftConfirmed, ShiftNotPublished (or signed up before that), the
    first of rules.reasons_against, ShiftFull, SignUpClash. Locks the shifts in order of their ids, but not
    the people: two loads at once could let one person clash, so they come one after the other.
    """
    shifts = _locked_shifts({row.shift_id for row in rows})
    fresh = _without_known(rows)
    _check_eligible(fresh, shifts)
    arrivals = {shift_id: shift.arrivals for shift_id, shift in shifts.items()}
    for shift_id, more in Counter(row.shift_id for row in fresh).items():
        shift = shifts[shift_id]
        if shift.waiting or shift.taken + more > shift.capacity:
            raise sign_up_rules.ShiftFull
        shift.taken += more
        shift.arrivals += more
    _count(shifts)
    _insert(fresh, shifts, arrivals, by=by, source=source)
    _check_no_clash(fresh, shifts)
    return len(fresh)


def _locked_shifts(shift_ids: Iterable[UUID]) -> dict[UUID, models.Shift]:
    wanted = set(shift_ids)
    found = {
        row.id: row
        for row in models.Shift.objects.select_for_update(of=("self",))
        .select_related("activity")
        .filter(id__in=wanted)
        .order_by("id")
    }
    if len(found) < len(wanted):
        raise shift_rules.ShiftMissing
    for shift in found.values():
        check_stands(shift)
        if shift.published_at is None:
            raise shift_rules.ShiftNotPublished
    return found


def _without_known(rows: Sequence[Placement]) -> list[Placement]:
    known = set(
        models.SignUp.objects.filter(
            shift_id__in={row.shift_id for row in rows},
            holder_id__in={row.holder_id for row in rows},
            state__in=rules.LIVE,
        ).values_list("shift_id", "holder_id")
    )
    fresh = []
    for row in rows:
        if (row.shift_id, row.holder_id) not in known:
            known.add((row.shift_id, row.holder_id))
            fresh.append(row)
    return fresh


def _check_eligible(rows: Sequence[Placement], shifts: Mapping[UUID, models.Shift]) -> None:
    people = registry.volunteers({row.holder_id for row in rows})
    values: dict[date, Mapping[str, Any]] = {}
    for row in rows:
        shift, person = shifts[row.shift_id], people[row.holder_id]
        if shift.published_at is None or row.signed_up_at < shift.published_at:
            raise shift_rules.ShiftNotPublished
        day = city_day(row.signed_up_at)
        if day not in values:
            values[day] = policies.in_force("sign_up", day).values
        activity = shift.activity
        facts = {
            "at": row.signed_up_at,
            "shift_starts_at": shift.starts_at,
            "age": registry_rules.age_on(person.birth_on, city_day(shift.starts_at)),
            "min_age": activity.min_age,
            "has_guardian_consent": person.has_guardian_consent,
            "risk_kinds": activity.risk_kinds,
        }
        for refusal in rules.reasons_against(facts, values[day]):
            raise refusal


def _count(shifts: Mapping[UUID, models.Shift]) -> None:
    rows = list(shifts.values())
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT,
            [
                [row.activity_id for row in rows],
                [row.id for row in rows],
                [row.taken for row in rows],
                [row.arrivals for row in rows],
            ],
        )


def _insert(
    rows: Sequence[Placement],
    shifts: Mapping[UUID, models.Shift],
    arrivals: dict[UUID, int],
    *,
    by: Actor,
    source: str,
) -> None:
    columns: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        arrivals[row.shift_id] += 1
        shift = shifts[row.shift_id]
        columns["id"].append(new_id())
        columns["activity_id"].append(shift.activity_id)
        columns["shift_id"].append(row.shift_id)
        columns["holder_id"].append(row.holder_id)
        columns["arrival"].append(arrivals[row.shift_id])
        columns["starts_at"].append(shift.starts_at)
        columns["ends_at"].append(shift.ends_at)
        columns["signed_up_at"].append(row.signed_up_at)
    if not rows:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [by.known(), source, *columns.values()],
        )


def _check_no_clash(rows: Sequence[Placement], shifts: Mapping[UUID, models.Shift]) -> None:
    if not rows:
        return
    times = [shifts[row.shift_id] for row in rows]
    live = [state.value for state in rules.LIVE]
    with connection.cursor() as cursor:
        cursor.execute(
            _CLASH,
            [
                list({row.holder_id for row in rows}),
                live,
                min(shift.starts_at for shift in times),
                max(shift.ends_at for shift in times),
            ],
        )
        if cursor.fetchone() is not None:
            raise sign_up_rules.SignUpClash
