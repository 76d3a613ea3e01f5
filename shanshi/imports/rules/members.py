"""Lists of members: people with volunteer numbers, who are invited."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from shanshi.imports.rules.cells import LeftOut, Reader, example_in, folded
from shanshi.imports.rules.columns import Column, Line
from shanshi.imports.rules.found import Found
from shanshi.imports.rules.refusals import CellEmpty, DeclinedLately, SameInRow, ThereAlready
from shanshi.kernel.errors import N_
from shanshi.registry.rules import (
    Belonging,
    NumberInvalid,
    NumberUnknown,
    TeamUnknown,
    checked_number,
)

NUMBER: Final = Column(
    "number", "Volunteer number", "志愿者编号", N_("As it stands on the person's own page."),
    sample=("(example) HZ00000000001", "（示例）HZ00000000001"), filled=True, also=("志愿者号",),
)  # fmt: skip
TEAM: Final = Column(
    "team", "Team", "服务队", N_("A team of the organization; empty for the whole organization."),
    also=("小队",),
)  # fmt: skip
NAME: Final = Column(
    "name", "Name", "姓名", N_("Only written when the list goes out; it is not read."), told=True
)
COLUMNS: Final = (NUMBER, TEAM, NAME)


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """What is there already.

    holders   who has which number, as numbers are stored
    teams     the organization's teams by name
    standing  who belongs or is invited, with the team
    declined  who declined within the last 30 days
    """

    holders: Mapping[str, UUID]
    teams: Mapping[str, UUID]
    standing: Collection[tuple[UUID, UUID | None]]
    declined: Collection[UUID]


def numbers_of(lines: Sequence[Line]) -> set[str]:
    """Return the well-formed volunteer numbers of a list, as they are stored."""
    return {number for line in lines if (number := checked_number(line.text("number"))) is not None}


def read_members(lines: Sequence[Line], facts: MemberFacts) -> Found[Belonging]:
    """Return who would be invited; both lists in the order of the rows."""
    found = Found[Belonging]()
    teams = {folded(name): team_id for name, team_id in facts.teams.items()}
    rows: dict[tuple[UUID, UUID | None], int] = {}
    for line in lines:
        if example := example_in(line, "number"):
            found.wrong.append(example)
            continue
        reader = Reader(line, found.wrong)
        holder_id = holder_of(reader, facts.holders)
        team_id = team_of(reader, teams)
        if holder_id is None or (line.text("team") and team_id is None):
            continue
        if (earlier := rows.setdefault((holder_id, team_id), line.number)) != line.number:
            found.left_out.append(LeftOut(line.number, SameInRow(row=earlier)))
        elif (holder_id, team_id) in facts.standing:
            found.left_out.append(LeftOut(line.number, ThereAlready()))
        elif holder_id in facts.declined:
            found.left_out.append(LeftOut(line.number, DeclinedLately()))
        else:
            number = checked_number(line.text("number")) or ""
            found.take(line.number, Belonging(line.number, number, holder_id, team_id))
    return found


def holder_of(reader: Reader, holders: Mapping[str, UUID]) -> UUID | None:
    """Return who has the row's number; what is wrong with it is kept.

    holders  as in `MemberFacts`
    """
    said = reader.line.text("number")
    number = checked_number(said)
    holder_id = holders.get(number) if number else None
    if holder_id is None:
        reader.blame("number", NumberUnknown() if number else NumberInvalid() if said else CellEmpty())
    return holder_id


def team_of(reader: Reader, teams: Mapping[str, UUID]) -> UUID | None:
    """Return the row's team; None for an empty cell, and for a wrong one, which is kept.

    teams  by the folded names
    """
    said = reader.line.text("team")
    team_id = teams.get(folded(said)) if said else None
    if said and team_id is None:
        reader.blame("team", TeamUnknown())
    return team_id
