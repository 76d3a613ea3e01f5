"""Signing up, withdrawing, accepting an offered place, and the waiting list.

Locks are always taken in this order: the person (an advisory lock), the shift, the sign-ups of the shift.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shanshi.activities import models, rules
from shanshi.activities.operations.calendars import end_calendar_key
from shanshi.activities.operations.telling import tell_cancelled, tell_lapsed, tell_offered
from shanshi.activities.queries.facts import SignUpFacts
from shanshi.activities.queries.sign_ups import facts_of
from shanshi.activities.queries.sign_ups import sign_up as sign_up_of
from shanshi.activities.rules import shifts as shift_rules
from shanshi.activities.rules import sign_ups as sign_up_rules
from shanshi.activities.rules import states
from shanshi.foundation import statements
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import DomainError
from shanshi.kernel.ids import new_id
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies
from shanshi.registry import queries as registry
from shanshi.registry import rules as registry_rules

State = rules.SignUpState
_LOOKS = 3

_LOOK = """
SELECT s.activity_id, s.starts_at, s.ends_at, s.published_at, s.cancelled_at,
       a.state, a.min_age, a.risk_kinds, a.skills, a.skills_required
  FROM activities_shift s JOIN activities_activity a ON a.id = s.activity_id
 WHERE s.id = %s
"""

# The function of the migration decides; it is one transaction by itself, so that nobody waits for us.
_TAKE = "SELECT answer, waited FROM activities_sign_up(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class _Look:
    """What a sign-up must know of its shift."""

    activity_id: UUID
    starts_at: datetime
    ends_at: datetime
    published_at: datetime | None
    cancelled_at: datetime | None
    state: str
    min_age: int
    risk_kinds: list[str]
    skills: list[str]
    skills_required: bool


def sign_up(
    shift_id: UUID,
    *,
    holder_id: UUID,
    by: Actor,
    at: datetime,
    skills: Collection[str] = (),
    source: str = "platform",
) -> SignUpFacts:
    """Return the sign-up of a volunteer for a shift: placed, or waiting with a position. Twice is once.

    skills  what the volunteer states to be able to do
    at      with a time zone

    Raises ShiftMissing (not published counts as missing), ActivityIsCancelled, ActivityIsClosed,
    ShiftCancelled, Missing when there is no such volunteer, registry's TermsWithdrawn and TermsChanged, then
    the first of rules.reasons_against, at last SignUpClash.
    Locks, in one statement that writes everything: the person, then the shift.
    """
    for _ in range(_LOOKS):
        look = _look(shift_id)
        policy = policies.in_force("sign_up", city_day(at))
        try:
            _check_open(look)
            volunteer = registry.volunteer(holder_id)
            registry_rules.check_terms(
                volunteer.terms, registry.consent_text(registry_rules.Purpose.TERMS, city_day(at)).version
            )
            for refusal in rules.reasons_against(
                _facts(look, volunteer, at=at, skills=skills), policy.values
            ):
                raise refusal
        except DomainError:
            # Who asks again is told what was decided, though by now he would come too late.
            if (known := sign_up_of(shift_id, holder_id)) is not None:
                return known
            raise
        made = _take(shift_id, look, holder_id, by=by, at=at, policy=policy.version, source=source)
        if made is not None:
            return made
        # Meanwhile a sign-up was withdrawn, or the shift was moved, cancelled or confirmed: look again.
    raise shift_rules.ShiftMissing


def _look(shift_id: UUID) -> _Look:
    found = statements.rows(_LOOK, [shift_id])
    if not found:
        raise shift_rules.ShiftMissing
    return _Look(*found[0])


def _check_open(look: _Look) -> None:
    if look.published_at is None or look.state in {rules.ActivityState.DRAFT, rules.ActivityState.SUBMITTED}:
        raise shift_rules.ShiftMissing
    states.check_published(rules.ActivityState(look.state))
    if look.cancelled_at is not None:
        raise shift_rules.ShiftCancelled


def _facts(
    look: _Look, volunteer: registry.VolunteerFacts, *, at: datetime, skills: Collection[str]
) -> dict[str, Any]:
    day = city_day(look.starts_at)
    return {
        "at": at,
        "shift_starts_at": look.starts_at,
        "age": registry_rules.age_on(volunteer.birth_on, day),
        "min_age": look.min_age,
        "has_guardian_consent": volunteer.has_guardian_consent,
        "risk_kinds": look.risk_kinds,
        "skills_asked": look.skills if look.skills_required else [],
        "skills_held": skills,
    }


def _take(
    shift_id: UUID, look: _Look, holder_id: UUID, *, by: Actor, at: datetime, policy: str, source: str
) -> SignUpFacts | None:
    sign_up_id = new_id()
    times = (look.starts_at, look.ends_at, at)
    ((answer, waited),) = statements.rows(
        _TAKE, [sign_up_id, look.activity_id, shift_id, holder_id, *times, by.known(), policy, source]
    )
    if answer == "clash":
        raise sign_up_rules.SignUpClash
    if answer == "known":
        return sign_up_of(shift_id, holder_id)
    if answer == "moved":
        return None
    return SignUpFacts(
        id=sign_up_id,
        activity_id=look.activity_id,
        shift_id=shift_id,
        holder_id=holder_id,
        state=State.WAITING if waited else State.PLACED,
        position=waited or None,
        starts_at=look.starts_at,
        ends_at=look.ends_at,
        signed_up_at=at,
        is_new=True,
    )


@transaction.atomic
def withdraw(shift_id: UUID, *, holder_id: UUID, by: Actor, at: datetime) -> SignUpFacts:
    """Return the sign-up of a volunteer, now withdrawn; its place is offered to the next one. Twice is once.

    at  with a time zone

    Raises NotSignedUp, ShiftBegun: what has begun is settled at the door. Locks the shift, then its sign-ups.
    """
    last = models.SignUp.objects.filter(shift_id=shift_id, holder_id=holder_id).order_by("-arrival").first()
    if last is None:
        raise sign_up_rules.NotSignedUp
    shift = locked_shift(last.activity_id, shift_id)
    row = models.SignUp.objects.select_for_update().get(activity_id=last.activity_id, id=last.id)
    if row.state not in rules.LIVE:
        return facts_of(row, None)
    if shift.starts_at <= at:
        raise shift_rules.ShiftBegun
    _leave(shift, row, State.CANCELLED, by=by, at=at)
    promote(shift, at=at)
    return facts_of(row, None)


@transaction.atomic
def accept(shift_id: UUID, *, holder_id: UUID, by: Actor, at: datetime) -> SignUpFacts:
    """Return the sign-up of a volunteer who takes the place that was offered. Twice is once.

    at  with a time zone

    Raises NotSignedUp, NoPlaceOffered, OfferLapsed. Locks the sign-up.
    """
    row = (
        models.SignUp.objects.select_for_update()
        .filter(shift_id=shift_id, holder_id=holder_id, state__in=rules.LIVE)
        .first()
    )
    if row is None:
        lapsed = models.SignUp.objects.filter(shift_id=shift_id, holder_id=holder_id, state=State.LAPSED)
        raise sign_up_rules.OfferLapsed if lapsed.exists() else sign_up_rules.NotSignedUp
    if row.state == State.WAITING:
        raise sign_up_rules.NoPlaceOffered
    if row.state == State.OFFERED:
        if row.offered_until is None or row.offered_until <= at:
            raise sign_up_rules.OfferLapsed
        row.state, row.accepted_at = State.PLACED, at
        row.save(update_fields=["state", "accepted_at"])
    return facts_of(row, None)


def lapse_offers(*, by: Actor, at: datetime, limit: int = 500) -> int:
    """Let offers lapse whose deadline is over, offer the places to the next ones, and return how many lapsed.

    at     with a time zone
    limit  shifts looked at, the longest overdue first

    One transaction for each shift; locks it, then its sign-ups.
    """
    overdue = (
        models.SignUp.objects.filter(state=State.OFFERED, offered_until__lte=at)
        .order_by("offered_until")
        .values_list("activity_id", "shift_id")[:limit]
    )
    return sum(_lapse(*place, by=by, at=at) for place in dict.fromkeys(overdue))


@transaction.atomic
def _lapse(activity_id: UUID, shift_id: UUID, *, by: Actor, at: datetime) -> int:
    shift = locked_shift(activity_id, shift_id)
    overdue = models.SignUp.objects.filter(
        activity_id=activity_id, shift_id=shift_id, state=State.OFFERED, offered_until__lte=at
    )
    holders = list(overdue.values_list("holder_id", flat=True))
    lapsed = overdue.update(state=State.LAPSED, ended_at=at, ended_by=by.known())
    if lapsed:
        shift.taken -= lapsed
        shift.save(update_fields=["taken"])
        tell_lapsed(shift, holders, at=at)
        promote(shift, at=at)
    return lapsed


def promote(shift: models.Shift, *, at: datetime) -> None:
    """Offer the free places of a locked shift to those who wait, in order, with a deadline to accept.

    at  with a time zone; a shift that has begun offers nothing

    Locks the sign-ups that get an offer.
    """
    free = min(shift.capacity - shift.taken, shift.waiting)
    if free <= 0 or shift.starts_at <= at or shift.cancelled_at is not None or shift.confirmed_at is not None:
        return
    policy = policies.in_force("sign_up", city_day(at))
    until = rules.accept_until(shift.starts_at, at=at, within_hours=policy.values["accept_within_hours"])
    next_ones = models.SignUp.objects.filter(
        activity_id=shift.activity_id, shift_id=shift.id, state=State.WAITING
    ).order_by("arrival")[:free]
    chosen = list(next_ones.select_for_update())
    moved = models.SignUp.objects.filter(
        activity_id=shift.activity_id, id__in=[row.id for row in chosen]
    ).update(state=State.OFFERED, offered_at=at, offered_until=until)
    shift.taken += moved
    shift.waiting -= moved
    shift.save(update_fields=["taken", "waiting"])
    tell_offered(shift, [row.holder_id for row in chosen], until, at=at)


def locked_shift(activity_id: UUID, shift_id: UUID) -> models.Shift:
    """Return the shift's row, locked until the transaction ends.

    Raises ShiftMissing.
    """
    row = (
        models.Shift.objects.select_for_update(no_key=True)
        .filter(activity_id=activity_id, id=shift_id)
        .first()
    )
    if row is None:
        raise shift_rules.ShiftMissing
    return row


def end_all(activity_id: UUID, shift_ids: Sequence[UUID], *, reason: str, by: Actor, at: datetime) -> None:
    """Cancel the shifts, which must be locked, end every sign-up for them, and tell those people.

    at  with a time zone
    """
    tell_cancelled(activity_id, shift_ids, reason=reason, at=at)
    models.SignUp.objects.filter(
        activity_id=activity_id, shift_id__in=shift_ids, state__in=rules.LIVE
    ).update(state=State.CANCELLED, ended_at=at, ended_by=by.known())
    models.Shift.objects.filter(activity_id=activity_id, id__in=shift_ids, cancelled_at__isnull=True).update(
        cancelled_at=at, cancelled_by=by.known(), cancelled_why=reason, taken=0, waiting=0
    )


@transaction.atomic
def give_back(holder_id: UUID, *, by: Actor, at: datetime, inside: UUID | None = None) -> int:
    """Take a volunteer out of every shift that is not over, and return how many; each place goes to the next.

    at      with a time zone
    inside  the shift at which the volunteer is at this moment: it is left through its door

    Locks each shift and its sign-ups, one after the other in the order of the shifts' ids.
    """
    return _take_out(holder_id, Q(ends_at__gt=at) & ~Q(shift_id=inside), by=by, at=at)


def _take_out(holder_id: UUID, which: Q, *, by: Actor, at: datetime) -> int:
    live = models.SignUp.objects.filter(holder_id=holder_id, state__in=rules.LIVE)
    ahead = live.filter(which).order_by("shift_id")
    ended = 0
    for activity_id, shift_id in list(ahead.values_list("activity_id", "shift_id")):
        shift = locked_shift(activity_id, shift_id)
        row = live.select_for_update().filter(activity_id=activity_id, shift_id=shift_id).first()
        if row is None:
            continue  # withdrawn by somebody faster
        _leave(shift, row, State.CANCELLED, by=by, at=at)
        promote(shift, at=at)
        ended += 1
    return ended


@transaction.atomic
def forget(holder_id: UUID, *, by: Actor, at: datetime) -> int:
    """Take a volunteer out of everything that is still ahead, and return of how many shifts.

    What was stays, under the opaque holder id. The address of the person's calendar opens nothing any more.

    at  with a time zone

    Locks as `give_back`.
    """
    end_calendar_key(holder_id)
    return _take_out(holder_id, Q(starts_at__gt=at), by=by, at=at)


def _leave(shift: models.Shift, row: models.SignUp, state: State, *, by: Actor, at: datetime) -> None:
    if row.state in rules.HOLDS_A_PLACE:
        shift.taken -= 1
    else:
        shift.waiting -= 1
    shift.save(update_fields=["taken", "waiting"])
    row.state, row.ended_at, row.ended_by = state, at, by.known()
    row.save(update_fields=["state", "ended_at", "ended_by"])
