"""What the auditor reads: the trail of staff, and who looked at identities. Numbers stand for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from shanshi.foundation import audit, paging, proposals
from shanshi.foundation.audit import EntryFacts
from shanshi.foundation.proposals import ProposalFacts
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.portal.queries.roles import NOBODY, place_names
from shanshi.registry import queries as registry
from shanshi.registry.queries import LookFacts, PersonLine

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What of the trail, or of the looks, is wanted; what is left open means everything.

    from_on, until_on  days in the city, both included
    verb               of the trail, whole or a room alone
    thing              of the trail
    purpose            of looks
    number             a volunteer number: who did it, or to whom it was done
    """

    from_on: date | None = None
    until_on: date | None = None
    verb: str = ""
    thing: str = ""
    purpose: str = ""
    number: str = ""

    @property
    def since(self) -> datetime | None:
        """The first moment of the first day."""
        return datetime.combine(self.from_on, time(), CITY_ZONE) if self.from_on else None

    @property
    def until(self) -> datetime | None:
        """The first moment after the last day."""
        return (
            datetime.combine(self.until_on + timedelta(days=1), time(), CITY_ZONE) if self.until_on else None
        )


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry of the trail. `subject` is set where it was done to a person."""

    entry: EntryFacts
    by: PersonLine
    subject: PersonLine | None


@dataclass(frozen=True, slots=True)
class LookedLine:
    """One look: who looked is staff and called by name and number; who was seen, by number alone.

    role, place, place_name  the capacity; empty where it is not known
    """

    look: LookFacts
    by: PersonLine
    seen: str
    role: str
    place: str
    place_name: str


@dataclass(frozen=True, slots=True)
class ProposalLine:
    """A proposal with the words of its people."""

    proposal: ProposalFacts
    by: PersonLine
    decider: PersonLine
    subject: PersonLine

    @property
    def from_on(self) -> date | None:
        """The first day of what was proposed, where it has days."""
        return _day(self.proposal.facts.get("from_on"))

    @property
    def to_on(self) -> date | None:
        """The last day of what was proposed, where it has one."""
        return _day(self.proposal.facts.get("to_on"))


def trail_page(
    wanted: TrailFilter, *, cursor: str | None, limit: int = PAGE
) -> tuple[list[TrailLine], str | None]:
    """Return a page of the trail, the newest first, and the cursor of the next or None; three queries.

    Raises Missing: nobody has this number. CursorUnreadable.
    """
    rows = audit.entries(
        since=wanted.since,
        until=wanted.until,
        verb=wanted.verb,
        thing=wanted.thing,
        person_id=_person(wanted.number),
    )
    found, following = paging.page(rows, order=audit.NEWEST_FIRST, cursor=cursor, limit=limit)
    entries = [audit.entry_facts(row) for row in found]
    subjects = {entry.id: _subject(entry.thing) for entry in entries}
    people = registry.person_lines([*(entry.by for entry in entries), *subjects.values()])
    lines = []
    for entry in entries:
        subject = subjects[entry.id]
        lines.append(
            TrailLine(entry, people.get(entry.by, NOBODY), people.get(subject, NOBODY) if subject else None)
        )
    return lines, following


def looked_page(
    wanted: TrailFilter, *, cursor: str | None, limit: int = PAGE
) -> tuple[list[LookedLine], str | None]:
    """Return a page of looks at identities, the newest first, and the cursor of the next or None.

    Raises Missing: nobody has this number. CursorUnreadable.
    """
    holder_id = _holder(wanted.number)
    rows = registry.looks(holder_id=holder_id, purpose=wanted.purpose, since=wanted.since, until=wanted.until)
    found, following = paging.page(rows, order=registry.NEWEST_LOOKS_FIRST, cursor=cursor, limit=limit)
    return looked_lines([registry.look_facts(row) for row in found]), following


def looked_lines(looks: Sequence[LookFacts]) -> list[LookedLine]:
    """Return looks with the words of their people and places, in a fixed number of queries."""
    by = registry.person_lines(look.looked_by for look in looks)
    seen = registry.volunteers({look.holder_id for look in looks})
    capacities = {look.id: look.capacity.partition(" ") for look in looks}
    names = place_names({place for _, _, place in capacities.values() if place})
    return [
        LookedLine(
            look=look,
            by=by.get(look.looked_by, NOBODY),
            seen=seen[look.holder_id].number if look.holder_id in seen else "",
            role=capacities[look.id][0],
            place=capacities[look.id][2],
            place_name=names.get(capacities[look.id][2], ""),
        )
        for look in looks
    ]


def proposal_lines(found: Sequence[ProposalFacts]) -> list[ProposalLine]:
    """Return proposals with the words of their people, in two queries."""
    subjects = {one.id: _subject(one.subject) for one in found}
    people: Mapping[Any, PersonLine] = registry.person_lines(
        [*(one.proposed_by for one in found), *(one.decided_by for one in found), *subjects.values()]
    )
    return [
        ProposalLine(
            one,
            people.get(one.proposed_by, NOBODY),
            people.get(one.decided_by, NOBODY),
            people.get(subjects[one.id], NOBODY),
        )
        for one in found
    ]


def waiting_proposals(
    kinds: Sequence[str], *, at: datetime, cursor: str | None = None, limit: int = PAGE
) -> tuple[list[ProposalLine], str | None]:
    """Return a page of the proposals that wait, the oldest first, and the cursor of the next or None.

    at  with a time zone

    Raises CursorUnreadable.
    """
    rows = proposals.pending(kinds, at=at)
    found, following = paging.page(rows, order=proposals.OLDEST_FIRST, cursor=cursor, limit=limit)
    return proposal_lines([proposals.proposal_facts(row) for row in found]), following


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _person(number: str) -> UUID | None:
    holder_id = _holder(number)
    return None if holder_id is None else registry.volunteer(holder_id).person_id


def _holder(number: str) -> UUID | None:
    if not number:
        return None
    found = registry.by_number(number)
    if found is None:
        raise Missing
    return found


def _subject(thing: str) -> UUID | None:
    sort, _, key = thing.partition(":")
    if sort != "person":
        return None
    try:
        return UUID(key)
    except ValueError:
        return None
