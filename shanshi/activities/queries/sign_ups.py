"""Questions about sign-ups; never write."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Window
from django.db.models.functions import RowNumber

from shanshi.activities import models
from shanshi.activities.queries.facts import MySignUp, SignUpFacts
from shanshi.activities.queries.shifts import shifts
from shanshi.activities.rules import HOLDS_A_PLACE, LIVE, SignUpState


def sign_up(shift_id: UUID, holder_id: UUID) -> SignUpFacts | None:
    """Return the live sign-up of somebody for a shift, or None; a waiting one with its rank."""
    row = models.SignUp.objects.filter(shift_id=shift_id, holder_id=holder_id, state__in=LIVE).first()
    return facts_of(row, position_of(row)) if row is not None else None


def sign_up_of_id(sign_up_id: UUID) -> SignUpFacts | None:
    """Return a sign-up by its id, live or ended, or None; without a rank."""
    row = models.SignUp.objects.filter(pk=sign_up_id).first()
    return facts_of(row, None) if row is not None else None


def is_placed(activity_id: UUID, shift_id: UUID, holder_id: UUID) -> bool:
    """Whether somebody has a place on a shift."""
    return models.SignUp.objects.filter(
        activity_id=activity_id, shift_id=shift_id, holder_id=holder_id, state=SignUpState.PLACED
    ).exists()


def placed(activity_id: UUID, shift_id: UUID) -> list[SignUpFacts]:
    """Return those who have a place on a shift, in order of arrival."""
    rows = models.SignUp.objects.filter(
        activity_id=activity_id, shift_id=shift_id, state=SignUpState.PLACED
    ).order_by("arrival")
    return [facts_of(row, None) for row in rows]


def roster(activity_id: UUID, shift_id: UUID) -> list[SignUpFacts]:
    """Return every live sign-up of a shift: who has a place, then who waits, each in order of arrival."""
    rows = models.SignUp.objects.filter(activity_id=activity_id, shift_id=shift_id, state__in=LIVE).order_by(
        "arrival"
    )
    having = [row for row in rows if row.state in HOLDS_A_PLACE]
    waiting = [row for row in rows if row.state == SignUpState.WAITING]
    return [
        *(facts_of(row, 0 if row.state == SignUpState.OFFERED else None) for row in having),
        *(facts_of(row, rank) for rank, row in enumerate(waiting, start=1)),
    ]


def sign_ups_of(holder_id: UUID, *, since: datetime, limit: int = 50) -> list[MySignUp]:
    """Return somebody's live sign-ups for shifts that end later than a moment, by start.

    since  with a time zone
    """
    rows = list(
        models.SignUp.objects.filter(holder_id=holder_id, state__in=LIVE, ends_at__gt=since).order_by(
            "starts_at", "id"
        )[:limit]
    )
    known = {one.id: one for one in shifts(row.shift_id for row in rows)}
    ranks = _ranks([row for row in rows if row.state == SignUpState.WAITING])
    return [
        MySignUp(
            facts_of(row, 0 if row.state == SignUpState.OFFERED else ranks.get(row.id)), known[row.shift_id]
        )
        for row in rows
    ]


def position_of(row: models.SignUp) -> int | None:
    """Return the place on the waiting list from 1, 0 when a place is offered, None otherwise."""
    if row.state == SignUpState.OFFERED:
        return 0
    if row.state != SignUpState.WAITING:
        return None
    return models.SignUp.objects.filter(
        activity_id=row.activity_id,
        shift_id=row.shift_id,
        state=SignUpState.WAITING,
        arrival__lte=row.arrival,
    ).count()


def _ranks(rows: list[models.SignUp]) -> dict[UUID, int]:
    if not rows:
        return {}
    waiting = models.SignUp.objects.filter(
        activity_id__in=[row.activity_id for row in rows],
        shift_id__in=[row.shift_id for row in rows],
        state=SignUpState.WAITING,
    ).annotate(rank=Window(RowNumber(), partition_by="shift_id", order_by="arrival"))
    wanted = {row.id for row in rows}
    return {id_: rank for id_, rank in waiting.values_list("id", "rank") if id_ in wanted}


def facts_of(row: models.SignUp, position: int | None, *, is_new: bool = False) -> SignUpFacts:
    """Return one row as facts."""
    return SignUpFacts(
        id=row.id,
        activity_id=row.activity_id,
        shift_id=row.shift_id,
        holder_id=row.holder_id,
        state=SignUpState(row.state),
        position=position,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        signed_up_at=row.signed_up_at,
        offered_until=row.offered_until if row.state == SignUpState.OFFERED else None,
        is_new=is_new,
    )


def held_about(holder_id: UUID) -> dict[str, Any]:
    """Return everything this room holds about a volunteer, for a copy of their data; two queries."""
    rows = (
        models.SignUp.objects.filter(holder_id=holder_id).select_related("activity").order_by("signed_up_at")
    )
    return {
        "sign_ups": [
            {
                "id": str(row.id),
                "activity": row.activity.title,
                "starts_at": row.starts_at,
                "ends_at": row.ends_at,
                "state": row.state,
                "signed_up_at": row.signed_up_at,
                "offered_at": row.offered_at,
                "accepted_at": row.accepted_at,
                "ended_at": row.ended_at,
                "policy": row.policy,
                "source": row.source,
            }
            for row in rows
        ],
        # Only that there is an address, and since when: its secret is kept nowhere.
        "calendar": list(models.CalendarKey.objects.filter(holder_id=holder_id).values("made_at")),
    }
