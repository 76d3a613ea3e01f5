"""Somebody whom an organization has put on a list becomes a volunteer by agreeing to the terms."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from shanshi.foundation.actor import Actor
from shanshi.kernel.quantities import city_day
from shanshi.registry import models, rules
from shanshi.registry.queries import consents, lists, people
from shanshi.registry.rules import Purpose


@transaction.atomic
def agree_at_last(id_number: str, *, by: Actor, at: datetime) -> people.VolunteerFacts:
    """Let somebody from a list begin, who shows to be that person and agrees to the terms; return them.

    The register outside was asked when the list was taken, and a minor's guardian signed before.

    id_number  as typed
    by         the person
    at         with a time zone

    Raises rules.IdNumberInvalid; AlreadyRegistered: they agreed before; CannotRegister: the list said another
    number. Locks the person.
    """
    number = rules.id_facts(id_number, on=city_day(at)).number
    person = models.Person.objects.select_for_update().get(pk=by.known(), erased_at=None)
    known = models.Volunteer.objects.get(holder_id=person.holder_id)
    if lists.has_agreed(person.holder_id) or known.id_number is None or person.data_key is None:
        raise rules.AlreadyRegistered
    key = people.data_key_of(person.holder_id, person.data_key)
    if people.open_sealed(key, known.id_number, "volunteer", "id_number", person.holder_id) != number:
        raise rules.CannotRegister
    text = consents.consent_text(Purpose.TERMS, city_day(at))
    models.Consent.objects.create(
        holder_id=person.holder_id,
        purpose=text.purpose,
        text_version=text.version,
        given_at=at,
        given_by=by.known(),
    )
    return people.volunteer(person.holder_id)
