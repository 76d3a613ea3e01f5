"""Telling people, and keeping account of it. Addresses are known to the registry, which sends."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from shanshi.foundation.retention import Rows, Sweep
from shanshi.kernel.errors import Missing
from shanshi.kernel.ids import new_id
from shanshi.notices import models, rules
from shanshi.notices.rules import Message, State

# A gateway answers within seconds; whoever has not written down the answer by then has died.
UNANSWERED = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Way:
    """One message to be sent beside the list. `due_at` carries a zone."""

    notice_id: UUID
    holder_id: UUID
    channel: str
    due_at: datetime
    is_urgent: bool
    to_guardian: bool = False


@dataclass(frozen=True, slots=True)
class New:
    """A notice of which nobody has decided yet where it goes beside the list."""

    id: UUID
    holder_id: UUID
    key: str
    message: Message
    about_holder_id: UUID | None


@dataclass(frozen=True, slots=True)
class Taken:
    """One message that a worker has taken up: nobody else sends it."""

    id: UUID
    holder_id: UUID
    channel: str
    to_guardian: bool
    tries: int
    title: str
    text: str
    facts: Mapping[str, object]
    is_urgent: bool
    about_holder_id: UUID | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a try. `again_at` carries a zone; only a WAITING message has it."""

    id: UUID
    holder_id: UUID
    state: State
    failure: str = ""
    again_at: datetime | None = None


def tell(
    holder_ids: Iterable[UUID],
    message: Message,
    *,
    key: str,
    at: datetime,
    about_holder_id: UUID | None = None,
) -> int:
    """Put a message on the lists of people, and return on how many it is new; what leaves the platform
    follows by a job.

    holder_ids       in any order, also none; staff and guardians have one as well
    key              of the event: the same person is told of the same key once, however often it is called
    at               with a time zone
    about_holder_id  the minor whom a guardian's copy is about

    One statement, in the caller's transaction: what is undone tells nobody.
    """
    holders = sorted({holder_id for holder_id in holder_ids if holder_id != about_holder_id})
    shared = json.dumps(rules.packed(message.facts))
    return _tell(holders, [shared] * len(holders), message, key=key, at=at, about_holder_id=about_holder_id)


def tell_each(
    facts: Mapping[UUID, Mapping[str, rules.Fact]], message: Message, *, key: str, at: datetime
) -> int:
    """Put a message on the lists of people, with facts of each one's own; return on how many it is new.

    facts    holder -> what differs; it is added to the facts of the message
    key, at  as in `tell`

    One statement, in the caller's transaction.
    """
    holders = sorted(facts)
    packed = [json.dumps(rules.packed({**message.facts, **facts[holder_id]})) for holder_id in holders]
    return _tell(holders, packed, message, key=key, at=at, about_holder_id=None)


def _tell(
    holders: Sequence[UUID],
    facts: Sequence[str],
    message: Message,
    *,
    key: str,
    at: datetime,
    about_holder_id: UUID | None,
) -> int:
    if not holders:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO notices_notice (id, holder_id, key, template, title, text, facts, url, channels,
                                        is_urgent, until, about_holder_id, made_at)
            SELECT n.id, n.holder_id, %s, %s, %s, %s, n.facts::jsonb, %s, %s::text[], %s, %s, %s, %s
            FROM unnest(%s::uuid[], %s::uuid[], %s::text[]) n (id, holder_id, facts)
            ON CONFLICT (holder_id, key) DO NOTHING
            """,
            [
                key,
                message.template,
                message.title,
                message.text,
                message.url,
                sorted(channel.value for channel in message.channels),
                message.is_urgent,
                message.until,
                about_holder_id,
                at,
                [new_id() for _ in holders],
                list(holders),
                list(facts),
            ],
        )
        return int(cursor.rowcount)


def read(holder_id: UUID, notice_id: UUID, *, at: datetime) -> str:
    """Note that somebody has read a notice, and return where it leads; twice is once.

    at  with a time zone

    Raises Missing: there is none of theirs.
    """
    rows = models.Notice.objects.filter(holder_id=holder_id, pk=notice_id)
    url = rows.values_list("url", flat=True).first()
    if url is None:
        raise Missing
    rows.filter(read_at=None).update(read_at=at)
    return url


def mark_unread(holder_id: UUID, notice_id: UUID) -> None:
    """Put a notice among those that were not read.

    Raises Missing: there is none of theirs.
    """
    if not models.Notice.objects.filter(holder_id=holder_id, pk=notice_id).update(read_at=None):
        raise Missing


def read_all(holder_id: UUID, *, at: datetime) -> int:
    """Note that somebody has read everything told until now, and return how many were new.

    at  with a time zone; what is told later stays unread
    """
    return models.Notice.objects.filter(holder_id=holder_id, read_at=None, made_at__lte=at).update(read_at=at)


def to_spread(most: int) -> list[New]:
    """Return the oldest notices of which nobody has decided yet where they go; call it in a transaction.

    most  1 or more

    Locks them, and skips those that somebody else holds: two workers share the work.
    """
    rows = models.Notice.objects.select_for_update(skip_locked=True).filter(spread_at=None)
    return [_new(row) for row in rows.order_by("made_at", "id")[:most]]


def spread(notices: Sequence[New], ways: Sequence[Way], *, at: datetime) -> None:
    """Write down where notices go beside the list; call it in the transaction of `to_spread`.

    at  with a time zone
    """
    models.Delivery.objects.bulk_create(
        [
            models.Delivery(
                holder_id=way.holder_id,
                notice_id=way.notice_id,
                channel=way.channel,
                to_guardian=way.to_guardian,
                is_urgent=way.is_urgent,
                made_at=at,
                due_at=way.due_at,
            )
            for way in ways
        ],
        ignore_conflicts=True,
    )
    models.Notice.objects.filter(pk__in=[one.id for one in notices]).update(spread_at=at)


def take_next(*, at: datetime, urgent_only: bool = False) -> Taken | None:
    """Return the message that is due first, now this caller's to send, or None; what nobody needs is dropped.

    at           with a time zone
    urgent_only  in the quiet hours

    One at a time: whatever a worker has taken when it dies counts as perhaps sent. Locks it; skips those
    that somebody else holds. Each one that is dropped is a transaction of its own.
    """
    while True:
        found = _take(at, urgent_only=urgent_only)
        if not isinstance(found, Outcome):
            return found


@transaction.atomic
def _take(at: datetime, *, urgent_only: bool) -> Taken | Outcome | None:
    rows = models.Delivery.objects.select_for_update(skip_locked=True).filter(
        state=State.WAITING, due_at__lte=at
    )
    if urgent_only:
        rows = rows.filter(is_urgent=True)
    row = rows.order_by("due_at", "id").first()
    if row is None:
        return None
    notice = models.Notice.objects.filter(holder_id=row.holder_id, pk=row.notice_id).first()
    if notice is None or (failure := _not_needed(row, notice, at)):
        dropped = Outcome(row.pk, row.holder_id, State.DROPPED, failure if notice else "notices.gone")
        _write([dropped], from_state=State.WAITING, at=at)
        return dropped
    mine = models.Delivery.objects.filter(holder_id=row.holder_id, pk=row.pk)
    mine.update(state=State.SENDING, taken_at=at, tries=F("tries") + 1)
    return _taken(row, notice)


def _not_needed(row: models.Delivery, notice: models.Notice, at: datetime) -> str:
    if notice.until is not None and notice.until <= at:
        return "notices.late"
    # Nobody is woken for what they have read; a guardian without an account reads nothing here.
    return "notices.read" if notice.read_at is not None and not row.to_guardian else ""


@transaction.atomic
def settle(outcomes: Sequence[Outcome], *, at: datetime) -> None:
    """Write down what became of messages that were taken up.

    at  with a time zone
    """
    _write(outcomes, from_state=State.SENDING, at=at)


def give_up_unanswered(*, at: datetime) -> int:
    """Write down as unknown what a worker took up and never settled, and return how many.

    at  with a time zone

    Perhaps they were sent, so they are never sent again.
    """
    rows = models.Delivery.objects.filter(state=State.SENDING, taken_at__lt=at - UNANSWERED)
    return rows.update(state=State.UNKNOWN, ended_at=at, failure="notices.unanswered")


def drop_waiting(holder_id: UUID, *, channels: Collection[str], failure: str, at: datetime) -> int:
    """Drop what waits to be sent to somebody, and return how many messages; the list stays.

    failure  why, a code
    at       with a time zone
    """
    rows = models.Delivery.objects.filter(
        holder_id=holder_id, state=State.WAITING, channel__in=channels, is_urgent=False
    )
    return rows.update(state=State.DROPPED, ended_at=at, failure=failure)


def forget(holder_id: UUID) -> int:
    """Delete what a person was told, and the copies of it that guardians have; return how many notices."""
    models.Delivery.objects.filter(holder_id=holder_id).delete()
    copies = models.Notice.objects.filter(about_holder_id=holder_id)
    models.Delivery.objects.filter(notice_id__in=copies.values("pk")).delete()
    gone = copies.delete()[0]
    return gone + models.Notice.objects.filter(holder_id=holder_id).delete()[0]


SWEEPS: Mapping[str, Sweep] = {
    "notices": Rows(models.Notice, "made_at"),
    "deliveries": Rows(models.Delivery, "made_at"),
}


def _write(outcomes: Sequence[Outcome], *, from_state: State, at: datetime) -> None:
    for one in outcomes:
        ended = None if one.state == State.WAITING else at
        row = models.Delivery.objects.filter(holder_id=one.holder_id, pk=one.id, state=from_state)
        changes = {"state": one.state, "failure": one.failure, "ended_at": ended}
        if one.again_at is not None:
            changes["due_at"] = one.again_at
        row.update(**changes)


def _new(row: models.Notice) -> New:
    message = Message(
        template=row.template,
        text=row.text,
        facts=rules.unpacked(row.facts),
        url=row.url,
        title=row.title,
        channels=frozenset(rules.Channel(channel) for channel in row.channels),
        is_urgent=row.is_urgent,
        until=row.until,
    )
    return New(row.pk, row.holder_id, row.key, message, row.about_holder_id)


def _taken(row: models.Delivery, notice: models.Notice) -> Taken:
    return Taken(
        id=row.pk,
        holder_id=row.holder_id,
        channel=row.channel,
        to_guardian=row.to_guardian,
        tries=row.tries + 1,
        title=notice.title,
        text=notice.text,
        facts=notice.facts,
        is_urgent=notice.is_urgent,
        about_holder_id=notice.about_holder_id,
        made_at=notice.made_at,
    )
