"""Programs and stations: everybody reads them, their staff keeps them, and the trail knows."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shanshi.activities import models, queries
from shanshi.activities import operations as activities
from shanshi.activities.operations import Figure, PairedTeam, ProgramDraft
from shanshi.activities.rules.programs import (
    BodiesInvalid,
    DatesInvalid,
    FigureInvalid,
    ProgramNameInvalid,
    ProgramNameTaken,
)
from shanshi.foundation.actor import Role
from shanshi.foundation.models import AuditEntry
from shanshi.registry import operations as registry
from shanshi.registry import queries as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper(cast):
    """Manages the station's body, so also its programs."""
    return cast.with_role(cast.stranger, Role.MANAGER, f"organization:{cast.station}")


def draft(cast, **other) -> ProgramDraft:
    said = {"name": "红色志愿一小时", "division_code": "330102", "organizers": (cast.station,)}
    return ProgramDraft(**{**said, **other})


def page(client, path: str, *, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return answer.content.decode()


def test_a_program_s_page_says_who_gives_it_and_what_it_earns(reader, world, cast):
    text = page(reader(), f"/programs/{world.program}")

    assert "红色志愿一小时" in text
    assert "more than 150 people" in text
    assert "公报" in text
    assert "earn Party-member volunteers red points" in text
    assert "150余人" in page(reader(language="zh-hans"), f"/programs/{world.program}")


def test_the_list_and_the_empty_list(reader, world):
    assert "No program yet" in page(reader(), "/programs")
    assert "红色志愿一小时" in page(reader(), f"/programs?{world.program}")


def test_partners_stand_by_kind_and_teams_with_those_they_are_paired_with(reader, world, cast):
    shop = registry.create_organization(
        registry.OrganizationRow(
            name="网上书店", kind="enterprise", parent_id=cast.league, division_code="330102"
        ),
        by=cast.loader,
        at=cast.at,
    )
    team = registry.create_team(cast.station, "小蒲公英", by=cast.loader, at=cast.at)
    said = draft(
        cast, partners=(shop,), divisions=("330102",), teams=(PairedTeam(team, cast.league, cast.at.date()),)
    )
    activities.change_program(world.program, said, by=cast.loader, at=cast.at)

    text = page(reader(), f"/programs/{world.program}")

    for word in ("Enterprises", "网上书店", "小蒲公英", "Paired with", "上城区"):
        assert word in text


def test_key_projects_and_activities_stand_on_the_page(reader, world, cast):
    project = world.project
    activity = world.library(world.shift(days=1), program_id=world.program, project_id=project)
    world.booths(activity, "义诊台", "剪纸台")

    text = page(reader(), f"/programs/{world.program}")

    for word in (
        "Key projects of 2019",
        "志愿者之家服务",
        "图书馆文明引导",
        f"/activities/{activity}/booths",
        "2 booths",
    ):
        assert word in text
    # The same page a fortnight later: nothing is open, and the activity is among the earlier ones.
    _coming, past = queries.program_activities(world.program, at=world.time("09:00", days=14))
    assert [card.title for card in past] == ["图书馆文明引导"]


def test_the_queries_of_a_program_s_page_do_not_grow(reader, world, cast):
    def asked(client) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            page(client, f"/programs/{world.program}")
        return len(seen)

    client = reader()
    world.library(world.shift(days=1), program_id=world.program, venue_id=world.house)
    world.bees  # noqa: B018 - there now
    page(client, f"/programs/{world.program}")
    few = asked(client)
    for number in range(5):
        world.library(
            world.shift(days=2 + number),
            title=f"第{number}场",
            program_id=world.program,
            venue_id=world.house,
        )
        activities.create_project(
            activities.ProjectDraft(f"项目{number}", cast.station, world.program), by=cast.loader, at=cast.at
        )
    assert asked(client) == few


def test_a_station_shows_its_standing_shifts_and_whom_to_ask(
    reader, world, cast, django_assert_max_num_queries
):
    activity = world.library(
        *(world.shift("09:00-10:00", days=days) for days in (1, 8)), venue_id=world.house
    )
    with django_assert_max_num_queries(20):
        text = page(reader(), f"/stations/{world.bees}")

    for word in (
        "小蜜蜂志愿者之家",
        "河坊街15号",
        "Thursday",
        "09:00–10:00",
        "Ask 吴",
        f"/activities/{activity}",
    ):
        assert word in text
    assert "吴建国" not in text
    assert "小蜜蜂志愿者之家" in page(reader(), "/stations?district=330102")
    page(reader(), f"/stations/{world.program}", status=404)


def test_no_station_teaches(reader):
    assert "No station yet" in page(reader(), "/stations")


def test_its_staff_changes_a_program_and_the_trail_says_what(reader, world, cast, keeper):
    client = reader(keeper)
    assert "Change the program" in page(client, f"/programs/{world.program}")
    form = {
        "name": "红色志愿两小时", "organizers": "清波街道志愿服务队", "description": "每月两小时",
        "fields_of_service": "社区服务", "pilots": "330102", "earns_red_points": "on",
    }  # fmt: skip
    body = queries.program(world.program).organizers[0]
    form["organizers"] = people.organization(body).name

    answer = client.post(f"/programs/{world.program}/change", form)

    assert answer.status_code == 302
    found = queries.program(world.program)
    assert (found.name, found.divisions, found.fields) == ("红色志愿两小时", ("330102",), ("社区服务",))
    # Its figures stay.
    assert found.figures["launch_attended"].amount == 150
    told = AuditEntry.objects.filter(verb="activities.change_program").latest("happened_at")
    assert told.after["name"] == "红色志愿两小时"
    assert told.before["name"] == "红色志愿一小时"


def test_a_form_that_names_nobody_known_keeps_what_was_typed(reader, world, keeper):
    answer = reader(keeper).post(
        f"/programs/{world.program}/change",
        {"name": "新名", "organizers": "没有这个单位", "pilots": "没有街道"},
    )

    text = answer.content.decode()
    assert answer.status_code == 200
    for word in ("没有这个单位", "is not on the platform", "没有街道", "新名"):
        assert word in text
    assert queries.program(world.program).name == "红色志愿一小时"


def test_a_figure_is_published_changed_and_taken_away(reader, world, keeper):
    client, path = reader(keeper), f"/programs/{world.program}/figures"
    page(client, path)
    client.post(path, {"known": "stations", "amount": "15", "source": "公报"})
    assert queries.program(world.program).figures["stations"] == Figure(Decimal(15), source="公报")

    client.post(path, {"known": "stations", "amount": "16", "is_at_least": "on", "source": "公报二"})
    assert queries.program(world.program).figures["stations"].is_at_least

    client.post(f"{path}/away", {"figure": "stations"})
    assert set(queries.program(world.program).figures) == {"launch_attended"}
    assert "Say what it counts" in client.post(path, {"amount": "3", "source": "x"}).content.decode()


def test_projects_are_added_and_changed(reader, world, cast, keeper):
    client = reader(keeper)
    body = people.organization(cast.station).name
    client.post(
        f"/programs/{world.program}/projects/new",
        {"name": "楼道清理", "organization": body, "key_of_year": "2019"},
    )
    (project,) = queries.projects(world.program)
    assert (project.name, project.key_of_year) == ("楼道清理", 2019)

    client.post(f"/projects/{project.id}/change", {"name": "楼道清理二", "key_of_year": ""})

    assert queries.project(project.id).name == "楼道清理二"
    assert queries.project(project.id).key_of_year is None


def test_a_new_program_is_made_for_one_s_own_body_alone(reader, world, cast, keeper):
    client = reader(keeper)
    page(client, "/programs/new")
    form = {"name": "邻里日", "division": "330102", "organizers": people.organization(cast.station).name}
    answer = client.post("/programs/new", form)
    assert answer.status_code == 302
    assert models.Program.objects.filter(name="邻里日").exists()

    above = {**form, "name": "全区日", "organizers": people.organization(cast.league).name}
    assert client.post("/programs/new", above).status_code == 403
    assert not models.Program.objects.filter(name="全区日").exists()


def test_nobody_else_changes_a_program(reader, world, cast):
    for who in (cast.lin, cast.wu):
        client = reader(who)
        assert "Change the program" not in page(client, f"/programs/{world.program}")
        page(client, f"/programs/{world.program}/change", status=403)
        assert client.post(f"/programs/{world.program}/figures", {"known": "years"}).status_code == 403
    assert queries.program(world.program).name == "红色志愿一小时"


@pytest.mark.parametrize(
    ("other", "refusal"),
    [
        ({"name": " "}, ProgramNameInvalid),
        ({"organizers": ()}, BodiesInvalid),
        ({"figures": {"years": Figure(Decimal(-1))}}, FigureInvalid),
        ({"figures": {"a b": Figure(Decimal("1e20"))}}, FigureInvalid),
    ],
)
def test_what_cannot_be_a_program_is_refused(cast, world, other, refusal):
    with pytest.raises(refusal):
        activities.create_program(draft(cast, **{"name": "另一个", **other}), by=cast.loader, at=cast.at)
    assert not models.Program.objects.filter(name="另一个").exists()


def test_bodies_twice_days_turned_round_and_names_taken_are_refused(cast, world):
    before = queries.program(world.program)
    other = activities.create_program(draft(cast, name="另一个"), by=cast.loader, at=cast.at)
    for said, refusal in (
        (draft(cast, partners=(cast.station,)), BodiesInvalid),
        (draft(cast, launched_on=cast.at.date(), ends_on=cast.at.date().replace(year=2018)), DatesInvalid),
        (draft(cast, name="另一个"), ProgramNameTaken),
    ):
        with pytest.raises(refusal):
            activities.change_program(world.program, said, by=cast.loader, at=cast.at)
    assert queries.program(world.program) == before
    assert other != world.program


def test_the_api_says_the_same(client, world, cast):
    found = client.get("/api/v1/programs").json()["items"]
    assert [one["name"] for one in found] == []
    shown = client.get(f"/api/v1/programs/{world.program}").json()
    assert Decimal(shown["figures"]["launch_attended"]["at_least"]) == 150
    assert shown["figures"]["launch_attended"]["value"] is None
    assert [one["name"] for one in client.get("/api/v1/programs").json()["items"]] == ["红色志愿一小时"]
    world.library(world.shift("09:00-10:00", days=1), venue_id=world.house)
    assert [one["name"] for one in client.get(f"/api/v1/stations?{world.bees}").json()["items"]] == [
        "小蜜蜂志愿者之家"
    ]
    assert len(client.get(f"/api/v1/stations/{world.bees}").json()["shifts"]) == 1
