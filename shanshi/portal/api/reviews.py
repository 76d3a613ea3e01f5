"""Endpoints of the reviewer's desk: what waits, and deciding about many at once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Field, Router, Schema

from shanshi.activities import access
from shanshi.activities.queries.reviewing import reviews_waiting
from shanshi.foundation import clock
from shanshi.foundation.doors import Request, refusal
from shanshi.foundation.permissions import asks
from shanshi.foundation.problems import REFUSALS, Problem
from shanshi.portal.operations.reviewing import MOST_AT_ONCE, Judgement, judge

router = Router(tags=["staff"])


class WaitingOut(Schema):
    """An activity that waits, or a public one with shifts that were added since (`is_added`)."""

    activity_id: UUID
    title: str
    is_added: bool
    organization_id: UUID
    organization: str
    division_code: str
    waits_since: datetime
    first_starts_at: datetime | None
    shifts: int
    is_own: bool = Field(description="You had a hand in it, so another person reviews it.")


class QueueOut(Schema):
    """What waits for you, the longest waiting first."""

    items: list[WaitingOut]


class JudgeIn(Schema):
    """What shall be done to each of these activities; `return` needs a reason, one for all."""

    step: Literal["publish", "return"]
    activities: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]
    reason: str = Field("", max_length=200)


class JudgedOut(Schema):
    """What came of one: `done`, `before` (it stood so already) or `refused`, with the reasons."""

    activity_id: UUID
    came: Literal["done", "before", "refused"]
    code: str | None
    says: list[str]


class ResultsOut(Schema):
    """What came of each, in the order given."""

    results: list[JudgedOut]


@router.get("/reviews", response={200: QueueOut, REFUSALS: Problem}, summary="What waits for a review")
@asks(access.REVIEW_ACTIVITY)
def waiting(request: Request, text: str = "") -> QueueOut:
    """What waits at the places below those of your roles."""
    places = access.review_places(request.actor)
    found = reviews_waiting(places, text=text[:100], person_id=request.actor.known())
    return QueueOut(
        items=[
            WaitingOut(
                activity_id=one.activity_id,
                title=one.title,
                is_added=one.is_added,
                organization_id=one.organization_id,
                organization=one.organization_name,
                division_code=one.division_code,
                waits_since=one.waits_since,
                first_starts_at=one.starts_at,
                shifts=one.shifts,
                is_own=one.is_own,
            )
            for one in found
        ]
    )


@router.post("/reviews", response={200: ResultsOut, REFUSALS: Problem}, summary="Publish or return several")
@asks(access.REVIEW_ACTIVITY)
def decide(request: Request, given: JudgeIn) -> ResultsOut:
    """Publish or send back several, each judged alone: one refusal stops no other."""
    access.review_places(request.actor)
    came = judge(
        given.activities,
        Judgement(given.step),
        reason=given.reason,
        admit=lambda one: access.activity_to_review(request.actor, one),
        by=request.actor,
        at=clock.now(),
    )
    results = []
    for one in came:
        said = refusal(one.refusal) if one.refusal else None
        says = [part.says for part in (said, *said.parts)] if said else []
        results.append(
            JudgedOut(
                activity_id=one.activity_id, came=one.came.value, code=said.code if said else None, says=says
            )
        )
    return ResultsOut(results=results)
