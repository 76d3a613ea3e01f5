"""Pages of organizations: for everybody without a person; for managers members, teams and hours."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shanshi.foundation import clock
from shanshi.foundation.actor import Role
from shanshi.registry import models, operations, queries
from tests.house.test_trail import ZHOU
from tests.portal.words import has_chinese, main_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(cast):
    """Stranger runs the station."""
    return cast.with_role(cast.stranger, Role.MANAGER, f"organization:{cast.station}")


@pytest.fixture
def above(cast):
    """Xu runs the League committee above it."""
    return cast.with_role(cast.xu, Role.MANAGER, f"organization:{cast.league}")


@pytest.fixture
def zhou(cast):
    """Somebody of the city's staff."""
    return cast.with_role(cast.volunteer(ZHOU), Role.CITY_STAFF, "city")


def page(cast, end=""):
    return f"/organizations/{cast.station}{end}"


def test_everybody_sees_what_an_organization_is_and_did_and_no_person(world, reader, cast, the_clock):
    operations.create_team(cast.station, "文明一队", by=cast.loader, at=cast.at)
    operations.join(cast.lin.volunteer(), cast.station, by=cast.lin, at=cast.at)
    world.served(cast.lin)
    world.library(world.shift(days=2), title="图书馆下午")
    the_clock(world.time("09:00", days=1))
    words = main_of(reader().get(page(cast)))
    assert "清波街道志愿服务队" in words
    assert "Volunteer team" in words
    assert "共青团上城区委" in words
    assert "文明一队" in words
    assert "Verified in 2019 2 h" in words
    assert "1 visit" in words
    assert "Shifts held 1 of 1 that were promised" in words
    assert "图书馆下午" in words
    assert not {"林", "吴*"} & set(words.split())
    assert "林*" not in words
    assert "Desk" not in words


def test_the_record_is_what_the_books_say(world, reader, cast, the_clock):
    from shanshi.ledger.queries import balances
    from shanshi.portal.queries.bodies import body_page

    world.served(cast.lin)
    found = body_page(queries.organization(cast.station), at=world.time("13:00"))
    assert found.record.minutes == balances(cast.lin.volunteer()).verified_minutes == 120


@pytest.mark.parametrize("text", ["清波", "qingbo", "qb"])
def test_organizations_are_looked_for(reader, cast, text):
    cast.station  # noqa: B018 - it is there
    words = main_of(reader().get("/organizations", {"q": text}))
    assert "清波街道志愿服务队" in words
    assert "共青团上城区委" not in words


def test_nothing_found_teaches(reader, cast):
    cast.station  # noqa: B018 - it is there
    assert "No organization is called so" in main_of(reader().get("/organizations?q=zzzz"))
    assert main_of(reader().get("/organizations?kind=circus&division=99")) is not None


def test_the_desk_counts_members_teams_activities_and_hours(world, reader, cast, manager, the_clock):
    team = operations.create_team(cast.station, "文明一队", by=cast.loader, at=cast.at)
    operations.join(cast.lin.volunteer(), cast.station, team_id=team, by=cast.lin, at=cast.at)
    operations.join(cast.mei.volunteer(), cast.station, by=cast.wu, at=cast.at)
    world.served(cast.lin)
    the_clock(world.time("14:00"))
    words = main_of(reader(manager).get(page(cast, "/desk")))
    assert "Members 1 1 invited who has not answered" in words
    assert "文明一队 1 member" in words
    assert "2019-03 2 h 1" in words
    assert reader(cast.wu).get(page(cast, "/desk")).status_code == 403


def test_members_are_looked_for_and_put_into_a_team(reader, cast, manager, at):
    team = operations.create_team(cast.station, "文明一队", by=cast.loader, at=at)
    operations.join(cast.lin.volunteer(), cast.station, by=cast.lin, at=at)
    operations.join(cast.mei.volunteer(), cast.station, by=cast.wu, at=at)
    lin, mei = (queries.volunteer(one.volunteer()).number for one in (cast.lin, cast.mei))
    client = reader(manager)

    def shown(**asked):
        words = main_of(client.get(page(cast, "/members"), asked))
        return lin in words, mei in words

    assert shown() == (True, True)
    assert shown(state="member") == (True, False)
    assert shown(state="invited") == (False, True)
    assert shown(number=lin) == (True, False)
    assert shown(number="HZ0000000000") == (False, False)
    assert shown(team=str(team)) == (False, False)
    assert "林晓" not in client.get(page(cast, "/members")).content.decode()

    key = models.Membership.objects.get(holder_id=cast.lin.volunteer()).pk
    address = reverse("portal:member-team", args=[cast.station, key])
    answer = client.post(address, {"team": str(team), "kept": "state=member"})
    assert answer["Location"] == f"{page(cast, '/members')}?state=member"
    assert shown(team=str(team)) == (True, False)
    assert shown(team="none") == (False, True)


def test_a_member_is_let_go_with_a_reason(reader, cast, manager, at):
    operations.join(cast.lin.volunteer(), cast.station, by=cast.lin, at=at)
    key = models.Membership.objects.get(holder_id=cast.lin.volunteer()).pk
    address = reverse("portal:member-end", args=[cast.station, key])
    client = reader(manager)
    assert "A reason is needed" in main_of(client.post(address, {"reason": ""}, follow=True))
    assert queries.members(cast.station) == [cast.lin.volunteer()]
    assert reader(cast.wu).post(address, {"reason": "x"}).status_code == 403
    assert "Ended." in main_of(client.post(address, {"reason": "搬走了"}, follow=True))
    assert queries.members(cast.station) == []


def test_an_organization_is_made_below_and_its_kind_is_checked(reader, cast, manager, zhou):
    client = reader(manager)
    said = {"name": "清波社区队", "kind": "team", "division": "330102", "credit_code": "", "name_en": ""}
    assert client.get(page(cast, "/new")).status_code == 200
    refused = client.post(page(cast, "/new"), said | {"kind": "bank"})
    assert refused.status_code == 422
    wrong = client.post(page(cast, "/new"), said | {"credit_code": "91330100MA2AXXXX00"})
    assert (wrong.status_code, "social credit code is not valid" in main_of(wrong)) == (422, True)
    assert "清波社区队" in main_of(wrong) or 'value="清波社区队"' in wrong.content.decode()
    made = client.post(page(cast, "/new"), said)
    assert made.status_code == 302
    (child,) = queries.children(cast.station)
    assert child.lineage[1] == f"organization:{cast.station}"
    again = client.post(page(cast, "/new"), said)
    assert (again.status_code, "There is already an organization" in main_of(again)) == (409, True)
    top = reader(zhou).post(
        "/districts/330106/organizations/new",
        said | {"name": "西湖银行", "kind": "bank", "division": "330106"},
    )
    assert top.status_code == 302
    assert reader(manager).get("/districts/330106/organizations/new").status_code == 403


def test_who_is_above_renames_and_only_staff_moves(reader, cast, manager, above, zhou):
    said = {"name": "清波志愿队", "kind": "team", "credit_code": "", "name_en": "Qingbo"}
    assert reader(manager).post(page(cast, "/change"), said).status_code == 403
    assert reader(above).post(page(cast, "/change"), said).status_code == 302
    assert queries.organization(cast.station).name == "清波志愿队"
    moving = {"parent": str(cast.league), "reason": "x"}
    assert reader(above).post(page(cast, "/move"), moving).status_code == 403
    circle = reader(zhou).post(page(cast, "/move"), {"parent": str(cast.station), "reason": "x"}, follow=True)
    assert "An organization cannot stand below itself." in main_of(circle)
    assert "New parent" in main_of(reader(zhou).get(page(cast, "/change")))


def test_teams_are_made_and_renamed_at_the_desk(reader, cast, manager):
    client = reader(manager)
    made = client.post(page(cast, "/teams"), {"name": "文明一队"}, follow=True)
    assert "The team is there" in main_of(made)
    (team,) = queries.teams(cast.station)
    client.post(reverse("portal:team-rename", args=[cast.station, team.id]), {"name": "文明二队"})
    assert queries.teams(cast.station)[0].name == "文明二队"
    elsewhere = reverse("portal:team-rename", args=[cast.league, team.id])
    assert client.post(elsewhere, {"name": "x"}).status_code == 403


def test_the_same_by_program(client, cast, zhou, at):
    token = operations.issue_token(
        zhou.known(), label="t", scopes=("read", "write", "staff"), at=clock.real_now()
    ).token
    head = {"authorization": f"Bearer {token}"}

    def send(method, path, body):
        return client.generic(
            method, f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=head
        )

    new = {"name": "清波社区队", "kind": "team", "parent_id": str(cast.station), "division_code": "330102"}
    made = send("POST", "/organizations", new)
    assert made.status_code == 201
    child = made.json()["id"]
    changed = send("PUT", f"/organizations/{child}", {"name": "清波新队", "kind": "charity"})
    assert (changed.status_code, changed.json()["name"]) == (200, "清波新队")
    moved = send("POST", f"/organizations/{child}/move", {"parent_id": str(cast.league), "reason": "x"})
    assert moved.json() == {"organizations": 1}
    team = send("POST", f"/organizations/{child}/teams", {"name": "一队"}).json()["id"]
    assert send("PUT", f"/organizations/{child}/teams/{team}", {"name": "二队"}).status_code == 204
    seen = client.get(f"/api/v1/organizations/{child}").json()
    assert (seen["teams"][0]["name"], seen["verified_minutes"]) == ("二队", 0)
    found = client.get("/api/v1/organizations?text=qbxd").json()
    assert [one["name"] for one in found["items"]] == ["清波新队"]
    operations.join(cast.lin.volunteer(), cast.station, by=cast.lin, at=at)
    (member,) = client.get(f"/api/v1/organizations/{cast.station}/members", headers=head).json()["items"]
    assert member["masked_name"] == "林*"
    ended = send("POST", f"/organizations/{cast.station}/members/{member['id']}/end", {"reason": "x"})
    assert ended.status_code == 204
    assert queries.members(cast.station) == []


def test_lists_ask_the_same_questions_however_long_they_are(reader, cast, manager, at, world):
    client = reader(manager)
    people = [cast.lin, cast.mei, cast.wu, cast.xu]
    counts = []
    for who in people:
        operations.join(who.volunteer(), cast.station, by=who, at=at)
        operations.create_team(cast.station, f"{who.known()}队", by=cast.loader, at=at)
        world.library(world.shift(days=2), title="下午")
        asked = []
        for end in ("", "/desk", "/members"):
            from django.core.cache import cache

            cache.clear()
            with CaptureQueriesContext(connection) as seen:
                assert client.get(page(cast, end)).status_code == 200
            asked.append(len(seen))
        counts.append(asked)
    assert counts[1:] == counts[1:2] * 3


@pytest.mark.parametrize("end", ["", "/desk", "/members", "/change", "/new"])
def test_the_pages_speak_both_languages(reader, cast, zhou, end):
    operations.change_organization(
        cast.station, operations.OrganizationChange("Qingbo", "team"), by=cast.wu, at=cast.at
    )
    zh = main_of(reader(zhou, "zh-hans").get(page(cast, end)))
    assert has_chinese(zh)
    for word in ("Members", "Team", "organization", "Change"):
        assert word not in zh
