"""When a shift may be, and how large. Plain Python: no tables, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from shanshi.activities.rules.texts import check_writable
from shanshi.kernel.errors import N_, DomainError, Invalid, Missing

SHORTEST: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(hours=24)
LARGEST_CAPACITY: Final = 100_000
FARTHEST: Final = timedelta(days=20 * 366)


class TimeWithoutZone(Invalid):
    """A time was given without its zone."""

    code = "activities.time_without_zone"
    says = N_("The times of a shift need a time zone.")
    way = N_("Write for example 2019-03-21T09:00:00+08:00.")


class ShiftLengthInvalid(Invalid):
    """The shift is too short, too long, or ends before it starts."""

    code = "activities.shift_length_invalid"
    says = N_("A shift lasts from 15 minutes to 24 hours.")
    way = N_("Change its start or its end, or make several shifts.")


class ShiftTooFarAhead(Invalid):
    """The shift starts years from now; surely a mistyped year."""

    code = "activities.shift_too_far_ahead"
    says = N_("A shift can be planned up to 20 years ahead.")
    way = N_("Check the year.")


class CapacityInvalid(Invalid):
    """The capacity is no number of people."""

    code = "activities.capacity_invalid"
    says = N_("A shift has 1 to 100,000 places.")
    way = N_("Give a capacity in this range.")


class ShiftMissing(Missing):
    """There is no such shift, or the asker may not know of it."""

    code = "activities.shift_missing"
    says = N_("There is no such shift.")
    way = N_("Look for a published activity.")


class ShiftCancelled(DomainError):
    """The shift was called off."""

    code = "activities.shift_cancelled"
    says = N_("This shift was cancelled.")
    way = N_("Choose another shift.")


class ShiftConfirmed(DomainError):
    """The roster of the shift was confirmed; nothing of it changes."""

    code = "activities.shift_confirmed"
    says = N_("The roster of this shift is already confirmed.")
    way = N_("What was wrong is put right by a correction that names it.")


class ShiftNotPublished(DomainError):
    """The shift waits for a reviewer."""

    code = "activities.shift_not_published"
    says = N_("This shift is not published.")
    way = N_("A reviewer of the parent organization has to publish it.")


class ShiftInThePast(DomainError):
    """The shift would start in the past: no minute can be earned for time already past."""

    code = "activities.shift_in_the_past"
    says = N_("A shift must start later than now; time already past cannot be served.")
    way = N_("Choose a start that is still ahead.")


class ShiftBegun(DomainError):
    """The shift has begun; its times stand."""

    code = "activities.shift_begun"
    says = N_("This shift has begun.")
    way = N_("Make a new shift for a time that is still ahead.")


class ShiftTimesPromised(DomainError):
    """People have signed up for these times."""

    code = "activities.shift_times_promised"
    says = N_("People have signed up for these times, so they stand.")
    way = N_("Add another shift, and cancel this one if it will not happen.")


class NotInSeries(DomainError):
    """The shift was made alone."""

    code = "activities.not_in_series"
    says = N_("This shift belongs to no series.")
    way = N_("Change or cancel it alone.")


class RestStands(DomainError):
    """One shift of the rest of a series refuses, so all stay. Its part says why."""

    code = "activities.rest_stands"
    says = N_("The shift of {day} stands against it, so the whole rest of the series stays as it is.")
    way = N_("Change the shifts before it or after it one by one.")


class CapacityBelowTaken(DomainError):
    """More places are taken than the new capacity has."""

    code = "activities.capacity_below_taken"
    says = N_("{taken} places are taken; the capacity cannot fall below them.")
    way = N_("Give a capacity of at least {taken}.")


@dataclass(frozen=True, slots=True)
class ShiftDraft:
    """A shift as planned. Both times carry a time zone."""

    starts_at: datetime
    ends_at: datetime
    capacity: int
    name: str = ""


def check_shift(draft: ShiftDraft, *, at: datetime) -> None:
    """Return nothing: the shift may be planned, added or published at this moment.

    draft  both times with a time zone; capacity in people
    at     the moment of planning or publishing, with a time zone

    Raises TimeWithoutZone, ShiftLengthInvalid, CapacityInvalid, TextUnwritable, ShiftInThePast,
    ShiftTooFarAhead.
    Source: an hour exists only inside a shift published beforehand (rules of hours, "made in real time").
    """
    if draft.starts_at.tzinfo is None or draft.ends_at.tzinfo is None:
        raise TimeWithoutZone
    if not SHORTEST <= draft.ends_at - draft.starts_at <= LONGEST:
        raise ShiftLengthInvalid
    check_capacity(draft.capacity, taken=0)
    check_writable(draft.name)
    if draft.starts_at <= at:
        raise ShiftInThePast
    if draft.starts_at - at > FARTHEST:
        raise ShiftTooFarAhead


def check_capacity(capacity: int, *, taken: int) -> None:
    """Return nothing: the shift may have this capacity.

    capacity  people
    taken     places that are placed or offered

    Raises CapacityInvalid, CapacityBelowTaken.
    """
    if not 1 <= capacity <= LARGEST_CAPACITY:
        raise CapacityInvalid
    if capacity < taken:
        raise CapacityBelowTaken(taken=taken)


def check_move(
    before: ShiftDraft, after: ShiftDraft, *, at: datetime, is_published: bool, has_sign_ups: bool
) -> None:
    """Return nothing: the times of the shift may change so.

    before, after  both times with a time zone
    at             with a time zone
    is_published   whether volunteers can see it
    has_sign_ups   whether anybody is placed, offered or waiting

    Raises ShiftBegun: even a longer end would make minutes that nobody reviewed beforehand.
    ShiftTimesPromised, and what check_shift refuses.
    """
    if is_published and before.starts_at <= at:
        raise ShiftBegun
    if has_sign_ups:
        raise ShiftTimesPromised
    check_shift(after, at=at)


def accept_until(starts_at: datetime, *, at: datetime, within_hours: int) -> datetime:
    """Return the moment until which an offered place is held: never later than the shift's start.

    starts_at     start of the shift, with a time zone
    at            when it is offered, with a time zone
    within_hours  from the policy "sign_up"

    Source: sign_up policy (sample).
    """
    return min(at + timedelta(hours=within_hours), starts_at)
