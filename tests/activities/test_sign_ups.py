"""Signing up, withdrawing, and the waiting list."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shanshi.activities import models, operations, queries, tasks
from shanshi.activities.rules import sign_ups as refusals
from shanshi.activities.rules.kinds import SignUpState
from shanshi.activities.rules.shifts import ShiftBegun, ShiftMissing


def sign(shift_id, who, at, **other):
    return operations.sign_up(shift_id, holder_id=who.holder_id, by=who, at=at, **other)


def counts(shift_id):
    return models.Shift.objects.values_list("taken", "waiting", "arrivals").get(id=shift_id)


def test_the_first_have_places_and_the_others_wait_in_order(published, people, at, tomorrow):
    (shift,) = published(tomorrow(capacity=2))
    answers = [sign(shift, who, at) for who in people(5)]

    assert [(one.state, one.position) for one in answers] == [
        (SignUpState.PLACED, None),
        (SignUpState.PLACED, None),
        (SignUpState.WAITING, 1),
        (SignUpState.WAITING, 2),
        (SignUpState.WAITING, 3),
    ]
    assert counts(shift) == (2, 3, 5)


def test_signing_up_twice_is_signing_up_once(published, people, at, tomorrow):
    (shift,) = published(tomorrow(capacity=1))
    first, second, third = people(3)
    sign(shift, first, at)
    sign(shift, second, at)
    before = sign(shift, third, at)

    again = sign(shift, third, at + timedelta(minutes=1))

    assert (again.id, again.state, again.position, again.is_new) == (before.id, SignUpState.WAITING, 2, False)
    assert counts(shift) == (1, 2, 3)


def test_who_withdraws_gives_the_place_to_the_next_one_with_a_deadline(published, people, at, tomorrow):
    (shift,) = published(tomorrow(capacity=1))
    first, second, third = people(3)
    for who in (first, second, third):
        sign(shift, who, at)

    operations.withdraw(shift, holder_id=first.holder_id, by=first, at=at)

    offered = queries.sign_up(shift, second.holder_id)
    assert offered is not None
    assert (offered.state, offered.position) == (SignUpState.OFFERED, 0)
    assert offered.offered_until == at + timedelta(hours=12)
    waits = queries.sign_up(shift, third.holder_id)
    assert waits is not None
    assert waits.position == 1
    assert counts(shift) == (1, 1, 3)


def test_an_offer_lasts_no_longer_than_until_the_shift_starts(published, people, at, tomorrow):
    (shift,) = published(tomorrow(capacity=1))
    first, second = people(2)
    sign(shift, first, at)
    sign(shift, second, at)
    late = at + timedelta(hours=23)

    operations.withdraw(shift, holder_id=first.holder_id, by=first, at=late)

    offered = queries.sign_up(shift, second.holder_id)
    assert offered is not None
    assert offered.offered_until == tomorrow().starts_at


def test_who_accepts_in_time_has_the_place_and_accepting_twice_is_once(published, people, at, tomorrow):
    (shift,) = published(tomorrow(capacity=1))
    first, second = people(2)
    sign(shift, first, at)
    sign(shift, second, at)
    operations.withdraw(shift, holder_id=first.holder_id, by=first, at=at)

    placed = operations.accept(shift, holder_id=second.holder_id, by=second, at=at + timedelta(hours=11))
    again = operations.accept(shift, holder_id=second.holder_id, by=second, at=at + timedelta(hours=13))

    assert (placed.state, again.state, again.id) == (SignUpState.PLACED, SignUpState.PLACED, placed.id)
    assert counts(shift) == (1, 0, 2)


def test_an_offer_that_nobody_accepts_lapses_and_goes_to_the_next_one(published, people, at, cast, tomorrow):
    (shift,) = published(tomorrow(capacity=1))
    first, second, third = people(3)
    for who in (first, second, third):
        sign(shift, who, at)
    operations.withdraw(shift, holder_id=first.holder_id, by=first, at=at)
    deadline = at + timedelta(hours=12)

    with pytest.raises(refusals.OfferLapsed):
        operations.accept(shift, holder_id=second.holder_id, by=second, at=deadline)
    assert operations.lapse_offers(by=cast.loader, at=deadline - timedelta(seconds=1)) == 0
    assert operations.lapse_offers(by=cast.loader, at=deadline) == 1
    assert operations.lapse_offers(by=cast.loader, at=deadline) == 0

    assert queries.sign_up(shift, second.holder_id) is None
    offered = queries.sign_up(shift, third.holder_id)
    assert offered is not None
    assert offered.state is SignUpState.OFFERED
    assert counts(shift) == (1, 0, 3)
    with pytest.raises(refusals.OfferLapsed):
        operations.accept(shift, holder_id=second.holder_id, by=second, at=deadline)


def test_who_waits_has_nothing_to_accept(published, people, at, tomorrow):
    (shift,) = published(tomorrow(capacity=1))
    first, second, third = people(3)
    sign(shift, first, at)
    sign(shift, second, at)

    with pytest.raises(refusals.NoPlaceOffered):
        operations.accept(shift, holder_id=second.holder_id, by=second, at=at)
    with pytest.raises(refusals.NotSignedUp):
        operations.accept(shift, holder_id=third.holder_id, by=third, at=at)


def test_nobody_new_goes_before_those_who_wait(published, people, at, cast, tomorrow):
    (shift,) = published(tomorrow(capacity=1))
    first, second, third = people(3)
    sign(shift, first, at)
    sign(shift, second, at)
    operations.withdraw(shift, holder_id=first.holder_id, by=first, at=at)

    late = sign(shift, third, at)

    assert (late.state, late.position) == (SignUpState.WAITING, 1)


def test_a_larger_capacity_offers_the_new_places_in_order(published, people, at, cast, tomorrow):
    (shift,) = published(tomorrow(capacity=1))
    everybody = people(4)
    for who in everybody:
        sign(shift, who, at)

    operations.change_shift(shift, operations.ShiftChange(capacity=3), by=cast.wu, at=at)

    roster = queries.roster(queries.activity_of(shift), shift)
    assert [(row.holder_id, row.state) for row in roster] == [
        (everybody[0].holder_id, SignUpState.PLACED),
        (everybody[1].holder_id, SignUpState.OFFERED),
        (everybody[2].holder_id, SignUpState.OFFERED),
        (everybody[3].holder_id, SignUpState.WAITING),
    ]
    assert counts(shift) == (3, 1, 4)


def test_withdrawing_twice_is_withdrawing_once(published, people, at, tomorrow):
    (shift,) = published(tomorrow(capacity=1))
    (who,) = people(1)
    sign(shift, who, at)

    first = operations.withdraw(shift, holder_id=who.holder_id, by=who, at=at)
    again = operations.withdraw(shift, holder_id=who.holder_id, by=who, at=at)

    assert (first.state, again.state, again.id) == (SignUpState.CANCELLED, SignUpState.CANCELLED, first.id)
    assert counts(shift) == (0, 0, 1)


def test_who_withdrew_can_sign_up_again_at_the_end(published, people, at, tomorrow):
    (shift,) = published(tomorrow(capacity=1))
    first, second = people(2)
    sign(shift, first, at)
    sign(shift, second, at)
    operations.withdraw(shift, holder_id=first.holder_id, by=first, at=at)

    again = sign(shift, first, at)

    assert (again.state, again.position, again.is_new) == (SignUpState.WAITING, 1, True)


def test_what_has_begun_is_settled_at_the_door(published, people, at, tomorrow):
    (shift,) = published(tomorrow(capacity=1))
    first, second = people(2)
    sign(shift, first, at)
    starts = tomorrow().starts_at

    with pytest.raises(ShiftBegun):
        operations.withdraw(shift, holder_id=first.holder_id, by=first, at=starts)
    with pytest.raises(refusals.SignUpOver):
        sign(shift, second, starts)
    assert counts(shift) == (1, 0, 1)


def test_who_asks_again_after_the_start_is_told_what_was_decided(published, people, at, tomorrow):
    (shift,) = published(tomorrow(capacity=1))
    (who,) = people(1)
    placed = sign(shift, who, at)

    again = sign(shift, who, tomorrow().starts_at + timedelta(minutes=5))

    assert (again.id, again.state, again.is_new) == (placed.id, SignUpState.PLACED, False)


def test_two_shifts_at_the_same_time_clash_and_nothing_changes(published, people, at, tomorrow):
    morning, overlapping, after = published(
        tomorrow(), tomorrow(starts=11, hours=2), tomorrow(starts=13, hours=2)
    )
    (who,) = people(1)
    sign(morning, who, at)

    with pytest.raises(refusals.SignUpClash):
        sign(overlapping, who, at)

    assert counts(overlapping) == (0, 0, 0)
    assert sign(after, who, at).state is SignUpState.PLACED


def test_shifts_that_only_touch_do_not_clash(published, people, at, tomorrow):
    first, second = published(tomorrow(hours=2), tomorrow(starts=11, hours=2))
    (who,) = people(1)

    assert sign(first, who, at).state is SignUpState.PLACED
    assert sign(second, who, at).state is SignUpState.PLACED


def test_a_shift_of_a_draft_is_not_there_for_anybody(drafted, people, at):
    shift = queries.activity(drafted()).shifts[0].id
    (who,) = people(1)

    with pytest.raises(ShiftMissing):
        sign(shift, who, at)
    assert counts(shift) == (0, 0, 0)


def test_skills_that_are_required_must_be_stated(published, people, at, tomorrow):
    (shift,) = published(tomorrow(), skills=("急救", "英语"), skills_required=True)
    (who,) = people(1)

    with pytest.raises(refusals.SkillsMissing) as refused:
        sign(shift, who, at, skills=["英语"])
    assert refused.value.facts == {"skills": "急救"}
    assert counts(shift) == (0, 0, 0)
    assert sign(shift, who, at, skills=["急救", "英语"]).state is SignUpState.PLACED


def test_the_age_counts_on_the_day_of_the_shift(published, people, at, tomorrow):
    (shift,) = published(tomorrow(), min_age=50)
    (who,) = people(1)  # born in September 1972

    with pytest.raises(refusals.TooYoung):
        sign(shift, who, at)
    assert counts(shift) == (0, 0, 0)


def test_somebody_erased_leaves_what_is_ahead_and_the_next_one_moves_up(published, people, at, tomorrow):
    today_ends, ahead = published(tomorrow(capacity=1), tomorrow(capacity=1, days=3))
    first, second = people(2)
    for shift in (today_ends, ahead):
        sign(shift, first, at)
        sign(shift, second, at)

    operations.forget(first.holder_id, by=first, at=tomorrow().starts_at + timedelta(minutes=1))

    assert counts(today_ends) == (1, 1, 2)
    assert counts(ahead) == (1, 0, 2)
    assert queries.sign_up(ahead, first.holder_id) is None
    held = queries.held_about(first.holder_id)["sign_ups"]
    assert [row["state"] for row in held] == ["placed", "cancelled"]


def test_the_job_of_each_minute_lets_offers_lapse(published, people, at, tomorrow, the_clock):
    (shift,) = published(tomorrow(capacity=1))
    first, second = people(2)
    sign(shift, first, at)
    sign(shift, second, at)
    operations.withdraw(shift, holder_id=first.holder_id, by=first, at=at)

    the_clock(at + timedelta(hours=12))
    tasks.lapse_offers(timestamp=0)

    assert counts(shift) == (0, 0, 2)
