"""What leaves the platform: where a notice goes, and sending it by a job; nobody waits for a gateway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from shanshi.gateways import mail, sms
from shanshi.gateways.refusals import (
    MailboxNotServed,
    OutcomeUnknown,
    PhoneNotServed,
)
from shanshi.kernel.errors import N_, DomainError
from shanshi.kernel.quantities import city_day
from shanshi.notices import operations as notices
from shanshi.notices import queries as wording
from shanshi.notices.operations import New, Outcome, Taken, Way
from shanshi.notices.rules import Channel, Quiet, State, leaves_at, next_try_at
from shanshi.policies import queries as policies
from shanshi.registry.queries import reach as reaching
from shanshi.registry.queries.reach import GuardianReach, Reach

SPREAD_AT_ONCE: Final = 500
SMS_TEXT = N_("[Shanshi] {text}")
COPY_TEXT = N_("About the child whose guardian you are: {text}")
MAIL_TEXT = N_(
    "{text}\n\nMore of it: open Shanshi yourself and look at your notices. We never send links, and never ask"
    " for a code.\n\nYou get this because you asked for e-mail with news of your service; on your page of"
    " notices you can end it at any time."
)
MAIL_SUBJECT = N_("News of your volunteering")
NOBODY: Final = Reach(False, False, settings.LANGUAGE_CODE, False, False)


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a run did: notices whose ways were decided, and messages that were taken up."""

    spread: int
    taken: int


def deliver(*, at: datetime, most: int = 2_000) -> Delivered:
    """Decide where new notices go, send what is due, and return how much it was.

    at    with a time zone
    most  messages sent in this run, 0 or more

    Several workers at once share the work; each message is taken by one, and written down before the gateway
    is asked, so that a worker who dies leaves it as perhaps sent.
    """
    spread = 0
    while done := spread_new(at=at):
        spread += done
    notices.give_up_unanswered(at=at)
    taken = 0
    while taken < most and send_next(at=at):
        taken += 1
    return Delivered(spread, taken)


@transaction.atomic
def spread_new(*, at: datetime) -> int:
    """Decide for the oldest new notices where they go beside the list, and return how many they were.

    at  with a time zone

    Minors' notices go to their guardians too: on the list of who has an account, else to the phone.
    Locks the notices; skips those that somebody else holds.
    """
    rows = notices.to_spread(SPREAD_AT_ONCE)
    if not rows:
        return 0
    quiet = Quiet.of(policies.in_force("notices", city_day(at)).values)
    reached = reaching.reach({row.holder_id for row in rows} | {_minor(row) for row in rows})
    own = [row for row in rows if row.about_holder_id is None]
    guardians = reaching.guardians_of({row.holder_id for row in own}, city_day(at))
    ways = []
    for row in rows:
        due_at = leaves_at(at, quiet, is_urgent=row.message.is_urgent)
        ways += [
            Way(row.id, row.holder_id, channel, due_at, row.message.is_urgent)
            for channel in _channels(row, reached)
        ]
        guardian = guardians.get(row.holder_id) if row.about_holder_id is None else None
        if guardian is not None:
            ways += _to_guardian(row, guardian, reached, due_at, at)
    notices.spread(rows, ways, at=at)
    return len(rows)


def send_next(*, at: datetime) -> bool:
    """Send the message that is due first, and return whether there was one.

    at  with a time zone; in the quiet hours only what is urgent goes out

    No transaction is open while the gateway is asked.
    """
    values = policies.in_force("notices", city_day(at)).values
    quiet = Quiet.of(values)
    one = notices.take_next(at=at, urgent_only=quiet.holds(at))
    if one is None:
        return False
    notices.settle([_sent(one, values, at)], at=at)
    return True


def _minor(row: New) -> UUID:
    return row.about_holder_id or row.holder_id


def _channels(row: New, reached: Mapping[UUID, Reach]) -> list[str]:
    """By which ways a notice goes to its own reader, as far as they can be reached and want it."""
    one = reached.get(row.holder_id, NOBODY)
    # A guardian who is no volunteer says nothing of messages; the consent for the child counts.
    lent = row.about_holder_id is not None and not one.is_registered
    agrees = lent and reached.get(_minor(row), NOBODY).agrees
    able = {
        Channel.SMS: one.wants_sms or (one.has_phone and (agrees or row.message.is_urgent)),
        Channel.EMAIL: one.wants_email or (one.has_email and row.message.is_urgent),
    }
    return [channel for channel in row.message.channels if able.get(Channel(channel), False)]


def _to_guardian(
    row: New, guardian: GuardianReach, reached: Mapping[UUID, Reach], due_at: datetime, at: datetime
) -> list[Way]:
    if guardian.holder_id is not None:
        message = replace(row.message, url="/me/wards")
        key = f"{row.key}|{row.holder_id}"
        notices.tell([guardian.holder_id], message, key=key, at=at, about_holder_id=row.holder_id)
        return []
    if Channel.SMS not in row.message.channels:
        return []
    if not (row.message.is_urgent or reached.get(row.holder_id, NOBODY).agrees):
        return []
    return [Way(row.id, row.holder_id, Channel.SMS, due_at, row.message.is_urgent, to_guardian=True)]


def _sent(one: Taken, values: Mapping[str, Any], at: datetime) -> Outcome:
    """Hand one message over to its gateway."""
    reached = reaching.reach([one.holder_id, one.about_holder_id or one.holder_id])
    reader = reached.get(one.holder_id, NOBODY)
    address = _address(one)
    if address is None or not _still_wanted(one, reached):
        failure = "notices.no_address" if address is None else "notices.not_wanted"
        return Outcome(one.id, one.holder_id, State.DROPPED, failure)
    language = settings.LANGUAGE_CODE if one.to_guardian else reader.language
    try:
        _hand_over(one, address, language)
    except (PhoneNotServed, MailboxNotServed) as error:
        return Outcome(one.id, one.holder_id, State.REFUSED, error.code)
    except OutcomeUnknown as error:
        return Outcome(one.id, one.holder_id, State.UNKNOWN, error.code)
    except DomainError as error:
        again = next_try_at(at, one.tries, values)
        if again is None:
            return Outcome(one.id, one.holder_id, State.FAILED, error.code)
        due_at = leaves_at(again, Quiet.of(values), is_urgent=one.is_urgent)
        return Outcome(one.id, one.holder_id, State.WAITING, error.code, due_at)
    return Outcome(one.id, one.holder_id, State.SENT)


def _still_wanted(one: Taken, reached: Mapping[UUID, Reach]) -> bool:
    reader = reached.get(one.holder_id, NOBODY)
    minor = reached.get(one.about_holder_id or one.holder_id, NOBODY)
    if one.is_urgent:
        return True
    if one.to_guardian:
        return minor.agrees
    if one.channel == Channel.EMAIL:
        return reader.wants_email
    return reader.wants_sms or (one.about_holder_id is not None and not reader.is_registered and minor.agrees)


def _address(one: Taken) -> str | None:
    if one.to_guardian:
        return reaching.guardians_phone(one.holder_id)
    return reaching.address_of(one.holder_id, "email" if one.channel == Channel.EMAIL else "phone")


def _hand_over(one: Taken, address: str, language: str) -> None:
    text = wording.worded(one.text, one.facts, language)
    with translation.override(language):
        if one.to_guardian or one.about_holder_id is not None:
            text = gettext(COPY_TEXT).format(text=text)
        if one.channel == Channel.SMS:
            sms.gateway().send(address, gettext(SMS_TEXT).format(text=text))
            return
        title = wording.worded(one.title, one.facts, language) or gettext(MAIL_SUBJECT)
        mail.gateway().send(address, title, gettext(MAIL_TEXT).format(text=text))
