"""Endpoints of sign-ups and rosters."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from ninja import Body, Router, Status

from shanshi.activities import access, operations, queries
from shanshi.activities.api import answers, shapes
from shanshi.foundation import clock
from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.foundation.problems import REFUSALS, Problem

router = Router(tags=["activities"])


@router.post(
    "/shifts/{shift_id}/sign-ups",
    response={200: shapes.SignUpOut, 201: shapes.SignUpOut, REFUSALS: Problem},
    summary="Sign up for a shift",
)
@asks(access.SIGN_UP)
def sign_up(
    request: Request, shift_id: UUID, stated: Annotated[shapes.SignUpIn | None, Body()] = None
) -> Status[shapes.SignUpOut]:
    """Have a place, or a position on the waiting list. Sent twice it is done once: 201 first, then 200."""
    holder_id = access.volunteer(request.actor)
    made = operations.sign_up(
        shift_id,
        holder_id=holder_id,
        by=request.actor,
        at=clock.now(),
        skills=stated.skills if stated is not None else (),
    )
    return Status(201 if made.is_new else 200, answers.sign_up_out(made))


@router.delete(
    "/shifts/{shift_id}/sign-ups",
    response={200: shapes.WithdrawnOut, REFUSALS: Problem},
    summary="Withdraw from a shift",
)
@asks(access.SIGN_UP)
def withdraw(request: Request, shift_id: UUID) -> shapes.WithdrawnOut:
    """Give the place back before the shift begins; the next one who waits is offered it."""
    holder_id = access.volunteer(request.actor)
    ended = operations.withdraw(shift_id, holder_id=holder_id, by=request.actor, at=clock.now())
    return answers.withdrawn_out(ended)


@router.post(
    "/shifts/{shift_id}/sign-ups/accept",
    response={200: shapes.SignUpOut, REFUSALS: Problem},
    summary="Accept an offered place",
)
@asks(access.SIGN_UP)
def accept(request: Request, shift_id: UUID) -> shapes.SignUpOut:
    """Take the place that was offered from the waiting list, before `accept_by`."""
    holder_id = access.volunteer(request.actor)
    placed = operations.accept(shift_id, holder_id=holder_id, by=request.actor, at=clock.now())
    return answers.sign_up_out(placed)


@router.get(
    "/shifts/{shift_id}/sign-ups/mine",
    response={200: shapes.SignUpOut, REFUSALS: Problem},
    summary="Show my sign-up for a shift",
)
@asks(access.SEE_SIGN_UP)
def show_mine(request: Request, shift_id: UUID) -> shapes.SignUpOut:
    """My sign-up with its position now."""
    return answers.sign_up_out(access.own_sign_up(request.actor, shift_id))


@router.get("/me/sign-ups", response={200: shapes.MySignUps, REFUSALS: Problem}, summary="List my sign-ups")
@asks(access.LIST_SIGN_UPS)
def list_mine(request: Request) -> shapes.MySignUps:
    """My live sign-ups for shifts that are not over, the next one first; up to 50."""
    holder_id = access.volunteer(request.actor)
    mine = queries.sign_ups_of(holder_id, since=clock.now())
    return shapes.MySignUps(items=[answers.my_sign_up_out(one) for one in mine])


@router.get(
    "/shifts/{shift_id}/roster",
    response={200: shapes.RosterOut, REFUSALS: Problem},
    summary="Show the roster of a shift (leader)",
)
@asks(access.SEE_ROSTER)
def show_roster(request: Request, shift_id: UUID) -> shapes.RosterOut:
    """Who has a place and who waits, by volunteer number and masked name, in order of arrival."""
    shift = access.shift_to_lead(request.actor, shift_id)
    return answers.roster_out(shift, queries.roster(shift.activity_id, shift.id))
