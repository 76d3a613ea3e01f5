"""The leader's pages where a body has teams, and the desk of an office that only looks."""

from __future__ import annotations

import pytest
from django.urls import reverse

from shanshi.activities import queries as activities
from shanshi.foundation.actor import Role
from shanshi.registry import operations as registry
from tests.cast import LIN, STRANGER
from tests.portal.test_staff import DRAFT, get, post, venue  # noqa: F401 - a fixture
from tests.portal.words import main_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(cast):
    """The station's first team."""
    return registry.create_team(cast.station, "文明一队", by=cast.loader, at=cast.at)


@pytest.fixture
def leader(cast, team):
    """Leads the team, and nothing else of the station."""
    return cast.with_role(cast.volunteer(LIN), Role.LEADER, f"team:{team}")


def offered(answer) -> list[str]:
    return [str(value) for value, _ in answer.context["form"].fields["organizer"].choices]


def test_a_leader_of_the_body_chooses_between_the_body_and_its_teams(reader, cast, team):
    answer = get(reader(cast.wu), "lead-new")
    assert offered(answer) == [str(cast.station), f"{cast.station}/{team}"]
    assert "清波街道志愿服务队 · 文明一队" in answer.content.decode()


def test_a_leader_of_a_team_plans_in_its_name(reader, cast, team, leader, venue):  # noqa: F811
    client = reader(leader)
    assert offered(get(client, "lead-new")) == [f"{cast.station}/{team}"]
    made = post(client, "lead-new", organizer=f"{cast.station}/{team}", venue=venue, **DRAFT)

    assert "文明一队" in main_of(made)
    (card,) = activities.activities_led([f"team:{team}"], at=cast.at)
    assert activities.activity(card.id).team_id == team
    assert "江滩清扫" in main_of(get(client, "shifts"))
    assert offered(get(client, "lead-change", card.id)) == [f"{cast.station}/{team}"]


def test_a_leader_of_a_team_cannot_choose_the_body_itself(reader, cast, leader, venue):  # noqa: F811
    answer = post(reader(leader), "lead-new", organizer=cast.station, venue=venue, **DRAFT)
    assert "organizer" in answer.context["form"].errors
    assert activities.activities_led(["city"], at=cast.at) == []


def test_an_office_of_a_district_sees_the_desk_and_no_door(reader, world, cast):
    activity_id = world.library(world.shift("14:00-16:00"))
    (shift_id,) = world.shifts(activity_id)
    office = cast.with_role(cast.volunteer(STRANGER), Role.DIVISION_STAFF, "division:330102")
    page = get(reader(office), "shifts").content.decode()

    assert reverse("portal:activity", args=[activity_id]) in page
    for name, key in (("roster", shift_id), ("door", shift_id), ("lead-activity", activity_id)):
        assert reverse(f"portal:{name}", args=[key]) not in page
        assert get(reader(office), name, key).status_code == 403
    assert reverse("portal:lead-new") not in page
