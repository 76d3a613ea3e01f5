"""Whether a name, an ID number and a phone belong to one person: asked of the register outside."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from shanshi.gateways.refusals import GatewayNotConfigured
from shanshi.gateways.sms import FAKE_PREFIX

FAKE_ORDER_NUMBER = "000"
SETTING = "SHANSHI_IDENTITY_GATEWAY"


class Verdict(StrEnum):
    """What the register says."""

    SAME_PERSON = "same_person"
    NOT_THE_SAME = "not_the_same"


class Identity(Protocol):
    """What every gateway for identity does."""

    def check(self, real_name: str, id_number: str, phone: str | None) -> Verdict:
        """Return whether these belong to one person.

        id_number  18 characters, check digit already verified
        phone      11 digits, or None where the person has none

        Raises GatewayUnreachable.
        """


class FakeIdentity:
    """Knows invented people only: order number 000, phones of the unassigned range 154."""

    def check(self, real_name: str, id_number: str, phone: str | None) -> Verdict:
        """Return SAME_PERSON for invented people, NOT_THE_SAME for whoever could be real.

        id_number  18 characters; phone: 11 digits or None
        """
        invented = id_number[14:17] == FAKE_ORDER_NUMBER and (phone is None or phone.startswith(FAKE_PREFIX))
        return Verdict.SAME_PERSON if invented and real_name else Verdict.NOT_THE_SAME


def gateway() -> Identity:
    """Return the gateway in use: the fake in demo, tests and bench, else the one that the settings name.

    Raises GatewayNotConfigured.
    """
    if settings.SHANSHI_FAKE_GATEWAYS:
        return FakeIdentity()
    path: str = getattr(settings, SETTING, "")
    if not path:
        raise GatewayNotConfigured(gateway="identity", setting=SETTING)
    real: Identity = import_string(path)()
    return real
