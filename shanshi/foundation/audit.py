"""The trail of staff: who changed what, from what, to what, and why."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from shanshi.foundation.actor import Actor
from shanshi.foundation.models import AuditEntry

NEWEST_FIRST: Final = ("-happened_at", "-id")


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """One entry of the trail."""

    id: UUID
    happened_at: datetime
    by: UUID
    verb: str
    thing: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    reason: str

    @property
    def changes(self) -> list[tuple[str, Any, Any]]:
        """What has changed: the fact's name, what it was, what it is; None where there is no such side."""
        names = list(dict.fromkeys([*self.before, *self.after]))
        return [(name, self.before.get(name), self.after.get(name)) for name in names]


def record(
    verb: str,
    thing: str,
    *,
    by: Actor,
    at: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    """Write one entry; call it inside the transaction of the change itself.

    verb    what was done, for example "activities.publish"
    thing   what it was done to, for example "activity:<uuid>"
    before, after  the changed facts, without personal data
    at      with a time zone
    """
    AuditEntry.objects.create(
        verb=verb,
        thing=thing,
        by=by.known(),
        happened_at=at,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        reason=reason,
    )


def entries(
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    verb: str = "",
    thing: str = "",
    person_id: UUID | None = None,
) -> QuerySet[AuditEntry]:
    """Return rows of the trail, for paging in NEWEST_FIRST; `entry_facts` reads a row.

    since, until  with a time zone; the second is not included
    verb          a whole verb, "activities.publish", or a room, "activities"
    thing         "activity:<uuid>"
    person_id     what this person did, and what was done to this person
    """
    wanted = {"happened_at__gte": since, "happened_at__lt": until, "thing": thing or None}
    rows = AuditEntry.objects.filter(**{name: value for name, value in wanted.items() if value is not None})
    if verb:
        rows = rows.filter(Q(verb=verb) if "." in verb else Q(verb__startswith=f"{verb}."))
    if person_id is not None:
        rows = rows.filter(Q(by=person_id) | Q(thing=f"person:{person_id}"))
    return rows


def had_a_hand(person_id: UUID, things: Collection[str], verbs: Collection[str]) -> bool:
    """Whether a person did one of these to one of these things.

    things, verbs  as `record` took them
    """
    return AuditEntry.objects.filter(thing__in=things, verb__in=verbs, by=person_id).exists()


def touched(person_id: UUID, things: Collection[str], verbs: Collection[str]) -> frozenset[str]:
    """Return those of the things to which a person did one of these, in one query.

    things, verbs  as `record` took them
    """
    rows = AuditEntry.objects.filter(thing__in=things, verb__in=verbs, by=person_id)
    return frozenset(rows.values_list("thing", flat=True)) if things else frozenset()


def last_done(things: Collection[str], verb: str) -> dict[str, datetime]:
    """Return when something was last done to each of these things, in one query; left out is what was not.

    things, verb  as `record` took them
    """
    if not things:
        return {}
    rows = AuditEntry.objects.filter(thing__in=things, verb=verb).values("thing")
    return dict(rows.annotate(last=Max("happened_at")).values_list("thing", "last"))


def entry_facts(row: AuditEntry) -> EntryFacts:
    """Return a row of `entries` as plain values."""
    return EntryFacts(
        row.pk, row.happened_at, row.by, row.verb, row.thing, row.before or {}, row.after or {}, row.reason
    )
