"""A library on Qingbo Street with a morning shift: Wu runs its door, Lin and Mei have places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from shanshi.activities import models as activities
from shanshi.attendance import models, operations, queries
from shanshi.attendance.operations import ScanAnswer, ScanSent
from shanshi.foundation.actor import Actor, Grant, Role
from shanshi.kernel.ids import id_of, new_id
from shanshi.ledger import queries as books
from shanshi.registry.models import Consent
from tests.cast import Cast

REAL = datetime(2026, 5, 4, 1, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
_numbers = count(1)


def person(name: str, *grants: Grant) -> Actor:
    """Somebody who is a volunteer, the same for the same name."""
    return Actor(person_id=id_of("person", name), holder_id=id_of("holder", name), grants=grants)


@pytest.fixture
def lin() -> Actor:
    """An adult volunteer."""
    return person("lin")


@pytest.fixture
def mei() -> Actor:
    """Another volunteer."""
    return person("mei")


@pytest.fixture
def stranger() -> Actor:
    """A volunteer who signed up for nothing."""
    return person("stranger")


@pytest.fixture
def station(cast: Cast) -> UUID:
    """The body that gives the shifts."""
    return cast.station


@pytest.fixture
def wu(station: UUID) -> Actor:
    """Leads the station's shifts."""
    return person("wu", Grant(Role.LEADER, f"organization:{station}"))


@dataclass
class Day:
    """The day at the station: shifts, scans and what came of them."""

    station: UUID
    start: datetime

    def clock(self, text: str) -> datetime:
        """The moment of the day written "09:30"."""
        hour, minute, *second = (int(part) for part in text.split(":"))
        return self.start.replace(hour=hour, minute=minute, second=second[0] if second else 0)

    def shift(
        self,
        hours: str = "09:30-11:30",
        *people: Actor,
        kind: str = "service",
        activity_id: UUID | None = None,
    ) -> UUID:
        """Publish a shift "09:30-11:30" with places for people; of a new activity, or one that is there."""
        starts_at, ends_at = (self.clock(part) for part in hours.split("-"))
        before = starts_at - timedelta(days=7)
        step = {"published_at": before, "published_by": id_of("xu")}
        if activity_id is None:
            activity_id = activities.Activity.objects.create(
                title="图书馆早班",
                kind=kind,
                state="published",
                lead_organization_id=self.station,
                risks="无特殊风险",
                division_code="330102",
                created_at=before,
                created_by=id_of("wu"),
                submitted_at=before,
                submitted_by=id_of("wu"),
                **step,
            ).id
            activities.Position.objects.create(
                activity_id=activity_id, latitude="30.245500", longitude="120.155000", radius_m=100
            )
        shift = activities.Shift.objects.create(
            activity_id=activity_id,
            starts_at=starts_at,
            ends_at=ends_at,
            capacity=1000,
            taken=len(people),
            arrivals=len(people),
            created_at=before,
            created_by=id_of("wu"),
            **step,
        )
        for arrival, one in enumerate(people, start=1):
            self.sign_up(shift, one.volunteer(), arrival)
        return shift.id

    def agrees(self, who: Actor, purpose: str = "location") -> None:
        """Let somebody agree to a purpose."""
        Consent.objects.create(
            holder_id=who.volunteer(),
            purpose=purpose,
            text_version=f"{purpose}@2015-01-01",
            given_at=self.start,
            given_by=who.known(),
        )

    def sign_up(self, shift: activities.Shift, holder_id: UUID, arrival: int) -> None:
        """Give a place on a shift."""
        activities.SignUp.objects.create(
            activity_id=shift.activity_id,
            shift_id=shift.id,
            holder_id=holder_id,
            state="placed",
            arrival=arrival,
            starts_at=shift.starts_at,
            ends_at=shift.ends_at,
            signed_up_at=shift.created_at,
            signed_up_by=id_of("person"),
        )

    def sent(self, code: str, **more: Any) -> ScanSent:
        """A scan of a code, with a nonce of its own."""
        return ScanSent(**{"code": code, "device": "a phone", "nonce": f"n{next(_numbers)}", **more})

    def scan(self, shift_id: UUID, who: Actor, time: str, **more: Any) -> ScanAnswer:
        """Let somebody scan the venue code of a shift at a time of the day."""
        code = queries.venue_code(shift_id, REAL).code
        return operations.scan(self.sent(code, **more), by=who, at=self.clock(time), real_at=REAL)

    def visit(self, shift_id: UUID, who: Actor, hours: str) -> UUID:
        """Let somebody come and go, "09:28-11:31", and return the visit."""
        came, left = hours.split("-")
        visit_id = self.scan(shift_id, who, came).visit_id
        assert self.scan(shift_id, who, left).visit_id == visit_id
        return visit_id

    def shown(self, who: Actor) -> str:
        """The visits of somebody, in order: times, state, minutes."""
        rows = models.Visit.objects.filter(holder_id=who.volunteer()).order_by("came_at")
        return " | ".join(self._row(row) for row in rows)

    def books(self, who: Actor) -> str:
        """What the books hold for somebody: verified minutes, pending and spendable coin units."""
        held = books.balances(who.volunteer())
        return f"{held.verified_minutes} min, {held.pending_coin_units} pending, {held.coin_units} spendable"

    def _row(self, row: models.Visit) -> str:
        def local(moment: datetime | None) -> str:
            return "" if moment is None else moment.astimezone(self.start.tzinfo).strftime("%H:%M")

        minutes = "" if row.minutes is None else f" {row.minutes} min"
        return f"{local(row.came_at)}-{local(row.left_at)} {row.state}{minutes}"


@pytest.fixture
def day(station: UUID, at: datetime) -> Day:
    """Wednesday 20 March 2019 at the station."""
    return Day(station, at)


@pytest.fixture
def shift(day: Day, lin: Actor, mei: Actor) -> UUID:
    """The morning shift, half past nine to half past eleven, with places for Lin and Mei."""
    return day.shift("09:30-11:30", lin, mei)


@pytest.fixture
def everything() -> Callable[[], dict[str, int]]:
    """How many rows there are in each table that a scan or a confirmation may write."""

    def counted() -> dict[str, int]:
        tables = (models.Visit, models.Scan, models.ScanLocation, models.FailedScan)
        return {table.__name__: table.objects.count() for table in tables}

    return counted


def no_shift() -> UUID:
    """The id of a shift that is not there."""
    return new_id()
