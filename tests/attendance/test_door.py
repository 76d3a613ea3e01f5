"""Which way a scan goes, and how near it was."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from shanshi.attendance import rules
from shanshi.attendance.rules import Band, Direction, DoorTimes, Move, PastVisit, VisitState
from shanshi.foundation.actor import Actor, Grant, Role
from shanshi.kernel.period import Period

ZONE = ZoneInfo("Asia/Shanghai")
NINE = datetime(2019, 3, 20, 9, 0, tzinfo=ZONE)
SHIFT = Period(NINE, NINE + timedelta(hours=2))
HERE, ELSEWHERE, ACTIVITY = UUID(int=1), UUID(int=2), UUID(int=3)
TIMES = DoorTimes(
    opens_before=timedelta(minutes=30),
    closes_after=timedelta(minutes=60),
    double_scan=timedelta(seconds=60),
    late_scan=timedelta(minutes=10),
    near_m=300,
)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def visit(came: float, left: float | None = None, *, shift: UUID = HERE, state: str = "") -> PastVisit:
    state = state or (VisitState.OPEN if left is None else VisitState.LEFT)
    return PastVisit(UUID(int=9), shift, ACTIVITY, state, at(came), None if left is None else at(left))


def move(minutes: float, *visits: PastVisit) -> Move:
    return rules.next_move(
        visits,
        shift_id=HERE,
        activity_id=ACTIVITY,
        shift=SHIFT,
        at=at(minutes),
        times=TIMES,
        most_pairs=3,
    )


def test_the_first_scan_comes_in_and_the_next_goes_out():
    assert move(-30) == Move(Direction.IN)
    assert move(119) == Move(Direction.IN)
    gone = move(100, visit(0))
    assert (gone.direction, gone.visit_id, gone.again) == (Direction.OUT, UUID(int=9), False)


@pytest.mark.parametrize(
    ("minutes", "refusal"), [(-30.1, rules.CheckInNotYet), (120, rules.CheckInOver), (300, rules.CheckInOver)]
)
def test_nobody_comes_in_before_the_doors_open_or_after_the_end(minutes, refusal):
    with pytest.raises(refusal):
        move(minutes)


def test_one_may_go_out_until_an_hour_after_the_end():
    assert move(180, visit(0)).direction == Direction.OUT
    with pytest.raises(rules.CheckOutOver):
        move(180.1, visit(0))


def test_a_second_scan_within_a_minute_is_the_first_one_again():
    again = move(0.9, visit(0))
    assert (again.direction, again.again) == (Direction.IN, True)
    assert move(1, visit(0)) == Move(Direction.OUT, UUID(int=9), at(0))
    again = move(100.9, visit(0, 100))
    assert (again.direction, again.again) == (Direction.OUT, True)
    assert move(101, visit(0, 100)) == Move(Direction.IN)


def test_who_is_inside_somewhere_else_checks_out_there_first():
    with pytest.raises(rules.VisitOpenElsewhere):
        move(10, visit(0, shift=ELSEWHERE))


def test_a_fourth_pair_at_an_activity_is_refused_and_forgotten_visits_are_no_pairs():
    with pytest.raises(rules.MostPairsReached):
        move(50, visit(0, 10), visit(15, 20), visit(25, 30))
    forgotten = visit(0, state=VisitState.FORGOTTEN)
    assert move(50, forgotten, visit(15, 20), visit(25, 30)) == Move(Direction.IN)


def test_a_shift_takes_check_ins_only_if_it_was_published_before_it_began():
    def takes(published, state="published", cancelled_at=None):
        return rules.takes_check_ins(NINE, published, state=state, cancelled_at=cancelled_at)

    assert takes(at(-60))
    assert takes(at(-60), "closed")
    assert not takes(at(1))
    assert not takes(None)
    assert not takes(at(-60), "cancelled")
    assert not takes(at(-60), cancelled_at=at(-10))


def test_only_a_leaders_device_may_say_when_it_scanned_and_only_a_little_late():
    def time(scanned_at, is_leader=True):
        return rules.time_of_scan(scanned_at, at=at(0), is_leader=is_leader, late=TIMES.late_scan)

    assert time(None, is_leader=False) == at(0)
    assert time(at(-10)) == at(-10)
    for scanned_at, is_leader in [(at(-1), False), (at(0.1), True), (at(-10.1), True)]:
        with pytest.raises(rules.ScanTimeRefused):
            time(scanned_at, is_leader)
    with pytest.raises(rules.ScanTimeRefused):
        time(datetime(2019, 3, 20, 9, 0))  # noqa: DTZ001 - the point: no zone


@dataclass
class Spot:
    latitude: float
    longitude: float
    radius_m: int = 100


LAKE = Spot(30.2455, 120.1550)


@pytest.mark.parametrize(
    ("latitude", "longitude", "accuracy", "expected"),
    [
        (30.2455, 120.1550, None, Band.INSIDE),
        (30.2475, 120.1550, None, Band.NEAR),
        (30.2475, 120.1550, 150, Band.INSIDE),
        (30.2555, 120.1550, None, Band.FAR),
        (30.2555, 120.1550, 5000, Band.FAR),
        (None, None, None, Band.UNKNOWN),
    ],
)
def test_how_near_a_scan_was(latitude, longitude, accuracy, expected):
    assert rules.band(latitude, longitude, [LAKE], accuracy_m=accuracy, near_m=300) == expected
    assert rules.band(latitude, longitude, [], accuracy_m=accuracy, near_m=300) == Band.UNKNOWN


def test_a_place_has_both_or_neither_coordinate():
    assert rules.checked_place(None, None, 5) is None
    assert rules.checked_place(30.0, 120.0, 11.6) == (30.0, 120.0, 12)
    wrong = [
        (30, None, None),
        (None, 120, None),
        (91, 0, None),
        (0, 181, None),
        (0, 0, -1),
        (float("nan"), 0, 0),
    ]
    for place in wrong:
        with pytest.raises(rules.ScanFieldInvalid):
            rules.checked_place(*place)


def test_a_device_and_a_nonce_have_printable_names():
    assert rules.checked_name("device", "Lin's phone") == "Lin's phone"
    for name in ("", "x" * 65, "a\x00b", "a\nb"):
        with pytest.raises(rules.ScanFieldInvalid):
            rules.checked_name("device", name)


def test_leaders_and_managers_of_a_shift_or_above_run_its_door():
    lineage = ("shift:1", "organization:2", "organization:3", "division:330102")
    for role, place, runs in [
        (Role.LEADER, "shift:1", True),
        (Role.LEADER, "organization:3", True),
        (Role.MANAGER, "organization:2", True),
        (Role.LEADER, "organization:4", False),
        (Role.REVIEWER, "organization:2", False),
        (Role.AUDITOR, "city", False),
    ]:
        assert rules.leads(Actor(UUID(int=1), None, (Grant(role, place),)), lineage) is runs
