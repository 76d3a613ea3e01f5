"""The fakes keep the promises of real gateways, and accept invented people only."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

import pytest

from shanshi.foundation import outbox
from shanshi.gateways import identity, sms
from shanshi.gateways.refusals import GatewayNotConfigured, PhoneNotServed
from tests.cast import LIN


class RealIdentity:
    def check(self, real_name: str, id_number: str, phone: str | None) -> identity.Verdict:
        return identity.Verdict.NOT_THE_SAME


class RealSms:
    sent: ClassVar[list[str]] = []

    def send(self, phone: str, text: str) -> None:
        self.sent.append(phone)


@pytest.mark.django_db
def test_a_message_lands_in_the_outbox_newest_first():
    sms.gateway().send(LIN.phone, "one")
    sms.gateway().send("15400000099", "two")
    assert [(one.phone, one.text) for one in outbox.messages()] == [
        ("15400000099", "two"),
        (LIN.phone, "one"),
    ]
    assert [one.text for one in sms.outbox(phone=LIN.phone)] == ["one"]


@pytest.mark.django_db
def test_a_phone_that_could_be_real_gets_no_message():
    with pytest.raises(PhoneNotServed):
        sms.gateway().send("13800138000", "hello")
    assert outbox.messages() == []


@pytest.mark.parametrize(
    ("id_number", "phone", "verdict"),
    [
        (LIN.id_number, LIN.phone, "same_person"),
        (LIN.id_number, None, "same_person"),
        (LIN.id_number, "13800138000", "not_the_same"),
        ("330103199005170010", LIN.phone, "not_the_same"),
    ],
)
def test_only_invented_people_are_confirmed(id_number, phone, verdict):
    assert identity.gateway().check("林晓", id_number, phone) == verdict


@pytest.mark.parametrize("gateway", [sms.gateway, identity.gateway])
def test_without_fakes_and_without_a_real_gateway_the_refusal_names_the_setting(settings, gateway):
    settings.SHANSHI_FAKE_GATEWAYS = False
    with pytest.raises(GatewayNotConfigured) as refusal:
        gateway()
    assert str(refusal.value.facts["setting"]).startswith("SHANSHI_")


def test_the_real_gateway_is_the_one_that_the_setting_names(settings):
    settings.SHANSHI_FAKE_GATEWAYS = False
    settings.SHANSHI_IDENTITY_GATEWAY = f"{__name__}.RealIdentity"
    assert isinstance(identity.gateway(), RealIdentity)
    assert identity.gateway().check("x", str(uuid4()), None) == "not_the_same"


def test_the_real_gateway_is_not_asked_about_numbers_that_nobody_has(settings):
    settings.SHANSHI_FAKE_GATEWAYS = False
    settings.SHANSHI_SMS_GATEWAY = f"{__name__}.RealSms"
    sms.gateway().send("13800138000", "hello")
    with pytest.raises(PhoneNotServed):
        sms.gateway().send("15400000001", "hello")
    assert RealSms.sent == ["13800138000"]
