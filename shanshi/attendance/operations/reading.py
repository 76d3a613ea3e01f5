"""What a code that was read is believed to say: whose visit, at which shift."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from shanshi.activities import queries as activities
from shanshi.activities.queries import ShiftFacts
from shanshi.activities.queries.doors import DoorFacts
from shanshi.activities.queries.doors import door as door_of
from shanshi.attendance import queries, rules
from shanshi.attendance.rules import CodeKind, codes
from shanshi.foundation import crypto
from shanshi.foundation.actor import Actor

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class ScanSent:
    """What a device sends when it has read a code.

    code       the text of the code, or 6 digits
    device     what the device calls itself; with `nonce`, made for each scan, a repeated sending is known
    latitude, longitude  degrees (WGS 84), both or neither; accuracy_m: metres
    scanned_at  only from a leader's device: when it read a volunteer's code, with a time zone
    shift_id   only from a leader: at which door
    """

    code: str
    device: str
    nonce: str
    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    scanned_at: datetime | None = None
    shift_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A code that was believed, and what it was read for.

    code_step  of a venue code or digits; code_nonce of a personal code
    """

    holder_id: UUID
    door: DoorFacts
    kind: CodeKind
    code_nonce: str | None = None
    code_step: int | None = None


@dataclass(slots=True)
class Attempt:
    """What is known of a scan so far, so that a refusal too can be told whom and where it met.

    device       keyed hash of what the device calls itself
    happened_at  the domain's time that counts for the scan
    """

    sent: ScanSent
    by: Actor
    at: datetime
    real_at: datetime
    device: UUID
    nonce: str
    holder_id: UUID
    happened_at: datetime
    kind: str = ""
    shift_id: UUID | None = None
    code_nonce: str | None = None


def read(attempt: Attempt, values: Mapping[str, Any]) -> Reading:
    """Return whose visit a code is for and at which shift, and note both in the attempt as they become known.

    values  of the policy "check_in"

    Raises codes.CodeUnreadable, CodeForged; rules.ScannedBySelf, ScanTimeRefused; codes.CodeExpired,
    DigitsWrong; Forbidden: the person is no volunteer; rules.ShiftUnknown, NotALeader, NoShiftToScan.
    """
    token = codes.read(attempt.sent.code)
    attempt.kind = codes.kind(token).value
    match token:
        case codes.VenueToken():
            return _venue(token, attempt, values)
        case codes.Digits():
            return _digits(token, attempt, values)
        case codes.PersonalToken():
            return _personal(token, attempt, values)


def _venue(token: codes.VenueToken, attempt: Attempt, values: Mapping[str, Any]) -> Reading:
    holder_id = attempt.by.volunteer()
    attempt.shift_id = token.shift_id
    _take_time(attempt, values, is_leader=False)
    step = codes.step_at(attempt.real_at, seconds=values["step_seconds"])
    _with_any(
        queries.session_keys(token.shift_id),
        lambda key: codes.check_venue(token, key, step=step, accepted=values["steps_accepted"]),
    )
    door = door_of(token.shift_id, holder_id)
    if door is None:
        raise rules.ShiftUnknown
    return Reading(holder_id, door, CodeKind.VENUE, code_step=token.step)


def _digits(typed: codes.Digits, attempt: Attempt, values: Mapping[str, Any]) -> Reading:
    holder_id = attempt.by.volunteer()
    _take_time(attempt, values, is_leader=False)
    around = {shift.id: shift for shift in _around(holder_id, attempt.at, values)}
    step = codes.step_at(attempt.real_at, seconds=values["digits_step_seconds"])
    shift_id = codes.shift_of_digits(
        typed,
        [(shift_id, key) for shift_id in around for key in queries.session_keys(shift_id)],
        step=step,
        accepted=values["steps_accepted"],
    )
    attempt.shift_id = shift_id
    return Reading(holder_id, _door(around[shift_id]), CodeKind.DIGITS, code_step=step)


def _personal(token: codes.PersonalToken, attempt: Attempt, values: Mapping[str, Any]) -> Reading:
    attempt.shift_id = attempt.sent.shift_id
    _with_any(crypto.keyring().personal_keys, lambda key: codes.check_signature(token, key))
    attempt.holder_id, attempt.code_nonce = token.holder_id, token.nonce
    if token.holder_id == attempt.by.holder_id:
        raise rules.ScannedBySelf
    _take_time(attempt, values, is_leader=True)
    # The code lives in real time: what was scanned some minutes ago was shown as long ago.
    codes.check_lives(token, real_at=attempt.real_at - (attempt.at - attempt.happened_at))
    shift = _shift_at_door(token.holder_id, attempt, values)
    attempt.shift_id = shift.id
    return Reading(token.holder_id, _door(shift), CodeKind.PERSONAL, code_nonce=token.nonce)


def _with_any(keys: Sequence[Key], check: Callable[[Key], None]) -> None:
    # While a secret is changed, what the one before it made is still good for some minutes.
    *others, last = keys
    for key in others:
        try:
            return check(key)
        except codes.CodeForged:
            continue
    return check(last)


def _take_time(attempt: Attempt, values: Mapping[str, Any], *, is_leader: bool) -> None:
    attempt.happened_at = rules.time_of_scan(
        attempt.sent.scanned_at,
        at=attempt.at,
        is_leader=is_leader,
        late=timedelta(minutes=values["late_scan_minutes"]),
    )


def _shift_at_door(holder_id: UUID, attempt: Attempt, values: Mapping[str, Any]) -> ShiftFacts:
    at_door, by, at = attempt.sent.shift_id, attempt.by, attempt.happened_at
    if at_door is not None:
        shift = next(iter(activities.shifts([at_door])), None)
        if shift is None:
            raise rules.ShiftUnknown
        if not rules.leads(by, shift.lineage):
            raise rules.NotALeader
    mine = [
        shift
        for shift in _around(holder_id, at, values)
        if at_door in (None, shift.id) and rules.leads(by, shift.lineage)
    ]
    if not mine:
        raise rules.NoShiftToScan
    if len(mine) > 1:
        # Between two shifts of one leader: the one the person is at, else the one that is nearest in time.
        inside = queries.open_visit(holder_id)
        mine.sort(
            key=lambda shift: (
                inside is None or inside.shift_id != shift.id,
                max(shift.starts_at - at, at - shift.ends_at, timedelta()),
                shift.starts_at,
            )
        )
    return mine[0]


def _around(holder_id: UUID, at: datetime, values: Mapping[str, Any]) -> list[ShiftFacts]:
    return activities.shifts_placed_around(
        holder_id,
        at,
        before_minutes=values["opens_before_minutes"],
        after_minutes=values["closes_after_minutes"],
    )


def _door(shift: ShiftFacts) -> DoorFacts:
    return DoorFacts(
        id=shift.id,
        activity_id=shift.activity_id,
        kind=shift.kind,
        state=shift.state,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        published_at=shift.published_at,
        cancelled_at=shift.cancelled_at,
        positions=shift.positions,
        is_placed=True,
    )
