"""One hour of service from scan to coffee, through the API alone."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shanshi.attendance import operations as attendance
from shanshi.foundation import outbox
from shanshi.foundation.actor import Role
from shanshi.ledger import queries as books
from tests.cast import CASHIER, LIN, WU, XU, Person
from tests.portal.world import World
from tests.registry import browsers

pytestmark = pytest.mark.django_db


class Phone:
    """Somebody with a phone and the API."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.client = Client()
        self.headers: dict[str, str] = {}

    def send(self, method: str, path: str, body: Any = None, *, status: int = 200, key: str = "") -> Any:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        text = json.dumps(body) if body is not None else ""
        answer = self.client.generic(
            method, f"/api/v1/{path}", text, content_type="application/json", headers=headers
        )
        assert answer.status_code == status, (method, path, answer.content.decode())
        return answer.json() if answer.content else None

    def sign_in(self, **more: Any) -> Phone:
        self.send("POST", "auth/codes", {"phone": self.person.phone}, status=202)
        code = re.findall(r"\d{6}", outbox.messages(phone=self.person.phone)[0].text)[0]
        proof = {"phone": self.person.phone, "code": code, **more}
        token = self.send("POST", "auth/tokens", proof, status=201)["token"]
        self.headers = {"Authorization": f"Bearer {token}"}
        return self

    def sign_in_as_staff(self) -> Phone:
        """With an authenticator app, which staff must have."""
        browser = browsers.browser()
        browsers.sign_in(browser, self.person)
        app, _recovery = browsers.set_up_app(browser)
        return self.sign_in(scopes=["read", "write", "staff"], second_factor=app.code(ahead=1))

    def register(self) -> Phone:
        who = {
            "real_name": self.person.name,
            "id_number": self.person.id_number,
            "consents": ["terms@2015-01-01"],
        }
        self.send("POST", "volunteers", who, status=201, key="register")
        return self


@pytest.fixture
def world(cast, at):
    return World(cast, at)


def test_one_hour_of_service_from_scan_to_coffee(world, cast, the_clock):
    wu, xu, lin = (Phone(person) for person in (WU, XU, LIN))
    cast.wu, cast.xu, world.fang, world.noodles  # noqa: B018 - they are there already
    wu.sign_in_as_staff()
    xu.sign_in_as_staff()
    lin.sign_in().register()
    fang = Phone(CASHIER).sign_in_as_staff()

    # Wu plans; Xu, above him, publishes.
    said = {
        "title": "图书馆文明引导", "organizers": [str(cast.station)], "division_code": "330102",
        "risks": "楼梯湿滑。", "person_in_charge": "吴建国", "place": "文澜阁图书馆",
        "positions": [{"latitude": 30.2489, "longitude": 120.1607, "radius_m": 200}],
    }  # fmt: skip
    activity = wu.send("POST", "activities", said, status=201, key="a1")
    assert wu.send("POST", "activities", said, status=201, key="a1") == activity
    path = f"activities/{activity['id']}"
    times = {"starts_at": "2019-03-20T10:00:00+08:00", "ends_at": "2019-03-20T11:00:00+08:00", "capacity": 1}
    wu.send("POST", f"{path}/shifts", times, status=201)
    wu.send("POST", f"{path}/submit")
    wu.send("POST", f"{path}/publish", status=403)
    xu.send("POST", f"{path}/publish")

    # Lin finds it and signs up, twice by mistake.
    found = lin.send("GET", "activities?q=图书馆")["items"]
    assert [card["title"] for card in found] == ["图书馆文明引导"]
    shift = lin.send("GET", path)["shifts"][0]["id"]
    placed = lin.send("POST", f"shifts/{shift}/sign-ups", status=201)
    assert placed["state"] == "placed"
    assert lin.send("POST", f"shifts/{shift}/sign-ups")["id"] == placed["id"]
    assert len(wu.send("GET", f"shifts/{shift}/roster")["items"]) == 1

    # The door: in by the venue's code, out by Lin's personal code before Wu's camera.
    the_clock(world.time("09:58"))
    code = wu.send("GET", f"shifts/{shift}/code")["code"]
    scan = {"code": code, "device": "lins-phone", "nonce": "n1", "latitude": 30.2489, "longitude": 120.1607,
            "accuracy_m": 12}  # fmt: skip
    came = lin.send("POST", "scans", scan)
    assert (came["direction"], lin.send("POST", "scans", scan)["visit"]) == ("in", came["visit"])
    the_clock(world.time("11:02"))
    personal = lin.send("GET", "me/code")["code"]
    left = wu.send("POST", "scans", {"code": personal, "device": "wus-phone", "nonce": "n2"})
    assert (left["visit"], left["direction"], left["minutes"]) == (came["visit"], "out", 60)

    # Wu confirms: minutes at once, coins a day later.
    assert wu.send("POST", f"shifts/{shift}/confirm")["minutes"] == 60
    balances = lin.send("GET", "me/balances")
    assert (balances["verified_minutes"], balances["coin_units"], balances["pending_coin_units"]) == (
        60,
        0,
        60,
    )
    attendance.settle(at=world.time("11:02") + timedelta(hours=25))
    the_clock(world.time("11:30", days=1))

    # Noodles: Lin shows a code, Fang takes it; the same press twice is one bowl.
    offer = next(one for one in lin.send("GET", "offers")["items"] if one["id"] == str(world.noodles))
    reserved = lin.send("POST", "redemptions", {"offer": offer["id"]}, status=201, key="r1")
    lin.send("POST", "redemptions", {"offer": offer["id"]}, status=409, key="r2")
    for _ in range(2):
        fang.send("POST", f"redemptions/{reserved['id']}/fulfill", {"code": reserved["code"]})
    balances = lin.send("GET", "me/balances")
    assert (balances["verified_minutes"], balances["coin_units"]) == (60, 0)

    assert books.verify().is_right
    sources = {one["source"].split(":")[0] for one in lin.send("GET", "me/transfers")["items"]}
    assert sources == {"visit", "redemption"}


def test_fang_may_not_confirm_and_lin_may_not_take_her_own_code(world, cast, the_clock):
    visit_id = world.served(cast.lin)
    assert visit_id
    lin, fang = Phone(LIN), Phone(CASHIER)
    world.fang  # noqa: B018 - made when first named
    lin.sign_in()
    fang.sign_in_as_staff()
    the_clock(world.time("12:30", days=2))
    shift = lin.send("GET", "me/visits")["items"][0]["shift"]
    fang.send("POST", f"shifts/{shift}/confirm", status=403)
    reserved = lin.send("POST", "redemptions", {"offer": str(world.noodles)}, status=201)
    lin.send("POST", f"redemptions/{reserved['id']}/fulfill", {"code": reserved["code"]}, status=403)
    assert lin.send("GET", "me/balances")["reserved_coin_units"] == 60
    assert Role.CASHIER not in {grant.role for grant in cast.lin.grants}
