"""Endpoints of roles, proposals, looks and the auditor."""

from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shanshi.foundation import clock
from shanshi.foundation.actor import Role
from shanshi.registry import models, operations, queries
from tests.cast import LIN, Person

pytestmark = pytest.mark.django_db
API = "/api/v1"
ZHOU = Person("周涛", "15400000010", "330102", date(1979, 4, 4))
SUN = Person("孙丽", "15400000011", "330102", date(1981, 4, 4))


@pytest.fixture
def zhou(cast):
    return cast.with_role(cast.volunteer(ZHOU), Role.CITY_STAFF, "city")


@pytest.fixture
def sun(cast):
    return cast.with_role(cast.volunteer(SUN), Role.CITY_STAFF, "city")


@pytest.fixture
def call():
    """Ask an endpoint as somebody; returns the status and the answer."""

    def of(who, method, path, body=None, scopes=("read", "write", "staff", "names"), **more):
        token = operations.issue_token(who.known(), label="t", at=clock.real_now(), scopes=scopes).token
        answer = Client().generic(
            method,
            f"{API}{path}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
            headers={"authorization": f"Bearer {token}"},
            **more,
        )
        return answer.status_code, answer.json()

    return of


def number(who):
    return queries.volunteer(who.volunteer()).number


def held(who, at):
    return {(grant.role, grant.place) for grant in queries.actor_of(who.known(), at).grants}


def test_zhou_gives_changes_and_ends_a_role(call, cast, zhou, at):
    place = f"organization:{cast.station}"
    wish = {"number": number(cast.lin), "role": "leader", "place": place, "reason": "leads"}
    status, given = call(zhou, "POST", "/roles", wish)
    assert (status, given["proposal_id"]) == (201, None)
    assert held(cast.lin, at) == {(Role.LEADER, place)}
    assert call(zhou, "POST", "/roles", wish)[1]["code"] == "registry.role_held"

    grant = f"/roles/{given['grant_id']}"
    days = {"from_on": "2019-03-20", "to_on": "2019-03-25", "reason": "a week"}
    assert call(zhou, "POST", f"{grant}/days", days)[0] == 200
    status, listed = call(zhou, "GET", "/roles?role=leader")
    (line,) = listed["items"]
    assert (line["person"]["number"], line["to_on"], line["state"], line["place_name"]) == (
        number(cast.lin),
        "2019-03-25",
        "holds",
        "清波街道志愿服务队",
    )
    assert call(zhou, "POST", f"{grant}/end", {"reason": "moved"})[0] == 200
    assert held(cast.lin, at) == set()
    assert call(zhou, "GET", "/roles?role=leader")[1]["items"] == []
    assert call(zhou, "GET", "/roles?role=leader&past=true")[1]["items"][0]["end_reason"] == "moved"


def test_an_auditor_needs_a_second_member_of_staff(call, cast, zhou, sun, at):
    wish = {"number": number(cast.lin), "role": "auditor", "place": "city", "reason": "letter 12"}
    status, given = call(zhou, "POST", "/roles", wish)
    assert (status, given["grant_id"], held(cast.lin, at)) == (201, None, set())
    decision = f"/proposals/{given['proposal_id']}/decision"
    own = call(zhou, "POST", decision, {"verdict": "approved", "reason": "x"})
    assert (own[0], own[1]["code"]) == (403, "foundation.same_person")

    (waiting,) = call(sun, "GET", "/proposals")[1]["items"]
    assert (waiting["about"]["number"], waiting["facts"]["role"]) == (number(cast.lin), "auditor")
    status, done = call(sun, "POST", decision, {"verdict": "approved", "reason": "checked"})
    assert (status, done["verdict"], done["decided_by"]["number"]) == (200, "approved", number(sun))
    assert held(cast.lin, at) == {(Role.AUDITOR, "city")}
    assert call(sun, "GET", "/proposals")[1]["items"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"number": "HZ0000000000"}, "portal.nobody_numbered"),
        ({"role": "cashier"}, "kernel.forbidden"),
        ({"place": "somewhere"}, "registry.role_invalid"),
        ({"from_on": "2018-01-01"}, "registry.role_invalid"),
    ],
)
def test_a_role_that_cannot_be_given_so_is_refused(call, cast, zhou, at, change, code):
    wish = {
        "number": number(cast.lin),
        "role": "leader",
        "place": f"organization:{cast.station}",
        "reason": "x",
        **change,
    }
    assert call(zhou, "POST", "/roles", wish)[1]["code"] in {code, "registry.role_invalid"}
    assert held(cast.lin, at) == set()


def test_wu_looks_at_lin_with_a_token_that_was_made_for_it(call, cast, world):
    (shift_id,) = world.shifts(world.library())
    world.sign_up(cast.lin, shift_id)
    wanted = {
        "place": f"shift:{shift_id}",
        "numbers": [number(cast.lin)],
        "fields_wanted": ["real_name"],
        "purpose": "roster",
    }
    status, said = call(cast.wu, "POST", "/looks", wanted, scopes=("read", "write", "staff"))
    assert (status, said["code"]) == (403, "registry.names_scope_missing")
    assert not models.IdentityLook.objects.exists()

    status, shown = call(cast.wu, "POST", "/looks", wanted)
    assert (status, shown["items"][0]["real_name"], shown["items"][0]["phone"]) == (200, LIN.name, None)
    for beyond in (number(cast.stranger), "HZ0000000000"):
        refused = call(cast.wu, "POST", "/looks", wanted | {"numbers": [number(cast.lin), beyond]})
        assert (refused[0], refused[1]["code"]) == (403, "portal.not_among_them")
    assert call(cast.chen, "POST", "/looks", wanted)[0] == 403

    (look,) = call(cast.chen, "GET", "/audit/looks")[1]["items"]
    assert (look["number"], look["by"]["number"], look["role"]) == (
        number(cast.lin),
        number(cast.wu),
        "leader",
    )
    assert LIN.name not in json.dumps(look, ensure_ascii=False)


def test_chen_pages_through_the_trail_and_reads_books_without_names(call, cast, world):
    world.served(cast.lin)
    first = call(cast.chen, "GET", "/audit?limit=2")[1]
    second = call(cast.chen, "GET", f"/audit?limit=2&cursor={first['next']}")[1]
    assert len({entry["id"] for entry in (*first["items"], *second["items"])}) == 4
    publish = call(cast.chen, "GET", "/audit?verb=activities.publish")[1]["items"][0]
    assert (publish["before"]["state"], publish["after"]["state"]) == ("submitted", "published")
    assert publish["by"]["number"] == number(cast.xu)
    totals = call(cast.chen, "GET", "/audit/books")[1]["items"]
    assert sum(one["amount"] for one in totals if one["unit"] == "verified_minute") == 0
    book = call(cast.chen, "GET", f"/audit/books/{cast.lin.volunteer()}")[1]
    assert {line["unit"] for line in book["items"]} == {"verified_minute", "coin"}
    assert LIN.name not in json.dumps(book, ensure_ascii=False)


def test_lists_cost_the_same_however_long_they_are(call, cast, zhou, at):
    def cost(path):
        with CaptureQueriesContext(connection) as queries_made:
            assert call(zhou, "GET", path)[0] == 200
        return len(queries_made)

    cast.wu, cast.xu  # noqa: B018 - made when first named
    before = [cost(path) for path in ("/roles", "/audit", "/proposals")]
    for role in (Role.LEADER, Role.MANAGER):
        for who in (cast.lin, cast.stranger, cast.xu):
            cast.with_role(who, role, f"organization:{cast.station}")
    assert [cost(path) for path in ("/roles", "/audit", "/proposals")] == before
