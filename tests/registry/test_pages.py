"""Signing in, registering and signing out, as a person meets them: plain forms, no scripts."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from shanshi.foundation import clock
from shanshi.foundation.doors import address_of
from shanshi.registry import models, operations, queries, rules
from tests.cast import LIN, MEI, MRS_ZHAO, id_number

pytestmark = pytest.mark.django_db


def let_in(browser: Client, person_id: UUID) -> None:
    """Give a browser the session of a person."""
    found = queries.session_of(str(person_id), at=clock.now())
    assert found is not None
    session = browser.session
    session[SESSION_KEY] = str(person_id)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = found.session_hash
    session.save()
    browser.cookies["sessionid"] = session.session_key


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def sign_in(browser, code_of):
    def one(person, next_page=""):
        asked = browser.post("/sign-in", {"phone": person.phone, "next": next_page})
        assert asked.status_code == 200, asked.content
        return browser.post(
            "/sign-in/code", {"phone": person.phone, "code": code_of(person.phone), "next": next_page}
        )

    return one


@pytest.fixture
def typed_in():
    def make(person, **changes):
        given = {"real_name": person.name, "id_number": person.id_number, "agree": "on", "step": "register"}
        given["terms"] = "terms@2015-01-01"
        return {**given, **changes}

    return make


def test_who_is_new_goes_on_to_register(browser, sign_in, cast):
    _ = cast.divisions
    answer = sign_in(LIN)
    assert (answer.status_code, answer["Location"]) == (302, "/register")
    page = browser.get("/register").content.decode()
    assert "Register as a volunteer" in page
    assert "上城区" in page
    assert "Guardian&#x27;s real name" not in page


def test_a_volunteer_goes_where_they_wanted(browser, sign_in, cast):
    _ = cast.lin
    assert sign_in(LIN, "/find?day=2019-03-21")["Location"] == "/find?day=2019-03-21"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(sign_in, cast, elsewhere):
    _ = cast.lin
    assert sign_in(LIN, elsewhere)["Location"] == "/me"


def test_signing_in_gives_a_fresh_session_and_signing_out_ends_it(browser, sign_in, cast):
    _ = cast.lin
    browser.get("/sign-in")
    sign_in(LIN)
    key = browser.session.session_key
    assert browser.session[SESSION_KEY] == str(cast.lin.person_id)
    browser.post("/sign-out")
    assert SESSION_KEY not in browser.session
    assert browser.session.session_key != key


def test_signing_out_needs_a_post(browser):
    assert browser.get("/sign-out").status_code == 405


def test_a_wrong_code_keeps_the_phone_and_says_the_way(browser, sign_in):
    browser.post("/sign-in", {"phone": LIN.phone})
    answer = browser.post("/sign-in/code", {"phone": LIN.phone, "code": "00000x"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The code is wrong or no longer valid." in page
    assert f'value="{LIN.phone}"' in page
    assert SESSION_KEY not in browser.session


@pytest.mark.parametrize("phone", ["", "123", "+1 555 0100", "13800138000"])
def test_a_phone_that_cannot_be_served_is_said_so_and_kept(browser, phone):
    answer = browser.post("/sign-in", {"phone": phone})
    assert answer.status_code in {409, 422}
    assert f'value="{phone}"' in answer.content.decode() or not phone


def test_a_known_phone_and_an_unknown_one_see_the_same_page(browser, cast):
    _ = cast.lin

    def page(phone):
        text = browser.post("/sign-in", {"phone": phone}).content.decode()
        without_tokens = re.sub(r"[A-Za-z0-9]{64}", "", text)
        return without_tokens.replace(phone, "").replace(rules.masked_phone(phone), "")

    assert page(LIN.phone) == page("15400000321")


def test_lin_registers_on_the_page(browser, sign_in, typed_in):
    sign_in(LIN)
    answer = browser.post("/register", typed_in(LIN))
    assert answer["Location"] == "/me"
    volunteer = models.Volunteer.objects.get()
    assert volunteer.number is not None
    assert volunteer.number in str(next(iter(answer.wsgi_request._messages)))
    assert browser.get("/register")["Location"] == "/me"


def test_mei_is_asked_for_her_guardian_and_keeps_what_she_typed(browser, sign_in, typed_in, code_of):
    sign_in(MEI)
    asked = browser.post("/register", typed_in(MEI))
    page = asked.content.decode()
    assert asked.status_code == 409
    assert "need the consent of their guardian" in page
    assert MEI.name in page
    assert MEI.id_number in page
    assert "Guardian&#x27;s real name" in page

    guardian = {
        "asks_guardian": "1",
        "guardian_name": MRS_ZHAO.name,
        "guardian_relation": "mother",
        "guardian_phone": MRS_ZHAO.phone,
    }
    sent = browser.post("/register", typed_in(MEI, **guardian, step="guardian-code"))
    assert "We sent a code to 154****0003." in sent.content.decode()
    assert f'value="{MRS_ZHAO.phone}"' in sent.content.decode()

    code = code_of(MRS_ZHAO.phone)
    done = browser.post("/register", typed_in(MEI, **guardian, guardian_code=code))
    assert done["Location"] == "/me"
    assert models.Guardian.objects.count() == 1


def test_a_guardians_wrong_phone_gets_no_code(browser, sign_in, typed_in):
    sign_in(MEI)
    answer = browser.post("/register", typed_in(MEI, guardian_phone="1", step="guardian-code"))
    assert answer.status_code == 422
    assert "not a mobile number" in answer.content.decode()


def test_a_child_reads_the_way_that_is_open(browser, sign_in, typed_in):
    sign_in(LIN)
    answer = browser.post("/register", typed_in(LIN, id_number=id_number("330102", date(2009, 1, 1))))
    assert answer.status_code == 409
    assert "through your school" in answer.content.decode()
    assert not models.Volunteer.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"agree": ""}, {"real_name": "9"}, {"id_number": ""}, {"residence_code": "000000"}, {"id_number": "1"}],
)
def test_a_form_that_fails_loses_nothing(browser, sign_in, typed_in, changes):
    sign_in(LIN)
    given = typed_in(LIN, **changes)
    answer = browser.post("/register", given)
    assert answer.status_code == 422
    assert given["real_name"] in answer.content.decode()
    assert not models.Volunteer.objects.exists()


def test_a_visitor_is_asked_to_sign_in_and_brought_back(browser):
    answer = browser.get("/register")
    assert answer["Location"] == "/sign-in?next=%2Fregister"
    assert browser.post("/register", {}).status_code == 302


def test_a_session_ends_when_the_person_ends_all_sessions(browser, sign_in, cast):
    _ = cast.lin
    sign_in(LIN)
    operations.end_sessions(cast.lin.known())
    assert browser.get("/register")["Location"].startswith("/sign-in")


def test_the_terms_are_public_and_carry_their_version(browser):
    page = browser.get("/terms").content.decode()
    assert "terms@2015-01-01" in page
    assert "your key is destroyed" in page


def test_the_pages_speak_chinese_by_default(client):
    assert "登录或注册" in client.get("/sign-in").content.decode()
    assert "服务条款" in client.get("/terms").content.decode()


def test_a_form_without_its_token_is_refused():
    strict = Client(enforce_csrf_checks=True)
    for path in ("/sign-in", "/sign-in/code", "/sign-out", "/register"):
        assert strict.post(path, {"phone": LIN.phone}).status_code == 403


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "forged, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
    ],
)
def test_a_caller_is_who_our_own_proxies_saw(rf, settings, proxies, header, address):
    settings.SHANSHI_PROXIES = proxies
    assert address_of(rf.get("/", headers={"x-forwarded-for": header})) == address


def test_whoever_opens_an_address_of_a_form_is_told_the_way(browser):
    page = browser.get("/sign-out")
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "Go back to the page with the form" in page.content.decode()
    assert browser.get("/sign-in/code")["Location"] == "/sign-in"
