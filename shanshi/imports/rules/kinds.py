"""The words of the room: what lists are about, and where a list stands."""

from __future__ import annotations

from enum import StrEnum


class ListKind(StrEnum):
    """What the rows of a list are."""

    MEMBERS = "members"
    VOLUNTEERS = "volunteers"
    ACTIVITIES = "activities"
    ROSTER = "roster"
    MERCHANTS = "merchants"
    OFFERS = "offers"


class ListState(StrEnum):
    """Where a list stands. What somebody works on now ends in -ing."""

    CHECKING = "checking"
    CHECKED = "checked"
    TAKING = "taking"
    TAKEN = "taken"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


WORKING = frozenset({ListState.CHECKING, ListState.TAKING, ListState.UNDOING})
