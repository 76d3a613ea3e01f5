"""Who may have an appointment at a merchant's volunteer service, until when it is cancelled and kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shanshi.kernel.quantities import city_day
from shanshi.rewards.rules.kinds import AppointmentState
from shanshi.rewards.rules.refusals import (
    AppointmentNotToday,
    AppointmentOver,
    LimitReached,
    NoAppointments,
    NoSuchSession,
    TooManyAppointments,
)
from shanshi.rewards.rules.terms import OfferTerms, is_given_on

_NUMBER_LETTERS: Final = 6


def appointment_number(appointment_id: UUID) -> str:
    """Return what somebody says at the counter to be found: the last letters of the id."""
    return appointment_id.hex[-_NUMBER_LETTERS:].upper()


def check_may_come(*, seats: int, is_for_residents: bool, is_volunteer: bool) -> None:
    """Return nothing: the offer takes appointments of such a person.

    seats  appointments that one shift has room for

    Raises NoAppointments.
    """
    if seats < 1 or not (is_volunteer or is_for_residents):
        raise NoAppointments


def is_session(terms: OfferTerms, starts_at: datetime, *, is_open: bool, at: datetime) -> bool:
    """Return whether appointments can be made for a shift of the service behind an offer.

    starts_at, at  with a time zone; is_open: the shift is published and not cancelled
    """
    return is_open and starts_at > at and is_given_on(terms, city_day(starts_at))


def check_session(terms: OfferTerms, starts_at: datetime, *, is_open: bool, at: datetime) -> None:
    """Return nothing: appointments can be made for this shift.

    starts_at, is_open, at  as `is_session`

    Raises NoSuchSession.
    """
    if not is_session(terms, starts_at, is_open=is_open, at=at):
        raise NoSuchSession


def check_number_of_appointments(
    *, had_of_offer: int, per_person: int, waiting: int, values: Mapping[str, Any]
) -> None:
    """Return nothing: the person may make one more.

    had_of_offer  appointments for this offer that wait or were kept
    waiting       appointments for anything that wait
    values        of the policy "redemption"

    Raises LimitReached; TooManyAppointments.
    Source: redemption policy (docs/policies/redemption.yaml), appointments_at_once.
    """
    if had_of_offer >= per_person:
        raise LimitReached(per_person=per_person)
    most = int(values["appointments_at_once"])
    if waiting >= most:
        raise TooManyAppointments(most=most)


def check_cancels(state: AppointmentState, starts_at: datetime, at: datetime) -> None:
    """Return nothing: the appointment waits, and its time has not begun.

    starts_at, at  with a time zone

    Raises AppointmentOver.
    """
    if state is not AppointmentState.MADE or at >= starts_at:
        raise AppointmentOver


def check_serves(state: AppointmentState, starts_at: datetime, at: datetime) -> None:
    """Return nothing: the appointment waits, and it is for this day in the city.

    starts_at, at  with a time zone

    Raises AppointmentOver; AppointmentNotToday.
    """
    if state is not AppointmentState.MADE:
        raise AppointmentOver
    if city_day(starts_at) != city_day(at):
        raise AppointmentNotToday(day=city_day(starts_at).isoformat())
