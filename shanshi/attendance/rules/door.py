"""Who may check in and out, when, and which way a scan goes. Plain values: no tables, no clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from shanshi.attendance.rules.codes import CodeExpired
from shanshi.attendance.rules.refusals import (
    CheckInNotYet,
    CheckInOver,
    CheckOutOver,
    MostPairsReached,
    ScanFieldInvalid,
    ScanTimeRefused,
    VisitOpenElsewhere,
)
from shanshi.attendance.rules.states import Direction, VisitState
from shanshi.foundation.actor import Actor, Role
from shanshi.foundation.permissions import Permission, Reach
from shanshi.kernel.decisions import Decision
from shanshi.kernel.period import Period
from shanshi.kernel.quantities import CITY_ZONE, MINUTE

LONGEST_NAME: Final = 64
# Stands here, below `access`: reading a personal code must know whose shifts the reader runs.
RUN_SHIFT: Final = Permission(
    "shift",
    "run: show its code, scan, see who came, confirm",
    roles={Role.MANAGER: Reach.HERE, Role.LEADER: Reach.HERE},
    note="At the shift, its team, its leading organization, or above; nobody confirms the own visit.",
)


@dataclass(frozen=True, slots=True)
class DoorTimes:
    """How long before and after a shift its door is open (policy "check_in").

    opens_before   before the start
    closes_after   after the end, for check-outs
    double_scan    a second scan within this time is the first one again
    late_scan      how far back a leader's device may date a scan
    near_m         metres around a position that are still near
    """

    opens_before: timedelta
    closes_after: timedelta
    double_scan: timedelta
    late_scan: timedelta
    near_m: int

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Return the times that a version of the policy "check_in" states."""
        return cls(
            opens_before=timedelta(minutes=int(values["opens_before_minutes"])),
            closes_after=timedelta(minutes=int(values["closes_after_minutes"])),
            double_scan=timedelta(seconds=int(values["double_scan_seconds"])),
            late_scan=timedelta(minutes=int(values["late_scan_minutes"])),
            near_m=int(values["near_metres"]),
        )


@dataclass(frozen=True, slots=True)
class PastVisit:
    """A visit of the person that a new scan may have to do with.

    left_at  None while it is open
    """

    visit_id: UUID
    shift_id: UUID
    activity_id: UUID
    state: str
    came_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Move:
    """What a scan does: opens a visit, closes one, or repeats the answer of one (`again`)."""

    direction: Direction
    visit_id: UUID | None = None
    came_at: datetime | None = None
    left_at: datetime | None = None
    again: bool = False


def next_move(
    visits: Sequence[PastVisit],
    *,
    shift_id: UUID,
    activity_id: UUID,
    shift: Period,
    at: datetime,
    times: DoorTimes,
    most_pairs: int,
) -> Move:
    """Return which way a scan at a shift goes.

    visits      the person's open visit, and those of this day
    at          when the code was scanned, with a time zone
    most_pairs  check-ins a day at one activity (policy "hours")

    Raises VisitOpenElsewhere, CheckOutOver, CheckInNotYet, CheckInOver, MostPairsReached.
    """
    repeated = _repeated(visits, shift_id=shift_id, at=at, within=times.double_scan)
    if repeated is not None:
        return repeated
    inside = next((visit for visit in visits if visit.state == VisitState.OPEN), None)
    if inside is not None:
        return _check_out(inside, shift_id=shift_id, shift=shift, at=at, times=times)
    _check_window(shift, at=at, times=times)
    pairs = sum(visit.activity_id == activity_id and visit.state != VisitState.FORGOTTEN for visit in visits)
    if pairs >= most_pairs:
        raise MostPairsReached(pairs=pairs)
    return Move(Direction.IN)


def takes_check_ins(
    starts_at: datetime, published_at: datetime | None, *, state: str, cancelled_at: datetime | None
) -> bool:
    """Return whether a shift takes check-ins: it stands, and was published before it began.

    starts_at, published_at, cancelled_at  of the shift, with a time zone
    state                                  of the activity

    Source: rules of the city, section 1: a verified minute exists only inside a published shift.
    """
    stands = cancelled_at is None and state in {"published", "closed"}
    return stands and published_at is not None and published_at <= starts_at


def door_hours(shift: Period, times: DoorTimes) -> Period:
    """Return from when somebody may check in, until when somebody may check out."""
    return Period(shift.starts_at - times.opens_before, shift.ends_at + times.closes_after)


def time_of_scan(scanned_at: datetime | None, *, at: datetime, is_leader: bool, late: timedelta) -> datetime:
    """Return the time that counts for a scan: the platform's own, or one a little before it.

    scanned_at  what a leader's device says, with a time zone; None for now
    at          the platform's time
    is_leader   whether a leader scanned a volunteer's personal code
    late        how far back it may lie

    Raises ScanTimeRefused: it comes from a volunteer's device, has no zone, lies ahead, or too far back.
    """
    if scanned_at is None:
        return at
    if not is_leader or scanned_at.tzinfo is None or not at - late <= scanned_at <= at:
        raise ScanTimeRefused(minutes=late // MINUTE)
    return scanned_at


def leads(actor: Actor, lineage: Sequence[str]) -> bool:
    """Return whether somebody runs the door of a shift: leader or manager of it, or above it.

    lineage  the shift, its leading organization and what is above
    """
    return RUN_SHIFT.by_role(actor, lineage)


def checked_name(field: str, text: str) -> str:
    """Return what a device calls itself or its request.

    field  "device" or "nonce"

    Raises ScanFieldInvalid: empty, longer than 64, or not printable.
    """
    if not 1 <= len(text) <= LONGEST_NAME or not text.isprintable():
        raise ScanFieldInvalid(field=field, expected=f"1…{LONGEST_NAME}")
    return text


def decide_check_in(facts: Mapping[str, Any], values: Mapping[str, Any]) -> Decision:
    """Return whether a scan of a venue code is accepted: the hours of the door, and the age of the code.

    facts   shift_starts_at, shift_ends_at, scanned_at: times with a zone; code_age_seconds
    values  of the policy "check_in"
    """
    times = DoorTimes.of(values)
    shift, at = Period(facts["shift_starts_at"], facts["shift_ends_at"]), facts["scanned_at"]
    hours = door_hours(shift, times)
    code_lives = int(values["step_seconds"]) * int(values["steps_accepted"])
    is_fresh = int(facts.get("code_age_seconds") or 0) < code_lives
    may_check_in = is_fresh and hours.starts_at <= at < shift.ends_at
    may_check_out = is_fresh and hours.starts_at <= at <= hours.ends_at
    failed = (
        (CodeExpired(), not is_fresh),
        (CheckInNotYet(opens_at=local(hours.starts_at)), at < hours.starts_at),
        (CheckInOver(ended_at=local(shift.ends_at)), at >= shift.ends_at),
        (CheckOutOver(closed_at=local(hours.ends_at)), at > hours.ends_at),
    )
    return Decision(
        {
            "accepted": may_check_in or may_check_out,
            "may_check_in": may_check_in,
            "may_check_out": may_check_out,
            "opens_at": hours.starts_at,
            "closes_at": hours.ends_at,
        },
        tuple(reason for reason, is_so in failed if is_so),
    )


def local(moment: datetime) -> str:
    """Return a moment as people of the city write it, such as "09:30" with its date.

    moment  with a time zone
    """
    return moment.astimezone(CITY_ZONE).strftime("%Y-%m-%d %H:%M")


def _repeated(visits: Sequence[PastVisit], *, shift_id: UUID, at: datetime, within: timedelta) -> Move | None:
    for visit in visits:
        if visit.shift_id != shift_id:
            continue
        if visit.state == VisitState.OPEN and at - visit.came_at < within:
            return Move(Direction.IN, visit.visit_id, visit.came_at, again=True)
        if visit.left_at is not None and at - visit.left_at < within:
            return Move(Direction.OUT, visit.visit_id, visit.came_at, visit.left_at, again=True)
    return None


def _check_out(inside: PastVisit, *, shift_id: UUID, shift: Period, at: datetime, times: DoorTimes) -> Move:
    if inside.shift_id != shift_id:
        raise VisitOpenElsewhere(came_at=local(inside.came_at))
    closes_at = shift.ends_at + times.closes_after
    if at > closes_at:
        raise CheckOutOver(closed_at=local(closes_at))
    return Move(Direction.OUT, inside.visit_id, inside.came_at)


def _check_window(shift: Period, *, at: datetime, times: DoorTimes) -> None:
    opens_at = shift.starts_at - times.opens_before
    if at < opens_at:
        raise CheckInNotYet(opens_at=local(opens_at))
    if at >= shift.ends_at:
        raise CheckInOver(ended_at=local(shift.ends_at))
