"""Codes, tokens, registration and oneself, as a program meets them."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.test import Client

from shanshi.foundation import clock, outbox
from shanshi.registry import models, operations, queries, rules
from tests.cast import LIN, MEI, MRS_ZHAO, STRANGER, id_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def given():
    def make(person, **changes):
        body = {
            "real_name": person.name,
            "id_number": person.id_number,
            "residence_code": person.division,
            "consents": ["terms@2015-01-01"],
        }
        return {**body, **changes}

    return make


def problem(answer, status, code):
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.content.decode()
    assert answer["Content-Type"].startswith("application/problem+json")
    return answer.json()


def test_lin_registers_from_a_program(send, token_of, given):
    token = token_of(LIN)
    before = send("get", "me", token=token).json()
    assert (before["registered"], before["number"], before["masked_phone"]) == (False, None, "154****0001")

    answer = send("post", "volunteers", given(LIN), token=token)

    assert answer.status_code == 201
    me = send("get", "me", token=token).json()
    assert answer.json()["number"] == me["number"]
    assert (me["registered"], me["masked_name"], me["birth_on"]) == (True, "林*", "1990-05-17")
    assert me["masked_id_number"] == rules.masked_id_number(LIN.id_number)
    assert me["roles"] == []


def test_the_next_token_tells_that_its_owner_is_registered(send, cast, code_of):
    _ = cast.lin
    send("post", "auth/codes", {"phone": LIN.phone})
    answer = send("post", "auth/tokens", {"phone": LIN.phone, "code": code_of(LIN.phone)}).json()
    assert answer["registered"] is True


def test_mei_registers_with_a_code_of_her_guardian(send, token_of, given, code_of):
    token = token_of(MEI)
    problem(send("post", "volunteers", given(MEI), token=token), 409, "registry.guardian_needed")
    asked = send("post", "auth/codes", {"phone": MRS_ZHAO.phone, "purpose": "guardian"})
    assert asked.status_code == 202
    guardian = {
        "name": MRS_ZHAO.name,
        "phone": MRS_ZHAO.phone,
        "relation": "mother",
        "code": code_of(MRS_ZHAO.phone),
    }
    answer = send("post", "volunteers", given(MEI, guardian=guardian), token=token)
    assert answer.status_code == 201
    assert answer.json()["has_guardian_consent"] is True


def test_a_child_is_refused_with_the_way_that_is_open(send, token_of, given):
    child = id_number("330102", date(2008, 1, 1))
    answer = send(
        "post", "volunteers", given(LIN, id_number=child), token=token_of(LIN), HTTP_ACCEPT_LANGUAGE="en"
    )
    said = problem(answer, 409, "registry.too_young")
    assert said["title"] == "People below 14 cannot register themselves."
    assert "school" in said["detail"]
    assert not models.Volunteer.objects.exists()


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"real_name": ""}, 422, "registry.name_invalid"),
        ({"real_name": "x" * 201}, 422, "kernel.invalid"),
        ({"real_name": None}, 422, "kernel.invalid"),
        ({"id_number": "1"}, 422, "registry.id_number_length"),
        ({"id_number": 330103199005170001}, 422, "kernel.invalid"),
        ({"residence_code": "here"}, 422, "registry.division_code_invalid"),
        ({"consents": []}, 409, "registry.consent_needed"),
        ({"consents": "yes"}, 422, "kernel.invalid"),
        ({"guardian": {}}, 422, "kernel.invalid"),
        ({"guardian": {"name": "a", "phone": "1", "relation": "cat", "code": "1"}}, 422, "kernel.invalid"),
        ({"id_number": "11010519491231002X"}, 409, "registry.cannot_register"),
    ],
)
def test_a_registration_that_is_wrong_is_refused_by_its_code(send, token_of, given, changes, status, code):
    problem(send("post", "volunteers", given(LIN, **changes), token=token_of(LIN)), status, code)
    assert not models.Volunteer.objects.exists()


def test_a_registered_id_number_is_nobodys_business(send, cast, token_of, given):
    _ = cast.lin
    answer = send("post", "volunteers", given(LIN), token=token_of(STRANGER), HTTP_ACCEPT_LANGUAGE="en")
    said = problem(answer, 409, "registry.cannot_register")
    assert said["title"] == "You cannot be registered with these data."
    assert models.Volunteer.objects.count() == 1


def test_registering_twice_is_refused(send, token_of, given):
    token = token_of(LIN)
    assert send("post", "volunteers", given(LIN), token=token).status_code == 201
    problem(send("post", "volunteers", given(LIN), token=token), 409, "registry.already_registered")


def test_a_repeated_registration_with_its_key_gets_the_first_answer(send, token_of, given):
    token = token_of(LIN)
    first = send("post", "volunteers", given(LIN), token=token, HTTP_IDEMPOTENCY_KEY="one")
    again = send("post", "volunteers", given(LIN), token=token, HTTP_IDEMPOTENCY_KEY="one")
    assert (again.status_code, again.json(), again["Idempotency-Replayed"]) == (201, first.json(), "true")
    other = send("post", "volunteers", given(STRANGER), token=token, HTTP_IDEMPOTENCY_KEY="one")
    problem(other, 409, "foundation.idempotency_key_reused")


def test_a_phone_that_is_known_and_one_that_is_not_get_the_same_answers(send, cast):
    _ = cast.lin
    for ask in (
        lambda phone: send("post", "auth/codes", {"phone": phone}),
        lambda phone: send("post", "auth/tokens", {"phone": phone, "code": "000000x"}),
    ):
        known, unknown = ask(LIN.phone), ask("15400000123")
        assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("auth/codes", {"phone": "123"}, "registry.phone_invalid"),
        ("auth/codes", {"phone": ""}, "kernel.invalid"),
        ("auth/codes", {}, "kernel.invalid"),
        ("auth/codes", [], "kernel.invalid"),
        ("auth/codes", {"phone": LIN.phone, "purpose": "fun"}, "kernel.invalid"),
        ("auth/tokens", {"phone": LIN.phone}, "kernel.invalid"),
        ("auth/tokens", {"phone": LIN.phone, "code": "123456"}, "registry.code_wrong"),
        ("auth/tokens", {"phone": "x", "code": "123456"}, "registry.phone_invalid"),
    ],
)
def test_what_is_not_well_formed_is_refused(send, path, body, code):
    problem(send("post", path, body), 422, code)
    assert not models.Person.objects.exists()


def test_a_body_that_is_no_json_is_refused(client):
    answer = client.post("/api/v1/auth/codes", data="{", content_type="application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/problem+json")


def test_a_phone_of_a_real_range_is_refused_by_the_fake(send):
    problem(send("post", "auth/codes", {"phone": "13800138000"}), 409, "gateways.phone_not_served")
    assert outbox.messages() == []


def test_codes_to_one_phone_are_limited(send, settings):
    settings.SHANSHI_LIMITS = {**settings.SHANSHI_LIMITS, "code_per_phone": (2, 3600)}
    for _ in range(2):
        assert send("post", "auth/codes", {"phone": LIN.phone}).status_code == 202
    problem(send("post", "auth/codes", {"phone": LIN.phone}), 429, "kernel.too_many")
    assert len(outbox.messages()) == 2


def test_five_wrong_codes_end_the_code_even_when_each_is_repeated_with_a_key(send, code_of):
    send("post", "auth/codes", {"phone": LIN.phone})
    code = code_of(LIN.phone)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for place in range(5):
        body = {"phone": LIN.phone, "code": wrong}
        problem(
            send("post", "auth/tokens", body, HTTP_IDEMPOTENCY_KEY=f"k{place}"), 422, "registry.code_wrong"
        )
    problem(send("post", "auth/tokens", {"phone": LIN.phone, "code": code}), 422, "registry.code_wrong")


def test_without_a_token_there_is_nobody(send):
    problem(send("get", "me"), 401, "kernel.sign_in_needed")
    problem(send("post", "volunteers", {}), 401, "kernel.sign_in_needed")


@pytest.mark.parametrize("token", ["x", "shs_" + "A" * 64])
def test_a_token_that_does_not_hold_is_refused_everywhere(send, token):
    for path in ("me", "offers", "activities"):
        answer = send("get", path, token=token)
        problem(answer, 401, "kernel.sign_in_needed")
        assert answer["WWW-Authenticate"] == 'Bearer error="invalid_token"'


def test_an_expired_token_is_refused(send, cast):
    earlier = clock.real_now() - timedelta(days=30)
    issued = operations.issue_token(cast.lin.known(), label="", at=earlier)
    problem(send("get", "me", token=issued.token), 401, "kernel.sign_in_needed")


def test_a_token_for_reading_changes_nothing(send, code_of, given):
    send("post", "auth/codes", {"phone": LIN.phone})
    proof = {"phone": LIN.phone, "code": code_of(LIN.phone), "scopes": ["read"]}
    token = send("post", "auth/tokens", proof).json()["token"]
    assert send("get", "me", token=token).status_code == 200
    problem(send("post", "volunteers", given(LIN), token=token), 403, "registry.scope_too_narrow")
    assert not models.Volunteer.objects.exists()


def test_a_token_given_back_no_longer_holds(send, token_of):
    token = token_of(LIN)
    assert send("delete", "auth/tokens", token=token, HTTP_IDEMPOTENCY_KEY="bye").status_code == 204
    problem(send("get", "me", token=token), 401, "kernel.sign_in_needed")


def test_a_cookie_alone_changes_nothing(cast, given, prove):
    from tests.registry.test_pages import let_in

    browser = Client(enforce_csrf_checks=True)
    person_id = prove(LIN)
    let_in(browser, person_id)
    assert browser.get("/api/v1/me").json()["person_id"] == str(person_id)
    answer = browser.post("/api/v1/volunteers", given(LIN), content_type="application/json")
    problem(answer, 403, "registry.form_token_missing")
    assert queries.own(person_id).volunteer is None


@pytest.mark.parametrize("header", ["Basic eDp5", "Bearer", "Token x", " "])
def test_a_cookie_beside_another_sort_of_authorization_changes_nothing(cast, given, prove, header):
    from tests.registry.test_pages import let_in

    browser = Client(enforce_csrf_checks=True)
    person_id = prove(LIN)
    let_in(browser, person_id)
    answer = browser.post(
        "/api/v1/volunteers",
        given(LIN),
        content_type="application/json",
        headers={"Authorization": header},
    )
    assert answer.status_code in {401, 403}
    assert queries.own(person_id).volunteer is None


def test_the_name_of_the_scheme_may_be_written_in_any_case(client, token_of):
    token = token_of(LIN)
    answer = client.get("/api/v1/me", headers={"Authorization": f"bearer {token}"})
    assert answer.status_code == 200


def test_whoever_is_nobody_is_told_how_to_sign_in(send):
    answer = send("get", "me")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_a_cookie_with_the_forms_token_does(cast, given, prove):
    from tests.registry.test_pages import let_in

    browser = Client(enforce_csrf_checks=True)
    let_in(browser, prove(LIN))
    browser.get("/register")
    form_token = browser.cookies["csrftoken"].value
    answer = browser.post(
        "/api/v1/volunteers",
        given(LIN),
        content_type="application/json",
        headers={"x-csrftoken": form_token},
    )
    assert answer.status_code == 201, answer.content


@pytest.mark.parametrize("strange", ["\x00", "\ud800", "\u202e", "😀" * 20, "%s{0}", "\u0000林"])
def test_strange_signs_are_refused_never_a_failure(client, token_of, given, strange):
    token = token_of(LIN)

    def post(path, body):
        return client.post(
            f"/api/v1/{path}",
            data=json.dumps(body),
            content_type="application/json",
            headers={"authorization": f"Bearer {token}"},
        )

    for name in ("real_name", "id_number", "residence_code"):
        assert post("volunteers", given(LIN, **{name: strange})).status_code == 422
    for path, body in (
        ("auth/codes", {"phone": strange}),
        ("auth/tokens", {"phone": strange, "code": "123456"}),
        ("auth/tokens", {"phone": LIN.phone, "code": strange[:20]}),
    ):
        assert post(path, body).status_code == 422
    assert not models.Volunteer.objects.exists()


def test_the_label_of_a_token_is_plain_text(send, code_of, client):
    send("post", "auth/codes", {"phone": LIN.phone})
    body = json.dumps({"phone": LIN.phone, "code": code_of(LIN.phone), "label": "my\x00 phone"})
    answer = client.post("/api/v1/auth/tokens", data=body, content_type="application/json")
    assert answer.status_code == 201
    assert models.BearerToken.objects.get().label == "my phone"


def test_an_unknown_scope_is_refused(send):
    body = {"phone": LIN.phone, "code": "123456", "scopes": ["everything"]}
    problem(send("post", "auth/tokens", body), 422, "kernel.invalid")


def test_the_document_names_the_bearer_scheme_and_every_status(client):
    document = client.get("/api/v1/openapi.json").json()
    assert {"type": "http", "scheme": "bearer"} in document["components"]["securitySchemes"].values()
    for path, method, status in (
        ("auth/codes", "post", "202"),
        ("auth/tokens", "post", "201"),
        ("volunteers", "post", "201"),
        ("me", "get", "200"),
    ):
        endpoint = document["paths"][f"/api/v1/{path}"][method]
        assert {status, "401", "403", "409", "422", "429"} <= set(endpoint["responses"])
        assert endpoint["summary"]
        assert ("security" in endpoint) is not path.startswith("auth/")
