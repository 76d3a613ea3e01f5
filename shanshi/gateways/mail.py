"""E-mail. A setting names the real gateway, mostly SMTP; the fake keeps messages for the demo to show."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from contextlib import suppress
from email.utils import make_msgid, parseaddr
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.utils.module_loading import import_string

from shanshi.gateways import addresses
from shanshi.gateways.refusals import (
    GatewayNotConfigured,
    GatewayUnreachable,
    MailboxNotServed,
    OutcomeUnknown,
)

# Names that nobody can have (RFC 2606, RFC 6761).
FAKE_ENDINGS = (".example", ".test", ".invalid")
SETTING = "SHANSHI_MAIL_GATEWAY"
_FOR_GOOD = 500


class Mail(Protocol):
    """What every gateway for e-mail does."""

    def send(self, address: str, subject: str, text: str) -> None:
        """Hand a message over for delivery.

        address  of one mailbox
        subject  one line; text: plain, in the reader's language

        Raises MailboxNotServed; GatewayUnreachable: it was not sent; OutcomeUnknown, a GatewayUnreachable:
        perhaps it was.
        """


class FakeMail:
    """Keeps messages instead of sending them; serves only addresses that nobody can have."""

    def __init__(self, keep: Callable[[str, str], None]) -> None:
        self.keep = keep

    def send(self, address: str, subject: str, text: str) -> None:
        """Keep the message.

        address  ends in .example, .test or .invalid

        Raises MailboxNotServed: it could be the mailbox of a real person.
        """
        if not address.lower().endswith(FAKE_ENDINGS):
            raise MailboxNotServed
        self.keep(address, f"{one_line(subject)}\n\n{text}")


class SmtpMail:
    """A mail server, by Django's own backend and the settings SHANSHI_SMTP_* and SHANSHI_MAIL_FROM.

    Until the server has the whole text, nothing was sent; without its answer to the text, nobody knows.
    """

    def __init__(self) -> None:
        for setting in ("EMAIL_HOST", "DEFAULT_FROM_EMAIL"):
            if not getattr(settings, setting):
                name = "SHANSHI_SMTP_HOST" if setting == "EMAIL_HOST" else "SHANSHI_MAIL_FROM"
                raise GatewayNotConfigured(gateway="e-mail", setting=name)

    def send(self, address: str, subject: str, text: str) -> None:
        """Hand a message over to the server.

        address  of one mailbox; subject: one line; text: plain

        Raises AddressForbidden; MailboxNotServed, GatewayUnreachable, OutcomeUnknown.
        """
        addresses.resolved(
            settings.EMAIL_HOST, settings.EMAIL_PORT, internal=settings.SHANSHI_OUTGOING_INTERNAL
        )
        message = EmailMessage(one_line(subject), text, settings.DEFAULT_FROM_EMAIL, [address])
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        message.extra_headers["Message-ID"] = make_msgid(domain=sender.partition("@")[2] or None)
        # Whoever is away answers no machine.
        message.extra_headers["Auto-Submitted"] = "auto-generated"
        connection = EmailBackend()
        try:
            connection.open()
            if connection.connection is not None:
                connection.connection.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            raise GatewayUnreachable(gateway="e-mail") from error
        try:
            connection.send_messages([message])
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            if any(code >= _FOR_GOOD for code in codes):
                raise MailboxNotServed from error
            raise GatewayUnreachable(gateway="e-mail") from error
        except smtplib.SMTPResponseException as error:
            # The server has answered, and its answer is no.
            raise GatewayUnreachable(gateway="e-mail") from error
        except (OSError, smtplib.SMTPException) as error:
            raise OutcomeUnknown(gateway="e-mail") from error
        finally:
            with suppress(OSError, smtplib.SMTPException):
                connection.close()


def one_line(text: str) -> str:
    """Return a text without line breaks, of which a head line could be made into two."""
    return " ".join(text.split())


def gateway() -> Mail:
    """Return the gateway in use: the fake in demo, tests and bench, else the one that the settings name.

    Raises GatewayNotConfigured.
    """
    if settings.SHANSHI_FAKE_GATEWAYS:
        # By name, as in gateways.sms.
        return FakeMail(keep=import_string("shanshi.foundation.outbox.keep"))
    path: str = getattr(settings, SETTING, "")
    if not path:
        raise GatewayNotConfigured(gateway="e-mail", setting=SETTING)
    real: Mail = import_string(path)()
    return real
