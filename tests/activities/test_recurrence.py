"""On which days a series comes: the rule is that of RFC 5545, and the days are the city's."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from shanshi.activities.rules import recurrence
from shanshi.activities.rules.recurrence import Every, Recurrence, days_of
from shanshi.kernel.holidays import is_public_holiday
from shanshi.kernel.quantities import CITY_ZONE

SATURDAY = date(2019, 3, 23)
first_days = some.dates(date(2019, 1, 1), date(2030, 12, 31))
ends = some.one_of(
    some.integers(1, 60).map(lambda times: {"times": times}),
    some.integers(0, 400).map(lambda days: {"days": days}),
)


def days(said: Recurrence, first_on: date, **more):
    return [day.strftime("%m-%d") for day in days_of(said.check().rule(first_on), first_on, **more)]


@pytest.mark.parametrize(
    ("said", "rule", "shown"),
    [
        (
            Recurrence(Every.WEEK, (6, 7), times=4),
            "FREQ=WEEKLY;BYDAY=SA,SU;COUNT=4",
            ["03-23", "03-24", "03-30", "03-31"],
        ),
        (
            Recurrence(Every.WEEK, until=date(2019, 4, 6)),
            "FREQ=WEEKLY;BYDAY=SA;UNTIL=20190406",
            ["03-23", "03-30", "04-06"],
        ),
        (
            Recurrence(Every.WEEK, interval=2, times=3),
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA;COUNT=3",
            ["03-23", "04-06", "04-20"],
        ),
        (Recurrence(Every.MONTH_DATE, times=2), "FREQ=MONTHLY;BYMONTHDAY=23;COUNT=2", ["03-23", "04-23"]),
        (Recurrence(Every.MONTH_WEEKDAY, times=2), "FREQ=MONTHLY;BYDAY=4SA;COUNT=2", ["03-23", "04-27"]),
        (Recurrence(Every.DAY, times=2), "FREQ=DAILY;COUNT=2", ["03-23", "03-24"]),
        # The first day is one of them only if the rule says so.
        (Recurrence(Every.WEEK, (1,), times=1), "FREQ=WEEKLY;BYDAY=MO;COUNT=1", ["03-25"]),
    ],
)
def test_a_rule_is_written_as_the_standard_does_and_gives_its_days(said, rule, shown):
    assert said.rule(SATURDAY) == rule
    assert days(said, SATURDAY) == shown


def test_days_that_are_left_out_count_among_the_times():
    tomb_sweeping = [day for day in map(date.fromordinal, range(737100, 737300)) if is_public_holiday(day)]
    said = Recurrence(Every.WEEK, times=4)
    assert days(said, SATURDAY, left_out=tomb_sweeping) == ["03-23", "03-30", "04-13"]


def test_a_fifth_saturday_means_the_last_of_each_month():
    assert days(Recurrence(Every.MONTH_WEEKDAY, times=3), date(2019, 3, 30)) == ["03-30", "04-27", "05-25"]


def test_the_31st_comes_only_in_months_that_have_it():
    assert days(Recurrence(Every.MONTH_DATE, times=3), date(2019, 3, 31)) == ["03-31", "05-31", "07-31"]


@pytest.mark.parametrize(
    "said",
    [
        Recurrence(Every.DAY),
        Recurrence(Every.DAY, times=1, until=SATURDAY),
        Recurrence(Every.DAY, times=0),
        Recurrence(Every.DAY, times=1, interval=0),
        Recurrence(Every.DAY, times=1, interval=13),
        Recurrence(Every.WEEK, (8,), times=1),
    ],
)
def test_a_rule_that_never_ends_or_says_nonsense_is_refused(said):
    with pytest.raises(recurrence.RecurrenceInvalid):
        said.check()


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ=SECONDLY;COUNT=1",
        "FREQ=DAILY",
        "FREQ=DAILY;COUNT=1;UNTIL=20190324",
        "FREQ=DAILY;UNTIL=20190399",
        "FREQ=MONTHLY;BYMONTHDAY=77;COUNT=1",
        "RRULE:FREQ=DAILY;COUNT=1",
        "FREQ=DAILY;COUNT=1\nEXDATE:20190324",
    ],
)
def test_another_rule_is_refused(rule):
    with pytest.raises((recurrence.RecurrenceInvalid, recurrence.SeriesEmpty)):
        days_of(rule, SATURDAY)


def test_a_series_has_at_most_200_shifts_and_at_least_one():
    assert len(days_of("FREQ=DAILY;COUNT=200", SATURDAY)) == 200
    with pytest.raises(recurrence.SeriesTooLong):
        days_of("FREQ=DAILY;COUNT=201", SATURDAY)
    with pytest.raises(recurrence.SeriesTooLong):
        days_of("FREQ=DAILY;UNTIL=20991231", SATURDAY)
    with pytest.raises(recurrence.SeriesTooLong):
        Recurrence(Every.DAY, times=201).check()
    with pytest.raises(recurrence.SeriesEmpty):
        days_of("FREQ=DAILY;COUNT=1", SATURDAY, left_out=[SATURDAY])
    with pytest.raises(recurrence.SeriesEmpty):
        days_of("FREQ=DAILY;UNTIL=20190101", SATURDAY)


@given(
    first_on=first_days,
    every=some.sampled_from(list(Every)),
    weekdays=some.lists(some.integers(1, 7), max_size=7).map(tuple),
    interval=some.integers(1, 12),
    end=ends,
    left_out=some.sets(first_days, max_size=20),
)
def test_every_day_of_a_series_fits_its_rule(first_on, every, weekdays, interval, end, left_out):
    until = first_on + timedelta(days=end["days"]) if "days" in end else None
    said = Recurrence(every, weekdays, interval, end.get("times"), until).check()
    try:
        found = days_of(said.rule(first_on), first_on, left_out=left_out)
    except recurrence.SeriesTooLong:
        assert until is not None
        return
    except recurrence.SeriesEmpty:
        return

    assert list(found) == sorted(set(found))
    assert found[0] >= first_on
    assert not set(found) & left_out
    assert len(found) <= (said.times or recurrence.MOST_AT_ONCE)
    assert until is None or found[-1] <= until
    if every is Every.WEEK:
        assert {day.isoweekday() for day in found} <= (set(weekdays) or {first_on.isoweekday()})
        weeks = {(day - timedelta(day.weekday())) for day in (*found, first_on)}
        assert all((week - min(weeks)).days % (7 * interval) == 0 for week in weeks)
    elif every is Every.MONTH_DATE:
        assert {day.day for day in found} == {first_on.day}
    elif every is Every.MONTH_WEEKDAY:
        assert {day.weekday() for day in found} == {first_on.weekday()}


@given(first_on=first_days)
def test_the_city_has_no_summer_time_so_every_shift_is_as_long_as_the_first(first_on):
    def length(day: date) -> timedelta:
        starts, ends_at = (datetime(day.year, day.month, day.day, hour, tzinfo=CITY_ZONE) for hour in (1, 4))
        return ends_at.astimezone(tz=None) - starts.astimezone(tz=None)

    assert {length(day) for day in days_of("FREQ=WEEKLY;COUNT=60", first_on)} == {timedelta(hours=3)}


def test_public_holidays_are_those_announced_and_an_unknown_year_is_unknown():
    assert is_public_holiday(date(2019, 4, 5)) is True
    assert is_public_holiday(date(2019, 3, 30)) is False
    # A Sunday that was worked for Labour Day.
    assert is_public_holiday(date(2019, 4, 28)) is False
    assert is_public_holiday(date(2099, 1, 1)) is None
