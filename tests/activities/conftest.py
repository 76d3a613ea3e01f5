"""An activity that everybody in these tests knows: guides at the library, tomorrow from 9:00 to 11:30."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shanshi.activities import operations, queries
from shanshi.activities.rules import ActivityDraft, PositionDraft, ShiftDraft
from shanshi.foundation.actor import Actor
from tests.cast import Cast, id_number

LIBRARY = PositionDraft(30.2489, 120.1607, 200, "文澜阁 east gate")


def draft_for(station: UUID, **other: Any) -> ActivityDraft:
    """Return the library's draft, with what a test wants otherwise."""
    said: dict[str, Any] = {
        "title": "图书馆文明引导 Reading guides",
        "organizers": (station,),
        "division_code": "330102",
        "fields": ("文明引导",),
        "risks": "No special risk; stairs may be wet.",
        "person_in_charge": "吴建国",
        "place_text": "文澜阁图书馆",
        "positions": (LIBRARY,),
    }
    return ActivityDraft(**{**said, **other})


@pytest.fixture
def tomorrow(at: datetime) -> Callable[..., ShiftDraft]:
    """A shift of tomorrow (or of another day), 9:00 to 11:30 if nothing else is said."""

    def plan(capacity: int = 2, *, starts: float = 9, hours: float = 2.5, days: int = 1) -> ShiftDraft:
        midnight = at.replace(hour=0, minute=0)
        start = midnight + timedelta(days=days, hours=starts)
        return ShiftDraft(start, start + timedelta(hours=hours), capacity)

    return plan


@pytest.fixture
def drafted(cast: Cast, at: datetime, tomorrow: Callable[..., ShiftDraft]) -> Callable[..., UUID]:
    """Plan an activity with its shifts as Wu would."""

    def plan(*shifts: ShiftDraft, **other: Any) -> UUID:
        activity_id = operations.create(draft_for(cast.station, **other), by=cast.wu, at=at)
        operations.add_shifts(activity_id, shifts or [tomorrow()], by=cast.wu, at=at)
        return activity_id

    return plan


@pytest.fixture
def submitted(drafted: Callable[..., UUID], cast: Cast, at: datetime) -> Callable[..., UUID]:
    """Plan an activity and submit it."""

    def plan(*shifts: ShiftDraft, **other: Any) -> UUID:
        activity_id = drafted(*shifts, **other)
        operations.submit(activity_id, by=cast.wu, at=at)
        return activity_id

    return plan


@pytest.fixture
def published(submitted: Callable[..., UUID], cast: Cast, at: datetime) -> Callable[..., list[UUID]]:
    """Plan, submit and publish an activity, and return the ids of its shifts in order."""

    def plan(*shifts: ShiftDraft, **other: Any) -> list[UUID]:
        activity_id = submitted(*shifts, **other)
        operations.publish(activity_id, by=cast.xu, at=at)
        return [shift.id for shift in queries.activity(activity_id).shifts]

    return plan


@pytest.fixture
def people(cast: Cast, at: datetime) -> Callable[[int], list[Actor]]:
    """Register invented adults, and return who they are; the same ones each time."""
    from shanshi.registry import operations as registry

    made: list[Actor] = []

    def register(count: int) -> list[Actor]:
        rows = [
            registry.Registration(
                person_id=None,
                phone=f"154{number:08d}",
                real_name="钱一",
                id_number=id_number("330103", date(1970, 1, 1) + timedelta(days=number)),
                residence_code="330103",
            )
            for number in range(1000 + len(made), 1000 + count)
        ]
        if rows:
            facts = registry.register_many(rows, by=cast.loader, at=at, source="platform")
            made.extend(Actor(one.person_id, one.holder_id) for one in facts)
        return made[:count]

    return register
