"""The words of the room: kinds of activity, kinds of risk, states."""

from __future__ import annotations

from enum import StrEnum


class ActivityKind(StrEnum):
    """What an activity is. Only service earns minutes."""

    SERVICE = "service"
    CEREMONY = "ceremony"
    TRAINING = "training"
    DRIVE = "drive"


class RiskKind(StrEnum):
    """What may happen to the people who take part. The publication policy says which of them need what."""

    DANGER = "danger"
    RESCUE = "rescue"
    TRAFFIC = "traffic"
    WATER = "water"
    HEIGHT = "height"
    CROWD = "crowd"
    WEATHER = "weather"
    INFECTION = "infection"


class ActivityState(StrEnum):
    """Where an activity stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    CLOSED = "closed"


class SignUpState(StrEnum):
    """Where a sign-up stands. An offered place is held for somebody of the waiting list until a deadline."""

    PLACED = "placed"
    WAITING = "waiting"
    OFFERED = "offered"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"


LIVE = frozenset({SignUpState.PLACED, SignUpState.WAITING, SignUpState.OFFERED})
HOLDS_A_PLACE = frozenset({SignUpState.PLACED, SignUpState.OFFERED})
