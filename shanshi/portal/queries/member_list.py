"""A list of members that somebody sent: what it would do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shanshi.registry import queries, rules
from shanshi.registry.queries import VolunteerFacts
from shanshi.registry.rules.belonging import Belonging, Typed, WrongCell


@dataclass(frozen=True, slots=True)
class ListLine:
    """One row: who it is, the team, whether the membership or invitation stands, or was declined lately."""

    belonging: Belonging
    volunteer: VolunteerFacts
    team: str
    stands: bool
    declined: bool


@dataclass(frozen=True, slots=True)
class MemberList:
    """What the list would do, and every cell that is wrong; with one wrong cell it does nothing."""

    lines: tuple[ListLine, ...]
    wrong: tuple[WrongCell, ...]

    @property
    def new(self) -> int:
        """How many invitations would go out."""
        return sum(not line.stands and not line.declined for line in self.lines)

    @property
    def members(self) -> list[Belonging]:
        """Who shall belong."""
        return [line.belonging for line in self.lines]


def member_list(organization_id: UUID, typed: Sequence[Typed], *, at: datetime) -> MemberList:
    """Return what a list would do to an organization.

    at  with a time zone
    """
    people = queries.with_numbers(rules.numbers_in(typed))
    teams = {team.name: team.id for team in queries.teams(organization_id)}
    holders = {number: volunteer.holder_id for number, volunteer in people.items()}
    found, wrong = rules.read_list(typed, holders=holders, teams=teams)
    before = queries.standing(organization_id, [one.holder_id for one in found])
    declined = queries.declined(organization_id, [one.holder_id for one in found], at=at)
    names = {team_id: name for name, team_id in teams.items()}
    return MemberList(
        tuple(
            ListLine(
                belonging=one,
                volunteer=people[one.number],
                team=names[one.team_id] if one.team_id else "",
                stands=(one.holder_id, one.team_id) in before,
                declined=one.holder_id in declined,
            )
            for one in found
        ),
        tuple(wrong),
    )
