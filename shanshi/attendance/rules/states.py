"""The words of the door: what a code was, which way somebody went, how near, and how a visit stands."""

from __future__ import annotations

from enum import StrEnum


class CodeKind(StrEnum):
    """Which code was read. "case" marks a scan of the past that came with a city's case."""

    VENUE = "venue"
    DIGITS = "digits"
    PERSONAL = "personal"
    CASE = "case"


class Direction(StrEnum):
    """A check-in or a check-out."""

    IN = "in"
    OUT = "out"


class Band(StrEnum):
    """How far from the nearest position a scan says it was: evidence with a trust level, never the truth."""

    INSIDE = "inside"
    NEAR = "near"
    FAR = "far"
    UNKNOWN = "unknown"


class VisitState(StrEnum):
    """How a visit stands: inside now; checked out; never checked out, so it earns nothing; accepted.

    UNDONE  its check-in was taken back at the door: it never was a visit, and stays to be seen
    """

    OPEN = "open"
    LEFT = "left"
    FORGOTTEN = "forgotten"
    CONFIRMED = "confirmed"
    UNDONE = "undone"


class Giver(StrEnum):
    """Who evaluates a visit."""

    VOLUNTEER = "volunteer"
