"""The stamps of an event's booths, and the codes that booths show; never writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count

from shanshi.activities import queries as activities
from shanshi.attendance.models import Stamp, Visit
from shanshi.attendance.queries.codes import VenueCode
from shanshi.attendance.rules import VisitState, codes, stamps
from shanshi.foundation import crypto
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies


@dataclass(frozen=True, slots=True)
class StampFacts:
    """One stamp: which booth saw a visit, and when."""

    id: UUID
    visit_id: UUID
    activity_id: UUID
    booth_id: UUID
    stamped_at: datetime


def booth_keys(booth_id: UUID) -> list[bytes]:
    """Return the keys from which a booth's codes may have been made: two while the secret is changed."""
    return [stamps.booth_key(secret, booth_id) for secret in crypto.keyring().accepted("doors")]


def booth_code(booth_id: UUID, real_at: datetime) -> VenueCode:
    """Return the code of a booth now, with its digits.

    real_at  real time, with a zone
    """
    values = policies.in_force("check_in", city_day(real_at)).values
    key = booth_keys(booth_id)[0]
    step = codes.step_at(real_at, seconds=values["step_seconds"])
    minute = codes.step_at(real_at, seconds=values["digits_step_seconds"])
    return VenueCode(
        code=stamps.booth_code(key, booth_id, step),
        digits=codes.digits(key, minute),
        step=step,
        expires_at=codes.step_ends_at(step, seconds=values["step_seconds"]),
    )


def booth_of_digits(holder_id: UUID, typed: codes.Digits, real_at: datetime) -> UUID | None:
    """Return the booth, of the event at which somebody is checked in, that shows these digits now; or None.

    real_at  real time, with a zone
    """
    here = Visit.objects.filter(holder_id=holder_id, state=VisitState.OPEN)
    activity_id = here.values_list("activity_id", flat=True).first()
    if activity_id is None:
        return None
    values = policies.in_force("check_in", city_day(real_at)).values
    keys = [(booth.id, key) for booth in activities.booths(activity_id) for key in booth_keys(booth.id)]
    step = codes.step_at(real_at, seconds=values["digits_step_seconds"])
    return stamps.booth_of_digits(typed, keys, step=step, accepted=values["steps_accepted"])


def stamp_counts(activity_id: UUID) -> dict[UUID, int]:
    """Return how many visits each booth of an event has stamped, in one query; others are left out."""
    rows = Stamp.objects.filter(activity_id=activity_id).values_list("booth_id").annotate(visits=Count("id"))
    return dict(rows.order_by("booth_id"))


def stamps_of(holder_id: UUID, *, activity_id: UUID | None = None) -> list[StampFacts]:
    """Return a volunteer's stamps, the earliest first.

    activity_id  only those of one event
    """
    rows = Stamp.objects.filter(holder_id=holder_id)
    if activity_id is not None:
        rows = rows.filter(activity_id=activity_id)
    return [_facts(row) for row in rows.order_by("stamped_at", "id")]


def last_stamps(booth_id: UUID, activity_id: UUID, *, limit: int = 10) -> list[tuple[UUID, datetime]]:
    """Return whom a booth has stamped last, and when; the latest first."""
    rows = Stamp.objects.filter(activity_id=activity_id, booth_id=booth_id).order_by("-stamped_at", "-id")
    return list(rows.values_list("holder_id", "stamped_at")[:limit])


def _facts(row: Stamp) -> StampFacts:
    return StampFacts(row.id, row.visit_id, row.activity_id, row.booth_id, row.stamped_at)
