"""The stands of an event: what each needs, and until when it may go. Plain Python: no tables, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shanshi.activities.rules.kinds import ActivityState
from shanshi.activities.rules.texts import check_writable
from shanshi.kernel.errors import N_, DomainError, Invalid, Missing

MOST_BOOTHS: Final = 200
LONGEST_NAME: Final = 60
LONGEST_SAYS: Final = 500
_OVER: Final = frozenset({ActivityState.CANCELLED, ActivityState.CLOSED})


class BoothMissing(Missing):
    """There is no such booth, or the asker may not know of it."""

    code = "activities.booth_missing"
    says = N_("There is no such booth.")
    way = N_("Choose one from the event's page.")


class BoothInvalid(Invalid):
    """A booth has no name, or a very long one."""

    code = "activities.booth_invalid"
    says = N_("A booth needs a name of 1 to 60 characters; what it says has up to 500.")
    way = N_("Write a short name, and say less.")


class BoothNameTaken(DomainError):
    """Another booth of the event has this name."""

    code = "activities.booth_name_taken"
    says = N_("This event has a booth called {name} already.")
    way = N_("Take another name, or add a number to it.")


class TooManyBooths(DomainError):
    """An event has as many booths as fit."""

    code = "activities.too_many_booths"
    says = N_("An event has up to {most} booths.")
    way = N_("Join booths that belong together, or plan a second event.")


class EventOver(DomainError):
    """The event was cancelled or closed, so its booths stay as they were."""

    code = "activities.event_over"
    says = N_("This event is over, so its booths stay as they were.")
    way = N_("Plan a new event.")


class EventBegun(DomainError):
    """People may have been at the booth already."""

    code = "activities.event_begun"
    says = N_("The event has begun, so a booth cannot be taken away any more.")
    way = N_("Let it stand; what was stamped there stays visible.")


@dataclass(frozen=True, slots=True)
class BoothDraft:
    """A stand of an event.

    organization_id  who keeps it, if not the organizer that leads
    """

    name: str
    says: str = ""
    organization_id: UUID | None = None


def check_booth(draft: BoothDraft) -> None:
    """Return nothing: the booth says enough.

    Raises BoothInvalid, texts.TextUnwritable.
    """
    if not draft.name.strip() or len(draft.name.strip()) > LONGEST_NAME or len(draft.says) > LONGEST_SAYS:
        raise BoothInvalid
    check_writable(draft.name, draft.says)


def check_keeps(state: ActivityState) -> None:
    """Return nothing: the event's booths may still change.

    Raises EventOver.
    """
    if state in _OVER:
        raise EventOver


def check_removes(state: ActivityState, first_starts_at: datetime | None, *, at: datetime) -> None:
    """Return nothing: a booth may still be taken away.

    first_starts_at, at  with a time zone

    Raises EventOver, EventBegun.
    """
    check_keeps(state)
    if state is ActivityState.PUBLISHED and first_starts_at is not None and first_starts_at <= at:
        raise EventBegun
