"""The states of an activity as data: which step leads from where to where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from shanshi.activities.rules.kinds import ActivityState
from shanshi.kernel.errors import N_, DomainError, Missing

DRAFT, SUBMITTED, PUBLISHED, CANCELLED, CLOSED = (
    ActivityState.DRAFT,
    ActivityState.SUBMITTED,
    ActivityState.PUBLISHED,
    ActivityState.CANCELLED,
    ActivityState.CLOSED,
)


class ActivityMissing(Missing):
    """There is no such activity, or the asker may not know of it."""

    code = "activities.activity_missing"
    says = N_("There is no such activity.")
    way = N_("Look for a published activity.")


class ActivityIsDraft(DomainError):
    """The step needs an activity that was submitted."""

    code = "activities.is_draft"
    says = N_("This activity is still a draft.")
    way = N_("Submit it for review first.")


class ActivityIsSubmitted(DomainError):
    """The activity waits for its review."""

    code = "activities.is_submitted"
    says = N_("This activity is waiting for its review.")
    way = N_("Wait for the reviewer, or ask to have it returned.")


class ActivityIsPublished(DomainError):
    """The activity is public."""

    code = "activities.is_published"
    says = N_("This activity is already published.")


class ActivityIsCancelled(DomainError):
    """The activity was cancelled."""

    code = "activities.is_cancelled"
    says = N_("This activity was cancelled.")
    way = N_("Look for another activity.")


class ActivityIsClosed(DomainError):
    """The activity is over and its books are closed."""

    code = "activities.is_closed"
    says = N_("This activity is closed.")
    way = N_("Look for another activity.")


class ActivityNotOver(DomainError):
    """A shift is still ahead, or its roster is not confirmed."""

    code = "activities.not_over"
    says = N_("A shift of this activity is not over, or not confirmed.")
    way = N_("Confirm each roster after its shift, then close.")


class Step(StrEnum):
    """What can be done to the state of an activity."""

    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    CANCEL = "cancel"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Way:
    """From which states a step leads to which state."""

    start: frozenset[ActivityState]
    end: ActivityState


WAYS: Final[Mapping[Step, Way]] = MappingProxyType(
    {
        Step.SUBMIT: Way(frozenset({DRAFT}), SUBMITTED),
        Step.RETURN: Way(frozenset({SUBMITTED}), DRAFT),
        Step.PUBLISH: Way(frozenset({SUBMITTED}), PUBLISHED),
        Step.CANCEL: Way(frozenset({DRAFT, SUBMITTED, PUBLISHED}), CANCELLED),
        Step.CLOSE: Way(frozenset({PUBLISHED}), CLOSED),
    }
)

STANDS: Final[Mapping[ActivityState, type[DomainError]]] = MappingProxyType(
    {
        DRAFT: ActivityIsDraft,
        SUBMITTED: ActivityIsSubmitted,
        PUBLISHED: ActivityIsPublished,
        CANCELLED: ActivityIsCancelled,
        CLOSED: ActivityIsClosed,
    }
)


def after(state: ActivityState, step: Step) -> ActivityState:
    """Return the state to which a step leads.

    Raises ActivityIsDraft, ActivityIsSubmitted, ActivityIsPublished, ActivityIsCancelled or ActivityIsClosed:
    the step does not start from there.
    """
    way = WAYS[step]
    if state not in way.start:
        raise STANDS[state]
    return way.end


def check_draft(state: ActivityState) -> None:
    """Return nothing: what the activity says may still be changed.

    Raises ActivityIsSubmitted, ActivityIsPublished, ActivityIsCancelled or ActivityIsClosed.
    """
    if state is not DRAFT:
        raise STANDS[state]


def check_takes_shifts(state: ActivityState) -> None:
    """Return nothing: shifts may be added. Those added to a published activity wait for their own review.

    Raises ActivityIsSubmitted, ActivityIsCancelled or ActivityIsClosed.
    """
    if state not in {DRAFT, PUBLISHED}:
        raise STANDS[state]


def check_published(state: ActivityState) -> None:
    """Return nothing: the activity is public and running.

    Raises ActivityIsDraft, ActivityIsSubmitted, ActivityIsCancelled or ActivityIsClosed.
    """
    if state is not PUBLISHED:
        raise STANDS[state]
