"""Organizations, teams, memberships; roles and who may give them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from shanshi.foundation.actor import VISITOR, Actor, Grant, Role
from shanshi.foundation.models import AuditEntry
from shanshi.kernel.errors import Forbidden, Missing, SignInNeeded
from shanshi.places.rules import DivisionUnknown
from shanshi.registry import access, models, operations, queries, rules
from shanshi.registry.operations import OrganizationRow

pytestmark = pytest.mark.django_db


def test_a_body_knows_its_parents_and_divisions(cast):
    league, station = f"organization:{cast.league}", f"organization:{cast.station}"
    facts = queries.organization(cast.station)
    assert facts.lineage == (station, league, "division:330102", "division:330100")
    assert facts.parents == facts.lineage[1:]
    assert (facts.parent_id, facts.kind) == (cast.league, "team")
    assert [one.id for one in queries.children(cast.league)] == [cast.station]


def test_bodies_are_found_under_a_place(cast):
    both = {cast.station, cast.league}

    def under(*places):
        return {one.id for one in queries.organizations_under(places)}

    assert under("city") == under("division:330102") == under(f"organization:{cast.league}") == both
    assert under(f"organization:{cast.station}") == {cast.station}
    assert under("division:330103") == under() == set()
    assert queries.organization_named("共青团上城区委", "330102") == cast.league


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": " "}, rules.OrganizationInvalid),
        ({"name": "长" * 101}, rules.OrganizationInvalid),
        ({"kind": "gang"}, rules.OrganizationInvalid),
        ({"parent_id": uuid4()}, rules.OrganizationInvalid),
        ({"division_code": "999999"}, DivisionUnknown),
        ({"credit_code": "91330100"}, rules.CreditCodeInvalid),
        ({"name": "共青团上城区委"}, rules.OrganizationExists),
    ],
)
def test_a_body_that_is_none_is_refused(cast, at, changes, refusal):
    _ = cast.league
    given = {"name": "网易严选志愿者协会", "kind": "enterprise", "parent_id": None, "division_code": "330102"}
    with pytest.raises(refusal):
        operations.create_organization(OrganizationRow(**{**given, **changes}), by=cast.loader, at=at)
    assert models.Organization.objects.count() == 1


def test_a_credit_code_belongs_to_one_body(cast, at):
    _ = cast.divisions
    code = "91110000600037341L"
    for name in ("甲", "乙"):
        row = OrganizationRow(name, "enterprise", None, "330102", credit_code=code)
        if name == "甲":
            operations.create_organization(row, by=cast.loader, at=at)
        else:
            with pytest.raises(rules.OrganizationExists):
                operations.create_organization(row, by=cast.loader, at=at)


def test_a_team_is_made_once_in_its_body(cast, at):
    team = operations.create_team(cast.station, "小蒲公英", by=cast.loader, at=at)
    assert queries.teams(cast.station) == [queries.TeamFacts(team, cast.station, "小蒲公英")]
    with pytest.raises(rules.OrganizationExists):
        operations.create_team(cast.station, " 小蒲公英 ", by=cast.loader, at=at)
    with pytest.raises(rules.OrganizationInvalid):
        operations.create_team(uuid4(), "小蒲公英", by=cast.loader, at=at)
    with pytest.raises(rules.OrganizationInvalid):
        operations.create_team(cast.station, "", by=cast.loader, at=at)


def test_who_joins_twice_has_joined_once_and_may_leave_and_come_back(cast, at):
    lin, team = cast.lin, operations.create_team(cast.station, "崇实国学", by=cast.loader, at=at)
    holder_id = lin.volunteer()
    for _ in range(2):
        operations.join(holder_id, cast.station, by=lin, at=at)
        operations.join(holder_id, cast.station, team_id=team, by=lin, at=at)
    assert models.Membership.objects.count() == 2
    assert queries.members(cast.station) == queries.members(cast.station, team_id=team) == [holder_id]
    assert [one.id for one in queries.memberships(holder_id)] == [cast.station]

    operations.leave(holder_id, cast.station, by=lin, at=at)
    assert queries.members(cast.station) == []
    operations.join(holder_id, cast.station, by=lin, at=at)
    assert queries.members(cast.station) == [holder_id]


def test_joining_what_is_not_there_is_refused(cast, at):
    lin = cast.lin
    for holder, body, team in (
        (uuid4(), cast.station, None),
        (lin.holder_id, uuid4(), None),
        (lin.holder_id, cast.station, uuid4()),
    ):
        with pytest.raises(Missing):
            operations.join(holder, body, team_id=team, by=lin, at=at)
    with pytest.raises(SignInNeeded):
        operations.join(lin.volunteer(), cast.station, by=VISITOR, at=at)
    assert not models.Membership.objects.exists()


def test_a_role_holds_from_its_first_to_its_last_day(cast, at):
    lin, place = cast.lin, f"organization:{cast.station}"
    tomorrow, day_after = at.date() + timedelta(days=1), at.date() + timedelta(days=2)
    operations.grant_role(
        lin.known(),
        Role.LEADER,
        place,
        by=cast.wu,
        at=at,
        from_on=tomorrow,
        to_on=day_after,
        reason="two shifts",
    )

    def leads(days):
        return queries.actor_of(lin.known(), at + timedelta(days=days)).holds(Role.LEADER, [place])

    assert [leads(days) for days in range(4)] == [False, True, True, False]
    assert (lin.person_id, Role.LEADER) in queries.roles_at(place, at + timedelta(days=2))
    assert (lin.person_id, Role.LEADER) not in queries.roles_at(place, at + timedelta(days=3))


def test_a_role_that_has_ended_is_gone_and_the_trail_says_why(cast, at):
    lin, place = cast.lin, f"organization:{cast.station}"
    grant = operations.grant_role(
        lin.known(), Role.LEADER, place, by=cast.wu, at=at, from_on=at.date(), reason="leads"
    )
    for _ in range(2):
        operations.end_role(grant, by=cast.wu, at=at, reason="moved away")
    assert queries.actor_of(lin.known(), at).grants == ()
    entry = AuditEntry.objects.get(verb="registry.end_role")
    assert (entry.by, entry.reason, entry.thing) == (
        cast.wu.person_id,
        "moved away",
        f"person:{lin.person_id}",
    )


def test_a_role_whose_days_are_over_makes_room_for_a_new_one(cast, at):
    lin, given = cast.lin, {"by": cast.wu, "at": at, "reason": "leads"}
    day = at.date()
    place = f"organization:{cast.station}"
    operations.grant_role(lin.known(), Role.LEADER, place, from_on=day, to_on=day, **given)
    with pytest.raises(rules.RoleHeld):
        operations.grant_role(lin.known(), Role.LEADER, place, from_on=day, **given)
    operations.grant_role(lin.known(), Role.LEADER, place, from_on=day + timedelta(days=1), **given)
    assert models.RoleGrant.objects.filter(person_id=lin.person_id, ended_at=None).count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"reason": " "}, rules.RoleInvalid),
        ({"place": "everywhere"}, rules.RoleInvalid),
        ({"role": Role.LEADER}, rules.RoleInvalid),
        ({"to_on": date(2019, 3, 19)}, rules.RoleInvalid),
        ({"person_id": uuid4()}, rules.PersonUnknown),
    ],
)
def test_a_role_given_wrongly_is_refused(cast, at, changes, refusal):
    given = {
        "person_id": cast.lin.person_id,
        "role": Role.AUDITOR,
        "place": "city",
        "by": cast.loader,
        "at": at,
        "from_on": at.date(),
        "reason": "leads",
    }
    with pytest.raises(refusal):
        operations.grant_role(**{**given, **changes})
    assert not models.RoleGrant.objects.exists()


def test_nobody_gives_a_role_to_themselves(cast, at):
    chen = cast.chen
    with pytest.raises(rules.OwnRole):
        operations.grant_role(
            chen.known(), Role.CITY_STAFF, "city", by=chen, at=at, from_on=at.date(), reason="because"
        )
    assert models.RoleGrant.objects.filter(person_id=chen.person_id).count() == 1


def test_a_role_that_does_not_exist_cannot_be_ended(cast, at):
    with pytest.raises(Missing):
        operations.end_role(uuid4(), by=cast.loader, at=at, reason="gone")


LINEAGE = ("organization:a", "organization:b", "division:330102", "division:330100")


def holding(role: Role, place: str) -> Actor:
    return Actor(uuid4(), None, (Grant(role, place),))


@pytest.mark.parametrize(
    ("actor", "role", "allowed"),
    [
        (holding(Role.CITY_STAFF, "city"), Role.AUDITOR, True),
        (holding(Role.MANAGER, "organization:a"), Role.LEADER, True),
        (holding(Role.MANAGER, "organization:b"), Role.LEADER, True),
        (holding(Role.MANAGER, "organization:a"), Role.MANAGER, False),
        (holding(Role.MANAGER, "organization:b"), Role.REVIEWER, True),
        (holding(Role.MANAGER, "division:330102"), Role.MANAGER, True),
        (holding(Role.MANAGER, "city"), Role.AUDITOR, False),
        (holding(Role.LEADER, "organization:a"), Role.LEADER, False),
        (holding(Role.MANAGER, "organization:c"), Role.LEADER, False),
    ],
)
def test_roles_are_given_from_above(actor, role, allowed):
    if allowed:
        access.may_grant(actor, role, LINEAGE)
    else:
        with pytest.raises(Forbidden):
            access.may_grant(actor, role, LINEAGE)


def test_a_visitor_may_nothing_and_a_stranger_little(cast):
    for ask in (
        lambda: access.myself(VISITOR),
        lambda: access.may_register(VISITOR),
        lambda: access.may_grant(VISITOR, Role.LEADER, LINEAGE),
        lambda: access.may_look_at_names(VISITOR, LINEAGE),
        lambda: access.may_manage(VISITOR, LINEAGE),
    ):
        with pytest.raises(SignInNeeded):
            ask()
    for ask in (
        lambda: access.may_grant(cast.stranger, Role.LEADER, LINEAGE),
        lambda: access.may_look_at_names(cast.stranger, LINEAGE),
        lambda: access.may_manage(cast.stranger, LINEAGE),
    ):
        with pytest.raises(Forbidden):
            ask()
    with pytest.raises(rules.AlreadyRegistered):
        access.may_register(cast.stranger)
