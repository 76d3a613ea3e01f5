"""The desk of a reviewer: everything that waits for one person, with its age, and one thing of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shanshi.activities.queries import ActivityFacts
from shanshi.activities.queries import reviewing as reviews
from shanshi.activities.queries.reviewing import Waiting
from shanshi.foundation import proposals
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies
from shanshi.portal.queries.trail import ProposalLine, proposal_lines
from shanshi.registry import queries as registry
from shanshi.registry.queries import PersonLine

# What is shown of the queue at once: it is worked from the top.
SHOWN: Final = 50
ACTIVITY, SHIFTS, PROPOSAL = "activity", "shifts", "proposal"
KINDS: Final = (ACTIVITY, SHIFTS, PROPOSAL)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the queue is wanted.

    kind  one of KINDS, or empty for all
    text  words of the title, the place or an organizer
    late  only what has waited longer than the policy allows
    """

    kind: str = ""
    text: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits: an activity, shifts that were added to one, or a proposal of a colleague.

    is_late  waits longer than the policy gives a reviewer
    """

    kind: str
    id: UUID
    waits_since: datetime
    is_late: bool
    review: Waiting | None = None
    proposal: ProposalLine | None = None

    @property
    def key(self) -> str:
        """How the page calls it."""
        return f"{'proposal' if self.kind == PROPOSAL else 'activity'}-{self.id}"


@dataclass(frozen=True, slots=True)
class Desk:
    """The queue as it was asked for, the longest waiting first.

    counts  how many of each kind wait, whatever kind was asked for; late: how many of all wait too long
    hidden  how many more wait below the last one shown
    """

    items: tuple[Item, ...]
    counts: dict[str, int]
    late: int
    hidden: int
    answer_within_days: int

    @property
    def total(self) -> int:
        """How many wait in all."""
        return sum(self.counts.values())

    def after(self, key: str) -> Item | None:
        """Return what comes next in the queue after a thing of it; the first if the thing is not there."""
        keys = [item.key for item in self.items]
        place = keys.index(key) + 1 if key in keys else 0
        rest = (*self.items[place:], *self.items[:place])
        return next((item for item in rest if item.key != key), None)


@dataclass(frozen=True, slots=True)
class Thing:
    """One activity as a reviewer weighs it.

    waits   whether there is anything to decide
    lacks   what keeps it from being published
    is_own  the asker had a hand in it
    people  how its people are called: by id, masked
    """

    activity: ActivityFacts
    waits: bool
    is_added: bool
    lacks: tuple[DomainError, ...]
    is_own: bool
    submitted_by: PersonLine | None


def desk(
    places: Collection[str] | None,
    asked: Asked,
    *,
    person_id: UUID,
    proposal_kinds: Sequence[str] = (),
    at: datetime,
) -> Desk:
    """Return what waits for somebody.

    places          where they review; None for the whole city
    proposal_kinds  what they decide as a second person; their own proposals wait for others
    at              with a time zone

    A fixed number of queries, however much waits.
    """
    days = policies.in_force("publication", city_day(at)).values["answer_within_days"]
    due = at - timedelta(days=days)
    waiting = reviews.reviews_waiting(places, text=asked.text, person_id=person_id)
    items = [
        Item(
            SHIFTS if one.is_added else ACTIVITY,
            one.activity_id,
            one.waits_since,
            one.waits_since < due,
            review=one,
        )
        for one in waiting
    ]
    if not asked.text:
        items += _proposals(proposal_kinds, person_id, due, at)
    late = sum(item.is_late for item in items)
    counts = {kind: sum(item.kind == kind for item in items) for kind in KINDS}
    wanted = [item for item in items if asked.kind in {"", item.kind} and (item.is_late or not asked.late)]
    wanted.sort(key=lambda item: (item.waits_since, item.id))
    return Desk(tuple(wanted[:SHOWN]), counts, late, max(0, len(wanted) - SHOWN), days)


def thing(activity: ActivityFacts, *, person_id: UUID, at: datetime) -> Thing:
    """Return an activity with everything a reviewer weighs, in a fixed number of queries.

    at  with a time zone
    """
    values = policies.in_force("publication", city_day(at)).values
    waits = reviews.waits(activity)
    people = registry.person_lines([activity.submitted_by])
    return Thing(
        activity=activity,
        waits=waits,
        is_added=activity.is_public,
        lacks=reviews.lacks(activity, values) if waits else (),
        is_own=waits and reviews.had_a_hand(activity, person_id),
        submitted_by=people.get(activity.submitted_by) if activity.submitted_by else None,
    )


def _proposals(kinds: Sequence[str], person_id: UUID, due: datetime, at: datetime) -> list[Item]:
    if not kinds:
        return []
    rows = proposals.pending(kinds, at=at).exclude(proposed_by=person_id)
    facts = [proposals.proposal_facts(row) for row in rows.order_by(*proposals.OLDEST_FIRST)[:SHOWN]]
    return [
        Item(
            PROPOSAL,
            line.proposal.id,
            line.proposal.proposed_at,
            line.proposal.proposed_at < due,
            proposal=line,
        )
        for line in proposal_lines(facts)
    ]
