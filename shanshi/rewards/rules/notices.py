"""What the room tells people: the wording of its notices."""

from __future__ import annotations

from datetime import datetime

from shanshi.kernel.errors import N_
from shanshi.notices.rules import Message


def appointment_cancelled(offer: str, merchant: str, starts_at: datetime) -> Message:
    """Return what somebody is told whose appointment at a service falls away. `starts_at`: with a zone."""
    return Message(
        template="rewards.appointment_cancelled",
        title=N_("Your appointment is cancelled"),
        text=N_("{offer} at {merchant}, {starts_at}, will not be given. Choose another time if you like."),
        facts={"offer": offer, "merchant": merchant, "starts_at": starts_at},
        url="/me/appointments",
        until=starts_at,
    )


def appointment_tomorrow(offer: str, merchant: str, starts_at: datetime) -> Message:
    """Return what somebody is told the evening before an appointment. `starts_at`: with a zone."""
    return Message(
        template="rewards.appointment_tomorrow",
        title=N_("Your appointment of tomorrow"),
        text=N_("{offer} at {merchant}, {starts_at}. If you cannot come, give the seat back."),
        facts={"offer": offer, "merchant": merchant, "starts_at": starts_at},
        url="/me/appointments",
        until=starts_at,
    )
