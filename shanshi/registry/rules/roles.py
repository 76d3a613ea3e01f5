"""Which role can be held where. Who gives it stands in `access`. Plain Python: no tables, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shanshi.foundation.actor import Role
from shanshi.places.rules import DISTRICT_KINDS, DivisionKind
from shanshi.registry.rules.refusals import RoleInvalid
from shanshi.registry.rules.words import OrganizationKind

# Sorts of places, as they stand before the colon of a place's name.
FITS: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.CITY_STAFF: ("city",),
    Role.DIVISION_STAFF: ("division",),
    Role.REVIEWER: ("division", "organization"),
    Role.MANAGER: ("organization", "merchant"),
    Role.LEADER: ("organization", "team", "shift"),
    Role.CASHIER: ("merchant",),
    Role.BANK_CLERK: ("organization",),
    Role.AUDITOR: ("city",),
}
# Of these sorts, only some kinds: the office of a district is none of the whole city's.
KINDS: Final[Mapping[Role, tuple[str, ...]]] = {
    Role.DIVISION_STAFF: (*DISTRICT_KINDS, DivisionKind.SUBDISTRICT, DivisionKind.TOWN),
    Role.BANK_CLERK: (OrganizationKind.BANK,),
}


def check_role_fits(role: Role, place: str, *, kind: str = "") -> None:
    """Return nothing: this role can be held at this place.

    place  as `check_place_name` takes it
    kind   what the place itself is, an organization's or a division's kind; empty if that is not known yet

    Raises RoleInvalid: not at this sort of place, or not at a place of this kind.
    """
    sort = place.partition(":")[0]
    if sort not in FITS[role]:
        raise RoleInvalid(what=f"{role.value} is held at {' or '.join(FITS[role])}, not at {sort[:20]!r}")
    kinds = KINDS.get(role, ())
    if kind and kinds and kind not in kinds:
        raise RoleInvalid(what=f"{role.value} is held at {' or '.join(kinds)}, not at {kind[:20]!r}")


def roles_that_fit(place: str, *, kind: str = "") -> tuple[Role, ...]:
    """Return the roles that can be held at a place, in the order in which they are written down.

    place, kind  as in `check_role_fits`
    """
    sort = place.partition(":")[0]
    return tuple(
        role for role in Role if sort in FITS[role] and (not kind or kind in KINDS.get(role, (kind,)))
    )
