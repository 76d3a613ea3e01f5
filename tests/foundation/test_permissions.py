"""A permission decides by the actor's roles, their places, and the place of the thing."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from shanshi.foundation.actor import VISITOR, Actor, Grant, Role, SecondFactorNeeded
from shanshi.foundation.permissions import Permission, Reach, asks
from shanshi.kernel.errors import Forbidden, Missing, SignInNeeded
from shanshi.kernel.four_eyes import check_another_person

LINEAGE = ("team:t", "organization:a", "organization:b", "division:330102", "division:330100")
RUN = Permission("shift", "run", roles={Role.LEADER: Reach.HERE, Role.REVIEWER: Reach.ABOVE})


def holding(role: Role, place: str) -> Actor:
    return Actor(uuid4(), None, (Grant(role, place),))


@pytest.mark.parametrize("place", [*LINEAGE, "city"])
def test_here_is_the_own_place_and_every_place_above(place):
    assert RUN.by_role(holding(Role.LEADER, place), LINEAGE)


@pytest.mark.parametrize("place", ["team:u", "organization:c", "division:330106", "division:3301", "shift:s"])
def test_a_sister_a_child_and_another_district_are_elsewhere(place):
    assert not RUN.by_role(holding(Role.LEADER, place), LINEAGE)
    with pytest.raises(Forbidden):
        RUN.check(holding(Role.LEADER, place), LINEAGE)


def test_above_leaves_out_the_own_place():
    assert not RUN.by_role(holding(Role.REVIEWER, LINEAGE[0]), LINEAGE)
    assert all(RUN.by_role(holding(Role.REVIEWER, place), LINEAGE) for place in (*LINEAGE[1:], "city"))


def test_a_role_that_the_permission_does_not_name_allows_nothing():
    for place in (*LINEAGE, "city"):
        assert not RUN.by_role(holding(Role.AUDITOR, place), LINEAGE)


def test_the_things_of_the_city_are_reached_from_the_city_alone():
    assert RUN.by_role(holding(Role.LEADER, "city"), ())
    assert not RUN.by_role(holding(Role.LEADER, "division:330100"), ())


def test_a_visitor_is_asked_to_sign_in_before_anything_else():
    for ask in (lambda: RUN.check(VISITOR, LINEAGE), lambda: RUN.somewhere(VISITOR)):
        with pytest.raises(SignInNeeded):
            ask()


def test_a_withheld_role_allows_nothing_and_says_why():
    actor = holding(Role.LEADER, "organization:a").without_roles()

    assert not RUN.by_role(actor, LINEAGE)
    assert RUN.places(actor) == ()
    with pytest.raises(SecondFactorNeeded):
        RUN.check(actor, LINEAGE)
    with pytest.raises(SecondFactorNeeded):
        RUN.somewhere(actor)
    assert isinstance(RUN.refusal(actor, LINEAGE, Missing()), SecondFactorNeeded)


def test_a_withheld_role_elsewhere_says_nothing_of_the_second_factor():
    actor = holding(Role.LEADER, "organization:c").without_roles()

    with pytest.raises(Forbidden) as refused:
        RUN.check(actor, LINEAGE)
    assert type(refused.value) is Forbidden
    assert isinstance(RUN.refusal(actor, LINEAGE, Missing()), Missing)


def test_somewhere_answers_with_the_places_of_the_roles_that_count():
    actor = Actor(uuid4(), None, (Grant(Role.LEADER, "team:t"), Grant(Role.CASHIER, "merchant:m")))
    assert RUN.somewhere(actor) == ("team:t",)
    with pytest.raises(Forbidden):
        RUN.somewhere(holding(Role.CASHIER, "merchant:m"))


def test_the_mark_of_a_door_names_its_permissions_and_leaves_it_as_it_is():
    def door() -> str:
        return "open"

    marked = asks(RUN)(door)
    assert (marked(), marked.asks) == ("open", (RUN,))


def test_two_people_are_two():
    one, other = uuid4(), UUID(int=7)
    check_another_person(one, (other, None), Missing())
    with pytest.raises(Missing):
        check_another_person(one, (other, one), Missing())
