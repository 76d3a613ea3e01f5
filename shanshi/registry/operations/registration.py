"""Registering volunteers, one or many, through the same steps."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanshi.foundation import crypto
from shanshi.foundation.actor import Actor
from shanshi.gateways import identity
from shanshi.kernel.errors import DomainError
from shanshi.kernel.ids import new_id
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies
from shanshi.registry import models, rules
from shanshi.registry.operations.agreeing import agree_at_last
from shanshi.registry.operations.applications import Clean, GuardianConsent, Registration, RowRefused
from shanshi.registry.operations.claims import Wish, claim
from shanshi.registry.operations.proofs import new_person, person_of_phone, spend_code
from shanshi.registry.queries import consents, lists, people
from shanshi.registry.rules import ClaimKind, CodePurpose, Purpose, Relation


def register(
    registration: Registration,
    *,
    by: Actor,
    at: datetime,
    real_at: datetime | None = None,
    source: str = "platform",
) -> people.VolunteerFacts:
    """Register one volunteer and return what other rooms may know of them.

    by       who registers: the person themself, or staff
    at       the domain's time, with a zone; the age counts on that day in the city
    real_at  real time, with a zone, by which the guardian's code lives; `at` if not given

    Who was put on a list by an organization becomes a volunteer by this, with the number from the list.

    Raises rules.ConsentNeeded, NameInvalid, IdNumberInvalid, DivisionCodeInvalid, TooYoung, GuardianNeeded,
    PhoneInvalid, GuardianIsSelf, CodeWrong, GuardianIsMinor: told only to whoever has just proved the
    guardian's phone; AlreadyRegistered; rules.CannotRegister for an ID number that is
    registered and for one that the register outside does not confirm alike.
    Locks the person; waits for another registration of the same ID number.
    Source: registration policy; GB 11643.
    """
    by.known()
    terms = consents.consent_text(Purpose.TERMS, city_day(at)).version
    if registration.person_id is not None and terms not in registration.consents:
        raise rules.ConsentNeeded(terms=terms)
    if registration.person_id == by.person_id and lists.waits_to_agree(by.known()):
        return agree_at_last(registration.id_number, by=by, at=at)
    clean = checked(registration, at=at)
    phone = _phone_of(registration)
    if clean.guardian is not None:
        guardian_phone = rules.checked_phone(clean.guardian.phone)
        if guardian_phone == phone:
            raise rules.GuardianIsSelf
        # Outside the transaction below: a wrong try stays counted.
        spend_guardians_code(clean.guardian, at=real_at or at)
        check_guardian_is_no_minor(guardian_phone, at=at)
    confirmed = identity.gateway().check(clean.real_name, clean.facts.number, phone)
    with transaction.atomic():
        person = _locked_person(registration, phone, at=at, source=source)
        if models.Volunteer.objects.filter(holder_id=person.holder_id).exists():
            raise rules.AlreadyRegistered
        if confirmed != identity.Verdict.SAME_PERSON or claim_numbers([(person, clean)], at=at):
            raise rules.CannotRegister
        write([(person, clean)], by=by, at=at, source=source)
        return people.volunteer(person.holder_id)


@transaction.atomic
def register_many(
    rows: Sequence[Registration], *, by: Actor, at: datetime, source: str
) -> list[people.VolunteerFacts]:
    """Register many new volunteers, all or none; return them in the order given.

    rows    of people who are new here; a guardian's consent was taken on paper; each may carry its own
            `registered_at`, by whose day the age counts
    at      with a zone
    source  where they come from, for example "case"

    Raises RowRefused with the number of the row, for every cause of `register`: rules.CannotRegister and
    the rest. Nothing is written then.
    """
    by.known()
    prepared: list[tuple[models.Person, Clean]] = []
    phones: list[Wish] = []
    gateway = identity.gateway()
    for place, row in enumerate(rows):
        try:
            clean = checked(row, at=at)
            phone = rules.checked_phone(row.phone) if row.phone else None
            if gateway.check(clean.real_name, clean.facts.number, phone) != identity.Verdict.SAME_PERSON:
                raise rules.CannotRegister
        except DomainError as refusal:
            raise RowRefused(place, refusal) from refusal
        person = new_person(phone, at=clean.registered_at, source=source)
        prepared.append((person, clean))
        if phone:
            since = clean.registered_at
            phones.append(Wish(ClaimKind.PHONE, phone, person.pk, person.holder_id, since))
    places = {person.holder_id: place for place, (person, _) in enumerate(prepared)}
    refused = claim(phones, at=at) or claim_numbers(prepared, at=at)
    if refused:
        first = min(places[wish.owner_holder_id] for wish in refused)
        raise RowRefused(first, rules.CannotRegister())
    models.Person.objects.bulk_create([person for person, _ in prepared], batch_size=1000)
    write(prepared, by=by, at=at, source=source)
    found = people.volunteers(places)
    return [found[holder_id] for holder_id in places]


def spend_guardians_code(guardian: GuardianConsent, *, at: datetime) -> None:
    """Use up the code by which a guardian agrees.

    at  real time, with a zone

    Raises as spend_code.
    """
    phone = rules.checked_phone(guardian.phone)
    spend_code(phone, guardian.code or "", CodePurpose.GUARDIAN, at=at, asked_by=guardian.asked_by)


def check_guardian_is_no_minor(phone: str, *, at: datetime) -> None:
    """Refuse a friend of the same age, who proves a phone as well as a parent; who is registered is known.

    phone  11 digits
    at     with a zone

    Raises rules.GuardianIsMinor.
    """
    person_id = people.person_with_phone(phone)
    if person_id is None:
        return
    adult_age = policies.in_force("registration", city_day(at)).values["adult_age"]
    holder_id = people.holder_of(person_id)
    for known in people.volunteers([holder_id]).values():
        if rules.age_on(known.birth_on, city_day(at)) < adult_age:
            raise rules.GuardianIsMinor(adult_age=adult_age)


def checked(registration: Registration, *, at: datetime, through_guardian: bool = False) -> Clean:
    """Return a registration as clean values.

    at                with a zone; the age counts on that day in the city, or on that of the registration
    through_guardian  whether the guardian registers the child

    Raises rules.NameInvalid, IdNumberInvalid, DivisionCodeInvalid, TooYoung, GuardianNeeded, PhoneInvalid.
    """
    registered_at = registration.registered_at or at
    day = city_day(registered_at)
    values = policies.in_force("registration", day).values
    name = rules.checked_name(registration.real_name)
    facts = rules.id_facts(registration.id_number, on=day)
    residence = rules.checked_residence(registration.residence_code)
    age = rules.age_on(facts.birth_on, day)
    guardian = registration.guardian if age < values["adult_age"] else None
    rules.check_age(age, has_guardian=guardian is not None, values=values, through_guardian=through_guardian)
    if guardian is not None:
        rules.checked_name(guardian.name)
        rules.checked_phone(guardian.phone)
        if guardian.relation not in set(Relation):
            raise rules.GuardianNeeded(adult_age=values["adult_age"])
    return Clean(name, facts, residence, guardian, registration.party_member, registered_at)


def _phone_of(registration: Registration) -> str | None:
    if registration.person_id is not None:
        return people.phone_of(registration.person_id)
    return rules.checked_phone(registration.phone) if registration.phone else None


def _locked_person(
    registration: Registration, phone: str | None, *, at: datetime, source: str
) -> models.Person:
    person_id = registration.person_id
    if person_id is None:
        if phone is None:
            made = new_person(None, at=at, source=source)
            made.save(force_insert=True)
            return made
        person_id = person_of_phone(phone, at=at, source=source)
    person = models.Person.objects.select_for_update().filter(pk=person_id, erased_at=None).first()
    if person is None:
        raise rules.PersonUnknown
    return person


def claim_numbers(prepared: Sequence[tuple[models.Person, Clean]], *, at: datetime) -> list[Wish]:
    """Claim the ID numbers; return those that are somebody's already.

    at  with a zone
    """
    return claim(
        [
            Wish(ClaimKind.ID_NUMBER, clean.facts.number, person.pk, person.holder_id)
            for person, clean in prepared
        ],
        at=at,
    )


def _numbers(people_wanting: Sequence[models.Person], *, at: datetime) -> dict[UUID, str]:
    """Draw volunteer numbers; one that is somebody's already is drawn again."""
    prefix = policies.in_force("registration", city_day(at)).values["volunteer_number_prefix"]
    numbers: dict[UUID, str] = {}
    waiting = {person.holder_id: person for person in people_wanting}
    while waiting:
        wishes = [
            Wish(
                ClaimKind.VOLUNTEER_NUMBER,
                rules.volunteer_number(prefix, secrets.randbelow(10**rules.NUMBER_DIGITS)),
                person.pk,
                holder_id,
            )
            for holder_id, person in waiting.items()
        ]
        taken = {wish.owner_holder_id for wish in claim(wishes, at=at)}
        numbers.update(
            (wish.owner_holder_id, wish.value) for wish in wishes if wish.owner_holder_id not in taken
        )
        waiting = {holder_id: person for holder_id, person in waiting.items() if holder_id in taken}
    return numbers


def write(
    prepared: Sequence[tuple[models.Person, Clean]],
    *,
    by: Actor,
    at: datetime,
    source: str,
    agrees: bool = True,
    signed: Mapping[UUID, datetime] | None = None,
) -> None:
    """Write volunteers with their numbers, guardians and first consents.

    at      with a zone
    agrees  whether they agree to the terms by this; who is put on a list does so later
    signed  holder -> when the guardian of a minor signed, with a zone; at registration if not given
    """
    when = signed or {}
    numbers = _numbers([person for person, _ in prepared], at=at)
    volunteers, guardians = [], []
    agreed: list[models.Consent] = []
    for person, clean in prepared:
        assert person.data_key is not None
        key = people.data_key_of(person.holder_id, person.data_key)
        volunteers.append(_volunteer(person, clean, key, numbers[person.holder_id], source=source))
        if clean.guardian is not None:
            guardians.append(
                guardian_row(
                    person.holder_id,
                    clean.guardian,
                    key,
                    when.get(person.holder_id, clean.registered_at),
                    source,
                )
            )
        agreed.extend(
            models.Consent(
                holder_id=person.holder_id,
                purpose=text.purpose,
                text_version=text.version,
                given_at=when.get(person.holder_id, clean.registered_at),
                given_by=by.known(),
                source=source,
            )
            for text in _agreed(clean, agrees=agrees)
        )
    models.Volunteer.objects.bulk_create(volunteers, batch_size=1000)
    models.Guardian.objects.bulk_create(guardians, batch_size=1000)
    models.Consent.objects.bulk_create(agreed, batch_size=1000)


def _agreed(clean: Clean, *, agrees: bool) -> list[rules.ConsentText]:
    """What a registration agrees to: the terms, for a minor the guardian's consent, and nothing else."""
    purposes = [Purpose.TERMS] if agrees else []
    if clean.guardian is not None:
        purposes.append(Purpose.MINORS)
    return [consents.consent_text(purpose, city_day(clean.registered_at)) for purpose in purposes]


def _volunteer(
    person: models.Person, clean: Clean, key: bytes, number: str, *, source: str
) -> models.Volunteer:
    def sealed(column: str, text: str) -> bytes:
        return crypto.seal(key, text, people.where("volunteer", column, person.holder_id))

    return models.Volunteer(
        holder_id=person.holder_id,
        person_id=person.pk,
        number=number,
        real_name=sealed("real_name", clean.real_name),
        id_number=sealed("id_number", clean.facts.number),
        birth_on=sealed("birth_on", clean.facts.birth_on.isoformat()),
        sex=sealed("sex", clean.facts.sex),
        party_member=sealed("party_member", "yes" if clean.party_member else "no"),
        residence_code=clean.residence_code,
        registered_at=clean.registered_at,
        source=source,
    )


def guardian_row(
    holder_id: UUID, guardian: GuardianConsent, key: bytes, at: datetime, source: str
) -> models.Guardian:
    """Return a guardian of a minor, not yet written; sealed under the minor's key.

    key  the minor's, in the plain
    at   when the guardian agreed, with a zone
    """
    row, phone = new_id(), rules.checked_phone(guardian.phone)
    return models.Guardian(
        id=row,
        holder_id=holder_id,
        name=crypto.seal(key, rules.checked_name(guardian.name), people.where("guardian", "name", row)),
        phone=crypto.seal(key, phone, people.where("guardian", "phone", row)),
        phone_index=crypto.blind_index("guardian_phone", phone),
        known_as=guardian.known_as,
        relation=guardian.relation,
        consented_at=at,
        source=source,
    )
