"""Sessions, cookies, forms and frames: nothing that somebody planted, borrowed or framed opens a door."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client, override_settings

from tests.attack.city import City
from tests.attack.conftest import undone
from tests.attack.doors import Page, operations, pages
from tests.attack.keys import ask_code, code_of, sign_in, totp_code, with_totp
from tests.attack.size import TIMES
from tests.attack.visits import browser, opener
from tests.cast import LIN, STRANGER, WU

pytestmark = pytest.mark.django_db

PLANTED = "plantedplantedplantedplanted1234"
FORM = "application/x-www-form-urlencoded"
ELSEWHERE = (
    "//evil.example", "https://evil.example/", "https:evil.example", "///evil.example", "/\\evil.example",
    "\\\\evil.example", "http://testserver@evil.example/", "http://testserver.evil.example",
    "javascript:alert(1)",
    "data:text/html,x", "/\t/evil.example", "\x01https://evil.example", " //evil.example",
    "//evil.example\\@testserver",
    "http:///evil.example", "https://evil。example", "ftp://evil.example", "%2f%2fevil.example",
    "evil.example",
)  # fmt: skip


def key(client: Client) -> str:
    """Return the key of the browser's session."""
    morsel = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else ""


def opens_me(session_key: str) -> bool:
    """Whether a session's key opens somebody's own page."""
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = session_key
    return thief.get("/me").status_code == 200


def test_a_planted_key_opens_nothing_after_signing_in(city: City) -> None:
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = PLANTED
    assert sign_in(client, LIN.phone).status_code == 302
    assert key(client) not in {"", PLANTED}
    assert opens_me(key(client))
    assert not opens_me(PLANTED)


def test_a_session_begun_by_somebody_else_is_not_taken_over(city: City) -> None:
    attacker = Client()
    session = attacker.session
    session["wanted"] = "/"
    session.save()
    victim = Client()
    victim.cookies[settings.SESSION_COOKIE_NAME] = key(attacker)
    sign_in(victim, LIN.phone)
    assert key(victim) != key(attacker)
    assert not opens_me(key(attacker))


def test_who_signs_in_over_somebody_else_leaves_nothing_of_them(city: City) -> None:
    client = browser(city, "leader")
    session = client.session
    session["of Wu"] = "1"
    session.save()
    before = key(client)
    assert client.get("/lead").status_code == 200
    sign_in(client, STRANGER.phone)
    assert client.get("/lead").status_code in {302, 403}
    assert "of Wu" not in client.session
    assert not opens_me(before)


def test_the_key_is_another_after_the_first_factor_the_second_and_the_way_out(city: City) -> None:
    secret = with_totp(city.people["leader"].known())
    client = Client()
    ask_code(client, WU.phone)
    client.post("/sign-in/code", {"phone": WU.phone, "code": code_of(WU.phone)})
    half = key(client)
    assert not opens_me(half)
    assert client.post("/sign-in/second-factor", {"code": totp_code(secret)}).status_code == 302
    whole = key(client)
    assert whole != half
    assert opens_me(whole)
    assert not opens_me(half)
    assert client.get("/lead").status_code == 200
    client.post("/sign-out")
    assert not opens_me(whole)


def test_half_a_sign_in_opens_no_door(city: City) -> None:
    with_totp(city.people["leader"].known())
    client = Client()
    ask_code(client, WU.phone)
    client.post("/sign-in/code", {"phone": WU.phone, "code": code_of(WU.phone)})
    for page in pages():
        if not page.is_public and page.name != "set_language":
            assert client.get(page.at(city.things)).status_code != 200, page.name
    for operation in operations():
        if not operation.is_public:
            assert client.generic(operation.method.upper(), operation.at(city.things)).status_code == 401


def test_the_token_of_forms_is_another_after_signing_in(city: City) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/sign-in")
    before = client.cookies[settings.CSRF_COOKIE_NAME].value
    said = {"csrfmiddlewaretoken": before, "phone": LIN.phone}
    assert client.post("/sign-in", said).status_code == 200
    assert client.post("/sign-in/code", said | {"code": code_of(LIN.phone)}).status_code == 302
    assert client.cookies[settings.CSRF_COOKIE_NAME].value != before


def test_signing_out_needs_a_form(city: City) -> None:
    client = browser(city, "volunteer")
    assert client.get("/sign-out").status_code == 405
    assert client.get("/me").status_code == 200


def cookies(answer: Any) -> list[Any]:
    """Return the cookies that an answer sets; those that it takes away are left out."""
    return [one for one in answer.cookies.values() if one.value]


@override_settings(SESSION_COOKIE_SECURE=True, CSRF_COOKIE_SECURE=True, LANGUAGE_COOKIE_SECURE=True)
def test_every_cookie_is_for_this_site_over_tls_and_for_no_script(city: City) -> None:
    seen = set()
    for role in ("visitor", "volunteer"):
        client = browser(city, role)
        answers = [
            browser(city, opener(city, page) if role == "volunteer" else role).get(
                page.at(city.things), secure=True
            )
            for page in pages()
        ]
        answers.append(client.post("/i18n/setlang/", {"language": "en"}, secure=True))
        answers.append(client.post("/design/appearance", {"theme": "dark", "next": "/"}, secure=True))
        answers.append(client.post("/sign-in", {"phone": LIN.phone}, secure=True))
        for answer in answers:
            for cookie in cookies(answer):
                seen.add(cookie.key)
                assert cookie["secure"], cookie.key
                assert cookie["samesite"] in {"Lax", "Strict"}, cookie.key
                # The two of the appearance say nothing about anybody, and are read by the page's style.
                assert cookie["httponly"] or cookie.key in {"theme", "elder"}, cookie.key
    assert {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME} <= seen


@pytest.mark.parametrize("role", ["visitor", "leader"])
def test_no_page_takes_a_form_of_another_site(role: str, city: City) -> None:
    client = browser(city, role, checks=True)
    taken = {}
    for page in pages():
        for method in ("POST", "DELETE") if TIMES == 1 else ("POST", "PUT", "PATCH", "DELETE"):
            with undone():
                answer = client.generic(method, page.at(city.things), b"a=b", FORM)
            if answer.status_code != 403:
                taken[page.name, method] = answer.status_code
    assert taken == {}


def test_no_operation_takes_a_cookie_alone(city: City) -> None:
    client = browser(city, "leader", checks=True)
    taken = {}
    for operation in operations():
        if operation.method == "get" or operation.is_public:
            continue
        with undone():
            answer = client.generic(
                operation.method.upper(), operation.at(city.things), b"{}", "application/json"
            )
        if answer.status_code != 403 or answer.json()["code"] != "registry.form_token_missing":
            taken[operation.name] = answer.status_code
    assert taken == {}


def test_a_program_that_proves_itself_gets_no_cookie(city: City) -> None:
    client = Client()
    client.post("/api/v1/auth/codes", {"phone": LIN.phone}, "application/json")
    answer = client.post(
        "/api/v1/auth/tokens", {"phone": LIN.phone, "code": code_of(LIN.phone)}, "application/json"
    )
    assert answer.status_code == 201
    assert settings.SESSION_COOKIE_NAME not in answer.cookies


def test_no_answer_may_stand_in_a_frame(city: City) -> None:
    client = browser(city, "volunteer")
    for path in [page.at(city.things) for page in pages()] + ["/nothing", "/api/v1/me", "/api/v1/nothing"]:
        for answer in (client.get(path), client.put(path)):
            assert answer.get("X-Frame-Options") == "DENY", (path, answer.status_code)
            assert "frame-ancestors 'none'" in answer.get("Content-Security-Policy", ""), path
            assert answer["X-Content-Type-Options"] == "nosniff", path


def _leads_away(answer: Any) -> bool:
    parts = urlsplit(answer.get("Location", "").replace("\\", "/").strip())
    return parts.netloc not in {"", "testserver"} or parts.scheme not in {"", "http", "https"}


@pytest.mark.parametrize("page", pages(), ids=lambda one: one.name)
def test_no_page_leads_to_another_site(page: Page, city: City) -> None:
    client = browser(city, "volunteer")
    visitor = browser(city, "visitor")
    for wanted in ELSEWHERE if TIMES > 1 else ELSEWHERE[:1]:
        for one in (client, visitor):
            said = dict.fromkeys(("next", "redirect", "url", "back", "return_to", "continue"), wanted)
            with undone():
                for answer in (
                    one.get(page.at(city.things), said, headers={"Referer": wanted.strip()}),
                    one.post(page.at(city.things), said, headers={"Referer": wanted.strip()}),
                ):
                    assert not _leads_away(answer), (wanted, answer["Location"])


@pytest.mark.parametrize("wanted", ELSEWHERE)
def test_signing_in_leads_to_no_other_site(wanted: str, city: City) -> None:
    client = Client()
    ask_code(client, LIN.phone)
    said = {"phone": LIN.phone, "code": code_of(LIN.phone), "next": wanted}
    answer = client.post(f"/sign-in/code?next={wanted.strip()}", said)
    assert answer.status_code == 302
    assert not _leads_away(answer)


def test_a_form_for_another_host_is_refused(city: City) -> None:
    for host in ("evil.example", "testserver.evil.example", "testserver:80@evil.example", "[evil]"):
        assert Client().get("/", headers={"Host": host}).status_code == 400
