"""Whether a name, an ID number and a phone belong to one person: asked of the register outside."""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from shanshi.gateways import outgoing
from shanshi.gateways.refusals import GatewayNotConfigured, GatewayUnreachable
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


class HttpIdentity:
    """Any register, or a city's own small bridge to one, that answers in JSON.

    POST {"real_name": "...", "id_number": "...", "phone": "..." or null} to SHANSHI_IDENTITY_URL with
    SHANSHI_IDENTITY_KEY as bearer token; the answer is 200 {"same_person": true or false} and nothing else.
    """

    def __init__(self) -> None:
        if not settings.SHANSHI_IDENTITY_URL:
            raise GatewayNotConfigured(gateway="identity", setting="SHANSHI_IDENTITY_URL")

    def check(self, real_name: str, id_number: str, phone: str | None) -> Verdict:
        """Return whether these belong to one person; whatever is not a clear answer is none.

        id_number  18 characters; phone: 11 digits or None

        Raises GatewayUnreachable.
        """
        body = {"real_name": real_name, "id_number": id_number, "phone": phone}
        try:
            answer = outgoing.post_json(
                settings.SHANSHI_IDENTITY_URL, body, key=settings.SHANSHI_IDENTITY_KEY
            )
            read = outgoing.read_json(answer) if answer.status_code == HTTPStatus.OK else None
        except outgoing.FAILURES as error:
            raise GatewayUnreachable(gateway="identity") from error
        said = read.get("same_person") if isinstance(read, dict) else None
        if not isinstance(said, bool):
            raise GatewayUnreachable(gateway="identity")
        return Verdict.SAME_PERSON if said else Verdict.NOT_THE_SAME


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
