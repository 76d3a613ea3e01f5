"""An organization registers people from a list; they begin nothing before they agree to the terms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.registry import models, rules
from shanshi.registry.operations.applications import GuardianConsent, Registration
from shanshi.registry.operations.claims import Wish, claim
from shanshi.registry.operations.proofs import new_person
from shanshi.registry.operations.registration import (
    checked,
    claim_numbers,
    write,
)
from shanshi.registry.queries import lists
from shanshi.registry.rules import ClaimKind

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Somebody to be registered by an organization.

    guardian            for whoever is a minor: signed on paper, which the organization keeps
    guardian_agreed_at  when, with a zone
    team_id             of the organization, that the person is invited to; None: to the whole
    """

    real_name: str
    id_number: str
    phone: str
    residence_code: str | None
    team_id: UUID | None
    guardian: tuple[str, str, str] | None = None
    guardian_agreed_at: datetime | None = None


@transaction.atomic
def enroll_many(
    rows: Sequence[Enrolment],
    organization_id: UUID,
    *,
    by: Actor,
    at: datetime,
    told: Callable[[int], None] = lambda done: None,
) -> list[UUID]:
    """Register people who are new here, all or none, and invite them; return their holder ids in order.

    Nobody of them has agreed to the terms: until they do so at their first sign-in they are no volunteer to
    any door. Whether the register outside knows them must have been asked before.

    at    with a time zone
    told  called with how many are done

    Raises SignInNeeded; what `checked` refuses; rules.CannotRegister: a phone or an ID number is somebody's
    by now. Then nothing is written.
    Waits for others who claim the same values.
    """
    by.known()
    source, done, made = f"{lists.LISTED}{organization_id}", 0, list[UUID]()
    for start in range(0, len(rows), _BATCH):
        some = rows[start : start + _BATCH]
        prepared = [
            (new_person(row.phone, at=at, source=source), checked(_registration(row), at=at)) for row in some
        ]
        phones = [
            Wish(ClaimKind.PHONE, rules.checked_phone(row.phone), person.pk, person.holder_id)
            for row, (person, _) in zip(some, prepared, strict=True)
        ]
        if claim(phones, at=at) or claim_numbers(prepared, at=at):
            raise rules.CannotRegister
        models.Person.objects.bulk_create([person for person, _ in prepared])
        signed = {
            person.holder_id: row.guardian_agreed_at
            for row, (person, _) in zip(some, prepared, strict=True)
            if row.guardian_agreed_at is not None
        }
        write(prepared, by=by, at=at, source=source, agrees=False, signed=signed)
        models.Membership.objects.bulk_create(
            models.Membership(
                holder_id=person.holder_id, organization_id=organization_id, team_id=row.team_id,
                joined_at=at, source=source,
            )
            for row, (person, _) in zip(some, prepared, strict=True)
        )  # fmt: skip
        made += [person.holder_id for person, _ in prepared]
        done += len(some)
        told(done)
    audit.record(
        "registry.enroll_many", f"organization:{organization_id}", by=by, at=at, after={"people": len(made)}
    )
    return made


@transaction.atomic
def unenroll_many(
    holder_ids: Collection[UUID], organization_id: UUID, *, keep: Collection[UUID], by: Actor, at: datetime
) -> frozenset[UUID]:
    """Take back what `enroll_many` has made, as if it had not been; return who stays: they have begun.

    keep  who stays for what another room knows
    at    with a time zone

    Locks the people.
    """
    wanted = models.Person.objects.filter(
        holder_id__in=holder_ids, source=f"{lists.LISTED}{organization_id}", erased_at=None
    )
    people = dict(wanted.select_for_update().values_list("pk", "holder_id"))
    stay = {*keep, *lists.begun(people.values())}
    go = {person_id: holder_id for person_id, holder_id in people.items() if holder_id not in stay}
    for model in (models.Membership, models.Guardian, models.Consent, models.Volunteer, models.PhoneCode):
        rows = model._default_manager.filter(holder_id__in=list(go.values()))
        rows._raw_delete(rows.db)
    claims = models.Claim.objects.filter(owner_holder_id__in=list(go.values()))
    claims._raw_delete(claims.db)
    persons = models.Person.objects.filter(pk__in=list(go))
    persons._raw_delete(persons.db)
    audit.record(
        "registry.unenroll_many",
        f"organization:{organization_id}",
        by=by,
        at=at,
        after={"people": len(go), "stay": len(people) - len(go)},
    )
    return frozenset(holder_ids) - frozenset(go.values())


@transaction.atomic
def uninvite_many(
    invitation_ids: Collection[UUID], *, organization_id: UUID, by: Actor, at: datetime
) -> set[UUID]:
    """Take back invitations that nobody has answered, and return those.

    at  with a time zone
    """
    rows = models.Membership.objects.filter(
        pk__in=invitation_ids, organization_id=organization_id, accepted_at=None, left_at=None
    )
    gone = set(rows.select_for_update().values_list("pk", flat=True))
    models.Membership.objects.filter(pk__in=gone).delete()
    audit.record(
        "registry.uninvite_many", f"organization:{organization_id}", by=by, at=at, after={"people": len(gone)}
    )
    return gone


def _registration(row: Enrolment) -> Registration:
    guardian = GuardianConsent(*row.guardian) if row.guardian is not None else None
    return Registration(None, row.phone, row.real_name, row.id_number, row.residence_code, guardian)
