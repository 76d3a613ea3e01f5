"""Text messages. A setting names the real gateway; the fake keeps messages for the demo to show."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Protocol

import phonenumbers
from django.conf import settings
from django.utils.module_loading import import_string

from shanshi.gateways import outgoing
from shanshi.gateways.refusals import (
    AddressForbidden,
    GatewayNotConfigured,
    GatewayUnreachable,
    NotConnected,
    OutcomeUnknown,
    PhoneNotServed,
)

FAKE_PREFIX = "154"
SETTING = "SHANSHI_SMS_GATEWAY"


class Sms(Protocol):
    """What every gateway for text messages does."""

    def send(self, phone: str, text: str) -> None:
        """Hand a message over for delivery.

        phone  11 digits of a mobile phone of the mainland
        text   up to 500 characters, in the reader's language

        Raises PhoneNotServed; GatewayUnreachable: it was not sent; OutcomeUnknown, a GatewayUnreachable:
        perhaps it was.
        """


class FakeSms:
    """Keeps messages instead of sending them; serves only the unassigned range 154."""

    def __init__(self, keep: Callable[[str, str], None]) -> None:
        self.keep = keep

    def send(self, phone: str, text: str) -> None:
        """Keep the message.

        phone  11 digits that begin with 154

        Raises PhoneNotServed: it could be the phone of a real person.
        """
        if not phone.startswith(FAKE_PREFIX):
            raise PhoneNotServed
        self.keep(phone, text)


class OnlyAssigned:
    """A real gateway that is never asked about numbers that no operator has been assigned."""

    def __init__(self, real: Sms) -> None:
        self.real = real

    def send(self, phone: str, text: str) -> None:
        """Hand the message on.

        phone  11 digits

        Raises PhoneNotServed: the number is not assigned; GatewayUnreachable.
        """
        if not phonenumbers.is_valid_number(phonenumbers.parse(phone, "CN")):
            raise PhoneNotServed
        self.real.send(phone, text)


class HttpSms:
    """Any provider, or a city's own small bridge to one, that takes a message as JSON.

    POST {"phone": "13800138000", "text": "..."} to SHANSHI_SMS_URL with SHANSHI_SMS_KEY as bearer
    token. 2xx: the message is taken over; 422: none goes to this phone; any other 4xx, and 503: it was not
    sent. Every other answer, and none, leaves it open. Never tried twice: the reader would have two codes.
    """

    def __init__(self) -> None:
        if not settings.SHANSHI_SMS_URL:
            raise GatewayNotConfigured(gateway="SMS", setting="SHANSHI_SMS_URL")

    def send(self, phone: str, text: str) -> None:
        """Hand a message over for delivery.

        phone  11 digits; text: up to 500 characters

        Raises PhoneNotServed, GatewayUnreachable, OutcomeUnknown.
        """
        try:
            status = outgoing.post_json(
                settings.SHANSHI_SMS_URL, {"phone": phone, "text": text}, key=settings.SHANSHI_SMS_KEY
            ).status_code
        except (NotConnected, AddressForbidden) as error:
            raise GatewayUnreachable(gateway="SMS") from error
        except outgoing.FAILURES as error:
            raise OutcomeUnknown(gateway="SMS") from error
        if status == HTTPStatus.UNPROCESSABLE_ENTITY:
            raise PhoneNotServed
        if 400 <= status < 500 or status == HTTPStatus.SERVICE_UNAVAILABLE:
            raise GatewayUnreachable(gateway="SMS")
        if not 200 <= status < 300:
            raise OutcomeUnknown(gateway="SMS")


def gateway() -> Sms:
    """Return the gateway in use: the fake in demo, tests and bench, else the one that the settings name.

    Raises GatewayNotConfigured.
    """
    if settings.SHANSHI_FAKE_GATEWAYS:
        # By name: the gateways stand on the same floor as the foundation, and neither may see the other.
        return FakeSms(keep=import_string("shanshi.foundation.outbox.keep"))
    path: str = getattr(settings, SETTING, "")
    if not path:
        raise GatewayNotConfigured(gateway="SMS", setting=SETTING)
    return OnlyAssigned(import_string(path)())


def outbox(*, phone: str | None = None, limit: int = 50) -> list[Any]:
    """Return what the fake kept, the newest first: `phone`, `text`, `made_at`.

    phone  only messages to this phone, 11 digits
    limit  how many at most
    """
    kept: list[Any] = import_string("shanshi.foundation.outbox.messages")(phone=phone, limit=limit)
    return kept
