"""Nobody learns from an answer, or from the work behind it, whether a phone or an ID number is known here."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shanshi.foundation import crypto
from shanshi.registry import operations
from tests.attack.city import City
from tests.attack.conftest import undone
from tests.attack.keys import PASSWORD, ask_code, code_of, with_totp
from tests.cast import LIN, STRANGER, WU

pytestmark = pytest.mark.django_db

NOBODY = "15400000097"
WRONG = "000000"


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """Count what is computed inside: questions to the database, password hashes, indexes."""
    seen = {"queries": 0, "hashes": 0, "indexes": 0}

    def count(name: str, done: Callable[..., Any]) -> Callable[..., Any]:
        def counting(*given: Any, **named: Any) -> Any:
            seen[name] += 1
            return done(*given, **named)

        return counting

    with monkeypatch.context() as patched, CaptureQueriesContext(connection) as asked:
        patched.setattr(ScryptPasswordHasher, "encode", count("hashes", ScryptPasswordHasher.encode))
        patched.setattr(crypto, "blind_index", count("indexes", crypto.blind_index))
        yield seen
    seen["queries"] = len([one for one in asked.captured_queries if "SAVEPOINT" not in one["sql"]])


def shown(answer: Any, phone: str) -> tuple[int, str, tuple[str, ...]]:
    """Return what a stranger sees of an answer, without what differs each time."""
    text = answer.content.decode()
    text = re.sub(r'(csrfmiddlewaretoken" value=|nonce=|csrf[-_]token"? (?:content|value)=)"[^"]*"', "", text)
    text = text.replace(phone, "").replace(f"{phone[:3]}****{phone[-4:]}", "")
    return answer.status_code, re.sub(r"[A-Za-z0-9]{32,}", "", text), tuple(sorted(answer.headers))


def both(known: Callable[[], Any], unknown: Callable[[], Any], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return the counts and what was shown for a known and for an unknown one, each done and undone."""
    found = []
    for do in (known, unknown):
        with undone(), counted(monkeypatch) as seen:
            answer = do()
        found.append((dict(seen), answer))
    return found


def asks(phone: str) -> Callable[[], Any]:
    return lambda: shown(ask_code(Client(), phone), phone)


def asks_by_program(phone: str) -> Callable[[], Any]:
    return lambda: shown(Client().post("/api/v1/auth/codes", {"phone": phone}, "application/json"), phone)


def asks_as_guardian(phone: str) -> Callable[[], Any]:
    said = {"phone": phone, "purpose": "guardian"}
    return lambda: shown(Client().post("/api/v1/auth/codes", said, "application/json"), phone)


def guesses(phone: str) -> Callable[[], Any]:
    return lambda: shown(Client().post("/sign-in/code", {"phone": phone, "code": WRONG}), phone)


def guesses_by_program(phone: str) -> Callable[[], Any]:
    said = {"phone": phone, "code": WRONG}
    return lambda: shown(Client().post("/api/v1/auth/tokens", said, "application/json"), phone)


def guesses_a_password(phone: str) -> Callable[[], Any]:
    said = {"phone": phone, "password": "wrong and wrong again"}
    return lambda: shown(Client().post("/sign-in/password", said), phone)


WAYS = [asks, asks_by_program, asks_as_guardian, guesses, guesses_by_program, guesses_a_password]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_known_and_an_unknown_phone_are_answered_alike_and_cost_the_same(
    way: Callable[[str], Callable[[], Any]], city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    operations.set_password(city.people["volunteer"].known(), PASSWORD)
    with undone():  # what is kept between requests is kept for both
        way(NOBODY)()
        way(LIN.phone)()
    known, unknown = both(way(LIN.phone), way(NOBODY), monkeypatch)
    assert known == unknown
    # Somebody without a password, and somebody whose role needs a second factor.
    with_totp(city.people["leader"].known())
    assert both(way(STRANGER.phone), way(WU.phone), monkeypatch) == [unknown, unknown]


def test_a_wrong_password_costs_one_hash_for_everybody(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    operations.set_password(city.people["volunteer"].known(), PASSWORD)
    for phone in (LIN.phone, STRANGER.phone, NOBODY):
        with undone(), counted(monkeypatch) as seen:
            guesses_a_password(phone)()
        assert seen["hashes"] == 1, phone


def registers(city: City, phone: str, id_number: str) -> Any:
    """Let a new person, with a phone just proved, register with an ID number."""
    client = Client()
    ask_code(client, phone)
    client.post("/sign-in/code", {"phone": phone, "code": code_of(phone)})
    page = client.get("/register")
    assert page.status_code == 200
    said = {
        "real_name": "王某",
        "id_number": id_number,
        "residence_code": "",
        "agree": "on",
        "terms": "terms@2015-01-01",
    }
    return client.post("/register", said)


def test_an_id_number_that_is_known_here_is_told_to_nobody(city: City) -> None:
    with undone():
        answer = registers(city, NOBODY, LIN.id_number)
    text = answer.content.decode().replace(LIN.id_number, "")
    assert answer.status_code in {200, 409, 422}
    for word in (
        "already",
        "registered",
        "exists",
        "已注册",
        "已登记",
        "already_registered",
        LIN.phone[-4:],
        "林",
    ):
        main = text[text.index("<main") : text.index("</main>")]
        assert word not in main.replace("registered volunteer", ""), word


def test_the_answer_of_somebody_erased_is_that_of_nobody(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    operations.forget(city.people["stranger"].known(), by=city.people["stranger"], at=city.at)
    gone, unknown = both(guesses(STRANGER.phone), guesses(NOBODY), monkeypatch)
    assert gone == unknown


@pytest.mark.drill
def test_the_time_of_a_known_and_an_unknown_phone(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    operations.set_password(city.people["volunteer"].known(), PASSWORD)
    lines = []
    for way in WAYS:
        taken: dict[str, list[float]] = {LIN.phone: [], NOBODY: []}
        for _ in range(40):
            for phone in taken:  # in turns, so that a busy moment troubles both
                with undone():
                    began = time.perf_counter()
                    way(phone)()
                    taken[phone].append(time.perf_counter() - began)
        known, unknown = (statistics.median(times) * 1000 for times in taken.values())
        told = f"known {known:7.2f} ms, unknown {unknown:7.2f} ms, {known / unknown:.3f}"
        lines.append(f"{way.__name__:20} {told}")
    with capsys.disabled():
        print("\n" + "\n".join(lines))
