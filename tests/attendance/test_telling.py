"""Telling people of their hours, once, and of coins that end soon."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shanshi.attendance import operations
from shanshi.foundation.actor import Actor
from shanshi.notices import models, queries
from tests.cast import Cast
from tests.portal.world import World

pytestmark = pytest.mark.django_db
CITY = ZoneInfo("Asia/Shanghai")


def texts(who: Actor, template: str) -> list[str]:
    found = queries.listed(who.volunteer(), language="en")[0]
    return [one.text for one in found if one.template == template]


def test_who_served_is_told_how_long_and_that_it_is_in_the_book(cast: Cast, at: datetime) -> None:
    World(cast, at).served(cast.lin)
    assert texts(cast.lin, "attendance.minutes_confirmed") == [
        "图书馆文明引导, 20 March 2019: 2 h are in your book."
    ]
    assert models.Notice.objects.get(template="attendance.minutes_confirmed").channels == []


def test_coins_that_end_are_told_of_a_month_before_once(cast: Cast, at: datetime) -> None:
    World(cast, at).served(cast.lin)
    end = datetime(2020, 12, 31, 9, 13, tzinfo=CITY)
    assert operations.tell_expiring(at=end - timedelta(days=31)) == 0
    assert operations.tell_expiring(at=end - timedelta(days=30)) == 1
    assert operations.tell_expiring(at=end - timedelta(days=29)) == 0
    assert operations.tell_expiring(at=end - timedelta(days=395)) == 0, "of another year"
    assert texts(cast.lin, "attendance.coins_expire") == [
        "2 coins of yours can be spent until 31 December 2020; afterwards they are gone."
    ]
    assert texts(cast.wu, "attendance.coins_expire") == []


def test_a_job_that_was_away_tells_later_in_the_month(
    cast: Cast, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operations.telling, "TOLD_AT_ONCE", 1)
    world = World(cast, at)
    world.served(cast.lin)
    world.served(cast.stranger)
    assert operations.tell_expiring(at=datetime(2020, 12, 20, 9, 13, tzinfo=CITY)) == 2
