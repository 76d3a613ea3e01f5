"""The endpoints of the door."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from shanshi.attendance import models, queries
from shanshi.foundation import clock
from shanshi.registry import operations as registry

pytestmark = pytest.mark.django_db


class Client:
    """Somebody's program, with a token."""

    def __init__(self, client, actor, at):
        self.client = client
        token = registry.issue_token(actor.known(), label="test", at=clock.real_now()).token
        self.headers = {"Authorization": f"Bearer {token}"}

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", query, headers=self.headers)

    def post(self, path, body=None, **headers):
        return self.client.post(
            f"/api/v1{path}",
            json.dumps(body or {}),
            content_type="application/json",
            headers=self.headers | headers,
        )


@pytest.fixture
def door(day, cast):
    """The morning shift with a place for Lin of the cast."""
    return day.shift("09:30-11:30", cast.lin)


@pytest.fixture
def lins(client, cast, at):
    return Client(client, cast.lin, at)


@pytest.fixture
def wus(client, cast, at):
    return Client(client, cast.wu, at)


def scanned(code, number, **more):
    return {"code": code, "device": "phone", "nonce": f"n{number}", **more}


def test_from_the_door_to_the_minutes_through_the_api(day, door, lins, wus, the_clock):
    the_clock(day.clock("09:28"))
    code = wus.get(f"/shifts/{door}/code").json()
    assert sorted(code) == ["code", "digits", "expires_at", "step"]
    came = lins.post("/scans", scanned(code["code"], 1, latitude=30.2457, longitude=120.1551, accuracy_m=9))
    assert came.status_code == 200
    assert (came.json()["direction"], came.json()["minutes"]) == ("in", None)

    the_clock(day.clock("11:31"))
    code = wus.get(f"/shifts/{door}/code").json()
    left = lins.post("/scans", scanned(code["digits"], 2)).json()
    assert (left["direction"], left["minutes"], left["visit"]) == ("out", 120, came.json()["visit"])

    the_clock(day.clock("12:00"))
    done = wus.post(f"/shifts/{door}/confirm").json()
    assert (done["visits"], done["minutes"], done["coin_units"]) == (1, 120, 120)
    (visit,) = lins.get("/me/visits").json()["items"]
    assert (visit["state"], visit["minutes"], visit["coins"], visit["spendable"]) == (
        "confirmed",
        120,
        "2",
        False,
    )
    again = wus.post(f"/shifts/{door}/confirm")
    assert (again.status_code, again.json()["code"]) == (409, "attendance.already_confirmed")


def test_a_leader_scans_a_personal_code_of_the_api(day, door, lins, wus, the_clock):
    the_clock(day.clock("09:28"))
    code = lins.get("/me/code").json()
    assert code["code"].startswith("P1")
    answer = wus.post("/scans", scanned(code["code"], 1, shift=str(door))).json()
    assert (answer["direction"], answer["shift"], answer["repeated"]) == ("in", str(door), False)
    again = wus.post("/scans", scanned(code["code"], 2)).json()
    assert (again["visit"], again["direction"], again["repeated"]) == (answer["visit"], "in", True)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "kernel.invalid"),
        ({"code": "nonsense"}, 422, "attendance.code_unreadable"),
        ({"code": "000000"}, 409, "attendance.digits_wrong"),
        ({"code": "V1" + "A" * 48}, 409, "attendance.code_forged"),
        ({"code": "P1" + "A" * 152}, 409, "attendance.code_forged"),
        ({"code": "123456", "latitude": 95, "longitude": 0}, 422, "kernel.invalid"),
        ({"code": "123456", "latitude": 30}, 422, "attendance.scan_field_invalid"),
        ({"code": "123456", "scanned_at": "2019-03-20T09:00:00+08:00"}, 422, "attendance.scan_time_refused"),
        ({"code": "123456", "scanned_at": "yesterday"}, 422, "kernel.invalid"),
        ({"code": "123456", "shift": "not an id"}, 422, "kernel.invalid"),
        ({"code": "x" * 401}, 422, "kernel.invalid"),
        ({"code": "123456", "device": "a\u0000b"}, 422, "attendance.scan_field_invalid"),
    ],
)
def test_a_bad_scan_is_a_problem_that_says_what(door, lins, body, status, code):
    answer = lins.post("/scans", {"device": "phone", "nonce": "n", **body} if body else {})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert models.Visit.objects.count() == 0


def test_guessing_digits_is_stopped(door, lins):
    answers = [lins.post("/scans", scanned("000000", number)).status_code for number in range(12)]
    assert answers == [409] * 10 + [429] * 2


def test_who_may_not_is_told_so(client, day, door, cast, at, lins):
    stranger = Client(client, cast.stranger, at)
    for path in (f"/shifts/{door}/code",):
        assert (lins.get(path).status_code, stranger.get(path).status_code) == (403, 403)
    refused = stranger.post(f"/shifts/{door}/confirm")
    assert (refused.status_code, refused.json()["code"]) == (403, "attendance.not_a_leader")
    for path in ("/me/code", "/me/visits", f"/shifts/{door}/code"):
        assert client.get(f"/api/v1{path}").status_code == 401
    for path in ("/scans", f"/shifts/{door}/confirm"):
        answer = client.post(f"/api/v1{path}", "{}", content_type="application/json")
        assert answer.status_code in {401, 422}


def test_a_missing_shift_is_missing(wus):
    path = "/shifts/01900000-0000-7000-8000-000000000001"
    assert wus.get(f"{path}/code").status_code == 404
    assert wus.post(f"{path}/confirm").status_code == 404
    assert wus.post("/shifts/nonsense/confirm").status_code == 422


def test_visits_come_in_pages(day, door, cast, lins, the_clock):
    for hours in ("09:30-09:40", "09:45-09:55", "10:00-10:10"):
        day.visit(door, cast.lin, hours)
    first = lins.get("/me/visits", limit=2).json()
    second = lins.get("/me/visits", limit=2, cursor=first["next"]).json()
    came = [visit["came_at"][11:16] for visit in first["items"] + second["items"]]
    assert len(came) == 3
    assert came == sorted(came, reverse=True)
    assert second["next"] is None
    assert lins.get("/me/visits", cursor="nonsense").status_code == 422


def test_a_request_with_a_key_is_answered_once(day, door, lins, the_clock):
    the_clock(day.clock("09:28"))
    body = scanned(queries.venue_code(door, clock.real_now()).code, 1)
    first = lins.post("/scans", body, **{"Idempotency-Key": "k1"})
    the_clock(day.clock("09:28") + timedelta(minutes=30))
    again = lins.post("/scans", body, **{"Idempotency-Key": "k1"})
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert models.Visit.objects.count() == 1


def test_a_refused_scan_with_a_key_is_logged_all_the_same(day, door, lins, the_clock):
    the_clock(day.clock("08:00"))
    body = scanned(queries.venue_code(door, clock.real_now()).code, 1)
    answer = lins.post("/scans", body, **{"Idempotency-Key": "k1"})
    assert (answer.status_code, answer.json()["code"]) == (409, "attendance.check_in_not_yet")
    assert models.FailedScan.objects.get().reason == "attendance.check_in_not_yet"


def test_a_scan_over_http_asks_little(day, door, lins, the_clock, django_assert_num_queries):
    the_clock(day.clock("09:28"))
    code = queries.venue_code(door, clock.real_now()).code
    # Who asks, the door, the visits of the day, and one statement that writes (with its savepoint in a test).
    with django_assert_num_queries(6):
        assert lins.post("/scans", scanned(code, 1)).status_code == 200
