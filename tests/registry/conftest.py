"""What the registry's tests share."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from shanshi.foundation import clock, limits, outbox
from shanshi.registry import operations
from shanshi.registry.operations import Registration
from tests.cast import Person


@pytest.fixture
def code_of() -> Callable[[str], str]:
    """The code in the latest message to a phone."""

    def latest(phone: str) -> str:
        found = re.search(r"\d{6}", outbox.messages(phone=phone)[0].text)
        assert found is not None
        return found.group()

    return latest


@pytest.fixture
def typed() -> Callable[..., Registration]:
    """What a person of the cast types to be registered, with changes."""

    def make(person: Person, **changes: Any) -> Registration:
        given: dict[str, Any] = {
            "person_id": None,
            "phone": person.phone,
            "real_name": person.name,
            "id_number": person.id_number,
            "residence_code": person.division,
        }
        return Registration(**{**given, **changes})

    return make


@pytest.fixture
def send(client: Client) -> Callable[..., Any]:
    """A request to the API with a JSON body and, if given, a token."""

    def one(method: str, path: str, body: Any = None, token: str = "", **headers: str) -> Any:
        if token:
            headers["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        content = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(client, method)(f"/api/v1/{path}", **content, **headers)

    return one


@pytest.fixture
def token_of(send: Callable[..., Any], code_of: Callable[[str], str]) -> Callable[[Person], str]:
    """A bearer token got as a program gets one: a code to the phone, the code for a token."""

    def get(person: Person) -> str:
        assert send("post", "auth/codes", {"phone": person.phone}).status_code == 202
        answer = send("post", "auth/tokens", {"phone": person.phone, "code": code_of(person.phone)})
        assert answer.status_code == 201, answer.content
        token: str = answer.json()["token"]
        return token

    return get


@pytest.fixture
def prove(at: datetime, code_of: Callable[[str], str]) -> Callable[[Person], Any]:
    """Prove a person's phone; returns the person's id."""

    def one(person: Person) -> Any:
        operations.send_code(person.phone, at=at)
        return operations.prove_phone(person.phone, code_of(person.phone), at=at)

    return one


@pytest.fixture(autouse=True)
def _a_window_of_tries_begins_with_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    # Else a window could end in the middle of counting, once in some hundred runs.
    monkeypatch.setattr(limits, "windows_from_s", int(clock.real_now().timestamp()))
