"""Text messages that nobody asked for: only to who agreed to them, or where an account must be kept safe."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

from django.utils.translation import gettext

from shanshi.gateways import sms
from shanshi.kernel.errors import N_, DomainError
from shanshi.notices.operations import tell
from shanshi.registry.queries import people
from shanshi.registry.rules import PersonUnknown, Purpose

__all__ = ["GUARDIAN_WITHDREW_TEXT", "MOVED_TEXT", "RESET_TEXT", "notify", "tell", "warn"]

MOVED_TEXT = N_(
    "[Shanshi] Your account was moved to another phone. If it was not you, come to a station with your ID"
    " card."
)
RESET_TEXT = N_(
    "[Shanshi] The second step of your account was reset by two people of your office, and everything was"
    " signed out. If you did not ask for it, tell your office at once."
)
GUARDIAN_WITHDREW_TEXT = N_(
    "[Shanshi] Your guardian has withdrawn the consent to your volunteering. Your places on shifts went back."
)


def notify(person_id: UUID, text: str) -> bool:
    """Send a text message to a person who agreed to such messages; return whether it was sent.

    text  an English sentence for the translators, without personal data

    Nothing is refused: a message that cannot be sent must not undo what it tells of. Call it after the
    transaction, since a gateway may take its time.
    """
    try:
        holder_id = people.holder_of(person_id)
    except PersonUnknown:
        return False
    phone = people.phone_of(person_id)
    if phone is None or not people.consented([holder_id], Purpose.NOTICES):
        return False
    return warn(phone, text)


def warn(phone: str, text: str) -> bool:
    """Send a text message that keeps an account safe, asked for or not; return whether it was sent.

    phone  11 digits
    text   as in `notify`
    """
    with suppress(DomainError):
        sms.gateway().send(phone, gettext(text))
        return True
    return False
