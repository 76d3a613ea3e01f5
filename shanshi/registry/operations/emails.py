"""An address for e-mail: given, proved by a code that goes to it, changed, removed. It signs nobody in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from shanshi.foundation import audit, crypto
from shanshi.foundation.actor import Actor
from shanshi.gateways import mail
from shanshi.kernel.errors import N_
from shanshi.notices import operations as notices
from shanshi.notices.rules import Channel
from shanshi.registry import models, rules
from shanshi.registry.operations.proofs import fresh_code, spend_code
from shanshi.registry.queries import people
from shanshi.registry.rules import CodePurpose

CODE_SUBJECT = N_("Your code of Shanshi")
CODE_TEXT = N_(
    "The code that proves your e-mail address is {code}. It is valid for {minutes} minutes. If you did not"
    " ask for it, ignore this message: nothing happens."
)


def send_email_code(address: str, *, by: Actor, at: datetime) -> str:
    """Send a code to an e-mail address, and return the address as it was understood.

    address  as typed
    by       whose address it shall be: only this person can use the code
    at       real time, with a zone

    Raises SignInNeeded; rules.EmailInvalid; gateways.GatewayNotConfigured, MailboxNotServed,
    GatewayUnreachable.
    """
    person_id, checked = by.known(), rules.checked_email(address)
    gateway = mail.gateway()
    code = fresh_code(checked, CodePurpose.EMAIL, at=at, asked_by=str(person_id))
    text = gettext(CODE_TEXT).format(code=code, minutes=rules.CODE_MINUTES)
    gateway.send(checked, gettext(CODE_SUBJECT), text)
    return checked


def give_email(address: str, code: str, *, by: Actor, at: datetime, real_at: datetime) -> None:
    """Make an address the person's own, which the code proves; it takes the place of an earlier one.

    address, code  as typed
    at, real_at    the domain's time, and real time, by which codes live; with a zone

    Raises SignInNeeded; rules.EmailInvalid; rules.CodeWrong: counted; rules.PersonUnknown: erased.
    Locks the person.
    """
    person_id, checked = by.known(), rules.checked_email(address)
    spend_code(checked, code, CodePurpose.EMAIL, at=real_at, asked_by=str(person_id))
    with transaction.atomic():
        person = _locked(by)
        key = people.data_key_of(person.holder_id, person.data_key or b"")
        person.email = crypto.seal(key, checked, people.where("person", "email", person.holder_id))
        person.save(update_fields=["email"])
        audit.record("registry.correct", f"person:{person_id}", by=by, at=at, after={"field": "email"})


@transaction.atomic
def remove_email(*, by: Actor, at: datetime) -> None:
    """Forget a person's e-mail address, and send nothing to it any more; twice is once.

    at  with a time zone

    Raises SignInNeeded; rules.PersonUnknown: erased. Locks the person.
    """
    person = _locked(by)
    if person.email is None:
        return
    person.email = None
    person.save(update_fields=["email"])
    notices.drop_waiting(person.holder_id, channels=[Channel.EMAIL], failure="notices.no_address", at=at)
    audit.record("registry.correct", f"person:{person.pk}", by=by, at=at, after={"field": "email"})


def _locked(by: Actor) -> models.Person:
    person = models.Person.objects.select_for_update().filter(pk=by.known(), erased_at=None).first()
    if person is None or person.data_key is None:
        raise rules.PersonUnknown
    return person
