"""One's own data through the API: texts, copy, looks, consents, minors, and the end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pytest
from django.test import Client

from shanshi.foundation import clock, outbox
from shanshi.registry import operations as registry
from shanshi.registry import queries, rules
from shanshi.registry.rules import Purpose
from tests.attack.keys import totp_code, with_totp
from tests.cast import LIN, MEI, MRS_ZHAO

pytestmark = pytest.mark.django_db


NARROW = ("read", "write", "staff")


def guardian_of(_mei: Any, at: Any) -> Any:
    """Mrs Zhao, by the phone that proved her consent for Mei."""
    return queries.actor_of(registry.person_of_phone(MRS_ZHAO.phone, at=at), at)


class Program:
    """A program of somebody, with a token."""

    def __init__(self, who: Any, scopes: Sequence[str] = rules.SCOPES) -> None:
        token = registry.issue_token(who.known(), label="test", at=clock.real_now(), scopes=scopes).token
        self.headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}

    def send(self, method: str, path: str, body: Any = None) -> Any:
        content = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(Client(), method)(f"/api/v1/{path}", **content, **self.headers)


def test_every_text_is_there_for_everybody(db):
    texts = Client().get("/api/v1/consents").json()
    assert [text["purpose"] for text in texts] == list(Purpose)
    assert all(text["stops_zh"] and text["source"] and text["parts"] for text in texts)


def test_agreeing_and_withdrawing_are_one_request_each(world):
    lin = Program(world.cast.lin)
    assert lin.send("post", "me/consents/bank", {"version": "bank@2015-01-01"}).status_code == 204
    stands = {one["purpose"]: one for one in lin.send("get", "me/consents").json()}
    assert (stands["bank"]["is_given"], stands["bank"]["may_change"]) == (True, True)
    assert lin.send("delete", "me/consents/bank").json() == {"places_given_back": 0}
    assert not queries.consented([world.cast.lin.volunteer()], Purpose.BANK)
    old = lin.send("post", "me/consents/bank", {"version": "bank@1999-01-01"})
    assert (old.status_code, old.json()["code"]) == (409, "registry.consent_text_old")
    assert lin.send("post", "me/consents/everything", {"version": "x"}).status_code == 422


def test_the_copy_is_the_persons_own_and_whole(world):
    world.served(world.cast.lin)
    held = Program(world.cast.lin).send("get", "me/data").json()
    assert held["registry"]["volunteer"]["real_name"] == LIN.name
    assert len(held["attendance"]["visits"]) == 1
    assert Program(world.cast.lin).send("get", "me/looks").json() == []
    assert Client().get("/api/v1/me/data").status_code == 401


@pytest.mark.parametrize("page", ["/api/v1/me/data", "/me/privacy/data", "/me/privacy/data.json"])
def test_the_copy_in_the_clear_is_for_tokens_that_were_made_for_identities(world, reader, page):
    refused = Client().get(page, **Program(world.cast.lin, NARROW).headers)
    assert refused.status_code == 403
    assert LIN.name not in refused.content.decode()
    assert reader(world.cast.lin).get(page).status_code == 200


@pytest.mark.parametrize("page", ["/api/v1/me/wards/{}/data", "/me/wards/{}/data", "/me/wards/{}/data.xlsx"])
def test_so_is_a_minors(world, reader, at, page):
    zhao = guardian_of(world.cast.mei, at)
    there = page.format(world.cast.mei.holder_id)
    refused = Client().get(there, **Program(zhao, NARROW).headers)
    assert refused.status_code == 403
    assert MEI.name not in refused.content.decode()
    assert reader(zhao).get(there).status_code == 200


def test_a_narrow_token_says_which_scope_it_lacks(world, at):
    zhao = guardian_of(world.cast.mei, at)
    for who, path in ((world.cast.lin, "me/data"), (zhao, f"me/wards/{world.cast.mei.holder_id}/data")):
        refused = Program(who, NARROW).send("get", path)
        assert (refused.status_code, refused.json()["code"]) == (403, "registry.names_scope_missing")
        assert Program(who, (*NARROW, "names")).send("get", path).status_code == 200


def test_the_document_says_which_scope_the_copies_need(db):
    paths = Client().get("/api/v1/openapi.json").json()["paths"]
    for path in ("/api/v1/me/data", "/api/v1/me/wards/{holder_id}/data"):
        assert "a token needs the scope names" in paths[path]["get"]["description"]


def test_a_guardian_sees_her_minors_and_decides_for_them(world, at):
    mei = world.cast.mei
    zhao = Program(queries.actor_of(registry.person_of_phone(MRS_ZHAO.phone, at=at), at))
    (ward,) = zhao.send("get", "me/wards").json()
    assert (ward["masked_name"], ward["is_open"]) == ("沈*", True)
    path = f"me/wards/{mei.holder_id}"
    assert zhao.send("get", f"{path}/data").json()["registry"]["volunteer"]["number"] == ward["number"]
    assert zhao.send("delete", f"{path}/consents/minors").json() == {"places_given_back": 0}
    assert zhao.send("get", f"{path}/data").status_code == 404
    assert zhao.send("post", f"{path}/consents/minors", {"version": "minors@2015-01-01"}).status_code == 204
    assert zhao.send("get", f"{path}/data").status_code == 200
    assert zhao.send("delete", f"{path}/consents/terms").json()["code"] == "registry.not_yours_to_consent"
    assert Program(world.cast.lin).send("get", f"{path}/data").status_code == 404


def test_erasing_oneself_takes_a_code_and_ends_the_token(world):
    lin = Program(world.cast.lin)
    wrong = lin.send("delete", "me", {"code": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "registry.code_wrong")
    assert lin.send("get", "me").status_code == 200
    assert lin.send("post", "me/erasure-codes").status_code == 202
    code = re.findall(r"\d{6}", outbox.messages(phone=LIN.phone)[0].text)[0]
    assert lin.send("delete", "me", {"code": code}).status_code == 204
    assert lin.send("get", "me").status_code == 401
    assert lin.send("delete", "me", {"code": code}).status_code == 401
    with pytest.raises(rules.PersonUnknown):
        queries.own(world.cast.lin.known())


def test_a_code_for_signing_in_erases_nobody(world):
    lin = Program(world.cast.lin)
    registry.send_code(LIN.phone, at=clock.real_now())
    code = re.findall(r"\d{6}", outbox.messages(phone=LIN.phone)[0].text)[0]
    assert lin.send("delete", "me", {"code": code}).status_code == 422
    assert lin.send("get", "me").status_code == 200


def test_a_program_ends_an_account_with_a_second_factor_only_by_showing_it(world):
    lin = world.cast.lin
    program, secret = Program(lin), with_totp(lin.known())
    program.send("post", "me/erasure-codes")
    code = re.findall(r"\d{6}", outbox.messages(phone=LIN.phone)[0].text)[0]
    for body in ({"code": code}, {"code": code, "second_factor": "x"}):
        answer = program.send("delete", "me", body)
        assert answer.json()["code"] == "registry.factor_wrong"
    assert queries.own(lin.known()).volunteer is not None
    assert program.send("delete", "me", {"code": code, "second_factor": totp_code(secret)}).status_code == 204
    with pytest.raises(rules.PersonUnknown):
        queries.own(lin.known())
