"""No door that changes something can be knocked at without end, whoever knocks."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client

from shanshi.foundation import limits
from tests.cast import Cast
from tests.house.code import ROOT
from tests.portal.world import let_in
from tools.doors import Door, doors

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
KNOCKED = [(door, method) for door in doors() for method in sorted(door.methods & CHANGING)]
THREE = {"writes_per_person": (3, 3600), "writes_per_address": (3, 3600)}


@pytest.fixture
def _few_tries(settings) -> None:  # type: ignore[no-untyped-def]
    settings.SHANSHI_BRAKES = settings.SHANSHI_BRAKES | THREE


def knock(client: Client, door: Door, method: str) -> list[int]:
    address = door.address({name: str(uuid4()) if name.endswith("_id") else "1" for name in door.arguments})
    return [
        client.generic(method, address, "{}", content_type="application/json").status_code for _ in range(5)
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("_few_tries")
@pytest.mark.parametrize(
    ("door", "method"), KNOCKED, ids=lambda one: one.label if isinstance(one, Door) else one
)
def test_whoever_knocks_too_often_is_told_to_wait(cast: Cast, at, door: Door, method: str) -> None:  # type: ignore[no-untyped-def]
    visitor, fresh = Client(raise_request_exception=False), Client(raise_request_exception=False)
    let_in(fresh, cast.stranger, at)
    for client in (visitor, fresh):
        limits.brake.forget()
        answers = knock(client, door, method)
        assert (answers[0] != 429, answers[-1]) == (True, 429)


def test_every_limit_stands_in_the_table_of_settings() -> None:
    text = (ROOT / "docs/reference/settings.md").read_text()
    told = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| (\d+ \| \d+) \|$", text, re.MULTILINE))
    known = {name: f"{tries} | {seconds}" for name, (tries, seconds) in settings.SHANSHI_LIMITS.items()}
    brakes = {
        name: f"{tries // 1000} | {seconds}" for name, (tries, seconds) in settings.SHANSHI_BRAKES.items()
    }
    assert told == known | brakes


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/find", "/api/v1/activities"])
def test_a_search_can_be_asked_only_so_often(client: Client, settings, path: str) -> None:  # type: ignore[no-untyped-def]
    settings.SHANSHI_BRAKES = settings.SHANSHI_BRAKES | {"searches_per_address": (2, 3600)}
    limits.brake.forget()
    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 429]
