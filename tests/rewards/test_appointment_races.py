"""The last seat, wanted by several at the same moment, each on a connection of its own."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from shanshi.rewards import models, operations
from shanshi.rewards.rules import OfferKind
from tests.portal.world import World
from tests.rewards.conftest import agrees, person
from tests.rewards.test_races import outcomes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lesson(cast, at):
    """A lesson tomorrow with two seats."""
    world = World(cast, at)
    row = operations.MerchantRow(
        street_id=world.street, name="花间集", joined_on=date(2018, 11, 1), organization_id=cast.station
    )
    (shop,) = operations.add_merchants([row], by=cast.loader, at=at)
    activity = world.library(world.shift("14:00-16:00", days=1), title="花艺课")
    terms = {"price_coin_units": 60, "stock": 9, "per_person": 2, "seats": 2, "activity_id": activity}
    offer = operations.OfferRow(
        merchant_id=shop,
        title="花艺课",
        kind=OfferKind.LESSON,
        from_on=date(2019, 1, 1),
        to_on=date(2019, 12, 31),
        **terms,
    )
    (offer_id,) = operations.add_offers([offer], by=cast.loader, at=at)
    (shift_id,) = world.shifts(activity)
    return offer_id, shift_id


def press(lesson, who, at):
    offer_id, shift_id = lesson
    holder = who.volunteer()
    return partial(operations.appoint, offer_id, shift_id, holder_id=holder, is_volunteer=True, by=who, at=at)


def test_the_last_seats_go_to_as_many_as_there_are(lesson, at, together):
    people = [person(f"guest {number}") for number in range(6)]
    for who in people:
        agrees(who, at)

    answers = together(*[press(lesson, who, at) for who in people])

    assert outcomes(answers) == {"made": 2, "SeatsTaken": 4}
    assert models.Appointment.objects.count() == 2
    assert models.Seats.objects.get().taken == 2


def test_one_person_who_presses_twice_has_one_seat(lesson, at, together):
    lin = person("lin")

    answers = together(*[press(lesson, lin, at) for _ in range(4)])

    assert outcomes(answers) == {"made": 1, "AppointedAlready": 3}
    assert models.Seats.objects.get().taken == 1
