"""When a message may go out, how often it is tried, and how facts are kept. No database."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shanshi.notices import rules

CITY = ZoneInfo("Asia/Shanghai")
NIGHT = rules.Quiet(21, 8)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"2019-03-{text}").replace(tzinfo=CITY)


@pytest.mark.parametrize(
    ("written", "leaves"),
    [
        ("20T20:59:59", "20T20:59:59"),
        ("20T21:00:00", "21T08:00:00"),
        ("20T23:59:59", "21T08:00:00"),
        ("21T00:00:00", "21T08:00:00"),
        ("21T07:59:59", "21T08:00:00"),
        ("21T08:00:00", "21T08:00:00"),
        ("31T22:00:00", None),
    ],
)
def test_news_waits_for_the_morning_and_not_a_second_longer(written: str, leaves: str | None) -> None:
    wanted = moment(leaves) if leaves else datetime(2019, 4, 1, 8, tzinfo=CITY)
    assert rules.leaves_at(moment(written), NIGHT, is_urgent=False) == wanted
    assert rules.leaves_at(moment(written), NIGHT, is_urgent=True) == moment(written)


def test_quiet_hours_are_those_of_the_city_whatever_zone_a_moment_carries() -> None:
    evening = datetime(2019, 3, 20, 13, 30, tzinfo=ZoneInfo("UTC"))
    assert NIGHT.holds(evening)
    assert rules.leaves_at(evening, NIGHT, is_urgent=False) == moment("21T08:00:00")


def test_quiet_hours_may_lie_within_one_day_or_be_none() -> None:
    noon = rules.Quiet(12, 14)
    assert [noon.holds(moment(f"20T{hour}:00:00")) for hour in ("11", "12", "13", "14")] == [
        False, True, True, False,
    ]  # fmt: skip
    assert rules.leaves_at(moment("20T12:10:00"), noon, is_urgent=False) == moment("20T14:00:00")
    assert not rules.Quiet(8, 8).holds(moment("20T08:00:00"))


def test_each_pause_is_twice_the_one_before_and_there_is_an_end() -> None:
    values = {"tries": 4, "first_pause_minutes": 2}
    at = moment("20T10:00:00")
    pauses = [rules.next_try_at(at, tries, values) for tries in (1, 2, 3, 4, 5)]
    assert pauses == [
        at + timedelta(minutes=2), at + timedelta(minutes=4), at + timedelta(minutes=8), None, None,
    ]  # fmt: skip


def test_facts_come_back_as_they_were_given() -> None:
    facts: dict[str, rules.Fact] = {
        "title": "清洁", "at": moment("20T10:00:00"), "on": date(2019, 3, 20), "count": 3,
    }  # fmt: skip
    assert rules.unpacked(rules.packed(facts)) == facts
