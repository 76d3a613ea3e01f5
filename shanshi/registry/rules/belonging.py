"""People who shall belong to an organization, and what can be wrong with a list of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from shanshi.kernel.errors import N_, DomainError, Invalid

# So long an organization whose invitation was declined does not ask the same person again.
ASKED_AGAIN_AFTER: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Belonging:
    """One volunteer who shall belong to the organization, or to one of its teams."""

    row: int
    number: str
    holder_id: UUID
    team_id: UUID | None


class NumberInvalid(Invalid):
    """No volunteer number has this form or this check digit."""

    code = "registry.number_invalid"
    says = N_("This is no volunteer number: check its digits.")
    way = N_("It stands on the person's own page.")


class NumberUnknown(Invalid):
    """The number is well formed, and nobody has it."""

    code = "registry.number_unknown"
    says = N_("Nobody has this volunteer number.")
    way = N_("It stands on the person's own page.")


class TeamUnknown(Invalid):
    """The organization has no team of this name."""

    code = "registry.team_unknown"
    says = N_("There is no such team in this organization.")
    way = N_("Write the team's name as the organization's page has it, or leave the cell empty.")


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
