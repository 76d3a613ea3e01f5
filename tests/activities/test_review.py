"""From a draft to a published activity: what must be there, and who may not review it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shanshi.activities import models, operations, queries, rules
from shanshi.activities.operations import ShiftChange
from shanshi.activities.rules import drafts, publication, shifts, states
from shanshi.activities.rules.kinds import ActivityState, RiskKind
from shanshi.foundation.models import AuditEntry
from tests.activities.conftest import draft_for


def state(activity_id):
    return queries.activity(activity_id).state


def test_an_activity_goes_from_draft_to_review_to_the_public_and_each_step_is_on_record(drafted, cast, at):
    activity_id = drafted()
    operations.submit(activity_id, by=cast.wu, at=at)
    operations.publish(activity_id, by=cast.xu, at=at + timedelta(hours=1))

    activity = queries.activity(activity_id)
    assert activity.state is ActivityState.PUBLISHED
    assert (activity.submitted_by, activity.published_by) == (cast.wu.person_id, cast.xu.person_id)
    assert activity.published_at == at + timedelta(hours=1)
    assert [shift.published_at for shift in activity.shifts] == [at + timedelta(hours=1)]
    trail = AuditEntry.objects.filter(thing=f"activity:{activity_id}").order_by("id")
    assert [entry.verb for entry in trail] == [
        "activities.create",
        "activities.add_shifts",
        "activities.submit",
        "activities.publish",
    ]
    assert models.Activity.objects.get(id=activity_id).publication_policy == "publication@2015-01-01"


def test_a_draft_that_says_too_little_is_told_everything_at_once(cast, at):
    activity_id = operations.create(
        draft_for(cast.station, risks=" ", person_in_charge="", place_text="", positions=()),
        by=cast.wu,
        at=at,
    )

    with pytest.raises(rules.SubmissionIncomplete) as refused:
        operations.submit(activity_id, by=cast.wu, at=at)

    assert [type(part) for part in refused.value.parts] == [
        drafts.RisksMissing,
        drafts.PersonInChargeMissing,
        drafts.PlaceMissing,
        drafts.PositionMissing,
        drafts.ShiftsMissing,
    ]
    assert state(activity_id) is ActivityState.DRAFT


def test_dangerous_work_is_blocked_with_every_reason(submitted, cast, at):
    activity_id = submitted(risk_kinds=(RiskKind.RESCUE,), min_age=16)

    with pytest.raises(rules.PublicationBlocked) as refused:
        operations.publish(activity_id, by=cast.xu, at=at)

    assert [part.code for part in refused.value.parts] == [
        "activities.agreement_for_danger",
        "activities.insurance_missing",
        "activities.adults_only_missing",
    ]
    activity = queries.activity(activity_id)
    assert activity.state is ActivityState.SUBMITTED
    assert [shift.published_at for shift in activity.shifts] == [None]


def test_dangerous_work_with_agreement_insurance_and_adults_is_published(submitted, cast, at):
    activity_id = submitted(
        risk_kinds=(RiskKind.RESCUE,), min_age=18, agreement_ref="XY-1", insurance_ref="BX-2"
    )

    operations.publish(activity_id, by=cast.xu, at=at)

    assert state(activity_id) is ActivityState.PUBLISHED


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"is_foreign_related": True}, "activities.agreement_for_foreign"),
        ({"expected_people": 1000}, "activities.agreement_for_size"),
        ({"division_code": "310101"}, "activities.agreement_for_distance"),
        ({"is_agreement_asked": True}, "activities.agreement_asked"),
    ],
)
def test_the_law_names_when_an_agreement_is_needed(submitted, cast, at, said, code):
    activity_id = submitted(**said)

    with pytest.raises(rules.PublicationBlocked) as refused:
        operations.publish(activity_id, by=cast.xu, at=at)

    assert [part.code for part in refused.value.parts] == [code]


def test_over_one_month_needs_an_agreement_and_31_days_do_not(submitted, cast, at, tomorrow):
    month = submitted(tomorrow(), tomorrow(days=31))
    longer = submitted(tomorrow(), tomorrow(days=32))

    operations.publish(month, by=cast.xu, at=at)
    with pytest.raises(rules.PublicationBlocked):
        operations.publish(longer, by=cast.xu, at=at)


def test_nobody_publishes_what_he_submitted(submitted, cast, at):
    activity_id = submitted()

    with pytest.raises(publication.ReviewedByOwnHand):
        operations.publish(activity_id, by=cast.wu, at=at)

    assert state(activity_id) is ActivityState.SUBMITTED


def test_a_shift_whose_time_came_before_the_review_is_not_published(submitted, cast, at, tomorrow):
    activity_id = submitted(tomorrow(), tomorrow(days=3))

    with pytest.raises(shifts.ShiftInThePast):
        operations.publish(activity_id, by=cast.xu, at=tomorrow().starts_at)

    assert [shift.published_at for shift in queries.activity(activity_id).shifts] == [None, None]


def test_what_comes_back_can_be_changed_and_submitted_again(submitted, cast, at):
    activity_id = submitted()
    operations.return_to_draft(activity_id, reason="Say what to bring.", by=cast.xu, at=at)

    operations.change(activity_id, draft_for(cast.station, description="Bring water."), by=cast.wu, at=at)
    operations.submit(activity_id, by=cast.wu, at=at)

    activity = queries.activity(activity_id)
    assert (activity.state, activity.description) == (ActivityState.SUBMITTED, "Bring water.")
    assert activity.returned_why == "Say what to bring."


def test_steps_are_refused_where_the_table_has_no_way(drafted, submitted, cast, at):
    draft, waiting = drafted(), submitted()
    for step, refusal in [
        (lambda: operations.publish(draft, by=cast.xu, at=at), states.ActivityIsDraft),
        (lambda: operations.close(draft, by=cast.wu, at=at), states.ActivityIsDraft),
        (lambda: operations.submit(waiting, by=cast.wu, at=at), states.ActivityIsSubmitted),
        (lambda: operations.return_to_draft(draft, reason="x", by=cast.xu, at=at), states.ActivityIsDraft),
        (
            lambda: operations.change(waiting, draft_for(cast.station), by=cast.wu, at=at),
            states.ActivityIsSubmitted,
        ),
    ]:
        with pytest.raises(refusal):
            step()
    assert (state(draft), state(waiting)) == (ActivityState.DRAFT, ActivityState.SUBMITTED)


def test_a_shift_added_to_a_published_activity_waits_for_the_reviewer(published, people, cast, at, tomorrow):
    (first,) = published()
    activity_id = queries.activity_of(first)
    (added,) = operations.add_shifts(activity_id, [tomorrow(days=2)], by=cast.wu, at=at)
    (who,) = people(1)

    with pytest.raises(shifts.ShiftMissing):
        operations.sign_up(added, holder_id=who.holder_id, by=who, at=at)
    assert [card.id for card in queries.waiting_for_review([f"organization:{cast.league}"])] == [activity_id]

    operations.publish(activity_id, by=cast.xu, at=at + timedelta(hours=2))

    assert queries.shift(added).published_at == at + timedelta(hours=2)
    assert queries.shift(first).published_at == at
    assert queries.waiting_for_review(None) == []
    with pytest.raises(states.ActivityIsPublished):
        operations.publish(activity_id, by=cast.xu, at=at)


def test_no_minute_can_be_made_for_time_already_past(published, cast, at, tomorrow):
    (shift,) = published()
    begun = tomorrow().starts_at + timedelta(minutes=1)
    later = tomorrow().ends_at + timedelta(hours=3)

    with pytest.raises(shifts.ShiftBegun):
        operations.change_shift(shift, ShiftChange(ends_at=later), by=cast.wu, at=begun)
    with pytest.raises(shifts.ShiftInThePast):
        operations.add_shifts(queries.activity_of(shift), [tomorrow()], by=cast.wu, at=begun)
    with pytest.raises(shifts.ShiftInThePast):
        operations.change_shift(
            shift, ShiftChange(starts_at=at, ends_at=at + timedelta(hours=1)), by=cast.wu, at=at
        )

    assert queries.shift(shift).ends_at == tomorrow().ends_at


def test_a_published_shift_that_moves_waits_for_the_reviewer_again(published, cast, at, tomorrow):
    (shift,) = published()
    moved = tomorrow(days=4)

    operations.change_shift(
        shift, ShiftChange(starts_at=moved.starts_at, ends_at=moved.ends_at), by=cast.wu, at=at
    )

    found = queries.shift(shift)
    assert (found.starts_at, found.published_at, found.is_open) == (moved.starts_at, None, False)


def test_times_that_people_signed_up_for_stand(published, people, cast, at, tomorrow):
    (shift,) = published()
    (who,) = people(1)
    operations.sign_up(shift, holder_id=who.holder_id, by=who, at=at)

    with pytest.raises(shifts.ShiftTimesPromised):
        operations.change_shift(shift, ShiftChange(ends_at=tomorrow(hours=4).ends_at), by=cast.wu, at=at)


def test_a_capacity_never_falls_below_those_who_have_a_place(published, people, cast, at, tomorrow):
    (shift,) = published(tomorrow(capacity=3))
    for who in people(2):
        operations.sign_up(shift, holder_id=who.holder_id, by=who, at=at)

    with pytest.raises(shifts.CapacityBelowTaken):
        operations.change_shift(shift, ShiftChange(capacity=1), by=cast.wu, at=at)
    operations.change_shift(shift, ShiftChange(capacity=2), by=cast.wu, at=at)

    assert (queries.shift(shift).capacity, queries.shift(shift).free) == (2, 0)


def test_a_cancelled_activity_ends_its_shifts_and_sign_ups(published, people, cast, at, tomorrow):
    (shift,) = published(tomorrow(capacity=1))
    first, second = people(2)
    for who in (first, second):
        operations.sign_up(shift, holder_id=who.holder_id, by=who, at=at)

    operations.cancel(queries.activity_of(shift), reason="Storm.", by=cast.wu, at=at)

    found = queries.shift(shift)
    assert (found.state, found.taken, found.waiting) == (ActivityState.CANCELLED, 0, 0)
    assert queries.roster(found.activity_id, shift) == []
    with pytest.raises(states.ActivityIsCancelled):
        operations.sign_up(shift, holder_id=first.holder_id, by=first, at=at)


def test_what_has_begun_is_not_cancelled(published, cast, at, tomorrow):
    (shift,) = published()

    with pytest.raises(shifts.ShiftBegun):
        operations.cancel(queries.activity_of(shift), reason="No.", by=cast.wu, at=tomorrow().starts_at)
    with pytest.raises(publication.ReasonMissing):
        operations.cancel(queries.activity_of(shift), reason=" ", by=cast.wu, at=at)

    assert queries.shift(shift).state is ActivityState.PUBLISHED


def test_one_cancelled_shift_leaves_the_others(published, people, cast, at, tomorrow):
    first, second = published(tomorrow(), tomorrow(days=2))
    (who,) = people(1)
    operations.sign_up(first, holder_id=who.holder_id, by=who, at=at)

    operations.cancel_shift(first, reason="Painters.", by=cast.wu, at=at)

    with pytest.raises(shifts.ShiftCancelled):
        operations.sign_up(first, holder_id=who.holder_id, by=who, at=at)
    assert operations.sign_up(second, holder_id=who.holder_id, by=who, at=at).holds_a_place
    assert queries.sign_up(first, who.holder_id) is None


def test_an_activity_closes_when_its_rosters_are_confirmed(published, people, cast, at, tomorrow):
    (shift,) = published()
    (who,) = people(1)
    operations.sign_up(shift, holder_id=who.holder_id, by=who, at=at)
    activity_id = queries.activity_of(shift)
    after = tomorrow().ends_at

    with pytest.raises(states.ActivityNotOver):
        operations.close(activity_id, by=cast.wu, at=after)
    operations.mark_confirmed(shift, by=cast.wu, at=after)
    with pytest.raises(shifts.ShiftConfirmed):
        operations.mark_confirmed(shift, by=cast.wu, at=after)
    operations.close(activity_id, by=cast.wu, at=after)

    assert state(activity_id) is ActivityState.CLOSED


def test_an_unknown_organizer_is_refused_and_nothing_is_written(cast, at):
    with pytest.raises(drafts.OrganizerUnknown):
        operations.create(draft_for(cast.league.__class__(int=7)), by=cast.wu, at=at)

    assert models.Activity.objects.count() == 0


def test_nobody_publishes_what_he_wrote_even_if_another_submitted_it(cast, at, tomorrow):
    activity_id = operations.create(draft_for(cast.station), by=cast.xu, at=at)
    operations.add_shifts(activity_id, [tomorrow()], by=cast.wu, at=at)
    operations.submit(activity_id, by=cast.wu, at=at)

    with pytest.raises(publication.ReviewedByOwnHand):
        operations.publish(activity_id, by=cast.xu, at=at)

    assert state(activity_id) is ActivityState.SUBMITTED


def test_nobody_publishes_what_he_changed_though_others_made_and_submitted_it(drafted, cast, at):
    activity_id = drafted()
    operations.change(activity_id, draft_for(cast.station, title="另一件事"), by=cast.xu, at=at)
    operations.submit(activity_id, by=cast.wu, at=at)

    with pytest.raises(publication.ReviewedByOwnHand):
        operations.publish(activity_id, by=cast.xu, at=at)

    assert state(activity_id) is ActivityState.SUBMITTED


def test_a_move_by_another_hand_does_not_hide_whose_a_shift_was(cast, at, tomorrow):
    activity_id = operations.create(draft_for(cast.station), by=cast.wu, at=at)
    operations.add_shifts(activity_id, [tomorrow()], by=cast.xu, at=at)
    (shift,) = queries.activity(activity_id).shifts
    later = timedelta(minutes=1)
    change = ShiftChange(starts_at=shift.starts_at + later, ends_at=shift.ends_at + later)
    operations.change_shift(shift.id, change, by=cast.wu, at=at)
    operations.submit(activity_id, by=cast.wu, at=at)

    with pytest.raises(publication.ReviewedByOwnHand):
        operations.publish(activity_id, by=cast.xu, at=at)

    assert state(activity_id) is ActivityState.SUBMITTED


def test_nobody_publishes_a_shift_that_he_added(submitted, cast, at, tomorrow):
    activity_id = submitted()
    operations.return_to_draft(activity_id, reason="more shifts", by=cast.xu, at=at)
    operations.add_shifts(activity_id, [tomorrow(days=3)], by=cast.xu, at=at)
    operations.submit(activity_id, by=cast.wu, at=at)

    with pytest.raises(publication.ReviewedByOwnHand):
        operations.publish(activity_id, by=cast.xu, at=at)

    assert state(activity_id) is ActivityState.SUBMITTED
