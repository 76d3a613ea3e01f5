"""Whatever is written into a field stays a text: no statement, template, element, header or formula."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from shanshi.attendance import queries as codes
from shanshi.foundation import clock
from tests.attack.city import City, poisoned
from tests.attack.conftest import undone
from tests.attack.doors import Operation, operations, pages, resolved, sample
from tests.attack.size import tries
from tests.attack.visits import browser, is_harmless, opener, shown
from tests.attack.words import ANY_TEXT, FEW, FEWER, WORST

pytestmark = pytest.mark.django_db

ASKERS = (
    "volunteer",
    "leader",
    "reviewer",
    "cashier",
    "manager",
    "city_staff",
    "auditor",
    "bank_clerk",
    "minor",
)
# What the pages read from their address.
ASKED = (
    "q", "district", "field", "from_on", "until_on", "free", "after", "look", "mine", "next",
    "cursor", "limit",
    "role", "place", "person", "thing", "verb", "by", "page", "on", "day", "kind", "purpose",
    "number", "code",
)  # fmt: skip


def send(city: City, role: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
    """Send a request of a program in somebody's name, and return the answer; a defect is raised as it is."""
    said = {"Authorization": f"Bearer {city.tokens[role]}"} if role in city.tokens else {}
    text = b"" if body is None else json.dumps(body).encode()
    with undone():
        return Client().generic(method.upper(), path, text, "application/json", headers=said | headers)


def asker(city: City, operation: Operation, body: Any) -> str:
    """Return a role that an operation lets furthest."""
    address = operation.at(city.things)
    statuses = {role: send(city, role, operation.method, address, body).status_code for role in ASKERS}
    return min(ASKERS, key=lambda role: (statuses[role] in {401, 403, 404}, statuses[role]))


def places_of_texts(schema: Mapping[str, Any], at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every text of a schema."""
    full = resolved(schema)
    if "properties" in full:
        for name, inner in full["properties"].items():
            yield from places_of_texts(inner, (*at, name))
    elif full.get("type") == "array":
        yield from places_of_texts(full["items"], (*at, 0))
    elif full.get("type") == "string":
        yield at


def put(body: Any, at: tuple[Any, ...], text: str) -> None:
    """Put a text into a body."""
    *way, last = at
    for step in way:
        body = body[step]
    body[last] = text


WITH_BODY = [one for one in operations() if one.body]


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda one: one.name)
def test_a_text_in_a_body_stays_a_text(operation: Operation, city: City) -> None:
    assert operation.body is not None
    good = sample(operation.body, city.things)
    role, address = asker(city, operation, good), operation.at(city.things)
    texts = [at for at in places_of_texts(operation.body) if not _is_fixed(operation.body, at)]
    for nasty in FEW if texts else ():
        body = copy.deepcopy(good)
        for at in texts:
            put(body, at, nasty)
        assert send(city, role, operation.method, address, body).status_code < 500, nasty
    for at in places_of_texts(operation.body):
        for nasty in WORST:
            body = copy.deepcopy(good)
            put(body, at, nasty)
            assert send(city, role, operation.method, address, body).status_code < 500, (at, nasty)


def _is_fixed(schema: Mapping[str, Any], at: tuple[Any, ...]) -> bool:
    for step in at:
        schema = resolved(schema)
        schema = schema["items"] if step == 0 else schema["properties"][step]
    full = resolved(schema)
    return full.get("type") != "string" or bool({"enum", "const", "format", "pattern"} & set(full))


WITH_QUERY = [one for one in operations() if one.queries]


@pytest.mark.parametrize("operation", WITH_QUERY, ids=lambda one: one.name)
def test_a_text_in_a_query_stays_a_text(operation: Operation, city: City) -> None:
    role = asker(city, operation, None)
    for query in operation.queries:
        for nasty in FEW:
            told = urlencode({query["name"]: nasty}, errors="surrogatepass")
            answer = send(city, role, operation.method, f"{operation.at(city.things)}?{told}")
            assert answer.status_code < 500, (query["name"], nasty)


@pytest.mark.parametrize("page", pages(), ids=lambda one: one.name)
def test_a_text_in_the_address_of_a_page_stays_a_text(page: Any, city: City) -> None:
    client = browser(city, opener(city, page))
    for nasty in FEWER:
        told = urlencode(dict.fromkeys(ASKED, nasty), errors="surrogatepass")
        answer = client.get(f"{page.at(city.things)}?{told}")
        assert answer.status_code < 500, nasty
        assert "Set-Cookie: a=b" not in str(answer.headers)
        assert "evil.example" not in answer.get("Location", "").split("?")[0]
        is_harmless(page.path, answer)


def test_what_was_written_comes_back_as_text_on_every_page(city: City) -> None:
    with undone():
        poisoned(city)
        seen = 0
        for role, page, answer in shown(city):
            is_harmless(f"{page.path} as {role}", answer)
            if "html" in answer["Content-Type"]:
                seen += answer.content.decode().count("&lt;script&gt;alert(")
                assert "POISON49" not in answer.content.decode(), page.path
        assert seen > 20


LATIN = st.text(st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\r\n"), max_size=60)


@tries(60)
@given(
    address=st.sampled_from(["/", "/find", "/me", "/sign-in", "/api/v1/me", "/api/v1/offers", "/check-in"]),
    header=st.sampled_from(
        ["Accept-Language", "Cookie", "Authorization", "Idempotency-Key", "X-Forwarded-For",
        "Referer", "HX-Request",
         "HX-Current-URL", "User-Agent", "If-Modified-Since", "Accept", "X-CSRFToken", "Origin"]
    ),
    value=LATIN | ANY_TEXT.filter(lambda text: text.isascii()) | st.sampled_from([
        'device="\\000"', "sessionid=\\000; language=x",
        "language=" + "a-" * 300, "en;q=1" * 100, "zh-hans,*;q=0.",
        "Bearer ", "Bearer " + "A" * 9000, "bearer shs_" + "A" * 64, "Basic x", ",".join("1.2.3.4" * 99),
    ]),
)  # fmt: skip
def test_any_header_is_read_or_left_alone(city: City, address: str, header: str, value: str) -> None:
    with undone():
        assert Client().get(address, headers={header: value}).status_code < 500
        assert Client().post(
            "/api/v1/auth/codes", "{}", "application/json", headers={header: value}
        ).status_code < 500  # fmt: skip


def test_a_cookie_that_names_the_phone_stays_a_text(city: City) -> None:
    code = codes.venue_code(UUID(city.things["shift_id"]), clock.real_now()).code
    for cookie in ('"\\000"', '"a\\000b"', "x" * 3000, '"<script>"', "é"):
        with undone():
            client = browser(city, "volunteer")
            client.cookies.load({})
            client.cookies["scanner"] = "x"
            client.cookies["scanner"].set("scanner", "x", cookie)
            assert client.post("/check-in", {"code": code, "nonce": "n"}).status_code < 500, cookie
            for nasty in ("a\0b", "\u202e", "x" * 64):
                answer = client.post("/check-in", {"code": code, "nonce": nasty})
                assert answer.status_code < 500, nasty


def test_the_tables_are_all_there_after_the_attacks(city: City) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM registry_person")
        assert cursor.fetchone() == (len(city.people),)
