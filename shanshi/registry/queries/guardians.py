"""Guardians and their minors. A guardian is known by the phone that proved the consent, by nothing else."""

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

    Found by the phone of the guardian's own account, which a code has proved.
    """
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
    standing = _with_another(latest)
    found = people.volunteers(holder_id for holder_id in latest if holder_id not in standing)
    signing_in = set(
        models.Person.objects.filter(holder_id__in=found, phone__isnull=False).values_list(
            "holder_id", flat=True
        )
    )
    day = city_day(at)
    facts = [
        _facts(one, latest[one.holder_id], day, signs_in=one.holder_id in signing_in)
        for one in found.values()
        if rules.guardian_sees(one.birth_on, day)
    ]
    return sorted(facts, key=lambda ward: (ward.birth_on, ward.number))


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
