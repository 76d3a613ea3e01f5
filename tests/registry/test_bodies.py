"""Organizations change, move with all below them, and are found by sounds; members stand in teams."""

from __future__ import annotations

from uuid import uuid4

import pytest

from shanshi.foundation.actor import Actor, Grant, Role
from shanshi.foundation.models import AuditEntry
from shanshi.kernel.errors import Forbidden, Missing
from shanshi.registry import access, models, operations, queries, rules
from shanshi.registry.operations import OrganizationChange, OrganizationRow
from shanshi.registry.queries.bodies import BodyFilter, belongings, organization_page
from shanshi.registry.rules import bodies

pytestmark = pytest.mark.django_db


@pytest.fixture
def body(cast, at):
    """Make an organization."""
    cast.divisions  # noqa: B018 - a body needs a division that is there

    def make(name, parent=None, division="330102", kind="team"):
        row = OrganizationRow(name=name, kind=kind, parent_id=parent, division_code=division)
        return operations.create_organization(row, by=cast.loader, at=at)

    return make


def lineage(organization_id):
    return queries.organization(organization_id).lineage


def own(key):
    return f"organization:{key}"


def test_a_change_says_what_was_and_what_is(cast, at):
    said = OrganizationChange(name="  清波 志愿队 ", kind="charity", credit_code=None, name_en="Qingbo")
    operations.change_organization(cast.station, said, by=cast.wu, at=at)
    found = queries.organization(cast.station)
    assert (found.name, found.kind, found.name_en) == ("清波 志愿队", "charity", "Qingbo")
    entry = AuditEntry.objects.get(verb="registry.change_organization")
    assert entry.before == {"name": "清波街道志愿服务队", "kind": "team", "name_en": ""}
    operations.change_organization(cast.station, said, by=cast.wu, at=at)
    assert AuditEntry.objects.filter(verb="registry.change_organization").count() == 1


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"name": " "}, rules.OrganizationInvalid),
        ({"name": "长" * 101}, rules.OrganizationInvalid),
        ({"kind": "circus"}, rules.OrganizationInvalid),
        ({"credit_code": "91330100MA2AXXXX00"}, rules.CreditCodeInvalid),
        ({"name": "共青团上城区委"}, rules.OrganizationExists),
    ],
)
def test_a_wrong_change_changes_nothing(cast, at, change, refusal):
    said = {"name": "别名", "kind": "team"} | change
    with pytest.raises(refusal):
        operations.change_organization(cast.station, OrganizationChange(**said), by=cast.wu, at=at)
    assert queries.organization(cast.station).name == "清波街道志愿服务队"
    assert not AuditEntry.objects.filter(verb="registry.change_organization").exists()


def test_a_move_takes_everything_below_and_the_roles_with_it(cast, at, body):
    child = body("清波社区队", cast.station, division="330106")
    other = body("西湖团区委", division="330106", kind="league")
    team = operations.create_team(child, "一队", by=cast.loader, at=at)
    cast.with_role(cast.lin, Role.LEADER, f"team:{team}")
    moved = operations.move_organization(cast.station, other, reason="改归", by=cast.wu, at=at)
    divisions = ("division:330102", "division:330100")
    assert moved == 2
    assert lineage(cast.station) == (own(cast.station), own(other), *divisions)
    assert lineage(child) == (own(child), own(cast.station), own(other), "division:330106", "division:330100")
    grant = models.RoleGrant.objects.get(person_id=cast.lin.known())
    assert grant.lineage == [f"team:{team}", *lineage(child)]
    assert queries.organization(cast.station).parent_id == other
    entry = AuditEntry.objects.get(verb="registry.move_organization")
    assert (entry.before, entry.reason) == ({"parent": str(cast.league)}, "改归")
    assert operations.move_organization(cast.station, other, reason="again", by=cast.wu, at=at) == 0


def test_nothing_moves_below_itself_to_the_top_or_without_a_reason(cast, at, body):
    child = body("清波社区队", cast.station)
    before = (lineage(cast.station), lineage(child))
    for parent, reason, refusal in [
        (child, "x", bodies.ParentBelow),
        (cast.station, "x", bodies.ParentBelow),
        (None, "x", bodies.MoveToTop),
        (uuid4(), "x", rules.OrganizationInvalid),
        (cast.league, " ", bodies.ReasonNeeded),
    ]:
        with pytest.raises(refusal):
            operations.move_organization(cast.station, parent, reason=reason, by=cast.wu, at=at)
    with pytest.raises(Missing):
        operations.move_organization(uuid4(), cast.league, reason="x", by=cast.wu, at=at)
    assert (lineage(cast.station), lineage(child)) == before


@pytest.mark.django_db(transaction=True)
def test_two_moves_at_once_make_no_circle(cast, at, body, together):
    one, two = body("甲", cast.league), body("乙", cast.league)
    answers = together(
        lambda: operations.move_organization(one, two, reason="x", by=cast.loader, at=at),
        lambda: operations.move_organization(two, one, reason="x", by=cast.loader, at=at),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["ParentBelow", "int"]
    assert {len(lineage(one)), len(lineage(two))} == {4, 5}


def test_a_team_gets_another_name_once(cast, at):
    one = operations.create_team(cast.station, "一队", by=cast.loader, at=at)
    operations.create_team(cast.station, "二队", by=cast.loader, at=at)
    operations.rename_team(one, " 三队 ", by=cast.wu, at=at)
    operations.rename_team(one, "三队", by=cast.wu, at=at)
    with pytest.raises(rules.OrganizationExists):
        operations.rename_team(one, "二队", by=cast.wu, at=at)
    with pytest.raises(rules.OrganizationInvalid):
        operations.rename_team(one, "", by=cast.wu, at=at)
    assert queries.teams_of_ids([one])[one].name == "三队"
    assert AuditEntry.objects.filter(verb="registry.rename_team").count() == 1


def belonging(cast, at, who, team=None):
    operations.join(who.volunteer(), cast.station, team_id=team, by=who, at=at)
    return models.Membership.objects.get(holder_id=who.volunteer(), team_id=team).pk


def test_a_member_is_put_into_a_team_and_out_of_it(cast, at):
    team = operations.create_team(cast.station, "一队", by=cast.loader, at=at)
    key = belonging(cast, at, cast.lin)
    operations.put_in_team(key, cast.station, team, by=cast.wu, at=at)
    operations.put_in_team(key, cast.station, team, by=cast.wu, at=at)
    assert queries.members(cast.station, team_id=team) == [cast.lin.volunteer()]
    counted = belongings(cast.station)
    assert (counted.members, counted.invited, [one.members for one in counted.teams]) == (1, 0, [1])
    operations.put_in_team(key, cast.station, None, by=cast.wu, at=at)
    assert queries.members(cast.station, team_id=team) == []
    assert AuditEntry.objects.filter(verb="registry.put_in_team").count() == 2


def test_only_members_stand_in_teams_of_their_own_organization_once(cast, at):
    team = operations.create_team(cast.station, "一队", by=cast.loader, at=at)
    elsewhere = operations.create_team(cast.league, "别队", by=cast.loader, at=at)
    whole, inside = belonging(cast, at, cast.lin), belonging(cast, at, cast.lin, team)
    operations.join(cast.stranger.volunteer(), cast.station, by=cast.wu, at=at)
    invited = models.Membership.objects.get(holder_id=cast.stranger.volunteer()).pk
    for key, body, into, refusal in [
        (whole, cast.station, team, bodies.AlreadyInTeam),
        (whole, cast.station, elsewhere, Missing),
        (whole, cast.league, elsewhere, Missing),
        (invited, cast.station, team, bodies.NotAnswered),
    ]:
        with pytest.raises(refusal):
            operations.put_in_team(key, body, into, by=cast.wu, at=at)
    assert models.Membership.objects.get(pk=whole).team_id is None
    assert models.Membership.objects.get(pk=inside).team_id == team


def test_a_membership_ends_once_with_a_reason_and_an_invitation_is_taken_back(cast, at):
    key = belonging(cast, at, cast.lin)
    with pytest.raises(bodies.ReasonNeeded):
        operations.end_membership(key, cast.station, reason="", by=cast.wu, at=at)
    with pytest.raises(Missing):
        operations.end_membership(key, cast.league, reason="x", by=cast.wu, at=at)
    assert queries.members(cast.station) == [cast.lin.volunteer()]
    for _ in range(2):
        operations.end_membership(key, cast.station, reason="搬走了", by=cast.wu, at=at)
    assert queries.members(cast.station) == []
    assert AuditEntry.objects.get(verb="registry.end_membership").reason == "搬走了"

    operations.join(cast.stranger.volunteer(), cast.station, by=cast.wu, at=at)
    invited = models.Membership.objects.get(holder_id=cast.stranger.volunteer()).pk
    operations.end_membership(invited, cast.station, reason="错了", by=cast.wu, at=at)
    holder = cast.stranger.volunteer()
    assert queries.invitations(holder) == []
    assert queries.declined(cast.station, [holder], at=at) == {holder}


@pytest.mark.parametrize(
    "text", ["清波", "qingbo", "QINGBO jiedao", "qb", "qbjd", "ｑｉｎｇｂｏ", "志愿 清波"]
)
def test_an_organization_is_found_by_characters_sounds_and_initials(cast, text):
    cast.station  # noqa: B018 - it is there
    found, _ = organization_page(BodyFilter(text=text), cursor=None, limit=10)
    assert [one.id for one in found] == [cast.station]


def test_organizations_are_found_by_kind_and_district_page_by_page(cast, body):
    names = ["阿队", "波队", "次队"]
    for name in names:
        body(name, cast.league, division="330106")
    wanted = BodyFilter(kind=rules.OrganizationKind.TEAM, division_code="330106")
    first, following = organization_page(wanted, cursor=None, limit=2)
    second, end = organization_page(wanted, cursor=following, limit=2)
    assert [one.name for one in (*first, *second)] == names
    assert end is None
    assert organization_page(BodyFilter(text="%_"), cursor=None, limit=5)[0] == []


def holding(role, place):
    return Actor(uuid4(), uuid4(), (Grant(role, place),))


def test_who_changes_moves_and_names_offices(cast):
    station, league = own(cast.station), own(cast.league)
    city, district = holding(Role.CITY_STAFF, "city"), holding(Role.DIVISION_STAFF, "division:330102")
    above, inside = holding(Role.MANAGER, league), holding(Role.MANAGER, station)
    for actor in (city, district, above):
        assert access.organization_to_change(actor, cast.station).id == cast.station
    with pytest.raises(Forbidden):
        access.organization_to_change(inside, cast.station)
    for actor in (above, inside, holding(Role.DIVISION_STAFF, "division:330106")):
        with pytest.raises(Forbidden):
            access.organization_to_move(actor, cast.station)
    for actor in (above, inside):
        assert access.organization_to_build_on(actor, cast.station).id == cast.station
    line = lineage(cast.station)
    access.may_make_kind(inside, "charity", line)
    access.may_make_kind(district, "league", line)
    access.may_make_kind(city, "bank", line)
    for actor, kind in ((above, "league"), (inside, "government"), (district, "bank")):
        with pytest.raises(Forbidden):
            access.may_make_kind(actor, kind, line)
    assert "bank" not in access.kinds_to_make(district, line)
    assert "league" not in access.kinds_to_make(above, line)
