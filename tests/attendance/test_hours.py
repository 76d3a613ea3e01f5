"""What a day of visits is worth."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanshi.attendance import rules
from shanshi.attendance.rules import DayLimits, DaySoFar, Stay
from shanshi.attendance.rules.hours import BELOW_SHARE, NOT_A_SERVICE, OVER_LIMIT, TOO_MANY_PAIRS
from shanshi.kernel.period import Period

ZONE = ZoneInfo("Asia/Shanghai")
LIMITS = DayLimits(
    at_once_minutes=480, after_parent_review_minutes=720, most_pairs_a_day=3, least_share_percent=60
)
DAY = datetime(2019, 3, 20, tzinfo=ZONE)


def clock(text: str) -> datetime:
    hour, minute, *second = (int(part) for part in text.split(":"))
    return DAY.replace(hour=hour, minute=minute, second=second[0] if second else 0)


def period(text: str) -> Period:
    return Period(*(clock(part) for part in text.split("-")))


def stays(*texts: str) -> list[Stay]:
    pairs = [text.split("-") for text in texts]
    return [
        Stay(UUID(int=number), clock(came), clock(left) if left else None)
        for number, (came, left) in enumerate(pairs)
    ]


def earned(shift: str, *visits: str) -> int:
    return rules.earned_minutes(stays(*visits), shift=period(shift), limits=LIMITS)


def test_a_morning_counts_to_the_minute():
    assert earned("09:00-11:30", "09:00-11:30") == 150


def test_coming_early_and_leaving_late_adds_nothing():
    assert earned("09:00-11:30", "08:31-12:29") == 150


def test_a_stay_below_the_share_counts_nothing_and_at_the_share_it_counts():
    assert earned("09:00-11:30", "09:00-10:29:59") == 0
    assert earned("09:00-11:30", "09:00-10:30") == 90


def test_the_share_is_of_all_visits_to_the_shift_together():
    assert earned("09:00-11:30", "09:00-10:00", "10:30-11:00") == 90


def test_seconds_are_dropped_once_for_the_day():
    visits = ["09:00:00-09:30:40", "09:40:00-10:10:40", "10:20:00-10:50:40"]
    assert earned("09:00-11:00", *visits) == 92


def test_a_fourth_pair_counts_nothing():
    worths = rules.worth_of_shift(
        stays("09:00-10:00", "10:00:30-11:00", "11:01-12:00", "12:01-13:00"),
        shift=period("09:00-13:00"),
        kind="service",
        so_far=DaySoFar(),
        limits=LIMITS,
    )
    assert [(worth.minutes, worth.reason) for worth in worths] == [
        (60, ""),
        (59, ""),
        (59, ""),
        (0, TOO_MANY_PAIRS),
    ]


def test_eight_hours_count_at_once_and_the_rest_waits():
    (worth,) = rules.worth_of_shift(
        stays("08:00-18:00"), shift=period("08:00-18:00"), kind="service", so_far=DaySoFar(), limits=LIMITS
    )
    assert (worth.minutes, worth.minutes_over_limit, worth.reason) == (480, 120, OVER_LIMIT)


def test_other_activities_of_the_day_use_the_limit_too():
    (worth,) = rules.worth_of_shift(
        stays("14:00-18:00"),
        shift=period("14:00-18:00"),
        kind="service",
        so_far=DaySoFar(at_once_minutes=420),
        limits=LIMITS,
    )
    assert (worth.minutes, worth.minutes_over_limit) == (60, 180)


@pytest.mark.parametrize("kind", ["ceremony", "training", "drive"])
def test_only_a_service_earns(kind):
    (worth,) = rules.worth_of_shift(
        stays("09:00-11:00"), shift=period("09:00-11:00"), kind=kind, so_far=DaySoFar(), limits=LIMITS
    )
    assert (worth.minutes, worth.minutes_over_limit, worth.reason) == (0, 0, NOT_A_SERVICE)


def test_an_open_visit_is_refused():
    with pytest.raises(rules.VisitStillOpen):
        earned("09:00-11:00", "09:00-10:00", "10:01-")


def test_a_visit_before_or_after_the_shift_counts_nothing():
    (worth,) = rules.worth_of_shift(
        stays("08:30-08:59"), shift=period("09:00-11:00"), kind="service", so_far=DaySoFar(), limits=LIMITS
    )
    assert (worth.minutes, worth.reason) == (0, BELOW_SHARE)


def test_coins_are_pending_for_a_day_and_belong_to_the_year_of_the_visits_end():
    assert rules.coin_units(150, per_minute=1) == 150
    assert rules.settles_at(clock("12:00"), delay_hours=24) == clock("12:00") + timedelta(days=1)
    new_year = datetime(2018, 12, 31, 16, 30, tzinfo=ZoneInfo("UTC"))
    assert rules.earned_in(new_year) == 2019
    assert rules.day_of(new_year) == date(2019, 1, 1)


def test_a_tried_decision_says_what_waits_for_whom():
    facts = {
        "kind": "service",
        "shift_starts_at": clock("06:00"),
        "shift_ends_at": clock("19:00"),
        "visits": [(clock("06:00"), clock("19:00"))],
    }
    values = {
        "at_once_minutes": 480,
        "after_parent_review_minutes": 720,
        "most_pairs_a_day": 3,
        "least_share_percent": 60,
    }
    decision = rules.decide_hours(facts, values)
    assert decision.outcome == {
        "minutes": 480,
        "waits_for_parent_minutes": 240,
        "waits_for_city_minutes": 60,
    }
    assert decision.reasons == (OVER_LIMIT,)


# Seconds of a day at which somebody comes and goes, in order, so that visits never overlap.
moments = st.lists(st.integers(0, 86_399), min_size=2, max_size=12, unique=True).map(sorted)
shifts = st.tuples(st.integers(0, 80_000), st.integers(900, 43_200))


def days(seconds: list[int]) -> list[Stay]:
    pairs = zip(seconds[::2], seconds[1::2], strict=False)
    return [
        Stay(UUID(int=came), DAY + timedelta(seconds=came), DAY + timedelta(seconds=left))
        for came, left in pairs
    ]


def shift_of(shift: tuple[int, int]) -> Period:
    start = DAY + timedelta(seconds=shift[0])
    return Period(start, start + timedelta(seconds=shift[1]))


@given(moments, shifts)
def test_nobody_earns_more_than_the_clock_or_the_shift_or_the_limit(seconds, shift):
    visits, during = days(seconds), shift_of(shift)
    minutes = rules.earned_minutes(visits, shift=during, limits=LIMITS)
    there = sum((visit.left_at - visit.came_at for visit in visits if visit.left_at), timedelta())
    assert 0 <= minutes <= there // timedelta(minutes=1)
    assert minutes <= during.minutes
    assert minutes <= LIMITS.at_once_minutes


@given(moments, shifts, st.randoms())
def test_the_order_in_which_visits_are_told_does_not_matter(seconds, shift, random):
    visits, during = days(seconds), shift_of(shift)
    shuffled = list(visits)
    random.shuffle(shuffled)
    assert rules.earned_minutes(shuffled, shift=during, limits=LIMITS) == rules.earned_minutes(
        visits, shift=during, limits=LIMITS
    )


@given(moments, shifts, st.integers(0, 7_200))
def test_staying_longer_never_earns_less(seconds, shift, more):
    visits, during = days(seconds), shift_of(shift)
    last = visits[-1]
    assert last.left_at is not None
    longer = [*visits[:-1], Stay(last.visit_id, last.came_at, last.left_at + timedelta(seconds=more))]
    assert rules.earned_minutes(longer, shift=during, limits=LIMITS) >= rules.earned_minutes(
        visits, shift=during, limits=LIMITS
    )


@given(moments, shifts, st.integers(0, 480))
def test_what_counts_at_once_and_what_waits_is_all_that_was_served(seconds, shift, already):
    visits, during = days(seconds), shift_of(shift)
    before = DaySoFar(at_once_minutes=already)
    empty = rules.worth_of_shift(visits, shift=during, kind="service", so_far=DaySoFar(), limits=LIMITS)
    full = rules.worth_of_shift(visits, shift=during, kind="service", so_far=before, limits=LIMITS)
    assert sum(w.minutes + w.minutes_over_limit for w in full) == sum(
        w.minutes + w.minutes_over_limit for w in empty
    )
    assert already + sum(w.minutes for w in full) <= max(480, already)
