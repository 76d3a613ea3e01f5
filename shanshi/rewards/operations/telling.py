"""Telling people of their appointments: that one falls away, and the evening before."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from shanshi.activities import queries as activities
from shanshi.activities.queries import ShiftFacts
from shanshi.kernel.quantities import CITY_ZONE, city_day
from shanshi.policies import queries as policies
from shanshi.registry import operations as registry
from shanshi.rewards import models
from shanshi.rewards.rules import AppointmentState, notices


def tell_appointments(*, at: datetime) -> int:
    """Tell those whose service was called off, and in the evening those who come tomorrow; return how many.

    at  with a time zone; each is told once, and a run that comes late tells those who were not told

    Source: policy "notices", reminder_hour.
    """
    waiting = models.Appointment.objects.filter(state=AppointmentState.MADE.value)
    here = at.astimezone(CITY_ZONE)
    evening = here.hour >= policies.in_force("notices", here.date()).values["reminder_hour"]
    told = 0
    for shift in activities.shifts(waiting.order_by().values_list("shift_id", flat=True).distinct()):
        if shift.starts_at <= at:
            continue
        if shift.cancelled_at is not None:
            told += _tell(shift, "cancelled", at)
        elif evening and city_day(shift.starts_at) == here.date() + timedelta(days=1):
            told += _tell(shift, "tomorrow", at)
    return told


def _tell(shift: ShiftFacts, what: str, at: datetime) -> int:
    rows = models.Appointment.objects.filter(state=AppointmentState.MADE.value, shift_id=shift.id)
    worded = notices.appointment_cancelled if what == "cancelled" else notices.appointment_tomorrow
    told = 0
    for offer in _offers(rows.order_by().values_list("offer_id", flat=True).distinct()):
        message = worded(offer.title, offer.merchant.name, shift.starts_at)
        key = f"appointment_{what}:{offer.pk}:{shift.id}:{shift.starts_at.isoformat()}"
        holders = rows.filter(offer_id=offer.pk).values_list("holder_id", flat=True)
        told += registry.tell(holders, message, key=key, at=at)
    return told


def _offers(offer_ids: Iterable[UUID]) -> Iterable[models.Offer]:
    return models.Offer.objects.filter(pk__in=list(offer_ids)).select_related("merchant").order_by("pk")
