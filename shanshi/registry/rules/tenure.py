"""From when to when a role is held, and which roles need two people. Plain Python: no tables, no clock."""

from __future__ import annotations

from datetime import date
from typing import Final

from shanshi.foundation.actor import Role
from shanshi.registry.rules.refusals import RoleInvalid

# Power over the whole city, and over its trail, is never one person's gift.
BY_TWO: Final = frozenset({Role.CITY_STAFF, Role.AUDITOR})
LONGEST_REASON: Final = 500


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
