"""Endpoints of activities and their shifts."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from ninja import Query, Router, Status

from shanshi.activities import access, operations, queries
from shanshi.activities.api import answers, shapes
from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, public
from shanshi.foundation.moments import Moment
from shanshi.foundation.permissions import asks
from shanshi.foundation.problems import REFUSALS, Problem

router = Router(tags=["activities"])
Limit = Annotated[int, Query(ge=1, le=200)]
SHIFTS_SHOWN = timedelta(days=30)


@router.get(
    "/activities",
    response={200: shapes.ActivityPage, REFUSALS: Problem},
    summary="Find published activities",
    auth=None,
)
@public
def list_activities(
    request: Request, wanted: Query[shapes.FindingIn], cursor: str | None = None, limit: Limit = 20
) -> shapes.ActivityPage:
    """Activities with a shift that matches, the next one first. Without days: those that are not over."""
    limits.count(request, "searches")
    cards, following = queries.activities_open(wanted.finding(), at=clock.now(), cursor=cursor, limit=limit)
    return shapes.ActivityPage(items=[answers.card_out(card) for card in cards], next=following)


@router.post(
    "/activities/near",
    response={200: shapes.ActivityPage, REFUSALS: Problem},
    summary="Find published activities near a place",
    auth=None,
)
@public
def list_near(
    request: Request, wanted: shapes.NearIn, cursor: str | None = None, limit: Limit = 20
) -> shapes.ActivityPage:
    """The same, the nearest first, each with its distance. The place is kept nowhere."""
    limits.count(request, "searches")
    cards, following = queries.activities_near(
        wanted.finding(), wanted.near(), at=clock.now(), cursor=cursor, limit=limit
    )
    return shapes.ActivityPage(items=[answers.card_out(card) for card in cards], next=following)


@router.get(
    "/activities/to-review",
    response={200: shapes.Queue, REFUSALS: Problem},
    summary="List activities that wait for my review (reviewer)",
)
@asks(access.REVIEW_ACTIVITY)
def list_to_review(request: Request) -> shapes.Queue:
    """Submitted activities below the bodies you review for, and public ones with new shifts; oldest first."""
    cards = queries.waiting_for_review(access.review_places(request.actor))
    return shapes.Queue(items=[answers.card_out(card) for card in cards])


@router.get(
    "/activities/led",
    response={200: shapes.Queue, REFUSALS: Problem},
    summary="List the activities of my bodies (leader)",
)
@asks(access.SEE_DESK)
def list_led(request: Request) -> shapes.Queue:
    """What is given at the places of your roles and below, drafts included, the newest first; up to 200."""
    cards = queries.activities_led(access.desk(request.actor), at=clock.now())
    return shapes.Queue(items=[answers.card_out(card) for card in cards])


@router.get(
    "/activities/{activity_id}",
    response={200: shapes.ActivityOut, REFUSALS: Problem},
    summary="Show an activity",
    auth=None,
)
@asks(access.SEE_ACTIVITY)
def show_activity(request: Request, activity_id: UUID, since: Moment | None = None) -> shapes.ActivityOut:
    """A published activity to everybody; a draft to its people and reviewers, and nothing here to others.

    Shifts that ended before `since` are left out; without it, those that ended over 30 days ago.
    """
    since = since or clock.now() - SHIFTS_SHOWN
    found = access.activity_to_see(request.actor, activity_id, since=since)
    return answers.activity_out(found, for_its_people=access.knows_drafts(request.actor, found))


@router.post(
    "/activities", response={201: shapes.ActivityOut, REFUSALS: Problem}, summary="Plan an activity (leader)"
)
@asks(access.PLAN_ACTIVITY)
def create_activity(request: Request, said: shapes.ActivityIn) -> Status[shapes.ActivityOut]:
    """Make a draft for a body that you manage or lead, or for its team. Then add shifts and submit it."""
    organizers = access.plan(request.actor, said.organizers, team_id=said.team)
    activity_id = operations.create(said.draft(organizers), by=request.actor, at=clock.now())
    return Status(201, _own(activity_id))


@router.put(
    "/activities/{activity_id}",
    response={200: shapes.ActivityOut, REFUSALS: Problem},
    summary="Change a draft (leader)",
)
@asks(access.PLAN_ACTIVITY)
def change_activity(request: Request, activity_id: UUID, said: shapes.ActivityIn) -> shapes.ActivityOut:
    """Let a draft say something else; its shifts stay."""
    found = access.activity_to_change(request.actor, activity_id)
    organizers = access.plan(
        request.actor,
        said.organizers,
        team_id=said.team,
        leads_now=found.organization_id,
        team_now=found.team_id,
    )
    operations.change(activity_id, said.draft(organizers), by=request.actor, at=clock.now())
    return _own(activity_id)


@router.post(
    "/activities/{activity_id}/shifts",
    response={201: shapes.ShiftOut, REFUSALS: Problem},
    summary="Add a shift (leader)",
)
@asks(access.PLAN_ACTIVITY)
def add_shift(request: Request, activity_id: UUID, planned: shapes.ShiftIn) -> Status[shapes.ShiftOut]:
    """Add a shift that is still ahead. On a published activity it waits until a reviewer publishes again."""
    access.activity_to_change(request.actor, activity_id)
    (shift_id,) = operations.add_shifts(activity_id, [planned.draft()], by=request.actor, at=clock.now())
    return Status(201, answers.shift_out(queries.shift(shift_id)))


@router.patch(
    "/shifts/{shift_id}",
    response={200: shapes.ShiftOut, REFUSALS: Problem},
    summary="Change a shift (leader)",
)
@asks(access.PLAN_ACTIVITY)
def change_shift(request: Request, shift_id: UUID, wanted: shapes.ShiftChangeIn) -> shapes.ShiftOut:
    """More places, or fewer down to those taken; other times while it is ahead and nobody has signed up."""
    access.shift_to_change(request.actor, shift_id)
    operations.change_shift(shift_id, wanted.change(), by=request.actor, at=clock.now())
    return answers.shift_out(queries.shift(shift_id))


@router.post(
    "/shifts/{shift_id}/cancel",
    response={200: shapes.ShiftOut, REFUSALS: Problem},
    summary="Cancel a shift (leader)",
)
@asks(access.PLAN_ACTIVITY)
def cancel_shift(request: Request, shift_id: UUID, why: shapes.ReasonIn) -> shapes.ShiftOut:
    """Call one shift off before it begins; every sign-up for it ends."""
    access.shift_to_change(request.actor, shift_id)
    operations.cancel_shift(shift_id, reason=why.reason, by=request.actor, at=clock.now())
    return answers.shift_out(queries.shift(shift_id))


@router.post(
    "/activities/{activity_id}/submit",
    response={200: shapes.ActivityOut, REFUSALS: Problem},
    summary="Submit an activity for review (leader)",
)
@asks(access.PLAN_ACTIVITY)
def submit(request: Request, activity_id: UUID) -> shapes.ActivityOut:
    """Send a draft to the parent organization. What is missing comes back in `errors`, all at once."""
    access.activity_to_change(request.actor, activity_id)
    operations.submit(activity_id, by=request.actor, at=clock.now())
    return _own(activity_id)


@router.post(
    "/activities/{activity_id}/return",
    response={200: shapes.ActivityOut, REFUSALS: Problem},
    summary="Return a submitted activity (reviewer)",
)
@asks(access.REVIEW_ACTIVITY)
def return_to_draft(request: Request, activity_id: UUID, why: shapes.ReasonIn) -> shapes.ActivityOut:
    """Give an activity back to those who plan it, with the reason."""
    access.activity_to_review(request.actor, activity_id)
    operations.return_to_draft(activity_id, reason=why.reason, by=request.actor, at=clock.now())
    return _own(activity_id)


@router.post(
    "/activities/{activity_id}/publish",
    response={200: shapes.ActivityOut, REFUSALS: Problem},
    summary="Publish an activity (reviewer)",
)
@asks(access.REVIEW_ACTIVITY)
def publish(request: Request, activity_id: UUID) -> shapes.ActivityOut:
    """Show an activity to everybody. Reviewers of a body above the organizers only, and never one's own.

    Where the law asks for an agreement, insurance or adults, all reasons come back in `errors`.
    """
    access.activity_to_review(request.actor, activity_id)
    operations.publish(activity_id, by=request.actor, at=clock.now())
    return _own(activity_id)


@router.post(
    "/activities/{activity_id}/cancel",
    response={200: shapes.ActivityOut, REFUSALS: Problem},
    summary="Cancel an activity (leader)",
)
@asks(access.PLAN_ACTIVITY)
def cancel(request: Request, activity_id: UUID, why: shapes.ReasonIn) -> shapes.ActivityOut:
    """Call an activity off before any of its shifts has begun; every sign-up ends."""
    access.activity_to_change(request.actor, activity_id)
    operations.cancel(activity_id, reason=why.reason, by=request.actor, at=clock.now())
    return _own(activity_id)


@router.post(
    "/activities/{activity_id}/close",
    response={200: shapes.ActivityOut, REFUSALS: Problem},
    summary="Close an activity (leader)",
)
@asks(access.PLAN_ACTIVITY)
def close(request: Request, activity_id: UUID) -> shapes.ActivityOut:
    """Close an activity whose shifts are over and confirmed."""
    access.activity_to_change(request.actor, activity_id)
    operations.close(activity_id, by=request.actor, at=clock.now())
    return _own(activity_id)


def _own(activity_id: UUID) -> shapes.ActivityOut:
    return answers.activity_out(queries.activity(activity_id), for_its_people=True)
