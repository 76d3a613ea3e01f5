"""A team as a place: its leader plans and runs what is given in its name, and nothing of its sisters."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from shanshi.activities import access, operations, queries
from shanshi.activities.rules.drafts import OrganizersInvalid, TeamUnknown
from shanshi.activities.rules.shifts import ShiftMissing
from shanshi.activities.rules.states import ActivityMissing
from shanshi.attendance import access as attendance
from shanshi.attendance.rules import NotALeader
from shanshi.foundation.actor import Actor, Grant, Role, SecondFactorNeeded
from shanshi.kernel.errors import Forbidden
from shanshi.registry import operations as registry
from shanshi.registry import queries as bodies
from tests.activities.conftest import draft_for


@pytest.fixture
def team(cast, at) -> UUID:
    """The station's first team."""
    return registry.create_team(cast.station, "文明一队", by=cast.loader, at=at)


@pytest.fixture
def sister(cast, at) -> UUID:
    """Its second."""
    return registry.create_team(cast.station, "文明二队", by=cast.loader, at=at)


def leading(place: str, role: Role = Role.LEADER) -> Actor:
    return Actor(UUID(int=5), UUID(int=6), (Grant(role, place),))


def test_the_lineage_of_an_activity_of_a_team_begins_with_the_team(published, cast, team):
    (shift_id,) = published(team_id=team)
    station = bodies.organization(cast.station).lineage

    shift = queries.shift(shift_id)
    activity = queries.activity(shift.activity_id)
    assert shift.lineage == (f"shift:{shift_id}", f"team:{team}", *station)
    assert (activity.lineage, activity.parents) == ((f"team:{team}", *station), station[1:])
    assert (activity.team_id, activity.team_name) == (team, "文明一队")


def test_the_lineage_of_an_activity_without_a_team_is_that_of_its_body(published, cast):
    (shift_id,) = published()
    assert queries.shift(shift_id).lineage == (
        f"shift:{shift_id}",
        *bodies.organization(cast.station).lineage,
    )


def test_a_leader_of_a_team_plans_in_its_name_alone(cast, team, sister):
    leader = leading(f"team:{team}")

    assert access.plan(leader, [cast.station], team_id=team) == [cast.station]
    assert (access.led_organizations(leader), access.led_teams(leader)) == ([], [team])
    for wanted in (None, sister):
        with pytest.raises(Forbidden):
            access.plan(leader, [cast.station], team_id=wanted)
    with pytest.raises(Forbidden):
        access.plan(leader, [cast.league], team_id=team)
    with pytest.raises(OrganizersInvalid):
        access.plan(leader, [])


def test_a_leader_of_a_team_cannot_hand_its_activity_to_another_name(cast, team, sister):
    leader = leading(f"team:{team}")
    now = {"leads_now": cast.station, "team_now": team}

    assert access.plan(leader, [cast.station], team_id=team, **now) == [cast.station]
    for wanted in (None, sister):
        with pytest.raises(Forbidden):
            access.plan(leader, [cast.station], team_id=wanted, **now)
    manager = leading(f"organization:{cast.station}", Role.MANAGER)
    assert access.plan(manager, [cast.station], team_id=sister, **now) == [cast.station]


def test_who_runs_the_shifts_of_a_team(published, cast, team, sister, at):
    (shift_id,) = published(team_id=team)
    activity_id = queries.shift(shift_id).activity_id
    child = registry.create_organization(
        registry.OrganizationRow("清波社区服务队", "team", cast.station, "330102"), by=cast.loader, at=at
    )

    for place in (f"team:{team}", f"organization:{cast.station}", f"organization:{cast.league}"):
        for role in (Role.LEADER, Role.MANAGER):
            somebody = leading(place, role)
            assert attendance.shift_to_run(somebody, shift_id).id == shift_id
            assert access.shift_to_lead(somebody, shift_id).id == shift_id
            assert access.shift_to_change(somebody, shift_id).id == shift_id
            assert access.activity_to_change(somebody, activity_id).id == activity_id
    for place in (f"team:{sister}", f"organization:{child}", "division:330106"):
        somebody = leading(place)
        with pytest.raises(NotALeader):
            attendance.shift_to_run(somebody, shift_id)
        for ask in (access.shift_to_lead, access.shift_to_change):
            with pytest.raises(Forbidden):
                ask(somebody, shift_id)
        with pytest.raises(Forbidden):
            access.activity_to_change(somebody, activity_id)


def test_a_draft_of_a_team_is_not_there_for_its_sister(drafted, cast, team, sister):
    activity_id = drafted(team_id=team)
    (shift,) = queries.activity(activity_id).shifts

    assert access.activity_to_see(leading(f"team:{team}"), activity_id).id == activity_id
    with pytest.raises(ActivityMissing):
        access.activity_to_see(leading(f"team:{sister}"), activity_id)
    with pytest.raises(ShiftMissing):
        access.shift_to_change(leading(f"team:{sister}"), shift.id)


def test_a_team_of_another_body_is_refused_and_nothing_is_made(cast, at, sister):
    foreign = registry.create_team(cast.league, "别队", by=cast.loader, at=at)
    for team_id in (foreign, UUID(int=9)):
        with pytest.raises(TeamUnknown):
            operations.create(draft_for(cast.station, team_id=team_id), by=cast.wu, at=at)
    assert queries.activities_led(["city"], at=at) == []


def test_a_draft_can_be_given_to_a_team_and_back_to_its_body(drafted, cast, at, team):
    activity_id = drafted()
    draft = draft_for(cast.station, team_id=team)
    operations.change(activity_id, draft, by=cast.wu, at=at)
    assert queries.activity(activity_id).team_id == team
    operations.change(activity_id, replace(draft, team_id=None), by=cast.wu, at=at)
    assert queries.activity(activity_id).lineage == bodies.organization(cast.station).lineage


def test_a_desk_shows_what_lies_at_the_place_and_below(published, cast, at, team, sister):
    (of_team,) = published(team_id=team)
    (of_body,) = published(title="站台引导")
    hours = {"since": at, "until": at.replace(year=2020)}

    def desk(place: str) -> tuple[set[UUID], set[UUID]]:
        shown = {one.id for one in queries.activities_led([place], at=at)}
        return shown, {one.id for one in queries.shifts_led([place], **hours)}

    both = {of_team, of_body}
    activities = {queries.shift(one).activity_id for one in both}
    for place in (
        "city",
        "division:330102",
        f"organization:{cast.league}",
        f"organization:{cast.station}",
    ):
        assert desk(place) == (activities, both)
    assert desk(f"team:{team}") == ({queries.shift(of_team).activity_id}, {of_team})
    assert desk(f"team:{sister}") == desk("division:330106") == (set(), set())
    assert desk(f"shift:{of_body}")[1] == {of_body}


def test_an_office_of_a_district_reviews_and_sees_below_it_and_runs_nothing(submitted, published, cast):
    waits = submitted(title="待审")
    (shift_id,) = published()
    for office in ("division:330102", "division:330100"):
        staff = leading(office, Role.DIVISION_STAFF)
        assert access.activity_to_review(staff, waits).id == waits
        assert access.activity_to_see(staff, waits).id == waits
        assert [card.id for card in queries.waiting_for_review(access.review_places(staff))] == [waits]
        assert access.desk(staff) == (office,)
        assert not access.plans(staff)
        with pytest.raises(NotALeader):
            attendance.shift_to_run(staff, shift_id)
        with pytest.raises(Forbidden):
            access.activity_to_change(staff, waits)
    other = leading("division:330106", Role.DIVISION_STAFF)
    with pytest.raises(ActivityMissing):
        access.activity_to_review(other, waits)
    assert queries.waiting_for_review(access.review_places(other)) == []


def test_an_auditor_sees_drafts_and_changes_nothing(submitted):
    waits = submitted()
    auditor = leading("city", Role.AUDITOR)
    assert access.activity_to_see(auditor, waits).id == waits
    for ask in (access.activity_to_change, access.activity_to_review):
        with pytest.raises(Forbidden):
            ask(auditor, waits)
    for ask in (access.desk, access.review_places, access.led_organizations):
        with pytest.raises(Forbidden):
            ask(auditor)


def test_a_withheld_role_opens_nothing_and_tells_its_owner_why(submitted, published, cast):
    waits = submitted()
    (shift_id,) = published()
    leader = leading(f"organization:{cast.station}").without_roles()
    reviewer = leading(f"organization:{cast.league}", Role.REVIEWER).without_roles()

    for ask in (
        lambda: access.activity_to_see(leader, waits),
        lambda: access.activity_to_change(leader, waits),
        lambda: access.activity_to_review(reviewer, waits),
        lambda: access.shift_to_lead(leader, shift_id),
        lambda: attendance.shift_to_run(leader, shift_id),
        lambda: access.plan(leader, [cast.station]),
        lambda: access.desk(leader),
        lambda: access.review_places(reviewer),
    ):
        with pytest.raises(SecondFactorNeeded):
            ask()
    assert not access.knows_drafts(leader, queries.activity(waits))
