"""Telling people. What is put on lists goes out by a job; a code or a last warning goes at once."""

from __future__ import annotations

from contextlib import suppress

from django.utils.translation import gettext

from shanshi.gateways import sms
from shanshi.kernel.errors import N_, DomainError
from shanshi.notices.operations import tell, tell_each

__all__ = ["MOVED_TEXT", "tell", "tell_each", "warn"]

MOVED_TEXT = N_(
    "[Shanshi] Your account was moved to another phone. If it was not you, come to a station with your ID"
    " card."
)


def warn(phone: str, text: str) -> bool:
    """Send a text message to a phone that is nobody's any more, and return whether it was sent.

    phone  11 digits: the one that an account was moved away from; whoever has one is told by `tell`
    text   an English sentence for the translators, without personal data

    Nothing is refused: a message that cannot be sent must not undo what it tells of. Call it after the
    transaction, since a gateway may take its time.
    """
    with suppress(DomainError):
        sms.gateway().send(phone, gettext(text))
        return True
    return False
