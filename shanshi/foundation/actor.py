"""Who asks: a plain value built once per request, so that a low room can decide without the registry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import UUID

from shanshi.kernel.errors import N_, Forbidden, SignInNeeded, VolunteersOnly
from shanshi.kernel.ids import id_of

CITY: Final = "city"


class SecondFactorNeeded(Forbidden):
    """A role would allow this, and it does not hold yet: only one factor was shown, or the token lacks it."""

    code = "foundation.second_factor_needed"
    says = N_("Your role holds only after a second step of signing in.")
    way = N_("Confirm with a passkey or a one-time code; a token needs the scope staff.")


class Role(StrEnum):
    """The roles of staff. Each holds at a place and at everything below that place.

    CITY_STAFF      the city's League staff; at "city"
    DIVISION_STAFF  the office of a district or a subdistrict; at "division:<code>"
    REVIEWER        reviews what bodies below publish; at an organization or a division
    MANAGER         runs an organization and the bodies below it, or a shop; at "organization:<uuid>",
                    "merchant:<uuid>"
    LEADER          plans and runs shifts; at an organization, a team or one shift
    CASHIER         stands at a till; at "merchant:<uuid>"
    BANK_CLERK      asks for what a volunteer consented to show a bank; at the bank's "organization:<uuid>"
    AUDITOR         reads books and trails, never identities; at "city"
    """

    CITY_STAFF = "city_staff"
    DIVISION_STAFF = "division_staff"
    REVIEWER = "reviewer"
    MANAGER = "manager"
    LEADER = "leader"
    CASHIER = "cashier"
    BANK_CLERK = "bank_clerk"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True)
class Grant:
    """One role at one place, written "organization:<uuid>", "merchant:<uuid>", "shift:<uuid>" or "city"."""

    role: Role
    place: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A person (or a job of the system) with the roles held at this moment.

    person_id  the person who is signed in; None for a visitor
    holder_id  the opaque holder of hours and coins, if the person is a volunteer
    grants     roles and their places, as far as they hold in this session or with this token
    withheld   roles that the person has and that do not hold here: the second factor was not shown, or the
               token was not made for them
    unmasks    whether identities may be unmasked here; not with a token that was not made for it
    """

    person_id: UUID | None = None
    holder_id: UUID | None = None
    grants: tuple[Grant, ...] = ()
    withheld: tuple[Grant, ...] = ()
    unmasks: bool = True

    @property
    def is_known(self) -> bool:
        """Whether somebody is signed in."""
        return self.person_id is not None

    def holds(self, role: Role, lineage: Iterable[str]) -> bool:
        """Whether the actor has the role at one of the places.

        lineage  the place of a thing and all places above it, in any order
        """
        places = {*lineage, CITY}
        return any(grant.role == role and grant.place in places for grant in self.grants)

    def places(self, *roles: Role) -> tuple[str, ...]:
        """The places at which the actor has one of the roles."""
        return tuple(grant.place for grant in self.grants if grant.role in roles)

    def without_roles(self) -> Actor:
        """Return the same person, whose roles do not hold for now."""
        return replace(self, grants=(), withheld=self.withheld + self.grants)

    def without_names(self) -> Actor:
        """Return the same person, who unmasks nobody for now."""
        return replace(self, unmasks=False)

    def known(self) -> UUID:
        """Return the person's id.

        Raises SignInNeeded: nobody is signed in.
        """
        if self.person_id is None:
            raise SignInNeeded
        return self.person_id

    def volunteer(self) -> UUID:
        """Return the holder id of the volunteer who asks.

        Raises SignInNeeded: nobody is signed in. VolunteersOnly, a Forbidden: the person is not registered.
        """
        self.known()
        if self.holder_id is None:
            raise VolunteersOnly
        return self.holder_id


VISITOR = Actor()


def system(job: str) -> Actor:
    """Return the actor for a job of the system itself.

    job  its name, for example "ledger.release"
    """
    return Actor(person_id=id_of("system", job))
