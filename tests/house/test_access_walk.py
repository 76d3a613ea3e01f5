"""Every door with every role, at the thing's place and elsewhere: a door does what the table says.

Allowed is any answer of the thing itself (2xx, a way on, 409, 422); refused is 401, 403, 404 and the way to
the sign-in.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.db import connection, transaction

from shanshi.activities.access import SEE_ACTIVITY, SEE_DRAFT
from tests.cast import Cast
from tests.conftest import MORNING
from tests.house.walk import City, Thing, Walker, may
from tools.doors import Door, doors

pytestmark = pytest.mark.django_db
REFUSED = {401, 403, 404}
DJANGOS_OWN = {"/i18n/setlang/"}
DOORS = [door for door in doors() if door.path not in DJANGOS_OWN]
# Here 404 says that one has no sign-up of one's own to change.
NOTHING_OF_ONES_OWN = {
    "DELETE /api/v1/shifts/{shift_id}/sign-ups",
    "POST /api/v1/shifts/{shift_id}/sign-ups/accept",
}


@pytest.fixture(scope="module")
def city(django_db_setup: None, django_db_blocker: Any) -> Iterator[City]:
    """The city, in a transaction that is never committed."""
    with django_db_blocker.unblock(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET ROLE shanshi_app")
        city = City(Cast(MORNING))
        # Refusals are what is walked for; nobody reads them in the log.
        logging.getLogger("django.request").setLevel(logging.ERROR)
        city.things, city.draft, city.walkers  # noqa: B018 - made before anybody walks
        yield city
        logging.getLogger("django.request").setLevel(logging.NOTSET)
        transaction.set_rollback(True)
    with django_db_blocker.unblock():
        connection.close()


@pytest.fixture
def at(city: City) -> datetime:
    """The doors' time during the walk: Lin's coins are hers, and her next shift is this afternoon."""
    return city.now


def surprises(city: City, door: Door, thing: Thing | None) -> dict[str, str]:
    """Who was let in although the table says no, or kept out although it says yes."""
    found = {}
    for walker in city.trying(None if door.is_public else thing):
        allowed = door.is_public or any(may(one, walker.actor, thing) for one in door.asks)
        for method in sorted(door.methods):
            status = city.answer(door, method, walker, thing)
            if not _fits(door, status, allowed, walker):
                says = "allowed" if allowed else "refused"
                found[f"{method} as {walker.name}"] = f"{status}, and the table says {says}"
    return found


def _fits(door: Door, status: int, allowed: bool, walker: Walker) -> bool:
    if status == 404 and allowed and door.label in NOTHING_OF_ONES_OWN:
        return walker.name != "Lin"
    return (status not in {*REFUSED, 405} and status < 500) if allowed else status in REFUSED


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.label)
def test_a_door_does_what_the_table_says(city: City, door: Door) -> None:
    missing = [name for name in door.arguments if name not in city.things]
    assert missing == [], f"add {missing} to City.things in tests/house/walk.py, with its place in the tree"
    assert surprises(city, door, city.thing(door)) == {}, (
        "if the door is right: an endpoint that wants another body has it in City.body of tests.house.walk, "
        "and one whose body names the thing has the thing in City.about"
    )


@pytest.mark.parametrize(
    "door",
    [door for door in DOORS if door.arguments == ("activity_id",)],
    ids=lambda door: door.label,
)
def test_a_draft_is_not_there_for_those_who_may_not_know_of_it(city: City, door: Door) -> None:
    asked = [SEE_DRAFT if one is SEE_ACTIVITY else one for one in door.asks] or [SEE_DRAFT]
    found = {}
    for walker in city.trying(None, beside=True):
        knows = may(SEE_DRAFT, walker.actor, city.draft)
        allowed = knows and any(may(one, walker.actor, city.draft) for one in asked)
        for method in sorted(door.methods):
            status = city.answer(door, method, walker, city.draft)
            if not (_fits(door, status, allowed, walker) and (knows or status in {401, 404})):
                found[f"{method} as {walker.name}"] = status
    assert found == {}
