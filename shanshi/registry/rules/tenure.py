"""From when to when a role is held, and which roles need two people. Plain Python: no tables, no clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from shanshi.foundation.actor import CITY, Role
from shanshi.places.rules import DivisionKind
from shanshi.registry.rules.refusals import RoleInvalid

# Power over the whole city, and over its trail, is never one person's gift; nor is any role at a place beside
# which nothing of the city is left out (`is_next_to_city`).
BY_TWO: Final = frozenset({Role.CITY_STAFF, Role.AUDITOR})
LONGEST_REASON: Final = 500


def is_next_to_city(place: str, lineage: Sequence[str], *, kind: str = "") -> bool:
    """Whether nothing stands between a place and the city: its own division, or a body directly under that.

    place    as `check_place_name` takes it; a team, a shift or a merchant is a part of a body and never is
    lineage  the place and all above it
    kind     of a division, if it is known
    """
    sort = place.partition(":")[0]
    above = [one for one in lineage if one not in {place, CITY}]
    if sort == "division":
        return kind == DivisionKind.CITY if kind else not above
    return sort == "organization" and len(above) <= 1 and all(one.startswith("division:") for one in above)


def checked_role_reason(reason: str) -> str:
    """Return a reason without spaces around it.

    Raises RoleInvalid: none, or longer than 500 characters.
    """
    why = reason.strip()
    if not why or "\x00" in why:
        raise RoleInvalid(what="no reason")
    if len(why) > LONGEST_REASON:
        raise RoleInvalid(what="the reason is too long")
    return why


def check_days(from_on: date, to_on: date | None, *, today: date) -> None:
    """Return nothing: a new role may be held for these days.

    from_on, to_on  first and last day in the city; without a last day, until it is ended
    today           in the city

    Raises RoleInvalid: it begins in the past, or ends before it begins.
    """
    if from_on < today:
        raise RoleInvalid(what="begins in the past")
    _check_order(from_on, to_on)


def check_new_days(from_on: date, to_on: date | None, *, began_on: date, today: date) -> None:
    """Return nothing: a role that is held from `began_on` may be held for these days instead.

    Raises RoleInvalid: it has begun and would begin on another day; begins or ends in the past; ends before
    it begins.
    """
    if from_on != began_on and (began_on <= today or from_on < today):
        raise RoleInvalid(what="the first day is over")
    if to_on is not None and to_on < today:
        raise RoleInvalid(what="ends in the past")
    _check_order(from_on, to_on)


def _check_order(from_on: date, to_on: date | None) -> None:
    if to_on is not None and to_on < from_on:
        raise RoleInvalid(what="ends before it begins")
