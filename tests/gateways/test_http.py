"""The gateways that speak HTTP, against a small real server."""

from __future__ import annotations

import json

import pytest

from shanshi.gateways import identity, sms
from shanshi.gateways.refusals import (
    GatewayNotConfigured,
    GatewayUnreachable,
    OutcomeUnknown,
    PhoneNotServed,
)
from tests.gateways.outside import outside, says

PHONE = "13800138000"


@pytest.fixture(autouse=True)
def _real(settings):
    settings.SHANSHI_FAKE_GATEWAYS = False
    settings.SHANSHI_SMS_GATEWAY = "shanshi.gateways.sms.HttpSms"
    settings.SHANSHI_IDENTITY_GATEWAY = "shanshi.gateways.identity.HttpIdentity"
    settings.SHANSHI_OUTGOING_INTERNAL = frozenset({"127.0.0.1"})
    settings.SHANSHI_SMS_KEY = settings.SHANSHI_IDENTITY_KEY = "a-key"


def test_a_message_is_handed_over_with_the_key(settings):
    with outside(says("taken", status=202)) as server:
        settings.SHANSHI_SMS_URL = f"{server.url}/messages"
        sms.gateway().send(PHONE, "您的验证码是 123456")
    ((method, path, headers, body),) = server.asked
    assert (method, path) == ("POST", "/messages")
    assert headers["Authorization"] == "Bearer a-key"
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body) == {"phone": PHONE, "text": "您的验证码是 123456"}


@pytest.mark.parametrize(
    ("status", "refusal"),
    [(422, PhoneNotServed), (401, GatewayUnreachable), (500, GatewayUnreachable), (302, GatewayUnreachable)],
)
def test_a_message_that_is_not_taken_over_is_refused_and_not_tried_again(settings, status, refusal):
    with outside(says("{}", status=status, Location="/again")) as server:
        settings.SHANSHI_SMS_URL = server.url
        with pytest.raises(refusal):
            sms.gateway().send(PHONE, "hello")
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("status", "is_open"),
    [(401, False), (429, False), (503, False), (500, True), (502, True), (504, True), (302, True)],
)
def test_only_a_clear_no_says_that_a_message_was_not_sent(settings, status, is_open):
    with outside(says("{}", status=status, Location="/again")) as server:
        settings.SHANSHI_SMS_URL = server.url
        with pytest.raises(GatewayUnreachable) as refused:
            sms.gateway().send(PHONE, "hello")
    assert isinstance(refused.value, OutcomeUnknown) is is_open


def test_a_gateway_that_nobody_reached_has_sent_nothing(settings):
    with outside(says("{}")) as server:
        settings.SHANSHI_SMS_URL = server.url
    with pytest.raises(GatewayUnreachable) as refused:
        sms.gateway().send(PHONE, "hello")
    assert not isinstance(refused.value, OutcomeUnknown)


@pytest.mark.parametrize(("said", "verdict"), [("true", "same_person"), ("false", "not_the_same")])
def test_the_register_says_whether_it_is_one_person(settings, said, verdict):
    with outside(says(f'{{"same_person": {said}}}')) as server:
        settings.SHANSHI_IDENTITY_URL = server.url
        assert identity.gateway().check("林晓", "330103199005170002", None) == verdict
    assert json.loads(server.asked[0][3]) == {
        "real_name": "林晓",
        "id_number": "330103199005170002",
        "phone": None,
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [
        *(("{}", 200), ('{"same_person": "true"}', 200), ("[]", 200), ("<html>", 200), ("", 200)),
        *(('{"same_person": true}', 500), ('{"same_person": true}', 302)),
    ],
)
def test_whatever_is_no_clear_answer_confirms_nobody(settings, body, status):
    with outside(says(body, status=status)) as server:
        settings.SHANSHI_IDENTITY_URL = server.url
        with pytest.raises(GatewayUnreachable):
            identity.gateway().check("林晓", "330103199005170002", PHONE)


def test_an_address_inside_that_nobody_named_is_never_called(settings):
    settings.SHANSHI_OUTGOING_INTERNAL = frozenset()
    with outside(says("{}")) as server:
        settings.SHANSHI_SMS_URL = server.url
        with pytest.raises(GatewayUnreachable):
            sms.gateway().send(PHONE, "hello")
    assert server.asked == []


@pytest.mark.parametrize("gateway", [sms.gateway, identity.gateway])
def test_without_an_address_the_refusal_names_the_setting(settings, gateway):
    settings.SHANSHI_SMS_URL = settings.SHANSHI_IDENTITY_URL = ""
    with pytest.raises(GatewayNotConfigured) as refused:
        gateway()
    assert str(refused.value.facts["setting"]).endswith("_URL")
