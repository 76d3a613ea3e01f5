"""The words of the room: kinds of offers, ways and states of redemptions."""

from __future__ import annotations

from enum import StrEnum


class OfferKind(StrEnum):
    """What sort of thing an offer gives."""

    DISCOUNT = "discount"
    GOODS = "goods"
    SERVICE = "service"
    LESSON = "lesson"


# What a merchant may give as volunteer service, by an activity of its own.
SERVICES = frozenset({OfferKind.SERVICE, OfferKind.LESSON})


class Way(StrEnum):
    """How a redemption came about: the merchant scanned the volunteer's code, or the other way round."""

    CODE = "code"
    TILL = "till"
    RECORD = "record"


class State(StrEnum):
    """Where a redemption stands."""

    RESERVED = "reserved"
    FULFILLED = "fulfilled"
    VOIDED = "voided"
    EXPIRED = "expired"


class AppointmentState(StrEnum):
    """Where an appointment at a merchant's volunteer service stands: made, given up, or served."""

    MADE = "made"
    CANCELLED = "cancelled"
    SERVED = "served"
