"""Deciding about many activities at once: each is judged alone, and one refusal stops no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from shanshi.activities import operations
from shanshi.activities.operations import reviewing as steps
from shanshi.activities.queries import ActivityFacts, activity
from shanshi.activities.queries.reviewing import waits
from shanshi.activities.rules import ActivityState
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import DomainError
from shanshi.portal.rules import NothingChosen, TooManyChosen

MOST_AT_ONCE: Final = 50


class Judgement(StrEnum):
    """What a reviewer does to what waits."""

    PUBLISH = "publish"
    RETURN = "return"


class Came(StrEnum):
    """What came of it: done now; it stood so before, whoever did it; or refused."""

    DONE = "done"
    BEFORE = "before"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of one. `activity` is None where the reviewer may not know of it."""

    activity_id: UUID
    came: Came
    activity: ActivityFacts | None = None
    refusal: DomainError | None = None


Admit = Callable[[UUID], ActivityFacts]


def judge(
    activity_ids: Sequence[UUID],
    judgement: Judgement,
    *,
    reason: str = "",
    admit: Admit,
    by: Actor,
    at: datetime,
) -> list[Judged]:
    """Publish or send back each of the activities in a transaction of its own, and return what came of each.

    activity_ids  in the order of the answer; one that is named twice is judged once
    reason        one for all, needed to send back
    admit         the room's access: returns the activity, or raises why this reviewer has no say in it
    at            with a time zone

    Raises portal.NothingChosen, TooManyChosen; nothing else: each refusal stands beside its own activity.
    Locks one activity at a time.
    """
    chosen = list(dict.fromkeys(activity_ids))
    if not chosen:
        raise NothingChosen
    if len(chosen) > MOST_AT_ONCE:
        raise TooManyChosen(most=MOST_AT_ONCE)
    return [_one(one, judgement, reason=reason, admit=admit, by=by, at=at) for one in chosen]


def judge_one(activity_id: UUID, judgement: Judgement, *, reason: str = "", by: Actor, at: datetime) -> None:
    """Publish or send back what waits of one activity.

    at  with a time zone

    Raises what activities.operations.publish or reviewing.send_back refuses. Locks the activity.
    """
    if judgement is Judgement.PUBLISH:
        operations.publish(activity_id, by=by, at=at)
    else:
        steps.send_back(activity_id, reason=reason, by=by, at=at)


def _one(
    activity_id: UUID, judgement: Judgement, *, reason: str, admit: Admit, by: Actor, at: datetime
) -> Judged:
    try:
        found = admit(activity_id)
    except DomainError as refusal:
        return Judged(activity_id, Came.REFUSED, refusal=refusal)
    try:
        judge_one(activity_id, judgement, reason=reason, by=by, at=at)
    except DomainError as refusal:
        now = activity(activity_id)
        if _stands(now, judgement):
            return Judged(activity_id, Came.BEFORE, now)
        return Judged(activity_id, Came.REFUSED, found, refusal)
    return Judged(activity_id, Came.DONE, found)


def _stands(now: ActivityFacts, judgement: Judgement) -> bool:
    """Whether it is as it was to become: somebody else was faster, or this was sent twice."""
    if waits(now):
        return False
    if judgement is Judgement.PUBLISH:
        return now.state is ActivityState.PUBLISHED
    return now.state is ActivityState.DRAFT and now.returned_at is not None
