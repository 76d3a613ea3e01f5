"""On which days a series of shifts comes again: rules of RFC 5545, of the few kinds that a page offers.

Plain Python: no tables, no clock. Days are days of the city; a time of the clock is put to each of them
later, and the city's zone has no summer time, so that every shift of a series is as long as the first.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from itertools import islice
from typing import Final, Literal, Self

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule
from dateutil.rrule import weekday as weekday_of

from shanshi.kernel.errors import N_, Invalid

MOST_AT_ONCE: Final = 200
LONGEST_INTERVAL: Final = 12
DAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class RecurrenceInvalid(Invalid):
    """The rule says nothing that a series can follow."""

    code = "activities.recurrence_invalid"
    says = N_("This is no rule by which shifts can come again.")
    way = N_("Choose how often, and either a last day or a number of times.")


class SeriesTooLong(Invalid):
    """The rule gives more shifts than are made at once."""

    code = "activities.series_too_long"
    says = N_("At most {most} shifts are made at once.")
    way = N_("Choose an earlier last day; make the others when these are over.")


class SeriesEmpty(Invalid):
    """No day is left."""

    code = "activities.series_empty"
    says = N_("This rule gives no day.")
    way = N_("Choose a later last day, or leave out fewer days.")


class Every(StrEnum):
    """How a series goes on. The month's day is its date, or its week and weekday (the second Saturday)."""

    DAY = "day"
    WEEK = "week"
    MONTH_DATE = "month_date"
    MONTH_WEEKDAY = "month_weekday"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How shifts come again, counted from a first day. Either `times` or `until` ends it.

    weekdays  1 (Monday) to 7, for weeks; none: that of the first day
    interval  every so many days, weeks or months
    times     how many, days that are left out included
    until     the last day that may be one
    """

    every: Every
    weekdays: tuple[int, ...] = ()
    interval: int = 1
    times: int | None = None
    until: date | None = None

    def rule(self, first_on: date) -> str:
        """Return the rule as RFC 5545 writes it, for example "FREQ=WEEKLY;BYDAY=SA,SU;COUNT=8".

        first_on  the day from which it counts
        """
        parts = [f"FREQ={_FREQ[self.every]}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.every is Every.WEEK:
            days = sorted(set(self.weekdays)) or [first_on.isoweekday()]
            parts.append("BYDAY=" + ",".join(DAYS[day - 1] for day in days))
        elif self.every is Every.MONTH_DATE:
            parts.append(f"BYMONTHDAY={first_on.day}")
        elif self.every is Every.MONTH_WEEKDAY:
            parts.append(f"BYDAY={_week_of(first_on)}{DAYS[first_on.weekday()]}")
        if self.times is not None:
            parts.append(f"COUNT={self.times}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        return ";".join(parts)

    def check(self) -> Self:
        """Return it: it can be followed, and ends.

        Raises RecurrenceInvalid, SeriesTooLong.
        """
        ends = (self.times is None) != (self.until is None)
        sound = 1 <= self.interval <= LONGEST_INTERVAL and all(1 <= day <= 7 for day in self.weekdays)
        if not (ends and sound) or (self.times is not None and self.times < 1):
            raise RecurrenceInvalid
        if self.times is not None and self.times > MOST_AT_ONCE:
            raise SeriesTooLong(most=MOST_AT_ONCE)
        return self


_FREQ: Final = {
    Every.DAY: "DAILY",
    Every.WEEK: "WEEKLY",
    Every.MONTH_DATE: "MONTHLY",
    Every.MONTH_WEEKDAY: "MONTHLY",
}
_KINDS: Final[Mapping[str, Literal[1, 2, 3]]] = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY}
_RULE: Final = re.compile(
    r"FREQ=(?P<freq>DAILY|WEEKLY|MONTHLY)(;INTERVAL=(?P<interval>\d{1,2}))?"
    r"(;BYDAY=(?P<days>(-1|[1-4])?(MO|TU|WE|TH|FR|SA|SU)(,(MO|TU|WE|TH|FR|SA|SU)){0,6}))?"
    r"(;BYMONTHDAY=(?P<date>\d{1,2}))?(;COUNT=(?P<times>\d{1,4}))?(;UNTIL=(?P<until>\d{8}))?"
)


def days_of(
    rule: str, first_on: date, *, left_out: Collection[date] = (), most: int = MOST_AT_ONCE
) -> tuple[date, ...]:
    """Return the days on which a series comes, in order, without those that are left out.

    rule      as `Recurrence.rule` writes it
    first_on  the day from which it counts; it is one of the days only if the rule says so
    left_out  days on which nothing shall be; they count among the rule's times

    Raises RecurrenceInvalid: another kind of rule; SeriesTooLong: more than `most`; SeriesEmpty.
    Source: RFC 5545, section 3.3.10.
    """
    found = list(islice(_days(rule, first_on), most + 1))
    if len(found) > most:
        raise SeriesTooLong(most=most)
    left = tuple(day for day in found if day not in left_out)
    if not left:
        raise SeriesEmpty
    return left


def _days(rule: str, first_on: date) -> Iterator[date]:
    said = _RULE.fullmatch(rule)
    if said is None or (said["times"] is None) == (said["until"] is None):
        raise RecurrenceInvalid
    try:
        until = datetime.strptime(said["until"], "%Y%m%d") if said["until"] else None  # noqa: DTZ007 - a day
        days = rrule(
            _KINDS[said["freq"]],
            dtstart=datetime.combine(first_on, time.min),
            interval=int(said["interval"] or 1),
            byweekday=[_weekday(day) for day in said["days"].split(",")] if said["days"] else None,
            bymonthday=int(said["date"]) if said["date"] else None,
            count=int(said["times"]) if said["times"] else None,
            until=until,
        )
    except ValueError as error:
        raise RecurrenceInvalid from error
    return (moment.date() for moment in days)


def _weekday(text: str) -> weekday_of:
    number, day = text[:-2], DAYS.index(text[-2:])
    return weekday_of(day, int(number)) if number else weekday_of(day)


def _week_of(day: date) -> int:
    # A fifth Saturday is not in every month: whoever begins with one means the last.
    week = (day.day - 1) // 7 + 1
    return week if week <= 4 else -1
