"""The steps of an activity: submitted, returned, published, cancelled, closed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from shanshi.activities import models, rules
from shanshi.activities.operations.drafting import locked
from shanshi.activities.operations.sign_ups import end_all
from shanshi.activities.operations.telling import tell_planners, tell_reviewers
from shanshi.activities.rules import publication, shifts, states
from shanshi.activities.rules.drafts import ShiftsMissing
from shanshi.activities.rules.states import Step
from shanshi.activities.rules.texts import check_writable
from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.kernel.four_eyes import check_another_person
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies

State = rules.ActivityState
_HANDS = tuple(f"activities.{step}" for step in ("create", "change", "submit", "add_shifts", "change_shift"))


@transaction.atomic
def submit(activity_id: UUID, *, by: Actor, at: datetime) -> None:
    """Send a draft to its review.

    at  with a time zone

    Raises ActivityMissing, the state when it is no draft, SubmissionIncomplete with all reasons, and what
    rules.check_shift refuses about a shift. Locks the activity.
    """
    row = locked(activity_id)
    before = row.state
    after = states.after(State(row.state), Step.SUBMIT)
    planned = _planned(row)
    check_says_enough(
        row, positions=models.Position.objects.filter(activity_id=row.id).count(), shifts=planned
    )
    for shift in planned:
        rules.check_shift(draft_of(shift), at=at)
    row.state, row.submitted_at, row.submitted_by = after, at, by.known()
    row.save(update_fields=["state", "submitted_at", "submitted_by"])
    tell_reviewers(row, by=by, at=at)
    _note("submit", row, before, by=by, at=at)


@transaction.atomic
def return_to_draft(activity_id: UUID, *, reason: str, by: Actor, at: datetime) -> None:
    """Give a submitted activity back to those who plan it.

    at  with a time zone

    Raises ReasonMissing, ActivityMissing, and the state when it was not submitted. Locks the activity.
    """
    why = checked_reason(reason)
    row = locked(activity_id)
    before = row.state
    row.state = states.after(State(row.state), Step.RETURN)
    row.returned_at, row.returned_by, row.returned_why = at, by.known(), why
    row.save(update_fields=["state", "returned_at", "returned_by", "returned_why"])
    tell_planners(row, "return", reason=why, by=by, at=at)
    _note("return", row, before, by=by, at=at, reason=why)


@transaction.atomic
def publish(activity_id: UUID, *, by: Actor, at: datetime) -> None:
    """Show a submitted activity and its shifts to everybody; or, if it is public, the shifts added since.

    by  the reviewer, of a body above the leading organizer (access decides that)
    at  with a time zone; every shift must be still ahead

    Raises ActivityMissing, the state when it waits for no review, ReviewedByOwnHand, SubmissionIncomplete if
    no shift is left, what rules.check_shift refuses about a shift, PublicationBlocked with all reasons.
    Source: rules of hours, "made in real time"; publication policy. Locks the activity and its shifts.
    """
    row = locked(activity_id)
    before = row.state
    planned = _planned(row, lock=True)
    waiting = [shift for shift in planned if shift.published_at is None]
    if not (row.state == State.PUBLISHED and waiting):
        row.state = states.after(State(row.state), Step.PUBLISH)
    check_reviewer(row, waiting, reviewer=by)
    _check_changed_nothing(row, waiting, reviewer=by)
    if not planned:
        raise rules.SubmissionIncomplete(ShiftsMissing())
    for shift in waiting:
        rules.check_shift(draft_of(shift), at=at)
    row.publication_policy = check_may_publish(row, planned, at=at)
    if row.published_at is None:
        row.published_at, row.published_by = at, by.known()
    row.save(update_fields=["state", "published_at", "published_by", "publication_policy"])
    models.Shift.objects.filter(activity_id=row.id, id__in=[shift.id for shift in waiting]).update(
        published_at=at, published_by=by.known()
    )
    shown: dict[str, object] = {"shifts": [str(shift.id) for shift in waiting]}
    tell_planners(row, "publish", by=by, at=at)
    _note("publish", row, before, by=by, at=at, more=shown)


@transaction.atomic
def cancel(activity_id: UUID, *, reason: str, by: Actor, at: datetime) -> None:
    """Call an activity off: its shifts are cancelled, and every sign-up ends.

    at  with a time zone

    Raises ReasonMissing, ActivityMissing, the state when it is over already, ShiftBegun when somebody may
    have served. Locks the activity, its shifts in the order of their ids, and their sign-ups.
    """
    why = checked_reason(reason)
    row = locked(activity_id)
    before = row.state
    row.state = states.after(State(row.state), Step.CANCEL)
    planned = _planned(row, lock=True)
    if any(shift.published_at is not None and shift.starts_at <= at for shift in planned):
        raise shifts.ShiftBegun
    row.cancelled_at, row.cancelled_by, row.cancelled_why = at, by.known(), why
    row.save(update_fields=["state", "cancelled_at", "cancelled_by", "cancelled_why"])
    end_all(row.id, [shift.id for shift in planned], reason=why, by=by, at=at)
    _note("cancel", row, before, by=by, at=at, reason=why)


@transaction.atomic
def close(activity_id: UUID, *, by: Actor, at: datetime) -> None:
    """Close an activity that is over and whose shifts are confirmed.

    at  with a time zone

    Raises ActivityMissing, the state when it is not published, ActivityNotOver. Locks the activity.
    """
    row = locked(activity_id)
    before = row.state
    row.state = states.after(State(row.state), Step.CLOSE)
    open_shifts = Q(ends_at__gt=at)
    if row.kind == rules.ActivityKind.SERVICE:
        open_shifts |= Q(confirmed_at__isnull=True, taken__gt=0)
    if models.Shift.objects.filter(open_shifts, activity_id=row.id, cancelled_at__isnull=True).exists():
        raise states.ActivityNotOver
    row.closed_at, row.closed_by = at, by.known()
    row.save(update_fields=["state", "closed_at", "closed_by"])
    _note("close", row, before, by=by, at=at)


def check_says_enough(row: models.Activity, *, positions: int, shifts: Sequence[models.Shift]) -> None:
    """Return nothing: the activity says enough to be reviewed.

    Raises SubmissionIncomplete with all reasons.
    """
    missing = rules.missing_for_submission(
        kind=rules.ActivityKind(row.kind),
        risks=row.risks,
        person_in_charge=row.person_in_charge,
        has_place=bool(row.place_text or row.venue_id),
        positions=positions,
        shifts=len(shifts),
    )
    if missing:
        raise rules.SubmissionIncomplete(*missing)


def check_reviewer(row: models.Activity, shifts: Sequence[models.Shift], *, reviewer: Actor) -> None:
    """Return nothing: the reviewer had no hand in what is reviewed.

    Raises ReviewedByOwnHand.
    """
    hands = (row.created_by, row.submitted_by, *(shift.created_by for shift in shifts))
    check_another_person(reviewer.known(), hands, publication.ReviewedByOwnHand())


def _check_changed_nothing(row: models.Activity, waiting: Sequence[models.Shift], *, reviewer: Actor) -> None:
    # The rows name only who made them, and of a shift who moved it last; the trail names every hand.
    things = [f"activity:{row.id}", *(f"shift:{shift.id}" for shift in waiting)]
    if audit.had_a_hand(reviewer.known(), things, _HANDS):
        raise publication.ReviewedByOwnHand


def check_may_publish(row: models.Activity, shifts: Sequence[models.Shift], *, at: datetime) -> str:
    """Return the version of the policy under which the activity may be published.

    shifts  all that are not cancelled, at least one
    at      with a time zone

    Raises PublicationBlocked with all reasons.
    """
    policy = policies.in_force("publication", city_day(at))
    facts = {
        "risk_kinds": row.risk_kinds,
        "states_risks": bool(row.risks),
        "min_age": row.min_age,
        "starts_on": city_day(min(shift.starts_at for shift in shifts)),
        "ends_on": city_day(max(shift.ends_at for shift in shifts)),
        "expected_people": max(row.expected_people, *(shift.capacity for shift in shifts)),
        "is_foreign_related": row.is_foreign_related,
        "is_outside_province": row.is_outside_province,
        "a_side_asks": row.is_agreement_asked,
        "has_agreement": bool(row.agreement_ref),
        "has_insurance": bool(row.insurance_ref),
    }
    missing = rules.missing_for_publication(facts, policy.values)
    if missing:
        raise rules.PublicationBlocked(*missing)
    return policy.version


def draft_of(shift: models.Shift) -> rules.ShiftDraft:
    """Return the times and the capacity of a row as a draft."""
    return rules.ShiftDraft(shift.starts_at, shift.ends_at, shift.capacity, shift.name)


def checked_reason(reason: str) -> str:
    """Return the reason without spaces around it.

    Raises TextUnwritable, ReasonMissing.
    """
    check_writable(reason)
    why = reason.strip()
    if not why:
        raise publication.ReasonMissing
    return why


def _planned(row: models.Activity, *, lock: bool = False) -> list[models.Shift]:
    rows = models.Shift.objects.filter(activity_id=row.id, cancelled_at__isnull=True).order_by("id")
    return list(rows.select_for_update() if lock else rows)


def _note(
    step: str,
    row: models.Activity,
    before: str,
    *,
    by: Actor,
    at: datetime,
    reason: str = "",
    more: Mapping[str, object] | None = None,
) -> None:
    audit.record(
        f"activities.{step}",
        f"activity:{row.id}",
        by=by,
        at=at,
        before={"state": str(before)},
        after={"state": str(row.state), **(more or {})},
        reason=reason,
    )
