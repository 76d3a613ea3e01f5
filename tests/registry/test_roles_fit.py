"""Which role is held where, who gives it there, and from which day to which it counts."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from shanshi.foundation.actor import Actor, Grant, Role, SecondFactorNeeded
from shanshi.kernel.errors import Forbidden
from shanshi.places import operations as places
from shanshi.places import queries as divisions
from shanshi.places.rules import DivisionUnknown
from shanshi.registry import access, operations, queries, rules

BODY = f"organization:{uuid4()}"
PARENT = f"organization:{uuid4()}"
CHILD = f"organization:{uuid4()}"
DISTRICT, CITY_CODE, OTHER = "division:330102", "division:330100", "division:330106"
SUBDISTRICT = "division:330102001"
LINEAGE = (BODY, PARENT, SUBDISTRICT, DISTRICT, CITY_CODE)


def holding(role: Role, place: str) -> Actor:
    return Actor(uuid4(), None, (Grant(role, place),))


PLACES = {
    "city": "city",
    "division": DISTRICT,
    "organization": BODY,
    "team": f"team:{uuid4()}",
    "shift": f"shift:{uuid4()}",
    "merchant": f"merchant:{uuid4()}",
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("sort", PLACES)
def test_a_role_is_held_at_its_own_sorts_of_places_alone(role, sort):
    fits = {
        Role.CITY_STAFF: {"city"},
        Role.DIVISION_STAFF: {"division"},
        Role.REVIEWER: {"division", "organization"},
        Role.MANAGER: {"organization", "merchant"},
        Role.LEADER: {"organization", "team", "shift"},
        Role.CASHIER: {"merchant"},
        Role.BANK_CLERK: {"organization"},
        Role.AUDITOR: {"city"},
    }
    rules.check_place_name(PLACES[sort])
    assert (role in rules.roles_that_fit(PLACES[sort])) is (sort in fits[role])
    if sort in fits[role]:
        rules.check_role_fits(role, PLACES[sort])
    else:
        with pytest.raises(rules.RoleInvalid):
            rules.check_role_fits(role, PLACES[sort])


def test_a_clerk_is_one_of_a_bank_and_an_office_one_of_a_district():
    rules.check_role_fits(Role.BANK_CLERK, BODY, kind="bank")
    rules.check_role_fits(Role.DIVISION_STAFF, SUBDISTRICT, kind="subdistrict")
    rules.check_role_fits(Role.LEADER, BODY, kind="bank")
    for role, place, kind in (
        (Role.BANK_CLERK, BODY, "charity"),
        (Role.DIVISION_STAFF, CITY_CODE, "city"),
    ):
        with pytest.raises(rules.RoleInvalid):
            rules.check_role_fits(role, place, kind=kind)
        assert role not in rules.roles_that_fit(place, kind=kind)


CITY, OFFICE = ("city",), ("own", "above")
# Who gives it, and where the giver's own role is: at the city, at the place itself, above it.
GIVEN = {
    Role.CITY_STAFF: {Role.CITY_STAFF: CITY},
    Role.DIVISION_STAFF: {Role.CITY_STAFF: CITY, Role.DIVISION_STAFF: ("above",)},
    Role.REVIEWER: {Role.CITY_STAFF: CITY, Role.DIVISION_STAFF: OFFICE, Role.MANAGER: ("above",)},
    Role.MANAGER: {Role.CITY_STAFF: CITY, Role.DIVISION_STAFF: OFFICE, Role.MANAGER: ("above",)},
    Role.LEADER: {Role.CITY_STAFF: CITY, Role.DIVISION_STAFF: OFFICE, Role.MANAGER: OFFICE},
    Role.CASHIER: {Role.CITY_STAFF: CITY, Role.DIVISION_STAFF: OFFICE, Role.MANAGER: OFFICE},
    Role.BANK_CLERK: {Role.CITY_STAFF: CITY, Role.MANAGER: OFFICE},
    Role.AUDITOR: {Role.CITY_STAFF: CITY},
}
WHERE = {
    "city": ["city"],
    "own": [BODY],
    "above": [PARENT, SUBDISTRICT, DISTRICT],
    "elsewhere": [CHILD, OTHER, "division:330102002"],
}


@pytest.mark.parametrize("given", Role)
@pytest.mark.parametrize("giver", Role)
@pytest.mark.parametrize("where", WHERE)
def test_a_role_is_given_by_those_of_the_matrix_alone(given, giver, where):
    for place in WHERE[where]:
        if giver not in rules.roles_that_fit(place):
            continue
        if where in GIVEN[given].get(giver, ()):
            access.may_grant(holding(giver, place), given, LINEAGE)
        else:
            with pytest.raises(Forbidden):
                access.may_grant(holding(giver, place), given, LINEAGE)


def test_an_office_of_a_district_gives_those_of_its_subdistricts_and_never_its_own():
    district = holding(Role.DIVISION_STAFF, DISTRICT)
    access.may_grant(district, Role.DIVISION_STAFF, (SUBDISTRICT, DISTRICT, CITY_CODE))
    for lineage in ((DISTRICT, CITY_CODE), ("division:330106001", OTHER, CITY_CODE)):
        with pytest.raises(Forbidden):
            access.may_grant(district, Role.DIVISION_STAFF, lineage)


@pytest.mark.parametrize(
    ("ask", "allowed"),
    [
        (access.may_manage, {Role.CITY_STAFF, Role.DIVISION_STAFF, Role.MANAGER}),
        (access.may_look_at_names, {Role.CITY_STAFF, Role.MANAGER, Role.LEADER}),
    ],
)
def test_who_makes_bodies_and_who_looks_at_names(ask, allowed):
    for role in Role:
        for place in (*LINEAGE, "city"):
            if role not in rules.roles_that_fit(place):
                continue
            if role in allowed:
                ask(holding(role, place), LINEAGE)
            else:
                with pytest.raises(Forbidden):
                    ask(holding(role, place), LINEAGE)
        for place in (CHILD, OTHER):
            with pytest.raises(Forbidden):
                ask(holding(role, place), LINEAGE)


def test_an_auditor_reads_the_trail_and_never_a_name():
    auditor = holding(Role.AUDITOR, "city")
    access.may_read_trail(auditor)
    assert access.may_see_roles(auditor) == ("city",)
    with pytest.raises(Forbidden):
        access.may_look_at_names(auditor, LINEAGE)
    with pytest.raises(Forbidden):
        access.may_read_trail(holding(Role.MANAGER, PARENT))


def test_a_role_counts_from_its_first_day_to_the_end_of_its_last(cast, at):
    place = f"organization:{cast.station}"
    lineage = queries.organization(cast.station).lineage
    first, last = at.date() + timedelta(days=1), at.date() + timedelta(days=3)
    operations.grant_role(
        cast.lin.known(),
        Role.MANAGER,
        place,
        by=cast.loader,
        at=at,
        from_on=first,
        to_on=last,
        reason="leave",
    )

    def may(moment):
        actor = queries.actor_of(cast.lin.known(), moment)
        try:
            access.may_manage(actor, lineage)
        except Forbidden:
            return False
        return True

    midnight = at.replace(hour=0, minute=0)
    assert not may(at)
    assert not may(midnight + timedelta(hours=23, minutes=59))
    assert may(midnight + timedelta(days=1))
    assert may(midnight + timedelta(days=3, hours=23, minutes=59))
    assert not may(midnight + timedelta(days=4))


def test_a_role_that_was_ended_counts_no_longer_that_day(cast, at):
    place = f"organization:{cast.station}"
    grant = operations.grant_role(
        cast.lin.known(), Role.LEADER, place, by=cast.loader, at=at, from_on=at.date(), reason="leads"
    )
    assert queries.actor_of(cast.lin.known(), at).grants == (Grant(Role.LEADER, place),)
    operations.end_role(grant, by=cast.loader, at=at, reason="moved")
    assert queries.actor_of(cast.lin.known(), at).grants == ()


def test_a_withheld_role_gives_and_shows_nothing():
    manager = holding(Role.MANAGER, PARENT).without_roles()
    for ask in (
        lambda: access.may_grant(manager, Role.LEADER, LINEAGE),
        lambda: access.may_manage(manager, LINEAGE),
        lambda: access.may_look_at_names(manager, LINEAGE),
        lambda: access.may_see_roles(manager),
    ):
        with pytest.raises(SecondFactorNeeded):
            ask()


# The tree


def subdistrict(cast, at) -> None:
    cast.divisions  # noqa: B018 - a subdistrict needs its district
    row = places.DivisionRow("330102001", "清波街道", "subdistrict", "330102", None, date(2021, 4, 8))
    places.add_divisions([row], by=cast.loader, at=at)


def test_a_body_of_a_subdistrict_lies_below_its_subdistrict_its_district_and_its_parents(cast, at):
    subdistrict(cast, at)
    row = operations.OrganizationRow("清波社区", "community", cast.league, "330102001")
    body = operations.create_organization(row, by=cast.loader, at=at)

    assert queries.organization(body).lineage == (
        f"organization:{body}",
        f"organization:{cast.league}",
        SUBDISTRICT,
        DISTRICT,
        CITY_CODE,
    )
    lineage = queries.organization(body).lineage
    for place in (SUBDISTRICT, DISTRICT):
        access.may_manage(holding(Role.DIVISION_STAFF, place), lineage)
    with pytest.raises(Forbidden):
        access.may_manage(holding(Role.DIVISION_STAFF, OTHER), lineage)


def test_a_body_made_after_a_reform_still_knows_what_stood_above_its_division(cast, at):
    subdistrict(cast, at)
    later = at.replace(year=2022)
    assert divisions.lineage_near("330102001", later.date()) == (SUBDISTRICT, DISTRICT, CITY_CODE)
    assert divisions.division_near("330102001", later.date()).name == "清波街道"
    with pytest.raises(DivisionUnknown):
        divisions.division_near("330199", later.date())


def test_a_team_lies_below_its_organization(cast, at):
    team = operations.create_team(cast.station, "文明一队", by=cast.loader, at=at)
    found = queries.place(f"team:{team}", at.date())

    assert (found.name, found.kind) == ("文明一队", "")
    assert found.lineage == (f"team:{team}", *queries.organization(cast.station).lineage)
    access.may_grant(holding(Role.MANAGER, f"organization:{cast.station}"), Role.LEADER, found.lineage)


def test_places_of_the_tree_know_their_kind_and_what_is_above(cast, at):
    day = at.date()
    assert queries.place("city", day).lineage == ("city",)
    station = queries.place(f"organization:{cast.station}", day)
    assert queries.place(DISTRICT, day) == queries.PlaceFacts(
        DISTRICT, "district", "上城区", (DISTRICT, CITY_CODE)
    )
    assert (station.kind, station.lineage) == ("team", queries.organization(cast.station).lineage)
    for nowhere in (f"organization:{uuid4()}", f"team:{uuid4()}", "everywhere"):
        with pytest.raises(rules.RoleInvalid):
            queries.place(nowhere, day)
