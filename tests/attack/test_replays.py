"""What was good once is good no more: ended, expired, spent or done already."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from shanshi.attendance import queries as doors_of_shifts
from shanshi.foundation import clock
from shanshi.kernel.errors import DomainError
from shanshi.registry import operations
from tests.attack.city import NOON, City
from tests.attack.conftest import undone
from tests.attack.doors import operations as api
from tests.attack.keys import ask_code, code_of, totp_code, with_recovery_codes, with_totp
from tests.attack.visits import browser
from tests.cast import LIN, WU

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Let real time go on."""
    real = clock.real_now

    def go_on(by: timedelta) -> None:
        monkeypatch.setattr(clock, "real_now", lambda: real() + by)

    return go_on


def with_token(token: str) -> dict[str, str]:
    """Return the header of a program."""
    return {"Authorization": f"Bearer {token}"}


def opens_nothing(token: str, city: City) -> None:
    """Check that no operation knows a token."""
    for operation in api():
        with undone():
            answer = Client().generic(
                operation.method.upper(), operation.at(city.things), b"{}", "application/json",
                headers=with_token(token),
            )  # fmt: skip
        assert answer.status_code == 401, operation.name


def test_a_token_given_back_opens_nothing(city: City) -> None:
    token = city.tokens["volunteer"]
    assert Client().delete("/api/v1/auth/tokens", headers=with_token(token)).status_code == 204
    opens_nothing(token, city)


def test_a_token_that_has_expired_opens_nothing(city: City, later: Callable[[timedelta], None]) -> None:
    later(timedelta(days=400))
    opens_nothing(city.tokens["volunteer"], city)


def test_the_tokens_and_sessions_of_somebody_erased_open_nothing(city: City) -> None:
    client = browser(city, "stranger")
    token = city.tokens["stranger"]
    stranger = city.people["stranger"]
    operations.forget(stranger.known(), by=stranger, at=NOON)
    opens_nothing(token, city)
    assert client.get("/me").status_code == 302
    with pytest.raises(DomainError):
        operations.forget(stranger.known(), by=stranger, at=NOON)


def test_the_tokens_and_sessions_of_somebody_who_ended_them_all_open_nothing(city: City) -> None:
    client = browser(city, "volunteer")
    operations.end_sessions(city.people["volunteer"].known())
    assert client.get("/me").status_code == 302
    assert Client().get("/api/v1/me", headers=with_token(city.tokens["volunteer"])).status_code == 401


def test_a_code_signs_in_once(city: City) -> None:
    client = Client()
    ask_code(client, LIN.phone)
    said = {"phone": LIN.phone, "code": code_of(LIN.phone)}
    device = dict(client.cookies)
    assert client.post("/sign-in/code", said).status_code == 302
    again = Client()
    again.cookies.update(device)
    assert again.post("/sign-in/code", said).status_code in {409, 422}


def test_a_code_is_good_for_five_minutes_and_the_last_one_alone(
    city: City, later: Callable[[timedelta], None]
) -> None:
    client = Client()
    ask_code(client, LIN.phone)
    first = code_of(LIN.phone)
    ask_code(client, LIN.phone)
    second = code_of(LIN.phone)
    assert (
        first == second
        or client.post("/sign-in/code", {"phone": LIN.phone, "code": first}).status_code != 302
    )
    later(timedelta(minutes=5, seconds=1))
    assert client.post("/sign-in/code", {"phone": LIN.phone, "code": second}).status_code in {409, 422}


def half_way(phone: str) -> Client:
    """Return a browser that must show the second factor."""
    client = Client()
    ask_code(client, phone)
    client.post("/sign-in/code", {"phone": phone, "code": code_of(phone)})
    return client


def test_a_one_time_code_works_once_in_whichever_browser(city: City) -> None:
    code = totp_code(with_totp(city.people["leader"].known()))
    first, second = half_way(WU.phone), half_way(WU.phone)
    assert first.post("/sign-in/second-factor", {"code": code}).status_code == 302
    assert second.post("/sign-in/second-factor", {"code": code}).status_code in {409, 422}
    said = {"phone": WU.phone, "request_id": "x"}
    Client().post("/api/v1/auth/codes", said, "application/json")
    body = said | {"code": code_of(WU.phone), "second_factor": code, "scopes": ["read", "staff"]}
    assert Client().post("/api/v1/auth/tokens", body, "application/json").status_code in {409, 422}


def test_a_recovery_code_works_once(city: City) -> None:
    with_totp(city.people["leader"].known())
    code = with_recovery_codes(city.people["leader"].known())[0]
    first, second = half_way(WU.phone), half_way(WU.phone)
    assert first.post("/sign-in/second-factor", {"code": code}).status_code == 302
    assert second.post("/sign-in/second-factor", {"code": code}).status_code in {409, 422}


def test_an_old_one_time_code_is_none(city: City) -> None:
    secret = with_totp(city.people["leader"].known())
    client = half_way(WU.phone)
    for ahead in (-20, -3, 3, 20):
        code = totp_code(secret, ahead=ahead)
        assert client.post("/sign-in/second-factor", {"code": code}).status_code in {409, 422}


def test_a_personal_code_is_spent_once_and_not_late(city: City, later: Callable[[timedelta], None]) -> None:
    lin = city.people["volunteer"]
    code = doors_of_shifts.personal_code(lin.volunteer(), city.things["number"], clock.real_now()).code

    def read(nonce: str, who: str = "leader", **more: Any) -> Any:
        body = {"code": code, "device": nonce, "nonce": nonce, "shift": city.things["shift_id"], **more}
        return Client().post("/api/v1/scans", body, "application/json", headers=with_token(city.tokens[who]))

    first = read("a")
    assert first.status_code == 200, first.content
    again = read("a").json()
    assert (again["visit"], again["repeated"]) == (first.json()["visit"], True)
    assert read("b").status_code != 200 or read("b").json()["visit"] == first.json()["visit"]
    later(timedelta(minutes=11))
    for nonce in ("c", "d"):
        assert read(nonce).status_code in {409, 422}


def test_an_idempotency_key_gives_nobody_elses_answer(city: City) -> None:
    key = {"Idempotency-Key": "the same for all"}
    path = f"/api/v1/shifts/{city.things['shift_id']}/sign-ups"
    hers = Client().post(path, {}, "application/json", headers=with_token(city.tokens["volunteer"]) | key)
    assert hers.status_code in {200, 201}
    other = Client().post(path, {}, "application/json", headers=with_token(city.tokens["stranger"]) | key)
    assert "Idempotency-Replayed" not in other
    assert other.json().get("id") != hers.json()["id"]
    visitor = Client().post(path, {}, "application/json", headers=key)
    assert visitor.status_code == 401
    assert "Idempotency-Replayed" not in visitor


def test_a_token_is_not_given_again_to_another_address(city: City) -> None:
    key = {"Idempotency-Key": "a key that was overheard"}
    said = {"phone": LIN.phone, "request_id": "mine"}
    Client(REMOTE_ADDR="10.0.0.1").post("/api/v1/auth/codes", said, "application/json")
    body = said | {"code": code_of(LIN.phone)}
    first = Client(REMOTE_ADDR="10.0.0.1").post("/api/v1/auth/tokens", body, "application/json", headers=key)
    assert first.status_code == 201
    again = Client(REMOTE_ADDR="10.0.0.2").post("/api/v1/auth/tokens", body, "application/json", headers=key)
    assert again.status_code in {409, 422}
    # Given back, the token that is answered again to its own address is worth nothing.
    token = first.json()["token"]
    assert Client().delete("/api/v1/auth/tokens", headers=with_token(token)).status_code == 204
    once_more = Client(REMOTE_ADDR="10.0.0.1").post(
        "/api/v1/auth/tokens", body, "application/json", headers=key
    )
    assert (
        Client().get("/api/v1/me", headers=with_token(once_more.json().get("token", ""))).status_code == 401
    )


def test_a_redemption_is_fulfilled_once(city: City) -> None:
    headers = with_token(city.tokens["cashier"])
    path = f"/api/v1/redemptions/{city.things['redemption_id']}/fulfill"
    first = Client().post(path, {"code": city.code}, "application/json", headers=headers)
    second = Client().post(path, {"code": city.code}, "application/json", headers=headers)
    if first.status_code == 200:  # within the minute in which the code lives
        assert second.json() == first.json()
