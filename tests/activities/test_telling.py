"""Whom the room tells what: places offered and lost, shifts called off, tomorrow's shift, reviews."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shanshi.activities import operations
from shanshi.foundation.actor import Actor, Role
from shanshi.notices import models, queries
from shanshi.registry import queries as people
from tests.cast import Cast
from tests.portal.world import World

pytestmark = pytest.mark.django_db


def told(who: Actor) -> list[str]:
    """The templates of what somebody was told, the oldest first."""
    holder_id = people.holder_of(who.known())
    return [one.template for one in reversed(queries.listed(holder_id, language="en")[0])]


def text(who: Actor) -> str:
    return queries.listed(people.holder_of(who.known()), language="en")[0][0].text


@pytest.fixture
def world(cast: Cast, at: datetime) -> World:
    return World(cast, at)


@pytest.fixture
def shift(world: World) -> UUID:
    """One place, tomorrow afternoon."""
    activity = world.library(world.shift("14:00-16:00", days=1, capacity=1))
    return world.shifts(activity)[0]


def test_who_waits_is_told_of_the_place_and_until_when(
    world: World, shift: UUID, cast: Cast, at: datetime
) -> None:
    world.sign_up(cast.lin, shift)
    world.sign_up(cast.stranger, shift)
    before = len(told(cast.stranger))
    operations.withdraw(shift, holder_id=cast.lin.volunteer(), by=cast.lin, at=at)
    assert told(cast.stranger)[before:] == ["activities.place_offered"]
    assert "Thursday 21 March, 14:00" in text(cast.stranger)
    assert "held for you until" in text(cast.stranger)
    row = models.Notice.objects.get(template="activities.place_offered")
    assert row.until is not None

    operations.lapse_offers(by=cast.loader, at=row.until)
    operations.lapse_offers(by=cast.loader, at=row.until)
    assert told(cast.stranger)[before:] == ["activities.place_offered", "activities.offer_lapsed"]


def test_everybody_on_a_cancelled_shift_is_told_once_and_nobody_else(
    world: World, shift: UUID, cast: Cast, at: datetime
) -> None:
    world.sign_up(cast.lin, shift)
    world.sign_up(cast.stranger, shift)
    operations.cancel_shift(shift, reason="台风", by=cast.wu, at=at)
    for who in (cast.lin, cast.stranger):
        assert told(who)[-1] == "activities.shift_cancelled"
        assert "is cancelled: 台风." in text(who)
    assert "activities.shift_cancelled" not in told(cast.xu)
    assert models.Notice.objects.filter(template="activities.shift_cancelled").count() == 2


def test_a_cancelled_activity_tells_each_person_once_whatever_the_number_of_shifts(
    world: World, cast: Cast, at: datetime
) -> None:
    activity = world.library(world.shift("9:00-11:00", days=2), world.shift("14:00-16:00", days=3))
    for one in world.shifts(activity):
        world.sign_up(cast.lin, one)
    world.sign_up(cast.stranger, world.shifts(activity)[1])
    operations.cancel(activity, reason="闭馆", by=cast.wu, at=at)
    assert told(cast.lin)[-1] == "activities.shifts_cancelled"
    assert told(cast.stranger)[-1] == "activities.shift_cancelled"
    assert models.Notice.objects.filter(template__contains="cancelled").count() == 2


def test_what_is_refused_tells_nobody(world: World, shift: UUID, cast: Cast, at: datetime) -> None:
    world.sign_up(cast.lin, shift)
    before = models.Notice.objects.count()
    with pytest.raises(operations.steps.publication.ReasonMissing):
        operations.cancel_shift(shift, reason=" ", by=cast.wu, at=at)
    assert models.Notice.objects.count() == before


def test_tomorrows_people_are_told_in_the_evening_once(
    world: World, shift: UUID, cast: Cast, at: datetime
) -> None:
    world.sign_up(cast.lin, shift)
    world.sign_up(cast.stranger, shift)  # waits: no place, nothing to be reminded of
    assert operations.remind(at=at.replace(hour=17, minute=59)) == 0
    assert operations.remind(at=at.replace(hour=18)) == 1
    assert operations.remind(at=at.replace(hour=18, minute=15)) == 0
    assert told(cast.lin)[-1] == "activities.shift_tomorrow"
    assert "Thursday 21 March, 14:00" in text(cast.lin)
    assert "activities.shift_tomorrow" not in told(cast.stranger)


def test_a_job_that_comes_late_still_reminds_and_after_midnight_no_more(
    world: World, shift: UUID, cast: Cast, at: datetime
) -> None:
    world.sign_up(cast.lin, shift)
    assert operations.remind(at=at.replace(hour=23, minute=59)) == 1
    assert operations.remind(at=(at + timedelta(days=1)).replace(hour=0)) == 0
    assert operations.remind(at=(at + timedelta(days=1)).replace(hour=18)) == 0


def test_a_cancelled_shift_is_not_remembered(world: World, shift: UUID, cast: Cast, at: datetime) -> None:
    world.sign_up(cast.lin, shift)
    operations.cancel_shift(shift, reason="台风", by=cast.wu, at=at)
    assert operations.remind(at=at.replace(hour=18)) == 0


def test_reminding_costs_the_same_however_many_come(
    world: World, cast: Cast, at: datetime, django_assert_num_queries: Any
) -> None:
    activity = world.library(world.shift("14:00-16:00", days=1, capacity=50))
    (one,) = world.shifts(activity)
    world.sign_up(cast.lin, one)
    evening = at.replace(hour=18)
    with CaptureQueriesContext(connection) as few:
        assert operations.remind(at=evening) == 1
    for who in (cast.stranger, cast.mei, cast.chen):
        world.sign_up(who, one)
    with django_assert_num_queries(len(few)):
        assert operations.remind(at=evening) == 3


def test_planners_hear_of_their_review_and_reviewers_of_what_waits(
    world: World, cast: Cast, at: datetime
) -> None:
    _ = cast.xu
    world.library(world.shift("9:00-11:00", days=1))
    assert "activities.published" in told(cast.wu)
    assert "activities.submitted" in told(cast.xu)
    assert "activities.published" not in told(cast.xu)
    above = cast.with_role(cast.stranger, Role.CITY_STAFF, "city")
    assert "activities.submitted" not in told(above)
