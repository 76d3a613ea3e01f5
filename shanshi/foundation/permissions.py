"""Permissions: one value for each thing and verb, from which both the decision and its table are made.

A room's `access` states its permissions as values of this class and decides by them alone; a door names
those that it asks. `docs/reference/access.md` is written from the same values, and a test walks every door
with every role and compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from shanshi.foundation.actor import CITY, Actor, Grant, Role, SecondFactorNeeded
from shanshi.kernel.errors import DomainError, Forbidden

Door = TypeVar("Door", bound=Callable[..., Any])


class Reach(StrEnum):
    """Where a role must be held to allow something.

    HERE   at the thing's own place or at any place above it
    ABOVE  at a place above it, never at its own: nobody reviews the own body's work
    """

    HERE = "here"
    ABOVE = "above"


class Who(StrEnum):
    """Who may do something without any role."""

    EVERYBODY = "everybody"
    SIGNED_IN = "signed in"
    VOLUNTEER = "volunteer"
    SELF = "oneself"
    GUARDIAN = "guardian"


@dataclass(frozen=True, eq=False)
class Permission:
    """Who may do what to which things.

    thing  in the words of the glossary, for example "shift"
    verb   for example "confirm"
    who    people who may without a role
    roles  roles that may, and where they must be held
    note   what else must hold, in one English sentence
    """

    thing: str
    verb: str
    who: frozenset[Who] = frozenset()
    roles: Mapping[Role, Reach] = field(default_factory=dict)
    note: str = ""

    def by_role(self, actor: Actor, lineage: Iterable[str]) -> bool:
        """Whether one of the roles that the actor holds now allows it; those withheld do not count.

        lineage  the place of the thing and all places above it, the lowest first; empty for the city's things
        """
        return self._allowed(actor.grants, lineage)

    def places(self, actor: Actor) -> tuple[str, ...]:
        """Return the places at which the actor holds a role of this permission."""
        return actor.places(*self.roles)

    def check(self, actor: Actor, lineage: Iterable[str] = ()) -> None:
        """Return nothing: a role of the actor allows it.

        lineage  as in `by_role`

        Raises SignInNeeded, Forbidden; SecondFactorNeeded, a Forbidden: a role that is withheld would do.
        """
        actor.known()
        above = tuple(lineage)
        if not self.by_role(actor, above):
            raise self.refusal(actor, above)

    def somewhere(self, actor: Actor) -> tuple[str, ...]:
        """Return the places at which the actor holds a role of this permission, at least one.

        Raises as `check`.
        """
        actor.known()
        found = self.places(actor)
        if not found:
            withheld = any(grant.role in self.roles for grant in actor.withheld)
            raise SecondFactorNeeded if withheld else Forbidden
        return found

    def refusal(
        self, actor: Actor, lineage: Iterable[str], otherwise: DomainError | None = None
    ) -> DomainError:
        """Return why no role of the actor allows it: one is withheld, or there is none.

        lineage    as in `by_role`
        otherwise  what to say if there is none; Forbidden if nothing else is said
        """
        return SecondFactorNeeded() if self._allowed(actor.withheld, lineage) else otherwise or Forbidden()

    def _allowed(self, grants: Iterable[Grant], lineage: Iterable[str]) -> bool:
        here = [*lineage]
        above = {*here[1:], CITY}
        for grant in grants:
            reach = self.roles.get(grant.role)
            if reach is not None and (grant.place in above or (reach is Reach.HERE and grant.place in here)):
                return True
        return False


def asks(*permissions: Permission) -> Callable[[Door], Door]:
    """Say at a door which permissions open it, any of them; the door asks them through its room's access."""

    def mark(door: Door) -> Door:
        door.asks = permissions  # type: ignore[attr-defined]
        return door

    return mark
