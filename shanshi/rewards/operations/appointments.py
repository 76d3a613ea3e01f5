"""Appointments at volunteer services of merchants: made, given up, kept."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from shanshi.activities import queries as activities
from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies
from shanshi.registry import queries as registry
from shanshi.rewards import models, queries, rules
from shanshi.rewards.operations.offered import check_offered, lock_holder
from shanshi.rewards.queries.appointments import AppointmentFacts
from shanshi.rewards.rules import AppointmentState

_COUNTED = [AppointmentState.MADE.value, AppointmentState.SERVED.value]


@transaction.atomic
def appoint(
    offer_id: UUID, shift_id: UUID, *, holder_id: UUID, is_volunteer: bool, by: Actor, at: datetime
) -> AppointmentFacts:
    """Give somebody a seat at one shift of a merchant's volunteer service, and return the appointment.

    Nothing is paid for it: the service is given, and its giver earns the minutes of a witnessed visit.

    holder_id     of a volunteer, or of a resident who has signed in
    is_volunteer  whether the person is a volunteer: the others come only where residents are welcome
    by            the person, or the guardian of a child who does not sign in
    at            with a time zone

    Raises Missing: no such offer. OfferNotToday: it has ended. ServiceNotPublished. NoAppointments.
    Registry's TermsWithdrawn, TermsChanged: for a volunteer. NoSuchSession. GivesItThemself: the person has a
    place on the shift. AppointedAlready. LimitReached, TooManyAppointments. SeatsTaken.
    Then nothing has changed.
    Locks the holder, then the seats of the shift.
    Source: redemption policy (docs/policies/redemption.yaml), appointments_at_once.
    """
    lock_holder(holder_id)
    offer = models.Offer.objects.select_related("merchant").filter(pk=offer_id).first()
    if offer is None:
        raise Missing
    _check_may_come(offer, holder_id, is_volunteer=is_volunteer, at=at)
    shift = _session(offer, shift_id, at)
    if activities.is_placed(shift.activity_id, shift_id, holder_id):
        raise rules.GivesItThemself
    _check_number(offer, holder_id, shift, at)
    _take_seat(offer, shift_id)
    row = models.Appointment.objects.create(
        holder_id=holder_id, offer=offer, merchant=offer.merchant, shift_id=shift_id, state="made", made_at=at
    )
    by.known()
    return queries.appointment_facts(row, shift)


@transaction.atomic
def cancel_appointment(appointment_id: UUID, *, holder_id: UUID, by: Actor, at: datetime) -> AppointmentFacts:
    """Give an appointment up and its seat back, and return it; twice is once.

    holder_id  whose it must be
    by         the person, or the guardian
    at         with a time zone

    Raises Missing: none of this holder. AppointmentOver: kept already, or its time has begun.
    Locks the holder, the appointment, then the seats of the shift.
    """
    lock_holder(holder_id)
    row = _locked(appointment_id, holder_id)
    shift = _shift_of(row)
    state = AppointmentState(row.state)
    if state is AppointmentState.CANCELLED:
        return queries.appointment_facts(row, shift)
    if shift is not None and shift.cancelled_at is None:
        rules.check_cancels(state, shift.starts_at, at)
    elif state is not AppointmentState.MADE:
        raise rules.AppointmentOver
    _end(row, AppointmentState.CANCELLED, by=by, at=at)
    _give_seats_back([row])
    return queries.appointment_facts(row, shift)


@transaction.atomic
def serve_appointment(appointment_id: UUID, *, by: Actor, at: datetime) -> AppointmentFacts:
    """Note that a merchant gave what an appointment was for, and return it; twice is once.

    by  who stands at the till
    at  with a time zone

    Raises Missing. AppointmentOver: it was cancelled. AppointmentNotToday.
    Locks the appointment.
    """
    row = _locked(appointment_id, None)
    shift = _shift_of(row)
    if row.state == AppointmentState.SERVED:
        return queries.appointment_facts(row, shift)
    if shift is None:
        raise rules.AppointmentOver
    rules.check_serves(AppointmentState(row.state), shift.starts_at, at)
    _end(row, AppointmentState.SERVED, by=by, at=at)
    audit.record(
        "rewards.serve_appointment",
        f"appointment:{row.pk}",
        by=by,
        at=at,
        before={"state": AppointmentState.MADE.value},
        after={"state": row.state},
    )
    return queries.appointment_facts(row, shift)


def forget_appointments(holder_id: UUID, *, by: Actor, at: datetime) -> int:
    """Cancel what waits for a holder who leaves, and return how many appointments that were.

    at  with a time zone

    Locks the holder's waiting appointments, then the seats of their shifts.
    """
    waiting = models.Appointment.objects.filter(holder_id=holder_id, state=AppointmentState.MADE.value)
    rows = list(waiting.select_for_update().order_by("id"))
    for row in rows:
        _end(row, AppointmentState.CANCELLED, by=by, at=at)
    _give_seats_back(rows)
    return len(rows)


def _check_may_come(offer: models.Offer, holder_id: UUID, *, is_volunteer: bool, at: datetime) -> None:
    check_offered(offer)
    rules.check_may_come(
        seats=offer.seats, is_for_residents=offer.is_for_residents, is_volunteer=is_volunteer
    )
    if is_volunteer:
        registry.check_terms(holder_id, at=at)


def _session(offer: models.Offer, shift_id: UUID, at: datetime) -> activities.ShiftFacts:
    found = activities.shifts([shift_id])
    if not found or found[0].activity_id != offer.activity_id:
        raise rules.NoSuchSession
    day = found[0].starts_at
    rules.check_session(queries.offer_terms(offer), day, is_open=found[0].is_open, at=at)
    if not offer.merchant.joined_on <= city_day(day) <= (offer.merchant.left_on or city_day(day)):
        raise rules.NoSuchSession
    return found[0]


def _check_number(offer: models.Offer, holder_id: UUID, shift: activities.ShiftFacts, at: datetime) -> None:
    mine = list(models.Appointment.objects.filter(holder_id=holder_id, state__in=_COUNTED))
    if any(row.offer_id == offer.pk and row.shift_id == shift.id for row in mine):
        raise rules.AppointedAlready
    made = [row for row in mine if row.state == AppointmentState.MADE]
    ahead = {one.id for one in activities.shifts({row.shift_id for row in made}) if one.ends_at > at}
    rules.check_number_of_appointments(
        had_of_offer=sum(row.offer_id == offer.pk for row in mine),
        per_person=offer.per_person,
        waiting=sum(row.shift_id in ahead for row in made),
        values=policies.in_force("redemption", city_day(at)).values,
    )


def _take_seat(offer: models.Offer, shift_id: UUID) -> None:
    models.Seats.objects.bulk_create(
        [models.Seats(offer=offer, shift_id=shift_id, seats=offer.seats)], ignore_conflicts=True
    )
    free = models.Seats.objects.filter(offer=offer, shift_id=shift_id, taken__lt=F("seats"))
    # One statement: of two who want the last seat, the second finds none.
    if not free.update(taken=F("taken") + 1):
        raise rules.SeatsTaken(seats=offer.seats)


def _give_seats_back(rows: list[models.Appointment]) -> None:
    for row in sorted(rows, key=lambda one: (one.offer_id, one.shift_id)):
        taken = models.Seats.objects.filter(offer_id=row.offer_id, shift_id=row.shift_id, taken__gt=0)
        taken.update(taken=F("taken") - 1)


def _locked(appointment_id: UUID, holder_id: UUID | None) -> models.Appointment:
    key = {"pk": appointment_id} | ({"holder_id": holder_id} if holder_id else {})
    rows = models.Appointment.objects.select_for_update(of=("self",)).select_related("offer", "merchant")
    row = rows.filter(**key).first()
    if row is None:
        raise Missing
    return row


def _shift_of(row: models.Appointment) -> activities.ShiftFacts | None:
    return next(iter(activities.shifts([row.shift_id])), None)


def _end(row: models.Appointment, state: AppointmentState, *, by: Actor, at: datetime) -> None:
    row.state, row.ended_at, row.ended_by = state.value, at, by.known()
    models.Appointment.objects.filter(holder_id=row.holder_id, pk=row.pk).update(
        state=row.state, ended_at=row.ended_at, ended_by=row.ended_by
    )
