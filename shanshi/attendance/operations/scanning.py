"""A code is read at a door: a visit opens, or closes.

The way in and out is the busiest of the house, so it asks few questions and writes once: the visit, the scan
and the place go in by one statement, which is a transaction of its own. It locks nothing before; it writes
only if the visit is still as it was seen, and otherwise looks again.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from shanshi.attendance import models, queries, rules
from shanshi.attendance.operations.reading import Attempt, Reading, ScanSent, read
from shanshi.attendance.rules import Direction
from shanshi.foundation import crypto, statements
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import DomainError
from shanshi.kernel.ids import new_id
from shanshi.kernel.period import Period
from shanshi.kernel.quantities import MINUTE, city_day
from shanshi.policies import queries as policies
from shanshi.registry import queries as registry
from shanshi.registry.rules import Purpose

_LOOKS: Final = 4


@dataclass(frozen=True, slots=True)
class ScanAnswer:
    """What a scan did.

    minutes   at check-out: whole minutes of this visit inside a service's shift, before confirmation
    is_again  nothing changed: the scan, or one just like it, was answered before
    """

    visit_id: UUID
    direction: Direction
    minutes: int | None
    holder_id: UUID
    shift_id: UUID
    happened_at: datetime
    is_again: bool = False


def scan(sent: ScanSent, *, by: Actor, at: datetime, real_at: datetime) -> ScanAnswer:
    """Check a person in or out by a code, and return which; a repeated sending gets its first answer.

    by       a volunteer who read a venue code or typed its digits, or a leader who read a personal code
    at       the domain's time, which the visit takes; with a zone
    real_at  real time, by which codes live; with a zone

    Raises SignInNeeded. rules.ScanFieldInvalid. What reading.read raises for the code itself. rules.
    ShiftNotOpen, NotSignedUp, VisitOpenElsewhere, CheckOutOver, CheckInNotYet, CheckInOver, MostPairsReached,
    VisitOverlaps, CodeAlreadyUsed. Then nothing has changed but the log of refused scans.
    Locks nothing beforehand: two scans at once are told apart by the keys of the visits.
    """
    attempt = Attempt(
        sent=sent,
        by=by,
        at=at,
        real_at=real_at,
        device=_device(rules.checked_name("device", sent.device)),
        nonce=rules.checked_name("nonce", sent.nonce),
        holder_id=by.holder_id or by.known(),
        happened_at=at,
    )
    try:
        return _scan(attempt)
    except DomainError as refusal:
        # A request that was answered before keeps its answer, even where its code is too old by now.
        answer = _first_answer(attempt)
        if answer is not None:
            return answer
        models.FailedScan.objects.create(
            holder_id=attempt.holder_id,
            shift_id=attempt.shift_id,
            code_kind=attempt.kind,
            reason=refusal.code,
            scanned_by=by.known(),
            scanned_at=at,
        )
        raise


def _scan(attempt: Attempt) -> ScanAnswer:
    sent = attempt.sent
    place = rules.checked_place(sent.latitude, sent.longitude, sent.accuracy_m)
    values = policies.in_force("check_in", city_day(attempt.at)).values
    times = rules.DoorTimes.of(values)
    reading = read(attempt, values)
    door = reading.door
    if place and not registry.consented([reading.holder_id], Purpose.LOCATION):
        # Sent all the same, it is as if it had not been: neither the place nor what it would tell is kept.
        place = None
    if not rules.takes_check_ins(
        door.starts_at, door.published_at, state=door.state, cancelled_at=door.cancelled_at
    ):
        raise rules.ShiftNotOpen
    if not door.is_placed:
        raise rules.NotSignedUp

    latitude, longitude, accuracy_m = place or (None, None, None)
    band = rules.band(latitude, longitude, door.positions, accuracy_m=accuracy_m, near_m=times.near_m)
    written = {
        "scan": new_id(),
        "holder": reading.holder_id,
        "activity": door.activity_id,
        "shift": door.id,
        "kind": reading.kind.value,
        "code_nonce": reading.code_nonce,
        "code_step": reading.code_step,
        "device": attempt.device,
        "nonce": attempt.nonce,
        "at": attempt.happened_at,
        "received": attempt.at,
        "by": attempt.by.known(),
        "band": band.value,
        "latitude": latitude,
        "longitude": longitude,
        "accuracy": accuracy_m,
    }
    return _moved(attempt, reading, times, written)


def _moved(
    attempt: Attempt, reading: Reading, times: rules.DoorTimes, written: Mapping[str, Any]
) -> ScanAnswer:
    door = reading.door
    shift, served_on = Period(door.starts_at, door.ends_at), rules.day_of(door.starts_at)
    most_pairs = rules.DayLimits.of(policies.in_force("hours", served_on).values).most_pairs_a_day
    for _ in range(_LOOKS):
        move = rules.next_move(
            queries.to_decide(reading.holder_id, served_on),
            shift_id=door.id,
            activity_id=door.activity_id,
            shift=shift,
            at=attempt.happened_at,
            times=times,
            most_pairs=most_pairs,
        )
        answer = ScanAnswer(
            visit_id=move.visit_id or new_id(),
            direction=move.direction,
            minutes=_minutes(move, shift, kind=door.kind, at=attempt.happened_at),
            holder_id=reading.holder_id,
            shift_id=door.id,
            happened_at=attempt.happened_at,
            is_again=move.again,
        )
        until = shift.ends_at + times.closes_after
        if _write(move, answer, {**written, "served_on": served_on, "until": until}):
            return answer
        # Nothing was written: the request was answered before, or another scan came first. Look again.
        first = _first_answer(attempt)
        if first is not None:
            return first
        if attempt.code_nonce and queries.is_spent(reading.holder_id, attempt.code_nonce):
            raise rules.CodeAlreadyUsed
    raise rules.VisitOverlaps


def _minutes(move: rules.Move, shift: Period, *, kind: str, at: datetime) -> int | None:
    if move.direction == Direction.IN or move.came_at is None or kind != rules.EARNING_KIND:
        return None
    return rules.time_inside(move.came_at, move.left_at or at, shift) // MINUTE


def _device(name: str) -> UUID:
    # What a device calls itself is a person's; the scan keeps a keyed hash, by which it is known again.
    return UUID(bytes=crypto.blind_index("device", name)[:16])


def _first_answer(attempt: Attempt) -> ScanAnswer | None:
    found = queries.first_answer(
        attempt.holder_id, device=attempt.device, nonce=attempt.nonce, code_nonce=attempt.code_nonce
    )
    if found is None:
        return None
    scan_facts, minutes = found
    return ScanAnswer(
        visit_id=scan_facts.visit_id,
        direction=Direction(scan_facts.direction),
        minutes=minutes,
        holder_id=scan_facts.holder_id,
        shift_id=scan_facts.shift_id,
        happened_at=scan_facts.scanned_at,
        is_again=True,
    )


_UNANSWERED: Final = """
    NOT EXISTS (SELECT FROM attendance_scan WHERE holder_id = %(holder)s::uuid
                AND device = %(device)s::uuid AND nonce = %(nonce)s::text)
    AND NOT EXISTS (SELECT FROM attendance_scan WHERE holder_id = %(holder)s::uuid
                    AND code_nonce = %(code_nonce)s::text)
"""
_COME: Final = f"""
    WITH moved AS (
        INSERT INTO attendance_visit
            (id, holder_id, activity_id, shift_id, served_on, state, came_at, during, came_scan, doubts,
             reason, policy, source)
        SELECT %(visit)s::uuid, %(holder)s::uuid, %(activity)s::uuid, %(shift)s::uuid, %(served_on)s::date,
               'open', %(at)s::timestamptz, tstzrange(%(at)s::timestamptz, %(until)s::timestamptz),
               %(scan)s::uuid, %(doubts)s::text[], '', '', 'platform'
        WHERE {_UNANSWERED}
        ON CONFLICT DO NOTHING
        RETURNING id
    )"""
_LEAVE: Final = f"""
    WITH moved AS (
        UPDATE attendance_visit
        SET state = 'left', left_at = %(at)s::timestamptz, left_scan = %(scan)s::uuid,
            during = tstzrange(came_at, %(at)s::timestamptz), doubts = doubts || %(doubts)s::text[]
        WHERE holder_id = %(holder)s::uuid AND id = %(visit)s::uuid AND state = 'open' AND {_UNANSWERED}
        RETURNING id
    )"""
_AGAIN: Final = f"""
    WITH moved AS (SELECT %(visit)s::uuid AS id WHERE {_UNANSWERED})"""
_SCAN: Final = """, placed AS (
        INSERT INTO attendance_scanlocation (id, holder_id, latitude, longitude, recorded_at)
        SELECT %(scan)s::uuid, %(holder)s::uuid, %(latitude)s::float8, %(longitude)s::float8,
               %(received)s::timestamptz
        FROM moved WHERE %(latitude)s::float8 IS NOT NULL
    )
    INSERT INTO attendance_scan
        (id, holder_id, visit_id, activity_id, shift_id, direction, code_kind, code_nonce, code_step, device,
         nonce, scanned_at, received_at, scanned_by, band, accuracy_m, minutes, source)
    SELECT %(scan)s::uuid, %(holder)s::uuid, id, %(activity)s::uuid, %(shift)s::uuid, %(direction)s::text,
           %(kind)s::text, %(code_nonce)s::text, %(code_step)s::bigint, %(device)s::uuid, %(nonce)s::text,
           %(at)s::timestamptz, %(received)s::timestamptz, %(by)s::uuid, %(band)s::text, %(accuracy)s::int,
           %(minutes)s::int, 'platform'
    FROM moved
    RETURNING id"""


def _write(move: rules.Move, answer: ScanAnswer, written: Mapping[str, Any]) -> bool:
    """Write visit and scan in one statement if things are still as they were seen; whether it was so."""
    way, head = ("came", _COME) if move.direction == Direction.IN else ("left", _LEAVE)
    values = {
        **written,
        "visit": answer.visit_id,
        "direction": answer.direction.value,
        "minutes": answer.minutes,
        "doubts": [f"{way}_far"] if written["band"] == rules.Band.FAR else [],
    }
    # Alone the statement is a transaction of its own; inside another one a broken key must not spoil that.
    inside = transaction.atomic() if connection.in_atomic_block else nullcontext()
    try:
        with inside:
            return bool(statements.rows((_AGAIN if move.again else head) + _SCAN, values))
    except IntegrityError:
        return False
