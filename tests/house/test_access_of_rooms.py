"""What the smaller access functions decide: by place, by role, and never by a role that is withheld."""

from __future__ import annotations

from uuid import uuid4

import pytest

from shanshi.attendance import access as attendance
from shanshi.foundation.actor import Actor, Grant, Role, SecondFactorNeeded
from shanshi.kernel.errors import Forbidden, Missing
from shanshi.ledger import access as ledger
from shanshi.places import access as places
from shanshi.registry import operations as registry
from shanshi.rewards import access as rewards
from shanshi.rewards import queries as shops
from tests.portal.world import World


def holding(role: Role, place: str) -> Actor:
    return Actor(uuid4(), uuid4(), (Grant(role, place),))


@pytest.mark.parametrize(
    ("ask", "allowed"),
    [
        (ledger.all_books, {Role.CITY_STAFF, Role.AUDITOR}),
        (places.may_add, {Role.CITY_STAFF}),
    ],
)
def test_the_things_of_the_whole_city_are_for_its_own_roles(ask, allowed):
    for role in Role:
        actor = holding(role, "city")
        if role in allowed:
            ask(actor)
            with pytest.raises(SecondFactorNeeded):
                ask(actor.without_roles())
        else:
            with pytest.raises(Forbidden):
                ask(actor)
        for place in ("division:330100", f"organization:{uuid4()}"):
            with pytest.raises(Forbidden):
                ask(holding(role, place))


def test_a_till_is_served_by_its_own_cashiers(cast, at):
    world = World(cast, at)
    shop = f"merchant:{world.noodle_house}"

    assert rewards.till(holding(Role.CASHIER, shop), world.noodle_house).id == world.noodle_house
    for role, place in (
        (Role.CASHIER, f"merchant:{uuid4()}"),
        (Role.MANAGER, shop),
        (Role.DIVISION_STAFF, "division:330103"),
        (Role.CITY_STAFF, "city"),
    ):
        with pytest.raises(Forbidden):
            rewards.till(holding(role, place), world.noodle_house)
    with pytest.raises(SecondFactorNeeded):
        rewards.till(holding(Role.CASHIER, shop).without_roles(), world.noodle_house)


def test_above_a_shop_stand_the_divisions_of_its_street(cast, at):
    world = World(cast, at)
    shop = f"merchant:{world.noodle_house}"
    assert shops.merchant_tree(world.noodle_house, at.date()) == (shop, "division:330103", "division:330100")
    with pytest.raises(Missing):
        shops.merchant_tree(uuid4(), at.date())


def test_a_visit_is_seen_by_its_person_its_leaders_and_the_auditor(cast, at):
    world = World(cast, at)
    team = registry.create_team(cast.station, "文明一队", by=cast.loader, at=at)
    sister = registry.create_team(cast.station, "文明二队", by=cast.loader, at=at)
    visit = world.served(cast.lin, team_id=team)

    for actor in (
        cast.lin,
        cast.chen,
        holding(Role.LEADER, f"team:{team}"),
        holding(Role.MANAGER, f"organization:{cast.league}"),
    ):
        assert attendance.visit_to_see(actor, visit).id == visit
    for actor in (
        cast.stranger,
        cast.xu,
        holding(Role.LEADER, f"team:{sister}"),
        holding(Role.CITY_STAFF, "city"),
        holding(Role.DIVISION_STAFF, "division:330102"),
    ):
        with pytest.raises(Missing):
            attendance.visit_to_see(actor, visit)
    with pytest.raises(SecondFactorNeeded):
        attendance.visit_to_see(cast.chen.without_roles(), visit)
