"""What a day of visits is worth, and the coins that follow. Plain Python: no tables, no clock, no settings.

the part of a visit inside its shift  ->  at most three pairs  ->  at least 60 % of the shift
  ->  seconds dropped once  ->  at most 8 hours a day at once; what is above waits for a review
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from shanshi.kernel.decisions import Decision
from shanshi.kernel.errors import N_, DomainError
from shanshi.kernel.period import Period
from shanshi.kernel.quantities import CITY_ZONE, MINUTE, city_day

EARNING_KIND: Final = "service"

NOT_A_SERVICE: Final = "not_a_service"
BELOW_SHARE: Final = "below_share"
TOO_MANY_PAIRS: Final = "too_many_pairs"
OVER_LIMIT: Final = "over_limit"
NOTHING_EARNED: Final = "nothing_earned"


class VisitStillOpen(DomainError):
    """A visit has no check-out."""

    code = "attendance.visit_still_open"
    says = N_("A visit is still open, so how long it lasted is not known.")
    way = N_("Ask the volunteer to check out; a visit that is never checked out earns nothing.")


@dataclass(frozen=True, slots=True)
class DayLimits:
    """The limits in force on a day (policy "hours").

    at_once_minutes              what counts at once, per person and day, over all activities
    after_parent_review_minutes  up to where the parent organization may review; above it the city
    most_pairs_a_day             check-ins with their check-outs, per person, activity and day
    least_share_percent          of the shift's length; less counts nothing
    version                      which version of the policy says so
    """

    at_once_minutes: int
    after_parent_review_minutes: int
    most_pairs_a_day: int
    least_share_percent: int
    version: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any], version: str = "") -> Self:
        """Return the limits that a version of the policy "hours" states."""
        return cls(
            at_once_minutes=int(values["at_once_minutes"]),
            after_parent_review_minutes=int(values["after_parent_review_minutes"]),
            most_pairs_a_day=int(values["most_pairs_a_day"]),
            least_share_percent=int(values["least_share_percent"]),
            version=version,
        )


@dataclass(frozen=True, slots=True)
class Stay:
    """A check-in and the check-out that closed it. Both times carry a time zone."""

    visit_id: UUID
    came_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class DaySoFar:
    """What one person's day already holds in accepted visits.

    pairs              accepted pairs at this activity
    stayed             time that counted at this activity
    given_minutes      minutes given for it, those waiting for a review included
    at_once_minutes    minutes that counted at once, over all activities
    """

    pairs: int = 0
    stayed: timedelta = timedelta()
    given_minutes: int = 0
    at_once_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Worth:
    """What one visit is worth.

    stayed              time of it that counts
    minutes             earned at once
    minutes_over_limit  earned when a review allows them
    reason              why it earned less than the time inside the shift; may be empty
    """

    visit_id: UUID
    stayed: timedelta = timedelta()
    minutes: int = 0
    minutes_over_limit: int = 0
    reason: str = ""


def time_inside(came_at: datetime, left_at: datetime, shift: Period) -> timedelta:
    """Return how long somebody was there while the shift lasted; before and after it counts nothing.

    came_at, left_at  with a time zone

    Source: hours policy; verified minutes exist only inside a published shift.
    """
    return max(timedelta(), min(left_at, shift.ends_at) - max(came_at, shift.starts_at))


def reaches_share(stayed: timedelta, shift: Period, *, percent: int) -> bool:
    """Return whether a stay is long enough to count at all.

    stayed   time inside the shift, over all visits to it
    percent  of the shift's length, 0 to 100

    Source: hours policy, least_share_percent (published practice, Yunnan).
    """
    return stayed * 100 >= shift.length * percent


def pairs_that_count(stays: Sequence[Stay], *, before: int, most: int) -> list[Stay]:
    """Return the stays that count as pairs of the day, the earliest first.

    stays   one person's at one activity and day, in any order
    before  pairs of that day that are accepted already
    most    pairs a day

    Source: hours policy, most_pairs_a_day (published practice, i志愿).
    """
    in_order = sorted(stays, key=lambda stay: (stay.came_at, stay.visit_id))
    return in_order[: max(0, most - before)]


def within_day(minutes: int, *, already: int, limit: int) -> tuple[int, int]:
    """Return the minutes that count at once, and those that wait for a review.

    already  minutes of the day that counted at once before these
    limit    minutes that count at once in a day

    Source: hours policy, at_once_minutes (published practice, i志愿).
    """
    at_once = max(0, min(minutes, limit - already))
    return at_once, minutes - at_once


def worth_of_shift(
    stays: Sequence[Stay], *, shift: Period, kind: str, so_far: DaySoFar, limits: DayLimits
) -> list[Worth]:
    """Return what each visit of one person to one shift is worth, in order of arrival.

    stays   the person's visits to this shift; they never overlap
    kind    of the activity; only a service earns
    so_far  what the person's day holds already
    limits  in force on the day

    Raises VisitStillOpen: how long an open visit lasted is for a person to settle.
    Source: hours policy.
    """
    inside = {stay.visit_id: _inside(stay, shift) for stay in stays}
    counting = pairs_that_count(stays, before=so_far.pairs, most=limits.most_pairs_a_day)
    counted = sum((inside[stay.visit_id] for stay in counting), timedelta())
    in_order = sorted(stays, key=lambda stay: (stay.came_at, stay.visit_id))
    if kind != EARNING_KIND:
        return [Worth(stay.visit_id, reason=NOT_A_SERVICE) for stay in in_order]
    if not reaches_share(counted, shift, percent=limits.least_share_percent):
        return [Worth(stay.visit_id, reason=BELOW_SHARE) for stay in in_order]

    worths = []
    for number, stay in enumerate(in_order):
        if number >= len(counting):
            worths.append(Worth(stay.visit_id, reason=TOO_MANY_PAIRS))
            continue
        worth, so_far = _one_more(stay.visit_id, inside[stay.visit_id], so_far, limits)
        worths.append(worth)
    return worths


def earned_minutes(stays: Sequence[Stay], *, shift: Period, limits: DayLimits) -> int:
    """Return the minutes that one volunteer earns at once by visits to one service shift on an empty day.

    stays   the visits, in any order; they never overlap
    limits  in force on the day

    Raises VisitStillOpen.
    Source: hours policy.
    """
    worths = worth_of_shift(stays, shift=shift, kind=EARNING_KIND, so_far=DaySoFar(), limits=limits)
    return sum(worth.minutes for worth in worths)


def coin_units(minutes: int, *, per_minute: int) -> int:
    """Return the coin units that verified minutes earn; honorary minutes earn none.

    minutes     verified, accepted at once
    per_minute  coin units for a minute; 60 make a coin

    Source: coins policy, units_per_verified_minute (published practice: 1 hour = 1 coin).
    """
    return minutes * per_minute


def red_points(minutes: int, *, per_point: int, program_earns: bool, is_member: bool, opted_in: bool) -> int:
    """Return the red points that a visit earns: whole hours of Party-member volunteers who want them.

    minutes        verified, accepted at once
    per_point      verified minutes for one point
    program_earns  whether the activity's program gives red points

    Source: red_points policy (reported practice of Shangcheng district; details a sample of this project).
    """
    return minutes // per_point if program_earns and is_member and opted_in else 0


def settles_at(confirmed_at: datetime, *, delay_hours: int) -> datetime:
    """Return when pending coins become spendable.

    confirmed_at  when the visit was confirmed, with a time zone
    delay_hours   of the coins policy

    Source: coins policy, settle_delay_hours (sample policy of this project).
    """
    return confirmed_at + timedelta(hours=delay_hours)


def decide_hours(facts: Mapping[str, Any], values: Mapping[str, Any]) -> Decision:
    """Return what one person's visits to a shift are worth: minutes at once, and minutes that wait, for whom.

    facts   kind; shift_starts_at, shift_ends_at; visits, pairs of times; minutes_already_that_day
    values  of the policy "hours"
    """
    limits = DayLimits.of(values)
    already = int(facts.get("minutes_already_that_day") or 0)
    worths = worth_of_shift(
        [Stay(UUID(int=number), *visit) for number, visit in enumerate(facts["visits"])],
        shift=Period(facts["shift_starts_at"], facts["shift_ends_at"]),
        kind=facts["kind"],
        so_far=DaySoFar(at_once_minutes=already),
        limits=limits,
    )
    minutes = sum(worth.minutes for worth in worths)
    waiting = sum(worth.minutes_over_limit for worth in worths)
    for_parent, for_city = within_day(
        waiting,
        already=max(already + minutes, limits.at_once_minutes),
        limit=limits.after_parent_review_minutes,
    )
    return Decision(
        {"minutes": minutes, "waits_for_parent_minutes": for_parent, "waits_for_city_minutes": for_city},
        tuple(dict.fromkeys(worth.reason for worth in worths if worth.reason)),
    )


def decide_coins(facts: Mapping[str, Any], values: Mapping[str, Any]) -> Decision:
    """Return the coins that verified minutes earn, when they can be spent, and the last day for it.

    facts   verified_minutes; confirmed_at and left_at with a zone
    values  of the policy "coins"
    """
    units = coin_units(int(facts["verified_minutes"]), per_minute=int(values["units_per_verified_minute"]))
    last_year = earned_in(facts["left_at"]) + int(values["years_kept_after_earning"])
    return Decision(
        {
            "coin_units": units,
            "spendable_at": settles_at(facts["confirmed_at"], delay_hours=int(values["settle_delay_hours"])),
            "expires_after": date(last_year, 12, 31),
        },
        () if units else (NOTHING_EARNED,),
    )


def decide_red_points(facts: Mapping[str, Any], values: Mapping[str, Any]) -> Decision:
    """Return the red points that a visit earns.

    facts   verified_minutes, program_earns, is_party_member, opted_in
    values  of the policy "red_points"
    """
    points = red_points(
        int(facts["verified_minutes"]),
        per_point=int(values["minutes_per_point"]),
        program_earns=facts["program_earns"],
        is_member=facts["is_party_member"],
        opted_in=facts["opted_in"],
    )
    wanting = [name for name in ("program_earns", "is_party_member", "opted_in") if not facts[name]]
    return Decision({"red_points": points}, tuple(f"not_{name}" for name in wanting))


def earned_in(left_at: datetime) -> int:
    """Return the civil year in which a visit's coins are earned: that of its end, in the city's zone.

    left_at  with a time zone
    """
    return left_at.astimezone(CITY_ZONE).year


def day_of(starts_at: datetime) -> date:
    """Return the day to which a shift counts: the one on which it begins, in the city's zone.

    starts_at  with a time zone
    """
    return city_day(starts_at)


def _inside(stay: Stay, shift: Period) -> timedelta:
    if stay.left_at is None:
        raise VisitStillOpen
    return time_inside(stay.came_at, stay.left_at, shift)


def _one_more(
    visit_id: UUID, inside: timedelta, so_far: DaySoFar, limits: DayLimits
) -> tuple[Worth, DaySoFar]:
    # Seconds are dropped once for the day at an activity, so five short visits do not lose five times.
    stayed = so_far.stayed + inside
    new = max(0, stayed // MINUTE - so_far.given_minutes)
    minutes, over = within_day(new, already=so_far.at_once_minutes, limit=limits.at_once_minutes)
    worth = Worth(visit_id, inside, minutes, over, OVER_LIMIT if over else "")
    after = replace(
        so_far,
        pairs=so_far.pairs + 1,
        stayed=stayed,
        given_minutes=so_far.given_minutes + new,
        at_once_minutes=so_far.at_once_minutes + minutes,
    )
    return worth, after
