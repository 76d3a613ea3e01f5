"""Guardians and their minors. A guardian is known by the phone that proved the consent, by nothing else.

A number may be given to somebody else: whoever got it after the consent first shows to know the minor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shanshi.foundation import crypto
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies
from shanshi.registry import models, rules
from shanshi.registry.queries import people


@dataclass(frozen=True, slots=True)
class WardFacts:
    """A minor, as the guardian sees one.

    age             full years on the day that was asked about
    withdrawn_at    when the guardian withdrew; None while the consent stands
    is_child        below 14: the guardian decides everything
    is_accompanied  below the age at which a child comes only together with an adult
    signs_in        whether the minor has a phone of their own and so an own way in
    """

    person_id: UUID
    holder_id: UUID
    number: str
    masked_name: str
    birth_on: date
    age: int
    relation: str
    consented_at: datetime
    withdrawn_at: datetime | None
    is_child: bool
    is_accompanied: bool
    signs_in: bool

    @property
    def is_open(self) -> bool:
        """Whether the consent stands, so that the guardian sees more than the way back."""
        return self.withdrawn_at is None


def wards(person_id: UUID, *, at: datetime) -> list[WardFacts]:
    """Return the minors of a guardian who is signed in, the youngest last; none that came of age.

    at  with a time zone; ages count on that day in the city

    Found by the phone of the guardian's own account, which a code has proved. Those are left out whom this
    person has first to show to know: `unconfirmed_wards`.
    """
    facts = [ward for ward, is_known in _found(person_id, at) if is_known]
    return sorted(facts, key=lambda ward: (ward.birth_on, ward.number))


def unconfirmed_wards(person_id: UUID, *, at: datetime) -> list[UUID]:
    """Return the minors, by holder, whose guardian's phone came to this person after the consent.

    at  as in `wards`

    Nothing of them may be told until `operations.confirm_ward`.
    """
    return sorted(ward.holder_id for ward, is_known in _found(person_id, at) if not is_known)


def guarded(person_id: UUID, *, at: datetime) -> frozenset[UUID]:
    """Return the minors, by holder, of both sorts: `wards` and `unconfirmed_wards`.

    at  as in `wards`
    """
    return frozenset(ward.holder_id for ward, _ in _found(person_id, at))


def reached_alone(person_id: UUID, *, at: datetime) -> list[WardFacts]:
    """Return the minors without a phone of their own, whom nobody would reach without this guardian.

    at  as in `wards`
    """
    return [ward for ward in wards(person_id, at=at) if not ward.signs_in]


def _found(person_id: UUID, at: datetime) -> list[tuple[WardFacts, bool]]:
    """Each minor of a guardian's phone, and whether the person who has it now is known to be the guardian."""
    phone = people.phone_of(person_id)
    if phone is None:
        return []
    latest: dict[UUID, models.Guardian] = {}
    indexes = crypto.blind_indexes("guardian_phone", phone)
    # One that stands goes before one that was withdrawn, and a later one before an earlier one.
    for row in models.Guardian.objects.filter(phone_index__in=indexes).order_by("consented_at", "pk"):
        before = latest.get(row.holder_id)
        if before is None or before.withdrawn_at is not None:
            latest[row.holder_id] = row
    if not latest:
        return []
    since = has_phone_since(person_id, phone)
    standing = _with_another(latest)
    found = people.volunteers(holder_id for holder_id in latest if holder_id not in standing)
    signing_in = set(
        models.Person.objects.filter(holder_id__in=found, phone__isnull=False).values_list(
            "holder_id", flat=True
        )
    )
    day = city_day(at)
    return [
        (
            _facts(one, latest[one.holder_id], day, signs_in=one.holder_id in signing_in),
            knows(latest[one.holder_id], person_id, since),
        )
        for one in found.values()
        if rules.guardian_sees(one.birth_on, day)
    ]


def knows(row: models.Guardian, person_id: UUID, since: datetime | None) -> bool:
    """Return whether a person who has the guardian's phone is the guardian who agreed.

    since  when the phone came to the person, with a zone; None if nobody knows
    """
    return row.known_as == person_id or (since is not None and since <= row.consented_at)


def has_phone_since(person_id: UUID, phone: str) -> datetime | None:
    """Return when a phone came to a person; None if it is not that person's.

    phone  11 digits
    """
    return (
        models.Claim.objects.filter(
            index__in=crypto.blind_indexes(rules.ClaimKind.PHONE, phone),
            kind=rules.ClaimKind.PHONE,
            person_id=person_id,
            owner_holder_id=people.holder_of(person_id),
        )
        .values_list("claimed_at", flat=True)
        .first()
    )


def ward(person_id: UUID, holder_id: UUID, *, at: datetime) -> WardFacts:
    """Return one minor of a guardian who is signed in.

    at  as in `wards`

    Raises Missing: the person guards no such minor, or the minor came of age.
    """
    for one in wards(person_id, at=at):
        if one.holder_id == holder_id:
            return one
    raise Missing


def accompanied(volunteers: Iterable[people.VolunteerFacts], on: date) -> frozenset[UUID]:
    """Return which of the volunteers, by holder, come only together with an adult on a day.

    on  in the city

    Source: the registration policy in force on the day.
    """
    below: int = policies.in_force("registration", on).values["accompanied_below_age"]
    return frozenset(one.holder_id for one in volunteers if rules.age_on(one.birth_on, on) < below)


def _with_another(latest: dict[UUID, models.Guardian]) -> set[UUID]:
    """Minors whose consent this guardian withdrew, and for whom somebody else agrees now."""
    withdrawn = [holder_id for holder_id, row in latest.items() if row.withdrawn_at is not None]
    if not withdrawn:
        return set()
    others = models.Guardian.objects.filter(holder_id__in=withdrawn, withdrawn_at=None)
    return set(others.values_list("holder_id", flat=True))


def _facts(one: people.VolunteerFacts, row: models.Guardian, day: date, *, signs_in: bool) -> WardFacts:
    values = policies.in_force("registration", day).values
    age = rules.age_on(one.birth_on, day)
    return WardFacts(
        person_id=one.person_id,
        holder_id=one.holder_id,
        number=one.number,
        masked_name=one.masked_name,
        birth_on=one.birth_on,
        age=age,
        relation=row.relation,
        consented_at=row.consented_at,
        withdrawn_at=row.withdrawn_at,
        is_child=rules.is_child(one.birth_on, day),
        is_accompanied=age < values["accompanied_below_age"],
        signs_in=signs_in,
    )
