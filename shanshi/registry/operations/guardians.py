"""Guardians of minors: registering a child, withdrawing the consent, agreeing again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanshi.foundation import crypto
from shanshi.foundation.actor import Actor
from shanshi.gateways import identity
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies
from shanshi.registry import models, rules
from shanshi.registry.operations.applications import GuardianConsent, Registration
from shanshi.registry.operations.consents import give_consent, withdraw_consent
from shanshi.registry.operations.proofs import new_person
from shanshi.registry.operations.registration import (
    check_guardian_is_no_minor,
    checked,
    claim_numbers,
    guardian_row,
    spend_guardians_code,
    write,
)
from shanshi.registry.queries import consents, guardians, people
from shanshi.registry.rules import Purpose


@dataclass(frozen=True, slots=True)
class WardRegistration:
    """What a guardian gives to register a child, as typed.

    guardian_name   the guardian's own; None for one who is a volunteer, whose name is known
    consents        versions of the texts agreed to: the terms and the consent for minors
    """

    real_name: str
    id_number: str
    relation: str
    guardian_name: str | None = None
    residence_code: str | None = None
    consents: tuple[str, ...] = ()


def register_ward(ward: WardRegistration, *, by: Actor, at: datetime) -> people.VolunteerFacts:
    """Register a minor who has no phone, and return what other rooms may know of the child.

    The child does not sign in; the guardian, whose phone a code has proved, acts in the child's place.

    by  the guardian, signed in
    at  with a zone; ages count on that day in the city

    Raises SignInNeeded; rules.GuardianPhoneMissing; rules.ConsentNeeded; rules.NameInvalid, IdNumberInvalid,
    DivisionCodeInvalid; rules.GuardianNeeded: no such relation; rules.NotAMinor, also for a guardian who is
    one; rules.CannotRegister, for every cause alike.
    Waits for another registration of the same ID number.
    Source: Zhejiang Volunteer Service Regulation art. 9; PIPL art. 31.
    """
    guardian_id, day = by.known(), city_day(at)
    phone = people.phone_of(guardian_id)
    if phone is None:
        raise rules.GuardianPhoneMissing
    for purpose in (Purpose.TERMS, Purpose.MINORS):
        if (version := consents.consent_text(purpose, day).version) not in ward.consents:
            raise rules.ConsentNeeded(terms=version)
    adult_age = policies.in_force("registration", day).values["adult_age"]
    name = _guardian_name(ward, by, adult_age=adult_age, at=at)
    clean = checked(
        Registration(
            person_id=None,
            phone=None,
            real_name=ward.real_name,
            id_number=ward.id_number,
            residence_code=ward.residence_code,
            guardian=GuardianConsent(name, phone, ward.relation, known_as=guardian_id),
        ),
        at=at,
        through_guardian=True,
    )
    if clean.guardian is None:
        raise rules.NotAMinor(adult_age=adult_age)
    confirmed = identity.gateway().check(clean.real_name, clean.facts.number, None)
    with transaction.atomic():
        child = new_person(None, at=at, source="platform")
        child.save(force_insert=True)
        if confirmed != identity.Verdict.SAME_PERSON or claim_numbers([(child, clean)], at=at):
            raise rules.CannotRegister
        write([(child, clean)], by=by, at=at, source="platform")
        return people.volunteer(child.holder_id)


@transaction.atomic
def withdraw_guardian(holder_id: UUID, *, by: Actor, at: datetime) -> bool:
    """Withdraw the guardian's consent for a minor, and return whether one stood.

    at  with a zone

    Raises SignInNeeded.
    Source: PIPL art. 15 and 31.
    """
    by.known()
    standing = models.Guardian.objects.filter(holder_id=holder_id, withdrawn_at=None)
    stood = bool(standing.update(withdrawn_at=at))
    withdraw_consent(holder_id, Purpose.MINORS, by=by, at=at)
    return stood


@transaction.atomic
def agree_again(holder_id: UUID, *, text_version: str, by: Actor, at: datetime) -> None:
    """Let a minor volunteer again with the guardian's consent; agreeing twice is agreeing once.

    text_version  of the consent for minors, as it was shown
    by            the guardian, who agreed before with the phone of the own account
    at            with a zone

    Raises SignInNeeded; rules.ConsentTextUnknown, ConsentTextOld; Missing: this person guards no such minor.
    Locks the minor's person.
    """
    ward = guardians.ward(by.known(), holder_id, at=at)
    person = models.Person.objects.select_for_update().filter(holder_id=holder_id, erased_at=None).first()
    if person is None or person.data_key is None:
        raise Missing
    give_consent(holder_id, Purpose.MINORS, text_version=text_version, by=by, at=at)
    rows = models.Guardian.objects.filter(holder_id=holder_id)
    if rows.filter(withdrawn_at=None).exists():
        return
    before = rows.get(consented_at=ward.consented_at, withdrawn_at=ward.withdrawn_at)
    key = people.data_key_of(holder_id, person.data_key)

    def opened(column: str) -> str:
        return people.open_sealed(key, getattr(before, column), "guardian", column, before.pk)

    given = GuardianConsent(opened("name"), opened("phone"), before.relation, known_as=by.known())
    guardian_row(holder_id, given, key, at, "platform").save(force_insert=True)


def name_guardian(
    holder_id: UUID,
    guardian: GuardianConsent,
    *,
    text_version: str,
    by: Actor,
    at: datetime,
    real_at: datetime,
) -> None:
    """Put another guardian in the place of the present one, who then sees nothing of the minor any more.

    guardian       the next one, with the code that went to the next one's phone: by it the next one agrees
    text_version   of the consent for minors, as it was shown
    by             the present guardian
    at, real_at    the domain's time, and real time, by which codes live; with a zone

    Raises SignInNeeded; Missing: this person guards no such minor; rules.NameInvalid, PhoneInvalid;
    rules.GuardianNeeded: no such relation; rules.NextGuardianPhone; rules.CodeWrong; rules.GuardianIsMinor:
    told only to whoever has just proved that phone; rules.ConsentTextOld.
    Locks the minor's person.
    Source: PIPL art. 31; Civil Code art. 30.
    """
    ward = guardians.ward(by.known(), holder_id, at=at)
    rules.checked_name(guardian.name)
    phone = rules.checked_phone(guardian.phone)
    if guardian.relation not in set(rules.Relation):
        adult_age = policies.in_force("registration", city_day(at)).values["adult_age"]
        raise rules.GuardianNeeded(adult_age=adult_age)
    if phone in {people.phone_of(by.known()), people.phone_of(ward.person_id)}:
        raise rules.NextGuardianPhone
    # Outside the transaction: a wrong try stays counted.
    spend_guardians_code(guardian, at=real_at)
    check_guardian_is_no_minor(phone, at=at)
    with transaction.atomic():
        person = models.Person.objects.select_for_update().filter(holder_id=holder_id, erased_at=None).first()
        if person is None or person.data_key is None:
            raise Missing
        # Two at once: the second one does not replace whom the first has named.
        guardians.ward(by.known(), holder_id, at=at)
        withdraw_guardian(holder_id, by=by, at=at)
        give_consent(holder_id, Purpose.MINORS, text_version=text_version, by=by, at=at)
        key = people.data_key_of(holder_id, person.data_key)
        guardian_row(holder_id, guardian, key, at, "platform").save(force_insert=True)


@transaction.atomic
def confirm_ward(holder_id: UUID, *, said: str, birth_year: int, by: Actor, at: datetime) -> None:
    """Let the person who has a guardian's phone now see the minor, whom the person has shown to know.

    said        the minor's volunteer number or real name, as typed
    birth_year  four digits
    at          with a zone

    Raises SignInNeeded; Missing: no such minor waits for this person; rules.WardNotKnown.
    The door counts the tries.
    """
    person_id = by.known()
    if holder_id not in guardians.unconfirmed_wards(person_id, at=at):
        raise Missing
    minor = people.volunteer(holder_id)
    real_name = people.real_names([holder_id])[holder_id]
    is_named = rules.checked_number(said) == minor.number or "".join(said.split()) == "".join(
        real_name.split()
    )
    if not is_named or minor.birth_on.year != birth_year:
        raise rules.WardNotKnown
    indexes = crypto.blind_indexes("guardian_phone", people.phone_of(person_id) or "")
    models.Guardian.objects.filter(holder_id=holder_id, phone_index__in=indexes).update(known_as=person_id)


def _guardian_name(ward: WardRegistration, by: Actor, *, adult_age: int, at: datetime) -> str:
    if by.holder_id is None:
        return ward.guardian_name or ""
    known = people.volunteer(by.holder_id)
    if rules.age_on(known.birth_on, city_day(at)) < adult_age:
        raise rules.GuardianIsMinor(adult_age=adult_age)
    return people.real_names([by.holder_id])[by.holder_id]
