"""What each kind of list makes through the operations of its own room, and how that is taken back.

`made` is what is kept of it: opaque ids, each with the row that it came from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

from shanshi.activities import operations as activities
from shanshi.activities.operations import lists as activity_lists
from shanshi.activities.queries import activity_of
from shanshi.activities.queries.lists import have_signed_up
from shanshi.foundation.actor import Actor
from shanshi.imports.rules import Found, ListKind
from shanshi.imports.rules import activities as activity_rules
from shanshi.imports.rules import merchants as merchant_rules
from shanshi.imports.rules import offers as offer_rules
from shanshi.imports.rules import volunteers as volunteer_rules
from shanshi.imports.rules.cells import LeftOut, moment
from shanshi.imports.rules.refusals import (
    AnswersWaited,
    HasBegun,
    InUse,
    ShiftOver,
    WorkedOn,
)
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.registry import operations as registry
from shanshi.registry.rules import Belonging, ListChanged
from shanshi.rewards import operations as rewards
from shanshi.rewards.operations import lists as street_lists

SOURCE: Final = "list"


@dataclass(frozen=True, slots=True)
class Making:
    """For which place a list is taken or undone, by whom and when.

    place  "organization:<uuid>", "shift:<uuid>", "street:<uuid>"
    at     with a time zone
    told   called with how many are done
    """

    place: str
    by: Actor
    at: datetime
    told: Callable[[int], None]

    @property
    def id(self) -> UUID:
        """The place's id alone."""
        return UUID(self.place.partition(":")[2])


Made = list[tuple[str, int]]


def make(kind: ListKind, found: Found[Any], making: Making) -> Made:
    """Make what was found new in a list, all or none; return the ids of what was made, each with its row.

    Raises what the operations of the list's room refuse; then nothing was made.
    """
    ids = _MAKES[kind](found, making)
    return [(str(one), row) for one, row in zip(ids, found.rows, strict=True)]


def unmake(kind: ListKind, made: Made, making: Making) -> list[LeftOut]:
    """Take back what a list has made, as far as nothing depends on it; return the rows that stay, and why."""
    ids = [UUID(one) for one, _ in made]
    gone, why = _UNMAKES[kind](ids, making)
    return [LeftOut(row, why()) for one, row in made if UUID(one) not in gone]


def _invite(found: Found[Belonging], making: Making) -> list[UUID]:
    invited = registry.invite_members(making.id, found.new, by=making.by, at=making.at)
    if len(invited) < len(found.new):
        raise ListChanged  # somebody else invited one of them at this very moment
    return invited


def _uninvite(ids: list[UUID], making: Making) -> tuple[set[UUID], type[DomainError]]:
    gone = registry.uninvite_many(ids, organization_id=making.id, by=making.by, at=making.at)
    return gone, AnswersWaited


def _enroll(found: Found[volunteer_rules.Enrolled], making: Making) -> list[UUID]:
    rows = [
        registry.Enrolment(
            real_name=one.name,
            id_number=one.facts.number,
            phone=one.phone,
            residence_code=one.residence,
            team_id=one.team_id,
            guardian=one.guardian,
            guardian_agreed_at=moment(one.guardian_agreed_on, time(), CITY_ZONE)
            if one.guardian_agreed_on is not None
            else None,
        )
        for one in found.new
    ]
    return registry.enroll_many(rows, making.id, by=making.by, at=making.at, told=making.told)


def _unenroll(ids: list[UUID], making: Making) -> tuple[set[UUID], type[DomainError]]:
    stay = registry.unenroll_many(ids, making.id, keep=have_signed_up(ids), by=making.by, at=making.at)
    return set(ids) - stay, HasBegun


def _draft(found: Found[activity_rules.Planned], making: Making) -> list[UUID]:
    rows = [(one.draft, one.shifts) for one in found.new]
    return activity_lists.draft_many(
        rows, place=making.place, by=making.by, at=making.at, source=SOURCE, told=making.told
    )


def _undraft(ids: list[UUID], making: Making) -> tuple[set[UUID], type[DomainError]]:
    return activity_lists.undraft_many(ids, place=making.place, by=making.by, at=making.at), WorkedOn


def _place(found: Found[UUID], making: Making) -> list[UUID]:
    activity_lists.wait_for(found.new)
    activities.place_many(
        activity_of(making.id), making.id, found.new, by=making.by, at=making.at, source=SOURCE
    )
    activity_lists.note_placed(making.id, len(found.new), by=making.by, at=making.at)
    return found.new


def _displace(ids: list[UUID], making: Making) -> tuple[set[UUID], type[DomainError]]:
    return activity_lists.displace_many(making.id, ids, by=making.by, at=making.at), ShiftOver


def _add_merchants(found: Found[merchant_rules.MerchantLine], making: Making) -> list[UUID]:
    rows = [
        rewards.MerchantRow(
            street_id=making.id,
            name=one.name,
            name_en=one.name_en,
            trade=one.trade,
            address=one.address,
            phone=one.phone,
            latitude=one.latitude,
            longitude=one.longitude,
            joined_on=one.joined_on,
            left_on=one.left_on,
        )
        for one in found.new
    ]
    return rewards.add_merchants(rows, by=making.by, at=making.at, source=SOURCE)


def _remove_merchants(ids: list[UUID], making: Making) -> tuple[set[UUID], type[DomainError]]:
    return street_lists.remove_merchants(ids, place=making.place, by=making.by, at=making.at), InUse


def _add_offers(found: Found[offer_rules.OfferLine], making: Making) -> list[UUID]:
    rows = [
        rewards.OfferRow(
            merchant_id=one.merchant_id,
            title=one.title,
            title_en=one.title_en,
            says=one.says,
            kind=one.kind,
            price_coin_units=one.price_coin_units,
            stock=one.stock,
            per_person=one.per_person,
            from_on=one.from_on,
            to_on=one.to_on,
            weekdays=one.weekdays,
            is_for_residents=one.is_for_residents,
        )
        for one in found.new
    ]
    return rewards.add_offers(rows, by=making.by, at=making.at, source=SOURCE)


def _remove_offers(ids: list[UUID], making: Making) -> tuple[set[UUID], type[DomainError]]:
    return street_lists.remove_offers(ids, place=making.place, by=making.by, at=making.at), InUse


_MAKES: Final[Mapping[ListKind, Callable[[Any, Making], list[UUID]]]] = {
    ListKind.MEMBERS: _invite,
    ListKind.VOLUNTEERS: _enroll,
    ListKind.ACTIVITIES: _draft,
    ListKind.ROSTER: _place,
    ListKind.MERCHANTS: _add_merchants,
    ListKind.OFFERS: _add_offers,
}
_UNMAKES: Final[Mapping[ListKind, Callable[[list[UUID], Making], tuple[set[UUID], type[DomainError]]]]] = {
    ListKind.MEMBERS: _uninvite,
    ListKind.VOLUNTEERS: _unenroll,
    ListKind.ACTIVITIES: _undraft,
    ListKind.ROSTER: _displace,
    ListKind.MERCHANTS: _remove_merchants,
    ListKind.OFFERS: _remove_offers,
}
