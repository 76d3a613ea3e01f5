"""What a list would do, against what is there now: one question for each sort of thing, none for a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shanshi.activities import queries as activities
from shanshi.activities.queries import lists as activity_lists
from shanshi.foundation.actor import Actor
from shanshi.gateways import identity
from shanshi.imports.rules import Found, Line, ListKind
from shanshi.imports.rules import activities as activity_rules
from shanshi.imports.rules import members as member_rules
from shanshi.imports.rules import merchants as merchant_rules
from shanshi.imports.rules import offers as offer_rules
from shanshi.imports.rules import rosters as roster_rules
from shanshi.imports.rules import volunteers as volunteer_rules
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies
from shanshi.registry import queries as registry
from shanshi.registry import rules as registry_rules
from shanshi.registry.rules import ClaimKind, Purpose
from shanshi.rewards.queries import lists as street_lists

_TOLD_EVERY: Final = 250


@dataclass(frozen=True, slots=True)
class Asked:
    """What is checked: for which place, when, and what an earlier look has learnt from outside.

    place      the id of the organization, the shift or the street
    at         with a time zone
    by         who has sent it
    confirmed  by row: whether the register of identities confirms it; asked once for each row
    told       called with how many rows are done
    """

    place: UUID
    at: datetime
    by: Actor
    confirmed: dict[int, bool]
    told: Callable[[int], None]


def check(kind: ListKind, lines: Sequence[Line], asked: Asked) -> Found[Any]:
    """Return what a list would do now.

    Raises Missing: the place is gone; gateways' refusals for a list of volunteers.
    """
    return _CHECKS[kind](lines, asked)


def _members(lines: Sequence[Line], asked: Asked) -> Found[Any]:
    people = registry.with_numbers(member_rules.numbers_of(lines))
    asked.told(len(lines) // 2)
    holders = [one.holder_id for one in people.values()]
    facts = member_rules.MemberFacts(
        holders={number: one.holder_id for number, one in people.items()},
        teams=_teams(asked.place),
        standing=registry.standing(asked.place, holders),
        declined=registry.declined(asked.place, holders, at=asked.at),
    )
    return member_rules.read_members(lines, facts)


def _volunteers(lines: Sequence[Line], asked: Asked) -> Found[Any]:
    day = city_day(asked.at)
    facts = volunteer_rules.VolunteerFacts(
        on=day, values=policies.in_force("registration", day).values, teams=_teams(asked.place)
    )
    found = volunteer_rules.read_volunteers(lines, facts)
    known = _known(found)
    gateway = identity.gateway()
    for done, (row, one) in enumerate(zip(found.rows, found.new, strict=True), start=1):
        if row not in asked.confirmed:
            verdict = gateway.check(one.name, one.facts.number, one.phone)
            asked.confirmed[row] = verdict is identity.Verdict.SAME_PERSON
        if done % _TOLD_EVERY == 0:
            asked.told(done)
    known |= {row for row in found.rows if not asked.confirmed[row]}
    return volunteer_rules.without(found, known | _with_young_guardians(found, facts))


def _known(found: Found[volunteer_rules.Enrolled]) -> set[int]:
    phones = registry.claimed(ClaimKind.PHONE, {one.phone for one in found.new})
    numbers = registry.claimed(ClaimKind.ID_NUMBER, {one.facts.number for one in found.new})
    return {
        row
        for row, one in zip(found.rows, found.new, strict=True)
        if one.phone in phones or one.facts.number in numbers
    }


def _with_young_guardians(
    found: Found[volunteer_rules.Enrolled], facts: volunteer_rules.VolunteerFacts
) -> set[int]:
    """Rows whose guardian is known as a minor; told in the same words as everything that is known."""
    phones = {one.guardian[1] for one in found.new if one.guardian is not None}
    owners = registry.claimed(ClaimKind.PHONE, phones)
    people = registry.volunteers(owners.values())
    young = {
        phone
        for phone, holder_id in owners.items()
        if holder_id in people
        and registry_rules.age_on(people[holder_id].birth_on, facts.on) < facts.values["adult_age"]
    }
    pairs = zip(found.rows, found.new, strict=True)
    return {row for row, one in pairs if one.guardian is not None and one.guardian[1] in young}


def _activities(lines: Sequence[Line], asked: Asked) -> Found[Any]:
    facts = activity_rules.ActivityFacts(
        organization_id=asked.place,
        teams=_teams(asked.place),
        there=activity_lists.planned_of(asked.place),
        at=asked.at,
    )
    return activity_rules.read_activities(lines, facts)


def _roster(lines: Sequence[Line], asked: Asked) -> Found[Any]:
    shift = activities.shift(asked.place)
    people = registry.with_numbers(member_rules.numbers_of(lines))
    holders = {number: one.holder_id for number, one in people.items()}
    terms = registry.consent_text(Purpose.TERMS, city_day(asked.at)).version
    min_age, risk_kinds = activity_lists.minimums(shift.id)
    starts_on = city_day(shift.starts_at)
    about: dict[UUID, Mapping[str, Any]] = {
        one.holder_id: {
            "at": asked.at,
            "shift_starts_at": shift.starts_at,
            "age": registry_rules.age_on(one.birth_on, starts_on),
            "min_age": min_age,
            "has_guardian_consent": one.has_guardian_consent,
            "risk_kinds": risk_kinds,
        }
        for one in people.values()
    }
    facts = roster_rules.RosterFacts(
        holders=holders,
        members=set(registry.members(shift.organization_id)),
        agreed={one.holder_id for one in people.values() if one.terms == terms},
        placed=set(activity_lists.signed_up(shift.id)),
        busy=activity_lists.busy(list(about), from_at=shift.starts_at, to_at=shift.ends_at, but=shift.id),
        free=max(shift.free, 0) if shift.is_open else 0,
        about=about,
        values=policies.in_force("sign_up", city_day(asked.at)).values,
    )
    return roster_rules.read_roster(lines, facts)


def _merchants(lines: Sequence[Line], asked: Asked) -> Found[Any]:
    there = [one.name for one in street_lists.street_merchants(asked.place)]
    return merchant_rules.read_merchants(lines, there)


def _offers(lines: Sequence[Line], asked: Asked) -> Found[Any]:
    merchants = {one.name: one.id for one in street_lists.street_merchants(asked.place)}
    return offer_rules.read_offers(lines, merchants, street_lists.offers_there(asked.place))


def _teams(organization_id: UUID) -> dict[str, UUID]:
    return {team.name: team.id for team in registry.teams(organization_id)}


_CHECKS: Final[Mapping[ListKind, Callable[[Sequence[Line], Asked], Found[Any]]]] = {
    ListKind.MEMBERS: _members,
    ListKind.VOLUNTEERS: _volunteers,
    ListKind.ACTIVITIES: _activities,
    ListKind.ROSTER: _roster,
    ListKind.MERCHANTS: _merchants,
    ListKind.OFFERS: _offers,
}
