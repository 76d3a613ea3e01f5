"""Many at the same moment, each on a connection of its own: what is good once is taken once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from shanshi.foundation import clock
from shanshi.registry import operations
from tests.attack.keys import ask_code, code_of, totp_code, with_recovery_codes, with_totp
from tests.cast import LIN, WU, Cast
from tests.conftest import MORNING

pytestmark = pytest.mark.django_db(transaction=True)

Together = Callable[..., list[Any]]


@pytest.fixture
def at() -> datetime:
    """The morning."""
    return MORNING


def test_a_code_sent_ten_times_at_once_signs_in_once(cast: Cast, together: Together) -> None:
    assert cast.lin.is_known
    client = Client()
    ask_code(client, LIN.phone)
    said = {"phone": LIN.phone, "code": code_of(LIN.phone)}

    def send() -> int:
        one = Client()
        one.cookies.update(client.cookies)
        return int(one.post("/sign-in/code", said).status_code)

    assert Counter(together(*[send] * 10))[302] == 1


def test_of_a_hundred_wrong_codes_at_once_five_are_looked_at(cast: Cast, together: Together) -> None:
    assert cast.lin.is_known
    client = Client()
    ask_code(client, LIN.phone)
    right = code_of(LIN.phone)

    def guess(number: int) -> Callable[[], int]:
        def send() -> int:
            one = Client(REMOTE_ADDR=f"10.1.0.{number}")
            one.cookies.update(client.cookies)
            wrong = f"{(int(right) + number + 1) % 10**6:06d}"
            return int(one.post("/sign-in/code", {"phone": LIN.phone, "code": wrong}).status_code)

        return send

    for start in range(0, 100, 10):
        assert 302 not in together(*[guess(number) for number in range(start, start + 10)])
    assert client.post("/sign-in/code", {"phone": LIN.phone, "code": right}).status_code != 302
    # The owner asks in another browser, and is in.
    owner = Client()
    ask_code(owner, LIN.phone)
    assert owner.post("/sign-in/code", {"phone": LIN.phone, "code": code_of(LIN.phone)}).status_code == 302


@pytest.mark.parametrize("kind", ["one-time", "recovery"])
def test_a_second_factor_sent_four_times_at_once_is_taken_once(
    kind: str, cast: Cast, together: Together
) -> None:
    secret = with_totp(cast.wu.known())
    recovery = with_recovery_codes(cast.wu.known())[0]
    browsers = []
    for _ in range(4):
        client = Client()
        ask_code(client, WU.phone)
        client.post("/sign-in/code", {"phone": WU.phone, "code": code_of(WU.phone)})
        browsers.append(client)
    code = totp_code(secret) if kind == "one-time" else recovery

    def show(client: Client) -> Callable[[], int]:
        return lambda: int(client.post("/sign-in/second-factor", {"code": code}).status_code)

    assert Counter(together(*[show(client) for client in browsers]))[302] == 1


def test_no_recovery_code_is_taken_twice_at_once(cast: Cast, together: Together) -> None:
    person = cast.wu.known()
    for code in with_recovery_codes(person)[:6]:
        taken = together(*[lambda code=code: operations.spend_factor(person, code, at=clock.real_now())] * 6)
        assert len([one for one in taken if not isinstance(one, Exception)]) == 1, code
