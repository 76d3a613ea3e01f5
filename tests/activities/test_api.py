"""The endpoints, as a program uses them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from shanshi.activities import models, operations, queries
from shanshi.foundation import clock
from shanshi.foundation.actor import Actor
from shanshi.registry import operations as registry

API = "/api/v1"


@pytest.fixture
def api(db: None) -> Callable[..., Any]:
    """Ask an endpoint as somebody (or as nobody) and return the status and the body."""
    client = Client()
    tokens: dict[UUID, str] = {}

    def token(who: Actor) -> str:
        if who.known() not in tokens:
            tokens[who.known()] = registry.issue_token(who.known(), label="test", at=clock.real_now()).token
        return tokens[who.known()]

    def ask(method: str, path: str, who: Actor | None = None, body: Any = None, **headers: str) -> Any:
        if who is not None:
            headers["Authorization"] = f"Bearer {token(who)}"
        data = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        answer = client.generic(method.upper(), f"{API}{path}", headers=headers, **data)
        return answer.status_code, json.loads(answer.content) if answer.content else None

    return ask


def draft_body(station: UUID, **other: Any) -> dict[str, Any]:
    return {
        "title": "Reading guides",
        "organizers": [str(station)],
        "fields": ["文明引导"],
        "risks": "No special risk.",
        "person_in_charge": "吴建国",
        "place": "文澜阁图书馆",
        "positions": [{"latitude": 30.2489, "longitude": 120.1607, "radius_m": 150}],
        **other,
    }


def shift_body(shift) -> dict[str, Any]:
    return {
        "starts_at": shift.starts_at.isoformat(),
        "ends_at": shift.ends_at.isoformat(),
        "capacity": shift.capacity,
    }


def test_a_leader_plans_a_reviewer_publishes_and_a_volunteer_signs_up(api, cast, people, at, tomorrow):
    status, activity = api("post", "/activities", cast.wu, draft_body(cast.station))
    assert (status, activity["state"], activity["division_code"]) == (201, "draft", "330102")
    path = f"/activities/{activity['id']}"

    status, shift = api("post", f"{path}/shifts", cast.wu, shift_body(tomorrow(capacity=1)))
    assert (status, shift["capacity"], shift["published_at"]) == (201, 1, None)
    assert api("get", path)[0] == 404
    assert api("post", f"{path}/submit", cast.wu)[1]["state"] == "submitted"
    status, problem = api("post", f"{path}/publish", cast.wu)
    assert (status, problem["code"]) == (403, "kernel.forbidden")
    status, activity = api("post", f"{path}/publish", cast.xu)
    assert (status, activity["state"]) == (200, "published")

    first, second, third = people(3)
    sign = f"/shifts/{shift['id']}/sign-ups"
    status, placed = api("post", sign, first)
    assert (status, placed["state"], placed["position"]) == (201, "placed", None)
    status, waits = api("post", sign, second, {"skills": ["英语"]})
    assert (status, waits["state"], waits["position"]) == (201, "waiting", 1)
    status, again = api("post", sign, second)
    assert (status, again) == (200, waits)
    assert api("post", sign, third)[1]["position"] == 2

    status, gone = api("delete", sign, first)
    assert (status, gone["state"], gone["id"]) == (200, "cancelled", placed["id"])
    status, offered = api("get", f"{sign}/mine", second)
    assert (offered["state"], offered["position"]) == ("waiting", 0)
    assert offered["accept_by"] is not None
    status, mine = api("post", f"{sign}/accept", second)
    assert (status, mine["state"], mine["accept_by"]) == (200, "placed", None)

    status, roster = api("get", f"/shifts/{shift['id']}/roster", cast.wu)
    assert status == 200
    assert [(row["state"], row["position"], row["name"]) for row in roster["items"]] == [
        ("placed", None, "钱*"),
        ("waiting", 1, "钱*"),
    ]
    assert "id_number" not in json.dumps(roster)


def test_a_request_sent_again_with_its_key_is_done_once(api, cast, at):
    key = {"Idempotency-Key": str(uuid4())}
    first = api("post", "/activities", cast.wu, draft_body(cast.station), **key)
    again = api("post", "/activities", cast.wu, draft_body(cast.station), **key)

    assert first == again
    assert models.Activity.objects.count() == 1


def test_what_is_missing_comes_back_all_at_once_each_with_its_code(api, cast, at, tomorrow):
    _, activity = api(
        "post",
        "/activities",
        cast.wu,
        {"title": "Bare", "organizers": [str(cast.station)]},
    )

    status, problem = api("post", f"/activities/{activity['id']}/submit", cast.wu)

    assert (status, problem["code"]) == (409, "activities.submission_incomplete")
    assert [error["where"] for error in problem["errors"]] == [
        "activities.risks_missing",
        "activities.person_in_charge_missing",
        "activities.place_missing",
        "activities.position_missing",
        "activities.shifts_missing",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 121},
        {"title": "a\x00b"},
        {"description": "\ud800"},
        {"organizers": ["no"]},
        {"min_age": -1},
        {"positions": [{"latitude": 91, "longitude": 0}]},
        {"division_code": "abc"},
        {"kind": "party"},
        {"risk_kinds": ["sharks"]},
        {"program": str(uuid4())},
    ],
)
def test_a_draft_that_is_not_well_formed_is_refused(api, cast, wrong):
    status, problem = api("post", "/activities", cast.wu, draft_body(cast.station, **wrong))

    assert status == 422
    assert problem["code"].split(".")[0] in {"kernel", "activities"}
    assert models.Activity.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"starts_at": "2019-03-21T09:00:00"}, 422, "kernel.invalid"),
        ({"capacity": 0}, 422, "kernel.invalid"),
        ({"ends_at": "2019-03-21T09:10:00+08:00"}, 422, "activities.shift_length_invalid"),
        (
            {"starts_at": "2019-03-20T08:59:00+08:00", "ends_at": "2019-03-20T10:00:00+08:00"},
            409,
            "activities.shift_in_the_past",
        ),
        (
            {"starts_at": "2199-12-31T20:00:00Z", "ends_at": "2199-12-31T22:00:00Z"},
            422,
            "activities.shift_too_far_ahead",
        ),
    ],
)
def test_a_shift_that_cannot_be_is_refused(api, cast, drafted, tomorrow, wrong, status, code):
    activity_id = drafted()

    answer = api("post", f"/activities/{activity_id}/shifts", cast.wu, {**shift_body(tomorrow()), **wrong})

    assert (answer[0], answer[1]["code"]) == (status, code)
    assert len(queries.activity(activity_id).shifts) == 1


def test_a_stranger_is_told_nothing_about_drafts_and_refused_everywhere(
    api, cast, drafted, published, tomorrow
):
    draft = drafted()
    draft_shift = queries.activity(draft).shifts[0].id
    (shift,) = published()
    public = queries.activity_of(shift)
    reason = {"reason": "because"}

    for path, body in [
        (f"/activities/{draft}/submit", None),
        (f"/activities/{draft}/publish", None),
        (f"/activities/{draft}/return", reason),
        (f"/activities/{draft}/cancel", reason),
        (f"/activities/{draft}/close", None),
        (f"/activities/{draft}/shifts", shift_body(tomorrow())),
        (f"/shifts/{draft_shift}/cancel", reason),
        (f"/shifts/{draft_shift}/sign-ups", None),
        (f"/shifts/{draft_shift}/sign-ups/accept", None),
    ]:
        assert api("post", path, cast.stranger, body)[0] == 404, path
        assert api("post", path, None, body)[0] == 401, path
    for path, body in [
        ("/activities", draft_body(cast.station)),
        (f"/activities/{public}/publish", None),
        (f"/activities/{public}/cancel", reason),
        (f"/activities/{public}/shifts", shift_body(tomorrow())),
        (f"/shifts/{shift}/cancel", reason),
    ]:
        assert api("post", path, cast.stranger, body)[0] == 403, path
    assert api("get", f"/shifts/{shift}/roster", cast.stranger)[0] == 403
    assert api("get", f"/shifts/{draft_shift}/roster", cast.stranger)[0] == 404
    assert api("get", f"/activities/{draft}", cast.stranger)[0] == 404
    assert api("get", f"/activities/{draft}", cast.wu)[0] == 200
    assert api("get", f"/activities/{draft}", cast.xu)[0] == 200
    assert api("get", f"/activities/{uuid4()}")[0] == 404


def test_finding_by_text_field_division_days_and_free_places(api, cast, published, people, at, tomorrow):
    (library,) = published(tomorrow(capacity=1))
    published(
        tomorrow(days=3),
        title="医院导诊",
        fields=("社区服务",),
        place_text="市一医院",
        division_code="330103",
    )
    (who,) = people(1)
    operations.sign_up(library, holder_id=who.holder_id, by=who, at=at)

    def titles(query: str) -> list[str]:
        status, found = api("get", f"/activities?{query}")
        assert status == 200, found
        return [item["title"] for item in found["items"]]

    reading = "图书馆文明引导 Reading guides"
    assert titles("") == [reading, "医院导诊"]
    assert titles("q=文澜阁") == [reading]
    assert titles("q=GUIDES 图书") == [reading]
    assert titles("q=清波街道") == [reading, "医院导诊"]
    assert titles("q=馆书图") == []
    assert titles("field=社区服务") == ["医院导诊"]
    assert titles("division=330103") == ["医院导诊"]
    assert titles("division=3301") == [reading, "医院导诊"]
    assert titles("date_from=2019-03-22") == ["医院导诊"]
    assert titles("date_to=2019-03-21") == [reading]
    assert titles("date_from=2019-03-21&date_to=2019-03-21") == [reading]
    assert titles("free=true") == ["医院导诊"]
    assert titles("date_from=0001-01-01&date_to=9999-12-31") == [reading, "医院导诊"]


def test_a_list_is_paged_by_cursor_and_a_foreign_cursor_is_refused(api, published, tomorrow):
    for number in range(3):
        published(tomorrow(), title=f"Number {number}")

    status, first = api("get", "/activities?limit=2")
    assert (status, len(first["items"])) == (200, 2)
    _, rest = api("get", f"/activities?limit=2&cursor={first['next']}")
    assert (len(rest["items"]), rest["next"]) == (1, None)
    assert len({item["id"] for item in first["items"] + rest["items"]}) == 3
    for cursor in ("nonsense", "WzEsMl0", "WyJhIiwiYiJd"):
        assert api("get", f"/activities?cursor={cursor}")[0] == 422, cursor


def test_a_list_costs_the_same_queries_however_long(published, tomorrow, at, django_assert_num_queries):
    for number in range(2):
        published(tomorrow(), tomorrow(days=2), title=f"Number {number}")
    with django_assert_num_queries(3):
        queries.activities_open(queries.Finding(text="Number"), at=at)
    for number in range(3):
        published(tomorrow(), title=f"Number {number}")
    with django_assert_num_queries(3):
        cards, _ = queries.activities_open(queries.Finding(text="Number"), at=at)
    assert len(cards) == 5


def test_signing_up_costs_three_statements(published, people, tomorrow, at, django_assert_num_queries):
    (shift,) = published()
    (who,) = people(1)
    with django_assert_num_queries(3):  # the shift, the person, the place
        operations.sign_up(shift, holder_id=who.holder_id, by=who, at=at)


def test_the_document_names_every_answer(api):
    client = Client()
    document = client.get(f"{API}/openapi.json").json()
    sign_up = document["paths"][f"{API}/shifts/{{shift_id}}/sign-ups"]["post"]

    assert set(sign_up["responses"]) == {
        "200", "201", "400", "401", "403", "404", "409", "413", "415", "422", "429", "500", "503",
    }  # fmt: skip
    assert sign_up["requestBody"].get("required", False) is False
    for path, methods in document["paths"].items():
        if "/activities" in path or "/shifts" in path:
            assert all(one.get("summary") and one.get("description") for one in methods.values()), path


def test_a_volunteer_without_registration_cannot_sign_up(api, published, at):
    (shift,) = published()
    status, problem = api("post", f"/shifts/{shift}/sign-ups")
    assert (status, problem["code"]) == (401, "kernel.sign_in_needed")


def test_a_shift_can_grow_and_be_called_off(api, cast, published, people, at, tomorrow):
    (shift,) = published(tomorrow(capacity=1))
    for who in people(2):
        api("post", f"/shifts/{shift}/sign-ups", who)

    status, changed = api("patch", f"/shifts/{shift}", cast.wu, {"capacity": 2})
    assert (status, changed["capacity"], changed["taken"], changed["waiting"]) == (200, 2, 2, 0)
    status, off = api("post", f"/shifts/{shift}/cancel", cast.wu, {"reason": "Storm."})
    assert (status, off["taken"], off["cancelled_at"] is None) == (200, 0, False)


def test_a_leader_of_one_body_need_not_name_it(api, cast, at):
    body = draft_body(cast.station)
    del body["organizers"]

    status, activity = api("post", "/activities", cast.wu, body)

    assert (status, activity["organizers"][0]["id"]) == (201, str(cast.station))
    assert api("post", "/activities", cast.stranger, body)[0] == 403


def test_queues_and_my_sign_ups(api, cast, submitted, published, people, at, tomorrow):
    (shift,) = published(tomorrow(capacity=1))
    waiting = submitted(title="Waits")
    first, second = people(2)
    for who in (first, second):
        operations.sign_up(shift, holder_id=who.holder_id, by=who, at=at)

    assert [one["title"] for one in api("get", "/activities/to-review", cast.xu)[1]["items"]] == ["Waits"]
    assert api("get", "/activities/to-review", cast.wu)[0] == 403
    led = api("get", "/activities/led", cast.wu)[1]["items"]
    assert {one["id"] for one in led} == {str(waiting), str(queries.activity_of(shift))}
    assert api("get", "/activities/led", cast.stranger)[0] == 403
    mine = api("get", "/me/sign-ups", second)[1]["items"]
    assert [(one["shift"], one["state"], one["position"], one["place"]) for one in mine] == [
        (str(shift), "waiting", 1, "文澜阁图书馆")
    ]
    assert api("get", "/me/sign-ups")[0] == 401


def test_texts_that_no_database_keeps_are_refused(api, cast, drafted, submitted, tomorrow):
    draft, waiting = drafted(), submitted()

    for path, who, body in [
        (f"/activities/{draft}/cancel", cast.wu, {"reason": "\ud800"}),
        (f"/activities/{waiting}/return", cast.xu, {"reason": "a\x00b"}),
        (f"/activities/{draft}/shifts", cast.wu, {**shift_body(tomorrow()), "name": "\ud800"}),
    ]:
        assert api("post", path, who, body)[0] == 422, path
    assert api("get", "/activities?q=%00&field=%00")[0] == 200
    assert api("get", "/activities/no-uuid")[0] == 422


def test_an_activity_shows_the_shifts_of_today_and_not_of_years(client, published, cast, the_clock, at):
    path = f"/api/v1/activities/{queries.activity_of(published()[0])}"
    assert len(client.get(path).json()["shifts"]) == 1

    the_clock(at + timedelta(days=60))
    assert client.get(path).json()["shifts"] == []
    assert len(client.get(path, {"since": at.isoformat()}).json()["shifts"]) == 1
    assert client.get(path, {"since": "2019-03-20T09:00:00"}).status_code == 422


@pytest.mark.django_db
def test_near_a_place_the_nearest_comes_first_and_the_place_is_in_the_body(client, cast, at):
    from tests.portal.world import World

    World(cast, at).library(bring="水杯")
    where = {"latitude": 30.2480, "longitude": 120.1607, "q": "tsg"}
    answer = client.post("/api/v1/activities/near", where, content_type="application/json")
    assert answer.status_code == 200
    (card,) = answer.json()["items"]
    assert (card["title"], card["distance_m"]) == ("图书馆文明引导", 100)
    assert client.get("/api/v1/activities?q=tsg").json()["items"][0]["distance_m"] is None
    assert client.get(f"/api/v1/activities/{card['id']}").json()["bring"] == "水杯"
    wrong = client.post("/api/v1/activities/near", {**where, "latitude": 91}, content_type="application/json")
    assert wrong.status_code == 422
