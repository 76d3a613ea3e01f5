"""A list of people who shall belong to an organization: what each row says, and which cells are wrong."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from shanshi.kernel.errors import N_, DomainError, Invalid
from shanshi.registry.rules.numbers import checked_number

# So long an organization whose invitation was declined does not ask the same person again.
ASKED_AGAIN_AFTER: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Typed:
    """One row as it was typed. Addresses as Excel shows them; empty for what is not there."""

    row: int
    number: str
    number_address: str
    team: str = ""
    team_address: str = ""


@dataclass(frozen=True, slots=True)
class Belonging:
    """One volunteer who shall belong to the organization, or to one of its teams."""

    row: int
    number: str
    holder_id: UUID
    team_id: UUID | None


@dataclass(frozen=True, slots=True)
class WrongCell:
    """What is wrong with one cell."""

    address: str
    error: DomainError


class NumberNeeded(Invalid):
    """The cell for the number is empty."""

    code = "registry.number_needed"
    says = N_("A volunteer number is needed here.")


class NumberInvalid(Invalid):
    """No volunteer number has this form or this check digit."""

    code = "registry.number_invalid"
    says = N_("This is no volunteer number: check its digits.")


class NumberUnknown(Invalid):
    """The number is well formed, and nobody has it."""

    code = "registry.number_unknown"
    says = N_("Nobody has this volunteer number.")


class TeamUnknown(Invalid):
    """The organization has no team of this name."""

    code = "registry.team_unknown"
    says = N_("There is no such team in this organization.")


class MemberTwice(Invalid):
    """The same person and team stand in an earlier row."""

    code = "registry.member_twice"
    says = N_("This person and team stand in row {row} already.")


class ListEmpty(Invalid):
    """The list has no rows."""

    code = "registry.list_empty"
    says = N_("The list has no rows.")
    way = N_("Write one volunteer number in each row below the headings.")


class ListChanged(DomainError):
    """What was looked at does not hold any more: somebody left, or a team was renamed."""

    code = "registry.list_changed"
    says = N_("The list has changed since you looked at it: nobody was added.")
    way = N_("Send the file again.")


def numbers_in(typed: Iterable[Typed]) -> set[str]:
    """Return the well-formed volunteer numbers of a list, as they are stored."""
    return {number for one in typed if (number := checked_number(one.number)) is not None}


def read_list(
    typed: Iterable[Typed], *, holders: Mapping[str, UUID], teams: Mapping[str, UUID]
) -> tuple[list[Belonging], list[WrongCell]]:
    """Return who shall belong, and every cell that is wrong; both in the order of the rows.

    holders  who has which number, as numbers are stored; people who are not there are left out
    teams    the organization's teams by name
    """
    named = {_plain(name): team_id for name, team_id in teams.items()}
    found: list[Belonging] = []
    wrong: list[WrongCell] = []
    rows: dict[tuple[UUID, UUID | None], int] = {}
    for one in typed:
        number = checked_number(one.number)
        holder_id = holders.get(number) if number else None
        team_id = named.get(_plain(one.team)) if one.team else None
        if holder_id is None:
            error = NumberUnknown() if number else NumberInvalid() if one.number else NumberNeeded()
            wrong.append(WrongCell(one.number_address, error))
        if one.team and team_id is None:
            wrong.append(WrongCell(one.team_address, TeamUnknown()))
        if holder_id is None or number is None or (one.team and team_id is None):
            continue
        if (earlier := rows.setdefault((holder_id, team_id), one.row)) != one.row:
            wrong.append(WrongCell(one.number_address, MemberTwice(row=earlier)))
        else:
            found.append(Belonging(one.row, number, holder_id, team_id))
    return found, wrong


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split()).casefold()
