"""A thousand wrong codes from one address and from many: nobody gets in, and the owner still does."""

from __future__ import annotations

import base64
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.test import Client

from shanshi.foundation import clock
from shanshi.foundation.actor import Role
from shanshi.registry import operations
from shanshi.rewards import operations as rewards
from shanshi.rewards import queries as codes
from tests.attack.city import NOON, City
from tests.attack.keys import (
    PASSWORD,
    ask_code,
    code_of,
    totp_code,
    with_recovery_codes,
    with_totp,
)
from tests.attack.size import TIMES
from tests.attack.visits import browser
from tests.cast import LIN, WU

pytestmark = pytest.mark.django_db

# A thousand once, fewer of each other kind in `make test`; thousands of all in a drill.
THOUSAND = 1000
MANY = 80 if TIMES == 1 else THOUSAND
HOUR = timedelta(hours=1)
Later = Callable[[timedelta], None]
_addresses = count(1)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """Let real time go on."""
    real = clock.real_now

    def go_on(by: timedelta) -> None:
        monkeypatch.setattr(clock, "real_now", lambda: real() + by)

    return go_on


def address() -> str:
    """Return an address that nobody has used before."""
    number = next(_addresses)
    return f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"


def wrong(right: str = "", digits: int = 6, *, many: int = MANY) -> Iterator[str]:
    """Yield codes that are not the right one."""
    for _ in range(many):
        code = f"{secrets.randbelow(10**digits):0{digits}d}"
        yield code if code != right else code[::-1]


def signed_in(client: Client) -> bool:
    """Whether a browser is signed in."""
    return client.get("/me/code.json").status_code == 200


def guess(client: Client, code: str, **more: Any) -> int:
    """Send a code for Lin's phone, and return the answer's status."""
    return client.post("/sign-in/code", {"phone": LIN.phone, "code": code}, **more).status_code


def test_many_codes_from_one_browser_are_soon_not_looked_at(city: City, later: Later) -> None:
    owner, thief = Client(REMOTE_ADDR=address()), Client(REMOTE_ADDR=address())
    ask_code(owner, LIN.phone)
    hers = code_of(LIN.phone)
    ask_code(thief, LIN.phone)
    statuses = Counter(guess(thief, code) for code in wrong(code_of(LIN.phone)))
    assert statuses[302] == 0
    assert statuses[429] >= MANY - 30
    assert not signed_in(thief)
    # Nobody else's tries used up the owner's code.
    assert guess(owner, hers) == 302
    assert signed_in(owner)


def test_codes_from_many_browsers_open_nothing(city: City) -> None:
    owner = Client(REMOTE_ADDR=address())
    ask_code(owner, LIN.phone)
    hers = code_of(LIN.phone)
    seen: Counter[int] = Counter()
    for code in wrong(hers):
        seen[guess(Client(REMOTE_ADDR=address()), code)] += 1
    assert set(seen) <= {409, 422, 429}
    assert guess(owner, hers) == 302


def test_browsers_without_number_get_no_more_codes_than_a_phone_may_be_sent(city: City, later: Later) -> None:
    sent: Counter[int] = Counter()
    for _ in range(40):
        thief = Client(REMOTE_ADDR=address())
        status = ask_code(thief, LIN.phone).status_code
        sent[status] += 1
        if status == 200:
            for code in wrong(code_of(LIN.phone), many=6):
                assert guess(thief, code) != 302
            # Five tries are all: now even the right code is too late.
            assert guess(thief, code_of(LIN.phone)) != 302
    assert sent == {200: 5, 429: 35}
    later(HOUR)
    owner = Client(REMOTE_ADDR=address())
    assert ask_code(owner, LIN.phone).status_code == 200
    assert guess(owner, code_of(LIN.phone)) == 302


def test_a_thousand_codes_of_programs_open_nothing(city: City) -> None:
    said = {"phone": LIN.phone, "request_id": "mine"}
    owner = Client(REMOTE_ADDR=address())
    owner.post("/api/v1/auth/codes", said, "application/json")
    hers = code_of(LIN.phone)
    seen: Counter[int] = Counter()
    for place, code in enumerate(wrong(hers, many=THOUSAND)):
        body = {"phone": LIN.phone, "code": code, "request_id": f"thief {place % 7}"}
        thief = Client(REMOTE_ADDR=address() if place % 2 else "10.255.0.1")
        seen[thief.post("/api/v1/auth/tokens", body, "application/json").status_code] += 1
    assert set(seen) <= {409, 422, 429}
    assert owner.post("/api/v1/auth/tokens", said | {"code": hers}, "application/json").status_code == 201


def test_many_passwords_open_nothing_and_cost_ten_hashes(
    city: City, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations.set_password(city.people["volunteer"].known(), PASSWORD)
    hashes = []
    monkeypatch.setattr(ScryptPasswordHasher, "verify", lambda *_: hashes.append(1) or False)
    seen: Counter[int] = Counter()
    for place in range(MANY):
        thief = Client(REMOTE_ADDR=address())
        body = {"phone": LIN.phone, "password": f"wrong words {place}"}
        seen[thief.post("/sign-in/password", body).status_code] += 1
    monkeypatch.undo()
    assert seen[302] == 0
    assert seen[429] == MANY - 10
    assert len(hashes) <= 10
    # The owner's other way in is open at once, and this one an hour later.
    owner = Client(REMOTE_ADDR=address())
    ask_code(owner, LIN.phone)
    assert guess(owner, code_of(LIN.phone)) == 302


def half_way(phone: str) -> Client:
    """Return a browser that has shown the first factor and must show the second."""
    client = Client(REMOTE_ADDR=address())
    ask_code(client, phone)
    client.post("/sign-in/code", {"phone": phone, "code": code_of(phone)})
    return client


@pytest.mark.parametrize("digits", [6, 10])
def test_many_second_factors_open_nothing(digits: int, city: City, later: Later) -> None:
    secret = with_totp(city.people["leader"].known())
    with_recovery_codes(city.people["leader"].known())
    thief = half_way(WU.phone)
    seen = Counter(
        thief.post("/sign-in/second-factor", {"code": code}).status_code
        for code in wrong(totp_code(secret), digits)
    )
    assert seen[302] == 0
    assert seen[429] >= MANY - 10
    assert not signed_in(thief)
    later(timedelta(minutes=10))
    owner = half_way(WU.phone)
    assert owner.post("/sign-in/second-factor", {"code": totp_code(secret)}).status_code == 302
    assert signed_in(owner)


def test_a_program_gets_no_more_second_factors_than_a_browser(city: City) -> None:
    with_totp(city.people["leader"].known())
    seen: Counter[int] = Counter()
    for place, code in enumerate(wrong(many=40)):
        thief = Client(REMOTE_ADDR=address())
        said = {"phone": WU.phone, "request_id": str(place)}
        if thief.post("/api/v1/auth/codes", said, "application/json").status_code != 202:
            seen[429] += 1
            continue
        body = said | {"code": code_of(WU.phone), "second_factor": code}
        seen[thief.post("/api/v1/auth/tokens", body, "application/json").status_code] += 1
    assert seen[201] == 0
    assert seen[429] >= 30


def test_many_digits_at_the_till_take_nothing(city: City) -> None:
    till = f"/api/v1/merchants/{city.things['merchant_id']}/redemptions/fulfill"
    cashier = {"Authorization": f"Bearer {city.tokens['cashier']}"}
    seen: Counter[int] = Counter()
    for code in wrong(city.digits, 8):
        answer = Client(REMOTE_ADDR=address()).post(till, {"code": code}, "application/json", headers=cashier)
        seen[answer.status_code] += 1
    assert set(seen) <= {404, 409, 422, 429}
    assert seen[429] >= MANY - 60
    page = browser(city, "cashier")
    assert page.post(f"/till/{city.things['merchant_id']}/take", {"code": city.digits}).status_code in {
        302,
        429,
    }
    # A colleague at the same till is not held up.
    place = f"merchant:{city.things['merchant_id']}"
    colleague = city.cast.with_role(city.people["stranger"], Role.CASHIER, place)
    lin = city.people["volunteer"]
    open_one = rewards.reserve(
        city.world.noodles, holder_id=lin.volunteer(), by=lin, at=NOON, real_at=clock.real_now()
    )
    fresh = codes.code_of(open_one)
    issued = operations.issue_token(colleague.known(), label="", at=clock.real_now())
    headers = {"Authorization": f"Bearer {issued.token}"}
    answer = Client().post(till, {"code": fresh}, "application/json", headers=headers)
    assert answer.status_code == 200


def test_many_digits_at_the_door_check_nobody_in(city: City) -> None:
    headers = {"Authorization": f"Bearer {city.tokens['volunteer']}"}
    seen: Counter[int] = Counter()
    for place, code in enumerate(wrong()):
        body = {"code": code, "device": f"d{place}", "nonce": f"n{place}"}
        answer = Client(REMOTE_ADDR=address()).post(
            "/api/v1/scans", body, "application/json", headers=headers
        )
        seen[answer.status_code] += 1
    assert seen[200] == 0
    assert seen[429] >= MANY - 10


def test_many_tokens_open_nothing(city: City) -> None:
    holder = city.people["volunteer"].volunteer()
    for _ in range(MANY):
        token = "shs_" + base64.urlsafe_b64encode(holder.bytes + secrets.token_bytes(32)).decode()
        assert Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 401
