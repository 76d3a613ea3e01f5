"""While the secrets of codes are changed, nobody at a door or a till is turned away."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shanshi.attendance import operations as attendance
from shanshi.attendance import queries as doors
from shanshi.attendance.operations import ScanSent
from shanshi.attendance.rules import codes
from shanshi.foundation import clock, crypto, keys
from shanshi.foundation.keys import Secret
from shanshi.registry import queries as registry
from shanshi.rewards import operations as rewards
from shanshi.rewards import queries
from tests.cast import Cast
from tests.portal.world import NEXT_DAY, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def move(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(crypto.new_keys()))
    settings.SHANSHI_KEYS_FILE = path
    settings.SHANSHI_KEYRING = crypto.read_keys(path.read_text())
    monkeypatch.setattr(crypto, "_looks", crypto._Looks())
    return lambda by: monkeypatch.setattr(crypto, "_now", lambda: clock.real_now() + by)


def test_a_code_shown_before_the_change_still_opens_the_door(cast: Cast, at: datetime, move: Any) -> None:
    world = World(cast, at)
    (shift_id,) = world.shifts(world.library())
    world.sign_up(cast.lin, shift_id)
    now = clock.real_now()
    venue = doors.venue_code(shift_id, now).code
    keys.rotate(Secret.DOORS, at=now)
    keys.rotate(Secret.PERSONAL, at=now)
    assert doors.venue_code(shift_id, now).code == venue, "it begins in a minute"
    number = registry.volunteer(cast.lin.volunteer()).number
    personal = doors.personal_code(cast.lin.volunteer(), number, now).code

    move(timedelta(seconds=61))
    assert doors.venue_code(shift_id, now).code != venue
    came = attendance.scan(ScanSent(venue, "phone", "n1"), by=cast.lin, at=world.time("09:55"), real_at=now)
    left = attendance.scan(ScanSent(personal, "wus", "n2"), by=cast.wu, at=world.time("12:05"), real_at=now)
    assert left.visit_id == came.visit_id

    move(timedelta(minutes=6, seconds=1))
    with pytest.raises(codes.CodeForged):
        attendance.scan(ScanSent(venue, "other", "n3"), by=cast.lin, at=world.time("12:30"), real_at=now)


def test_a_redemption_and_a_till_shown_before_the_change_are_still_paid(
    cast: Cast, at: datetime, move: Any
) -> None:
    world = World(cast, at)
    world.served(cast.lin)
    later, now = world.time("12:30") + NEXT_DAY, clock.real_now()
    reserved = rewards.reserve(
        world.noodles, holder_id=cast.lin.volunteer(), by=cast.lin, at=later, real_at=now
    )
    code = queries.code_of(reserved)
    keys.rotate(Secret.DOORS, at=now)
    move(timedelta(seconds=61))
    assert queries.code_of(reserved) != code
    done = rewards.fulfill(reserved.id, code=code, by=world.fang, at=later, real_at=now)
    assert done.state == "fulfilled"
