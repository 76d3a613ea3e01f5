"""Tokens of programs: scopes, an end of their owner's choice, shown once, hashed, revoked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from shanshi.foundation import clock
from shanshi.registry import models, operations, queries, rules
from tests.cast import LIN, STRANGER, WU
from tests.registry.browsers import browser, latest_code, set_up_app, sign_in

pytestmark = pytest.mark.django_db
STAFF_DOOR = "activities"


def ask(send, person, **proof):
    """Get a token as a program does."""
    assert send("post", "auth/codes", {"phone": person.phone}).status_code == 202
    return send("post", "auth/tokens", {"phone": person.phone, "code": latest_code(person.phone), **proof})


@pytest.fixture
def wus_app(cast):
    """Wu's authenticator app and her recovery codes."""
    _ = cast.wu
    wu = browser()
    sign_in(wu, WU)
    return set_up_app(wu)


def draft(cast):
    return {"title": "图书馆", "organizers": [str(cast.station)], "division_code": "330102"}


def test_a_token_for_staff_needs_a_right_second_factor(cast, send, wus_app, settings):
    settings.SHANSHI_LIMITS = {**settings.SHANSHI_LIMITS, "code_per_phone": (50, 3600)}
    app, codes = wus_app
    scopes = ["read", "write", "staff"]
    none = ask(send, WU, scopes=scopes)
    wrong = ask(send, WU, scopes=scopes, second_factor=app.wrong())
    right = ask(send, WU, scopes=scopes, second_factor=app.code(ahead=1))
    again = ask(send, WU, scopes=scopes, second_factor=app.code(ahead=1))
    recovery = ask(send, WU, scopes=scopes, second_factor=codes[0])
    assert [one.status_code for one in (none, wrong, right, again, recovery)] == [403, 422, 201, 422, 201]
    assert none.json()["code"] == "foundation.second_factor_needed"
    assert wrong.json()["code"] == again.json()["code"] == "registry.factor_wrong"
    made = send("post", STAFF_DOOR, draft(cast), token=right.json()["token"])
    assert made.status_code == 201, made.content.decode()


def test_without_a_factor_set_up_no_token_for_staff_is_given(cast, send):
    _ = cast.wu
    answer = ask(send, WU, scopes=["read", "staff"])
    assert (answer.status_code, answer.json()["code"]) == (403, "foundation.second_factor_needed")
    assert not models.BearerToken.objects.exists()


def test_roles_do_not_hold_with_a_token_that_was_not_made_for_them(cast, send):
    wu = cast.wu
    token = operations.issue_token(wu.known(), label="", at=clock.real_now(), scopes=["read", "write"]).token
    refused = send("post", STAFF_DOOR, draft(cast), token=token)
    assert (refused.status_code, refused.json()["code"]) == (403, "foundation.second_factor_needed")
    assert send("get", "me", token=token).json()["roles"] == []


def test_whoever_has_set_one_up_is_asked_for_it_by_programs_too(cast, send):
    _ = cast.lin
    lin = browser()
    sign_in(lin, LIN)
    app, _codes = set_up_app(lin)
    assert ask(send, LIN).status_code == 403
    assert ask(send, LIN, second_factor=app.code(ahead=1)).status_code == 201


def test_the_scope_names_alone_opens_ones_own_data_and_nobody_elses(cast, send, wus_app):
    app, _codes = wus_app
    answer = ask(send, WU, scopes=["read", "write", "names"], second_factor=app.code(ahead=1))
    token = answer.json()["token"]
    assert send("get", "me/data", token=token).json()["registry"]["volunteer"]["real_name"] == WU.name
    look = {"place": f"organization:{cast.station}", "numbers": ["HZ1"], "fields_wanted": ["phone"]}
    refused = send("post", "looks", {**look, "purpose": "roster"}, token=token)
    assert (refused.status_code, refused.json()["code"]) == (403, "foundation.second_factor_needed")
    assert not models.IdentityLook.objects.exists()


@pytest.mark.parametrize(("days", "status"), [(1, 201), (365, 201), (0, 422), (366, 422), (-1, 422)])
def test_a_token_ends_after_as_many_days_as_its_owner_chose(cast, send, days, status):
    _ = cast.lin
    answer = ask(send, LIN, days=days)
    assert answer.status_code == status
    if status == 201:
        row = models.BearerToken.objects.get()
        assert row.expires_at - row.made_at == timedelta(days=days)
        late = row.expires_at + timedelta(seconds=1)
        assert queries.bearer_of(answer.json()["token"], real_at=late, at=late) is None


@pytest.mark.parametrize(("scopes", "days"), [([], 30), (["read"], 0), (["read"], 366), (["everything"], 30)])
def test_no_token_is_made_that_cannot_be(cast, at, scopes, days):
    with pytest.raises(rules.TokenInvalid):
        operations.issue_token(cast.lin.known(), label="", at=at, scopes=scopes, days=days)
    assert not models.BearerToken.objects.exists()


def test_the_code_of_one_program_is_not_used_up_by_another(cast, send):
    _ = cast.lin
    send("post", "auth/codes", {"phone": LIN.phone, "request_id": "a program's own"})
    code = latest_code(LIN.phone)
    for n in range(9):
        wrong = {"phone": LIN.phone, "code": f"{n:06d}", "request_id": f"another {n}"}
        assert send("post", "auth/tokens", wrong).status_code == 422
    stolen = send("post", "auth/tokens", {"phone": LIN.phone, "code": code})
    right = send("post", "auth/tokens", {"phone": LIN.phone, "code": code, "request_id": "a program's own"})
    assert (stolen.status_code, right.status_code) == (422, 201)


def test_lin_makes_a_token_sees_it_once_and_ends_it(cast, send):
    _ = cast.lin
    lin = browser()
    sign_in(lin, LIN)
    page = lin.get("/account/tokens").content.decode()
    assert "Use my roles" not in page
    made = lin.post("/account/tokens", {"label": "my calendar", "scopes": ["read"], "days": "7"})
    (token,) = re.findall(r"<code>(shs_[\w-]+)</code>", made.content.decode())
    assert send("get", "me", token=token).status_code == 200
    assert send("post", "volunteers", {}, token=token).json()["code"] == "registry.scope_too_narrow"
    page = lin.get("/account/tokens").content.decode()
    assert "my calendar" in page
    assert token not in page

    (row,) = queries.tokens(cast.lin.known(), at=clock.real_now())
    lin.post(f"/account/tokens/{row.id}/end")
    assert send("get", "me", token=token).status_code == 401


def test_a_volunteer_gets_no_scope_of_staff_on_the_page(cast):
    _ = cast.lin
    lin = browser()
    sign_in(lin, LIN)
    answer = lin.post("/account/tokens", {"label": "x", "scopes": ["read", "staff"], "days": "7"})
    assert answer.status_code == 422
    assert not models.BearerToken.objects.exists()


def test_wu_makes_one_for_her_roles_once_her_second_factor_was_shown(cast, send):
    _ = cast.wu
    wu = browser()
    sign_in(wu, WU)
    assert (
        wu.post(
            "/account/tokens", {"label": "x", "scopes": ["read", "write", "staff"], "days": "7"}
        ).status_code
        == 422
    )
    set_up_app(wu)
    made = wu.post("/account/tokens", {"label": "x", "scopes": ["read", "write", "staff"], "days": "7"})
    (token,) = re.findall(r"<code>(shs_[\w-]+)</code>", made.content.decode())
    assert send("post", STAFF_DOOR, draft(cast), token=token).status_code == 201


def test_nobody_ends_the_token_of_somebody_else(cast, send):
    _ = cast.lin, cast.stranger
    token = operations.issue_token(cast.lin.known(), label="", at=clock.real_now()).token
    (row,) = queries.tokens(cast.lin.known(), at=clock.real_now())
    stranger = browser()
    sign_in(stranger, STRANGER)
    assert stranger.post(f"/account/tokens/{row.id}/end").status_code == 404
    assert send("get", "me", token=token).status_code == 200


def test_a_token_lies_in_the_table_as_its_hash_alone(cast, at):
    token = operations.issue_token(cast.lin.known(), label="", at=at).token
    row = models.BearerToken.objects.values().get()
    assert token not in str(row)
    assert bytes(row["token_hash"]) == queries.actors.token_hash(token)


def test_a_token_does_not_change_how_its_owner_signs_in(cast, send, client):
    token = operations.issue_token(cast.lin.known(), label="", at=clock.real_now()).token
    carried = {"authorization": f"Bearer {token}"}
    new = {"password": "清波门外的三棵老香樟", "repeated": "清波门外的三棵老香樟"}
    answer = client.post("/account/password", new, headers=carried)
    assert answer["Location"].startswith("/account/confirm")
    assert not queries.factors(cast.lin.known()).has_password
