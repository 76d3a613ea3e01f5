"""The endpoints of offers, redemptions and tills, asked by programs with tokens."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from shanshi.foundation import clock
from shanshi.foundation.actor import Role
from shanshi.registry import operations as registry
from shanshi.rewards import operations, queries
from tests.cast import CASHIER, CHEN
from tests.rewards.conftest import SECOND

WRONG_CODE = "R1" + "A" * 68


@pytest.fixture
def real_at():
    """The endpoints read the real clock; so does whatever the stories prepare."""
    return clock.real_now()


@pytest.fixture
def ask(client):
    """Ask an endpoint as somebody; returns status and JSON."""
    tokens = {}

    def request(who, method, path, body=None, **headers):
        if who is not None:
            if who not in tokens:
                tokens[who] = registry.issue_token(who.known(), label="tests", at=clock.real_now()).token
            headers["Authorization"] = f"Bearer {tokens[who]}"
        answer = client.generic(
            method, f"/api/v1/{path}", data=_json(body), content_type="application/json", headers=headers
        )
        return answer.status_code, answer.json()

    return request


def _json(body):
    import json

    return json.dumps(body) if body is not None else ""


@pytest.fixture
def lin(cast, earned):
    """Lin, registered, with a coin and a half."""
    earned(cast.lin, 90)
    return cast.lin


@pytest.fixture
def fang(cast, noodle_house):
    """The cashier of Noodle House."""
    return cast.with_role(cast.volunteer(CASHIER), Role.CASHIER, f"merchant:{noodle_house.id}")


@pytest.fixture
def other_cashier(cast, open_shop):
    """The cashier of the shop next door."""
    return cast.with_role(cast.volunteer(CHEN), Role.CASHIER, f"merchant:{open_shop('一隅书房').id}")


def test_anybody_lists_the_offers_of_today(ask, noodle_house, noodles):
    noodle_house.offers("周日套餐", weekdays=(7,))

    status, page = ask(None, "GET", "offers?limit=1")

    assert (status, page["next"]) == (200, None)
    (offer,) = page["items"]
    assert offer == {
        "id": str(noodles),
        "title": "爱心片儿川一碗",
        "title_en": "",
        "says": "",
        "kind": "goods",
        "merchant": str(noodle_house.id),
        "merchant_name": "老长庆面馆",
        "merchant_name_en": "",
        "street": str(queries.merchant(noodle_house.id).street_id),
        "coin_units": 60,
        "coins": "1",
        "stock": 5,
        "left_in_stock": 5,
        "per_person": 2,
        "from_on": "2019-01-01",
        "to_on": "2019-12-31",
        "weekdays": [1, 2, 3, 4, 5, 6, 7],
        "field": "",
        "activity": None,
        "is_for_residents": False,
        "seats": 0,
    }


def test_pages_of_offers_follow_their_cursor(ask, noodle_house):
    made = {str(noodle_house.offers(f"第{number}款")) for number in range(3)}

    _, first = ask(None, "GET", "offers?limit=2")
    _, second = ask(None, "GET", f"offers?limit=2&cursor={first['next']}")

    assert {one["id"] for one in first["items"] + second["items"]} == made
    assert second["next"] is None
    status, problem = ask(None, "GET", "offers?cursor=hello")
    assert (status, problem["code"]) == (422, "foundation.cursor_unreadable")


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=201", "day=never", "kind=cash", "street=1", "most_coin_units=-1"]
)
def test_wrong_questions_about_offers_are_named(ask, db, query):
    status, problem = ask(None, "GET", f"offers?{query}")

    assert (status, problem["code"]) == (422, "kernel.invalid")
    assert query.split("=")[0] in problem["detail"]


def test_from_the_offer_to_the_till_and_back(ask, noodle_house, noodles, lin, fang):
    status, reserved = ask(lin, "POST", "redemptions", {"offer": str(noodles)})

    assert status == 201
    assert (reserved["state"], reserved["coin_units"]) == ("reserved", 60)
    assert len(reserved["digits"]) == 8
    assert noodle_house.show(noodles, lin) == "left 4 | shop 0 | 30 + 60"

    path = f"redemptions/{reserved['id']}/fulfill"
    status, fulfilled = ask(fang, "POST", path, {"code": reserved["code"]})
    assert (status, fulfilled["state"]) == (200, "fulfilled")
    assert ask(fang, "POST", path, {"code": reserved["code"]}) == (200, fulfilled)
    assert noodle_house.show(noodles, lin) == "left 4 | shop 60 | 30 + 0"

    status, mine = ask(lin, "GET", "me/redemptions")
    assert (status, [one["state"] for one in mine["items"]]) == (200, ["fulfilled"])

    status, voided = ask(fang, "POST", f"redemptions/{reserved['id']}/void")
    assert (status, voided["state"]) == (200, "voided")
    assert noodle_house.show(noodles, lin) == "left 5 | shop 0 | 90 + 0"


def test_the_tills_camera_sends_only_the_code(ask, noodle_house, noodles, lin, fang):
    _, reserved = ask(lin, "POST", "redemptions", {"offer": str(noodles)})

    path = f"merchants/{noodle_house.id}/redemptions/fulfill"
    status, fulfilled = ask(fang, "POST", path, {"code": reserved["digits"]})

    assert (status, fulfilled["id"]) == (200, reserved["id"])
    assert noodle_house.show(noodles, lin) == "left 4 | shop 60 | 30 + 0"


def test_the_volunteer_scans_the_till(ask, noodle_house, noodles, lin, fang):
    status, till = ask(fang, "GET", f"merchants/{noodle_house.id}/code")
    assert status == 200

    status, redemption = ask(
        lin, "POST", "redemptions/at-till", {"code": till["code"], "offer": str(noodles)}
    )

    assert (status, redemption["state"], redemption["way"]) == (201, "fulfilled", "till")
    assert noodle_house.show(noodles, lin) == "left 4 | shop 60 | 30 + 0"


def test_a_request_with_its_key_sent_twice_is_done_once(ask, noodle_house, noodles, lin):
    key = {"Idempotency-Key": "press-1"}

    first = ask(lin, "POST", "redemptions", {"offer": str(noodles)}, **key)
    second = ask(lin, "POST", "redemptions", {"offer": str(noodles)}, **key)

    assert first == second
    assert noodle_house.show(noodles, lin) == "left 4 | shop 0 | 30 + 60"


def test_another_merchants_cashier_is_refused(ask, noodle_house, noodles, lin, fang, other_cashier):
    _, reserved = ask(lin, "POST", "redemptions", {"offer": str(noodles)})
    path = f"redemptions/{reserved['id']}"

    status, problem = ask(other_cashier, "POST", f"{path}/fulfill", {"code": reserved["code"]})
    assert (status, problem["code"]) == (403, "rewards.other_merchant")
    assert "老长庆面馆" in problem["detail"]
    ask(fang, "POST", f"{path}/fulfill", {"code": reserved["code"]})
    status, problem = ask(other_cashier, "POST", f"{path}/void")

    assert (status, problem["code"]) == (403, "rewards.other_merchant")
    assert noodle_house.show(noodles, lin) == "left 4 | shop 60 | 30 + 0"


def test_somebody_without_a_till_is_refused_everywhere(ask, cast, noodle_house, noodles, lin):
    _, reserved = ask(lin, "POST", "redemptions", {"offer": str(noodles)})
    code = {"code": reserved["code"]}
    for who, wanted in ((cast.stranger, 403), (lin, 403), (None, 401)):
        for method, path, body in (
            ("POST", f"redemptions/{reserved['id']}/fulfill", code),
            ("POST", f"redemptions/{reserved['id']}/void", None),
            ("POST", f"merchants/{noodle_house.id}/redemptions/fulfill", code),
            ("GET", f"merchants/{noodle_house.id}/code", None),
        ):
            assert ask(who, method, path, body)[0] == wanted, (path, wanted)
    assert noodle_house.show(noodles, lin) == "left 4 | shop 0 | 30 + 60"


def test_a_visitor_redeems_nothing(ask, noodles):
    for path, body in (
        ("redemptions", {"offer": str(noodles)}),
        ("redemptions/at-till", {"offer": str(noodles), "code": WRONG_CODE}),
    ):
        assert ask(None, "POST", path, body)[0] == 401
    assert ask(None, "GET", "me/redemptions")[0] == 401


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "kernel.invalid"),
        ({"offer": "noodles"}, 422, "kernel.invalid"),
        ({"offer": None}, 422, "kernel.invalid"),
        ([], 422, "kernel.invalid"),
        ({"offer": str(uuid4())}, 404, "kernel.missing"),
    ],
    ids=["nothing", "no id", "null", "a list", "unknown"],
)
def test_a_wrong_wish_is_refused(ask, lin, body, status, code):
    answer = ask(lin, "POST", "redemptions", body)

    assert (answer[0], answer[1]["code"]) == (status, code)


def test_refusals_carry_their_codes(ask, noodle_house, noodles, lin, fang, at, real_at):
    dear = noodle_house.offers("整只酱鸭", price_coin_units=600)
    gone = noodle_house.offers("荠菜馄饨", stock=0)
    late = noodle_house.offers("周日套餐", weekdays=(7,))
    for offer, code in (
        (dear, "rewards.coins_too_few"),
        (gone, "rewards.sold_out"),
        (late, "rewards.offer_not_today"),
    ):
        status, problem = ask(lin, "POST", "redemptions", {"offer": str(offer)})
        assert (status, problem["code"]) == (409, code)
    old = operations.reserve(noodles, holder_id=lin.volunteer(), by=lin, at=at, real_at=real_at - 61 * SECOND)
    path = f"redemptions/{old.id}"
    for body, status, code in (
        ({"code": WRONG_CODE}, 409, "rewards.code_wrong"),
        ({"code": ""}, 422, "kernel.invalid"),
        ({"code": "x" * 201}, 422, "kernel.invalid"),
        ({"code": queries.code_of(old)}, 409, "rewards.code_expired"),
    ):
        answer = ask(fang, "POST", f"{path}/fulfill", body)
        assert (answer[0], answer[1]["code"]) == (status, code)
    assert ask(fang, "POST", f"{path}/void")[1]["code"] == "rewards.not_fulfilled"
    assert noodle_house.show(noodles, lin) == "left 5 | shop 0 | 90 + 0"


def test_a_void_after_ten_minutes_is_refused(ask, noodle_house, noodles, lin, fang, at, the_clock):
    _, reserved = ask(lin, "POST", "redemptions", {"offer": str(noodles)})
    ask(fang, "POST", f"redemptions/{reserved['id']}/fulfill", {"code": reserved["code"]})
    the_clock(at + timedelta(minutes=10, seconds=1))

    status, problem = ask(fang, "POST", f"redemptions/{reserved['id']}/void")

    assert (status, problem["code"]) == (409, "rewards.void_too_late")
    assert noodle_house.show(noodles, lin) == "left 4 | shop 60 | 30 + 0"


def test_digits_cannot_be_guessed_by_trying(ask, noodle_house, noodles, fang, lin, settings):
    settings.SHANSHI_LIMITS = settings.SHANSHI_LIMITS | {"digits_per_cashier": (2, 300)}
    path = f"merchants/{noodle_house.id}/redemptions/fulfill"

    statuses = [ask(fang, "POST", path, {"code": f"0000000{number}"})[0] for number in range(3)]

    assert statuses[:2] == [409, 409]
    assert statuses[2] == 429


def test_a_list_takes_as_many_questions_for_many_as_for_one(
    ask, noodle_house, lin, django_assert_max_num_queries
):
    for number in range(30):
        noodle_house.offers(f"第{number}款")
    ask(lin, "GET", "offers")

    with django_assert_max_num_queries(6):
        assert len(ask(lin, "GET", "offers")[1]["items"]) == 30


def test_the_document_names_every_refusal_and_the_token(client, db):
    document = client.get("/api/v1/openapi.json").json()

    for path, method in (
        ("/api/v1/redemptions", "post"),
        ("/api/v1/redemptions/{redemption_id}/fulfill", "post"),
        ("/api/v1/redemptions/{redemption_id}/void", "post"),
        ("/api/v1/redemptions/at-till", "post"),
        ("/api/v1/offers", "get"),
    ):
        operation = document["paths"][path][method]
        assert {"401", "403", "404", "409", "422", "429"} <= set(operation["responses"])
        assert operation["summary"]
    assert document["paths"]["/api/v1/redemptions"]["post"]["security"]
    assert "security" not in document["paths"]["/api/v1/offers"]["get"]
