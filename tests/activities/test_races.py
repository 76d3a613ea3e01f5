"""Two at the same moment, each on a connection of its own."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from shanshi.activities import models, operations, queries
from shanshi.activities.operations.drafting import locked
from shanshi.activities.rules import sign_ups as refusals
from shanshi.activities.rules.kinds import SignUpState
from shanshi.activities.rules.states import ActivityIsCancelled
from shanshi.kernel.errors import DomainError
from shanshi.kernel.ids import new_id
from tests.activities.conftest import draft_for

pytestmark = pytest.mark.django_db(transaction=True)


def signing(shift_id, who, at):
    return lambda: operations.sign_up(shift_id, holder_id=who.holder_id, by=who, at=at)


def counted(shift_id):
    """The counts of a shift, which must be those of its rows."""
    shift = models.Shift.objects.get(id=shift_id)
    states = list(models.SignUp.objects.filter(shift_id=shift_id).values_list("state", flat=True))
    assert shift.taken == sum(state in {"placed", "offered"} for state in states)
    assert shift.waiting == states.count("waiting")
    assert shift.arrivals == len(states)
    return shift.taken, shift.waiting


@pytest.mark.parametrize("turn", range(3))
def test_of_many_who_want_the_last_place_one_has_it_and_the_positions_have_no_gap(
    published, people, at, tomorrow, together, turn
):
    (shift,) = published(tomorrow(capacity=1))
    answers = together(*(signing(shift, who, at) for who in people(6)))

    assert sorted(one.position or 0 for one in answers) == [0, 1, 2, 3, 4, 5]
    assert [one.state for one in answers].count(SignUpState.PLACED) == 1
    assert counted(shift) == (1, 5)


def test_one_person_pressing_twice_at_once_signs_up_once(published, people, at, tomorrow, together):
    (shift,) = published()
    (who,) = people(1)

    first, second = together(signing(shift, who, at), signing(shift, who, at))

    assert first.id == second.id
    assert sorted([first.is_new, second.is_new]) == [False, True]
    assert counted(shift) == (1, 0)


@pytest.mark.parametrize("turn", range(3))
def test_two_shifts_that_clash_cannot_both_have_one_person(published, people, at, tomorrow, together, turn):
    morning, overlapping = published(tomorrow(), tomorrow(starts=10))
    (who,) = people(1)

    answers = together(signing(morning, who, at), signing(overlapping, who, at))

    assert sorted(type(one).__name__ for one in answers) == ["SignUpClash", "SignUpFacts"]
    assert counted(morning)[0] + counted(overlapping)[0] == 1


@pytest.mark.parametrize("turn", range(3))
def test_a_withdrawal_and_a_sign_up_at_once_lose_no_place(published, people, at, tomorrow, together, turn):
    (shift,) = published(tomorrow(capacity=1))
    first, second, third = people(3)
    signing(shift, first, at)()
    signing(shift, second, at)()

    together(
        lambda: operations.withdraw(shift, holder_id=first.holder_id, by=first, at=at),
        signing(shift, third, at),
    )

    offered = queries.sign_up(shift, second.holder_id)
    assert offered is not None
    assert offered.state is SignUpState.OFFERED
    assert counted(shift) == (1, 1)


@pytest.mark.parametrize("turn", range(3))
def test_accepting_and_lapsing_at_once_never_both_happen(
    published, people, cast, at, tomorrow, together, turn
):
    (shift,) = published(tomorrow(capacity=1))
    first, second, third = people(3)
    for who in (first, second, third):
        signing(shift, who, at)()
    operations.withdraw(shift, holder_id=first.holder_id, by=first, at=at)
    deadline = at + timedelta(hours=12)

    accepted, lapsed = together(
        lambda: operations.accept(
            shift, holder_id=second.holder_id, by=second, at=deadline - timedelta(microseconds=1)
        ),
        lambda: operations.lapse_offers(by=cast.loader, at=deadline),
    )

    last = queries.sign_up(shift, third.holder_id)
    assert last is not None
    if lapsed:
        assert isinstance(accepted, refusals.OfferLapsed)
        assert last.state is SignUpState.OFFERED
    else:
        assert accepted.state is SignUpState.PLACED
        assert last.state is SignUpState.WAITING
    counted(shift)


@pytest.mark.parametrize("turn", range(3))
def test_a_sign_up_never_slips_into_a_cancelled_activity(
    published, people, cast, at, tomorrow, together, turn
):
    (shift,) = published()
    (who,) = people(1)

    signed, _ = together(
        signing(shift, who, at),
        lambda: operations.cancel(queries.activity_of(shift), reason="Storm.", by=cast.wu, at=at),
    )

    assert isinstance(signed, ActivityIsCancelled) or signed.is_new
    assert queries.sign_up(shift, who.holder_id) is None
    assert queries.shift(shift).taken == 0


@pytest.mark.parametrize("turn", range(4))
def test_whoever_edits_at_the_moment_of_submission_publishes_nothing_of_his_own(
    drafted, cast, at, together, turn
):
    activity_id, xu = drafted(), cast.xu
    own = draft_for(cast.station, title="Xu's title")

    together(
        lambda: operations.change(activity_id, own, by=xu, at=at),
        lambda: operations.submit(activity_id, by=cast.wu, at=at),
        lambda: operations.publish(activity_id, by=xu, at=at),
    )

    row = models.Activity.objects.get(id=activity_id)
    assert not (row.state == "published" and row.title == "Xu's title")


def test_an_edit_that_is_not_yet_committed_keeps_its_hand_from_publishing(drafted, cast, at, together):
    activity_id, xu = drafted(), cast.xu
    own = draft_for(cast.station, title="Xu's title")
    inside = threading.Event()

    def edit_and_submit():
        with transaction.atomic():
            operations.change(activity_id, own, by=xu, at=at)
            operations.submit(activity_id, by=cast.wu, at=at)
            inside.set()

    def publish():
        inside.wait(10)
        operations.publish(activity_id, by=xu, at=at)

    answers = together(edit_and_submit, publish)

    assert [type(one).__name__ for one in answers] == ["NoneType", "ReviewedByOwnHand"]
    assert models.Activity.objects.get(id=activity_id).state == "submitted"


def test_two_jobs_let_an_offer_lapse_once(published, people, cast, at, tomorrow, together):
    (shift,) = published(tomorrow(capacity=1))
    for who in people(3):
        signing(shift, who, at)()
    first = people(1)[0]
    operations.withdraw(shift, holder_id=first.holder_id, by=first, at=at)
    deadline = at + timedelta(hours=12)

    lapsed = together(*[lambda: operations.lapse_offers(by=cast.loader, at=deadline)] * 2)

    assert sorted(lapsed) == [0, 1]
    assert counted(shift) == (1, 0)


def test_two_confirmations_at_once_are_one(published, cast, at, tomorrow, together):
    (shift,) = published()

    answers = together(*[lambda: operations.mark_confirmed(shift, by=cast.wu, at=at)] * 2)

    assert sorted(type(one).__name__ for one in answers) == ["NoneType", "ShiftConfirmed"]


def test_who_withdraws_does_not_wait_for_whoever_changes_the_activity(
    published, people, at, tomorrow, together
):
    """Waiting there with the shift in hand, while the other wants the shift, would end in a deadlock."""
    (shift,) = published(tomorrow(capacity=1))
    first, second = people(2)
    for who in (first, second):
        signing(shift, who, at)()

    def withdraw():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '5s'")
        return operations.withdraw(shift, holder_id=first.holder_id, by=first, at=at)

    with transaction.atomic():
        locked(queries.activity_of(shift))
        (answer,) = together(withdraw)

    assert answer.state == SignUpState.CANCELLED
    assert counted(shift) == (1, 0)


def test_places_are_changed_while_people_come_and_go(published, people, at, tomorrow, together, cast):
    (shift,) = published(tomorrow(capacity=2))
    everybody = people(6)
    for who in everybody:
        signing(shift, who, at)()

    def leaving(who):
        return lambda: operations.withdraw(shift, holder_id=who.holder_id, by=who, at=at)

    def widening(capacity):
        return lambda: operations.change_shift(
            shift, operations.ShiftChange(capacity=capacity), by=cast.wu, at=at
        )

    answers = together(
        *(leaving(who) for who in everybody[:4]),
        widening(3),
        widening(4),
        *(signing(shift, who, at) for who in everybody[4:]),
    )

    assert not [one for one in answers if isinstance(one, Exception) and not isinstance(one, DomainError)]
    assert counted(shift) == (2, 0)


def test_a_roster_told_twice_at_once_is_told_once(published, cast, at, together):
    (shift_id,) = published()
    operations.sign_up(shift_id, holder_id=cast.lin.volunteer(), by=cast.lin, at=at)
    wu, message = cast.wu, new_id()
    told = together(
        *[lambda: operations.tell_roster(message, shift_id, "请带雨衣", by=wu, at=at) for _ in range(2)]
    )

    assert told == [1, 1]
    assert models.RosterMessage.objects.count() == 1


def test_the_rest_of_a_series_called_off_while_somebody_signs_up(drafted, tomorrow, cast, at, together):
    activity_id = drafted()
    made = operations.add_series(activity_id, tomorrow(), "FREQ=DAILY;COUNT=3", by=cast.wu, at=at)
    operations.submit(activity_id, by=cast.wu, at=at)
    operations.publish(activity_id, by=cast.xu, at=at)
    wu, lin = cast.wu, cast.lin
    together(
        lambda: operations.cancel_rest(made.shift_ids[0], reason="x", by=wu, at=at),
        lambda: operations.sign_up(made.shift_ids[2], holder_id=lin.volunteer(), by=lin, at=at),
    )

    rows = models.Shift.objects.filter(id__in=made.shift_ids)
    assert {(row.cancelled_at is not None, row.taken) for row in rows} == {(True, 0)}
    assert not models.SignUp.objects.filter(state="placed").exists()
