"""A list of members that somebody sent: what it would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shanshi.registry import queries, rules
from shanshi.registry.queries import VolunteerFacts
from shanshi.registry.rules.belonging import Belonging, Typed, WrongCell


@dataclass(frozen=True, slots=True)
class ListLine:
    """One row: who it is, the team, and whether the membership stands already."""

    belonging: Belonging
    volunteer: VolunteerFacts
    team: str
    stands: bool


@dataclass(frozen=True, slots=True)
class MemberList:
    """What the list would do, and every cell that is wrong; with one wrong cell it does nothing."""

    lines: tuple[ListLine, ...]
    wrong: tuple[WrongCell, ...]

    @property
    def new(self) -> int:
        """How many memberships are new."""
        return sum(not line.stands for line in self.lines)

    @property
    def members(self) -> list[Belonging]:
        """Who shall belong."""
        return [line.belonging for line in self.lines]


def member_list(organization_id: UUID, typed: Sequence[Typed]) -> MemberList:
    """Return what a list would do to an organization."""
    people = queries.with_numbers(rules.numbers_in(typed))
    teams = {team.name: team.id for team in queries.teams(organization_id)}
    holders = {number: volunteer.holder_id for number, volunteer in people.items()}
    found, wrong = rules.read_list(typed, holders=holders, teams=teams)
    before = queries.standing(organization_id, [one.holder_id for one in found])
    names = {team_id: name for name, team_id in teams.items()}
    return MemberList(
        tuple(
            ListLine(
                belonging=one,
                volunteer=people[one.number],
                team=names[one.team_id] if one.team_id else "",
                stands=(one.holder_id, one.team_id) in before,
            )
            for one in found
        ),
        tuple(wrong),
    )
