"""Whoever has an appointment is told when it falls away, and the evening before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shanshi.activities import operations as activities
from shanshi.notices import queries
from shanshi.registry import queries as people
from shanshi.rewards import operations
from tests.rewards.test_services import appoint, lessons, resident, world

pytestmark = pytest.mark.django_db
__all__ = ["lessons", "resident", "world"]


def told(who):
    found = queries.listed(people.holder_of(who.known()), language="en")[0]
    return [(one.template, one.text) for one in found if one.template.startswith("rewards.")]


def test_a_cancelled_service_is_told_to_volunteers_and_residents_once(cast, lessons, resident, at):
    appoint(lessons, cast.lin, lessons.second, at)
    appoint(lessons, resident, lessons.second, at)
    assert operations.tell_appointments(at=at) == 0
    activities.cancel_shift(lessons.second, reason="店主生病", by=cast.wu, at=at)
    assert operations.tell_appointments(at=at) == 2
    assert operations.tell_appointments(at=at + timedelta(minutes=10)) == 0
    for who in (cast.lin, resident):
        assert told(who) == [
            (
                "rewards.appointment_cancelled",
                "花艺培训体验课 at 花间集, Friday 22 March, 14:00, will not be given."
                " Choose another time if you like.",
            )
        ]


def test_the_evening_before_everybody_who_still_comes_is_reminded(cast, lessons, resident, at):
    mine = appoint(lessons, cast.lin, lessons.first, at)
    appoint(lessons, resident, lessons.first, at)
    operations.cancel_appointment(mine.id, holder_id=cast.lin.volunteer(), by=cast.lin, at=at)
    assert operations.tell_appointments(at=at.replace(hour=17, minute=59)) == 0
    assert operations.tell_appointments(at=at.replace(hour=18)) == 1
    assert operations.tell_appointments(at=at.replace(hour=20)) == 0
    assert [template for template, _ in told(resident)] == ["rewards.appointment_tomorrow"]
    assert told(cast.lin) == []


def test_what_has_begun_is_told_to_nobody(cast, lessons, at):
    appoint(lessons, cast.lin, lessons.first, at)
    assert operations.tell_appointments(at=at + timedelta(days=1, hours=9)) == 0
