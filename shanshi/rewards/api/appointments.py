"""Endpoints of appointments at volunteer services of merchants."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Field, Router, Schema, Status

from shanshi.foundation import clock
from shanshi.foundation.doors import Request, public
from shanshi.foundation.permissions import asks
from shanshi.foundation.problems import REFUSALS, Problem
from shanshi.registry.api import bearer
from shanshi.rewards import access, operations, queries, rules
from shanshi.rewards.api.offers import Limit, OfferOut, offer_out

router = Router(tags=["rewards"], auth=bearer)


class MerchantOut(Schema):
    """A shop on a partner street."""

    id: UUID
    street: UUID
    name: str
    name_en: str
    trade: str
    address: str
    phone: str
    latitude: float | None
    longitude: float | None
    organization: UUID | None


class TimeOut(Schema):
    """A time at which a service is given, and how many seats are free."""

    shift: UUID
    activity: UUID
    starts_at: datetime
    ends_at: datetime
    place: str
    seats: int
    free: int


class OfferTimes(Schema):
    """An offer with the times for which appointments can be made."""

    offer: OfferOut
    times: list[TimeOut]


class AppointmentOut(Schema):
    """One appointment. `number` is what the person says at the counter."""

    id: UUID
    state: rules.AppointmentState
    number: str
    offer: UUID
    offer_title: str
    merchant: UUID
    merchant_name: str
    shift: UUID
    starts_at: datetime | None
    ends_at: datetime | None
    is_shift_cancelled: bool
    made_at: datetime
    ended_at: datetime | None


class AppointmentPage(Schema):
    """A page of appointments; `next` is the cursor of the following page, or null."""

    items: list[AppointmentOut]
    next: str | None


class Wish(Schema):
    """Which service at which time, and for whom."""

    offer: UUID
    shift: UUID
    child: UUID | None = Field(None, description="A child of one's own; without it, oneself.")


@router.get(
    "/merchants/{merchant_id}",
    response={200: MerchantOut, REFUSALS: Problem},
    summary="A merchant",
    auth=None,
)
@public
def merchant(request: Request, merchant_id: UUID) -> MerchantOut:
    """One shop, as everybody may see it."""
    found = queries.merchant(merchant_id)
    return MerchantOut(
        id=found.id,
        street=found.street_id,
        name=found.name,
        name_en=found.name_en,
        trade=found.trade,
        address=found.address,
        phone=found.phone,
        latitude=found.latitude,
        longitude=found.longitude,
        organization=found.organization_id,
    )


@router.get(
    "/offers/{offer_id}", response={200: OfferTimes, REFUSALS: Problem}, summary="An offer", auth=None
)
@public
def offer(request: Request, offer_id: UUID) -> OfferTimes:
    """One offer, with the times at which it can be had by appointment."""
    found = queries.offer(offer_id)
    times = queries.sessions([found], at=clock.now()).get(found.id, ())
    return OfferTimes(offer=offer_out(found), times=[_time_out(one) for one in times])


@router.post(
    "/appointments", response={201: AppointmentOut, REFUSALS: Problem}, summary="Make an appointment"
)
@asks(access.APPOINT)
def appoint(request: Request, wish: Wish) -> Status[AppointmentOut]:
    """Take a seat at a merchant's volunteer service; nothing is paid for it."""
    now = clock.now()
    comer = access.comer(request.actor, wish.child, at=now)
    made = operations.appoint(
        wish.offer,
        wish.shift,
        holder_id=comer.holder_id,
        is_volunteer=comer.is_volunteer,
        by=request.actor,
        at=now,
    )
    return Status(201, _appointment_out(made))


@router.get("/me/appointments", response={200: AppointmentPage, REFUSALS: Problem}, summary="My appointments")
@asks(access.APPOINT)
def my_appointments(request: Request, cursor: str | None = None, limit: Limit = 50) -> AppointmentPage:
    """My appointments and those of the children I answer for, the latest first."""
    mine = access.comers(request.actor, at=clock.now())
    rows, following = queries.appointment_page(mine, cursor=cursor, limit=limit)
    return AppointmentPage(items=[_appointment_out(one) for one in rows], next=following)


@router.post(
    "/appointments/{appointment_id}/cancel",
    response={200: AppointmentOut, REFUSALS: Problem},
    summary="Cancel an appointment",
)
@asks(access.OWN_APPOINTMENT)
def cancel(request: Request, appointment_id: UUID) -> AppointmentOut:
    """Give the seat back, before the time begins. Sent twice, it answers the same."""
    now = clock.now()
    found = access.own_appointment(request.actor, appointment_id, at=now)
    ended = operations.cancel_appointment(found.id, holder_id=found.holder_id, by=request.actor, at=now)
    return _appointment_out(ended)


@router.post(
    "/appointments/{appointment_id}/serve",
    response={200: AppointmentOut, REFUSALS: Problem},
    summary="Serve an appointment (merchant)",
)
@asks(access.SERVE_TILL)
def serve(request: Request, appointment_id: UUID) -> AppointmentOut:
    """Note that the service was given, on its day. Sent twice, it answers the same."""
    found = access.appointment_at_till(request.actor, appointment_id)
    return _appointment_out(operations.serve_appointment(found.id, by=request.actor, at=clock.now()))


def _time_out(one: queries.SessionFacts) -> TimeOut:
    return TimeOut(
        shift=one.shift_id,
        activity=one.activity_id,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        place=one.place_text,
        seats=one.seats,
        free=one.free,
    )


def _appointment_out(one: queries.AppointmentFacts) -> AppointmentOut:
    return AppointmentOut(
        id=one.id,
        state=one.state,
        number=one.number,
        offer=one.offer_id,
        offer_title=one.offer_title,
        merchant=one.merchant_id,
        merchant_name=one.merchant_name,
        shift=one.shift_id,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        is_shift_cancelled=one.is_shift_cancelled,
        made_at=one.made_at,
        ended_at=one.ended_at,
    )
