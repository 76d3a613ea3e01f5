"""Shifts by day: the grid of a month, and the days of a week. Plain values for the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from shanshi.activities import queries as activities
from shanshi.activities.queries import CalendarDay, Finding
from shanshi.kernel.quantities import city_day

PER_DAY: Final = 8
# Nobody plans by the calendar farther than this from today.
FARTHEST: Final = timedelta(days=3 * 366)


@dataclass(frozen=True, slots=True)
class Day:
    """A day and what begins on it."""

    on: date
    found: CalendarDay
    is_today: bool
    is_outside: bool

    @property
    def more(self) -> int:
        """How many shifts are counted, but not told."""
        return self.found.count - len(self.found.shifts)


@dataclass(frozen=True, slots=True)
class Days:
    """Whole weeks from Monday on.

    before, after  a day of the month or week before and after
    """

    on: date
    days: tuple[Day, ...]
    before: date
    after: date

    @property
    def weeks(self) -> list[tuple[Day, ...]]:
        """The days by sevens."""
        return [self.days[start : start + 7] for start in range(0, len(self.days), 7)]

    @property
    def count(self) -> int:
        """How many shifts there are in all, without days of another month."""
        return sum(day.found.count for day in self.days if not day.is_outside)


def day_near(text: str, at: datetime) -> date:
    """Return a day as written in an address, within three years of today; today if it is none."""
    today = city_day(at)
    try:
        on = date.fromisoformat(text)
    except ValueError:
        return today
    return on if abs(on - today) <= FARTHEST else today


def month(finding: Finding, on: date, *, at: datetime) -> Days:
    """Return the month of a day in whole weeks, with counts; one query.

    at  with a time zone
    """
    first = on.replace(day=1)
    after = (first + timedelta(days=31)).replace(day=1)
    last = after - timedelta(days=1)
    begin, end = first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())
    days = _days(finding, begin, end, at=at, per_day=0, month_of=first)
    return Days(on, days, (first - timedelta(days=1)).replace(day=1), after)


def week(finding: Finding, on: date, *, at: datetime) -> Days:
    """Return the week of a day from Monday on, with the first shifts of each day; one query.

    at  with a time zone
    """
    begin = on - timedelta(days=on.weekday())
    days = _days(finding, begin, begin + timedelta(days=6), at=at, per_day=PER_DAY, month_of=None)
    return Days(on, days, begin - timedelta(days=7), begin + timedelta(days=7))


def _days(
    finding: Finding, begin: date, end: date, *, at: datetime, per_day: int, month_of: date | None
) -> tuple[Day, ...]:
    found = activities.calendar(finding, first_on=begin, last_on=end, at=at, per_day=per_day)
    today, nothing = city_day(at), CalendarDay(0, ())
    return tuple(
        Day(
            on,
            found.get(on, nothing),
            on == today,
            month_of is not None and (on.year, on.month) != (month_of.year, month_of.month),
        )
        for on in (begin + timedelta(days=step) for step in range((end - begin).days + 1))
    )
