"""Questions about appointments at volunteer services of merchants, and about when they can be made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from shanshi.activities import queries as activities
from shanshi.activities.queries import ShiftFacts
from shanshi.activities.queries.behind_offers import published_services, shifts_ahead
from shanshi.foundation import paging
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import city_day
from shanshi.rewards import models, rules
from shanshi.rewards.queries.facts import OfferFacts, merchant_lineage, terms_of

LATEST_FIRST = ("-made_at", "-id")


@dataclass(frozen=True, slots=True)
class AppointmentFacts:
    """One appointment with its offer and its time.

    number                what the person says at the counter
    starts_at, ends_at    of the shift; None if it is gone
    is_shift_cancelled    the service will not be given at this time
    """

    id: UUID
    holder_id: UUID
    offer_id: UUID
    offer_title: str
    offer_title_en: str
    merchant_id: UUID
    merchant_name: str
    merchant_name_en: str
    shift_id: UUID
    state: rules.AppointmentState
    number: str
    made_at: datetime
    ended_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    place_text: str
    is_shift_cancelled: bool

    @property
    def lineage(self) -> tuple[str, ...]:
        """The places at which a role over it may be held."""
        return merchant_lineage(self.merchant_id)


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A time at which a merchant gives a service, and the seats that are left."""

    offer_id: UUID
    shift_id: UUID
    activity_id: UUID
    starts_at: datetime
    ends_at: datetime
    place_text: str
    seats: int
    free: int


def appointment_facts(row: models.Appointment, shift: ShiftFacts | None) -> AppointmentFacts:
    """Return a row of appointments, with its offer and merchant at hand, as plain values."""
    return AppointmentFacts(
        id=row.pk,
        holder_id=row.holder_id,
        offer_id=row.offer_id,
        offer_title=row.offer.title,
        offer_title_en=row.offer.title_en,
        merchant_id=row.merchant_id,
        merchant_name=row.merchant.name,
        merchant_name_en=row.merchant.name_en,
        shift_id=row.shift_id,
        state=rules.AppointmentState(row.state),
        number=rules.appointment_number(row.pk),
        made_at=row.made_at.astimezone(UTC),
        ended_at=row.ended_at.astimezone(UTC) if row.ended_at else None,
        starts_at=shift.starts_at if shift else None,
        ends_at=shift.ends_at if shift else None,
        place_text=shift.place_text if shift else "",
        is_shift_cancelled=shift is None or not shift.is_open,
    )


def appointment(appointment_id: UUID, holder_id: UUID | None = None) -> AppointmentFacts:
    """Return an appointment.

    holder_id  whose it must be, if known: then it is found by its key

    Raises Missing.
    """
    found = _appointments().filter(pk=appointment_id)
    if holder_id is not None:
        found = found.filter(holder_id=holder_id)
    rows = _facts(found[:1])
    if not rows:
        raise Missing
    return rows[0]


def appointment_page(
    holder_ids: Iterable[UUID], *, cursor: str | None, limit: int
) -> tuple[list[AppointmentFacts], str | None]:
    """Return a page of the appointments of people, the latest first, and the cursor of the next or None.

    limit  1 to 200

    Raises CursorUnreadable.
    """
    mine = _appointments().filter(holder_id__in=list(holder_ids))
    rows, following = paging.page(mine, order=LATEST_FIRST, cursor=cursor, limit=limit)
    return _facts(rows), following


def appointments_waiting(holder_ids: Iterable[UUID], *, at: datetime) -> list[AppointmentFacts]:
    """Return the appointments of people that are still to come, by start; a fixed number of questions.

    at  with a time zone
    """
    rows = _appointments().filter(holder_id__in=list(holder_ids), state=rules.AppointmentState.MADE)
    found = [one for one in _facts(rows[:100]) if one.ends_at and one.ends_at > at]
    return sorted(found, key=lambda one: (one.starts_at or at, one.id))


def appointments_on(merchant_id: UUID, day: date) -> list[AppointmentFacts]:
    """Return a merchant's appointments of a day in the city, those given up left out, by start.

    A fixed number of questions, however many there are.
    """
    rows = _appointments().filter(merchant_id=merchant_id)
    rows = rows.exclude(state=rules.AppointmentState.CANCELLED)
    return _ordered(one for one in _facts(rows) if one.starts_at and city_day(one.starts_at) == day)


def sessions(offers: Sequence[OfferFacts], *, at: datetime) -> Mapping[UUID, tuple[SessionFacts, ...]]:
    """Return for each offer by appointment the times that are ahead, by start, in five questions.

    at  with a time zone
    """
    wanted = [one for one in offers if one.seats and one.activity_id and one.ended_at is None]
    if not wanted:
        return {}
    published = published_services({one.activity_id for one in wanted if one.activity_id})
    ahead = shifts_ahead(published, since=at)
    taken = _taken([one.id for one in wanted], [one.id for one in ahead])
    found: dict[UUID, tuple[SessionFacts, ...]] = defaultdict(tuple)
    for offer in wanted:
        found[offer.id] = tuple(
            _session(offer, shift, *taken.get((offer.id, shift.id), (offer.seats, 0)))
            for shift in ahead
            if shift.activity_id == offer.activity_id
            and rules.is_session(terms_of(offer), shift.starts_at, is_open=shift.is_open, at=at)
        )
    return found


def held_appointments(holder_id: UUID) -> list[dict[str, Any]]:
    """Return everything that is held about a person's appointments, as plain values, the oldest first."""
    rows = _facts(_appointments().filter(holder_id=holder_id))
    return [
        {
            "id": str(row.id),
            "offer": row.offer_title,
            "merchant": row.merchant_name,
            "state": row.state.value,
            "starts_at": row.starts_at,
            "made_at": row.made_at,
            "ended_at": row.ended_at,
        }
        for row in sorted(rows, key=lambda one: (one.made_at, one.id))
    ]


def _session(offer: OfferFacts, shift: ShiftFacts, seats: int, taken: int) -> SessionFacts:
    return SessionFacts(
        offer_id=offer.id,
        shift_id=shift.id,
        activity_id=shift.activity_id,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        place_text=shift.place_text,
        seats=seats,
        free=max(0, seats - taken),
    )


def _taken(offer_ids: Sequence[UUID], shift_ids: Sequence[UUID]) -> dict[tuple[UUID, UUID], tuple[int, int]]:
    rows = models.Seats.objects.filter(offer_id__in=offer_ids, shift_id__in=shift_ids)
    found = rows.values_list("offer_id", "shift_id", "seats", "taken")
    return {(offer, shift): (seats, taken) for offer, shift, seats, taken in found}


def _appointments() -> QuerySet[models.Appointment]:
    return models.Appointment.objects.select_related("offer", "merchant")


def _facts(rows: Iterable[models.Appointment]) -> list[AppointmentFacts]:
    found = list(rows)
    known = {one.id: one for one in activities.shifts({row.shift_id for row in found})} if found else {}
    return [appointment_facts(row, known.get(row.shift_id)) for row in found]


def _ordered(rows: Iterable[AppointmentFacts]) -> list[AppointmentFacts]:
    return sorted(rows, key=lambda one: (str(one.starts_at), one.id))
