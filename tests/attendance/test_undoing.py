"""Scans that a leader takes back at the door: the log keeps them, and nobody gains a minute."""

from __future__ import annotations

import pytest

from shanshi.attendance import models, operations, queries, rules
from shanshi.attendance.rules import Direction, VisitState
from shanshi.foundation.actor import Actor
from tests.attendance.conftest import MINUTE, person

pytestmark = pytest.mark.django_db


def last_scan(who: Actor) -> models.Scan:
    return models.Scan.objects.filter(holder_id=who.volunteer()).latest("scanned_at", "id")


def undo(day, shift, who, wu, time):
    return operations.undo(last_scan(who).pk, shift_id=shift, by=wu, at=day.clock(time))


def test_a_check_in_that_is_taken_back_was_never_a_visit(day, shift, lin, wu):
    day.scan(shift, lin, "09:40")
    done = undo(day, shift, lin, wu, "09:42")

    assert (done.direction, done.is_again) == (Direction.IN, False)
    assert day.shown(lin) == "09:40- undone"
    assert queries.to_decide(lin.volunteer(), day.start.date()) == []
    assert [row.visits for row in queries.roster(shift)] == [(), ()]
    assert queries.counts(shift).inside == 0
    assert models.Scan.objects.count() == 1
    day.visit(shift, lin, "09:43-11:35")
    operations.confirm(shift, by=wu, at=day.clock("11:40"))
    assert day.books(lin) == "107 min, 107 pending, 0 spendable"


def test_a_check_out_that_is_taken_back_leaves_the_visit_open_until_its_own_check_out(day, shift, lin, wu):
    visit = day.visit(shift, lin, "09:30-10:30")
    undo(day, shift, lin, wu, "10:31")

    assert day.shown(lin) == "09:30- open"
    assert queries.visit(visit).doubts == ("left_undone",)
    with pytest.raises(rules.VisitsStillOpen):
        operations.confirm(shift, by=wu, at=day.clock("11:40"))
    assert day.scan(shift, lin, "11:45").direction is Direction.OUT
    operations.confirm(shift, by=wu, at=day.clock("11:50"))
    assert day.books(lin) == "120 min, 120 pending, 0 spendable"


def test_a_visit_that_is_open_again_and_never_checked_out_earns_nothing(day, shift, lin, wu):
    day.visit(shift, lin, "09:30-11:29")
    undo(day, shift, lin, wu, "11:30")
    confirmed = operations.confirm(shift, by=wu, at=day.clock("12:31"))

    assert (confirmed.visits, confirmed.minutes, confirmed.forgotten) == (0, 0, 1)
    assert day.shown(lin) == "09:30- forgotten"
    assert day.books(lin) == "0 min, 0 pending, 0 spendable"


def test_taking_back_twice_is_taking_back_once(day, shift, lin, wu):
    day.visit(shift, lin, "09:30-10:30")
    first = undo(day, shift, lin, wu, "10:31")
    again = undo(day, shift, lin, wu, "10:35")

    assert (again.is_again, again.undone_at) == (True, first.undone_at)
    assert models.ScanUndone.objects.count() == 1


@pytest.mark.parametrize(
    ("time", "refusal"), [("10:40", None), ("10:41", rules.UndoTooLate), ("12:00", rules.UndoTooLate)]
)
def test_a_scan_is_taken_back_within_minutes_or_not_at_all(day, shift, lin, wu, time, refusal):
    day.visit(shift, lin, "09:30-10:30")
    if refusal is None:
        undo(day, shift, lin, wu, time)
        assert day.shown(lin) == "09:30- open"
        return
    with pytest.raises(refusal):
        undo(day, shift, lin, wu, time)
    assert day.shown(lin) == "09:30-10:30 left"
    assert models.ScanUndone.objects.count() == 0


def test_what_came_after_a_scan_stands_on_it(day, shift, lin, wu):
    came = day.scan(shift, lin, "09:30")
    first = last_scan(lin).pk
    day.scan(shift, lin, "09:35")
    with pytest.raises(rules.ScanOvertaken):
        operations.undo(first, shift_id=shift, by=wu, at=day.clock("09:36"))
    assert queries.visit(came.visit_id).state == VisitState.LEFT

    undo(day, shift, lin, wu, "09:36")
    operations.undo(first, shift_id=shift, by=wu, at=day.clock("09:37"))
    assert day.shown(lin) == "09:30- undone"


def test_a_visit_elsewhere_since_is_not_overlapped(day, shift, lin, wu):
    elsewhere = day.shift("10:30-12:00", lin)
    day.visit(shift, lin, "09:30-10:30")
    out = last_scan(lin).pk
    day.scan(elsewhere, lin, "10:32")
    with pytest.raises(rules.ScanOvertaken):
        operations.undo(out, shift_id=shift, by=wu, at=day.clock("10:33"))
    assert day.shown(lin) == "09:30-10:30 left | 10:32- open"


def test_a_confirmed_visit_is_no_longer_touched(day, shift, lin, wu):
    day.visit(shift, lin, "09:30-11:31")
    operations.confirm(shift, by=wu, at=day.clock("11:32"))
    with pytest.raises(rules.ScanOvertaken):
        undo(day, shift, lin, wu, "11:33")
    assert day.books(lin) == "120 min, 120 pending, 0 spendable"


def test_nobody_takes_back_the_own_scan(day, shift, lin):
    day.scan(shift, lin, "09:30")
    with pytest.raises(rules.OwnScan):
        undo(day, shift, lin, lin, "09:31")
    assert day.shown(lin) == "09:30- open"


def test_a_scan_of_another_shift_is_not_there(day, shift, lin, wu):
    other = day.shift("14:00-16:00", lin)
    day.scan(shift, lin, "09:30")
    with pytest.raises(rules.ScanUnknown):
        operations.undo(last_scan(lin).pk, shift_id=other, by=wu, at=day.clock("09:31"))


def test_a_repeated_request_does_not_bring_back_what_was_taken_away(day, shift, lin, wu):
    day.scan(shift, lin, "09:30", nonce="same")
    undo(day, shift, lin, wu, "09:31")
    assert day.scan(shift, lin, "09:32", nonce="same").is_again is True
    assert day.shown(lin) == "09:30- undone"


def test_the_door_shows_the_last_ten_and_what_was_taken_back(day, lin, mei, wu, django_assert_num_queries):
    people = [person(f"p{number}") for number in range(12)]
    shift = day.shift("09:30-11:30", *people)
    for number, who in enumerate(people):
        day.scan(shift, who, f"09:{30 + number}")
    undo(day, shift, people[11], wu, "09:42")
    with django_assert_num_queries(3):
        shown = queries.last_scans(shift, at=day.clock("09:45"))

    assert [one.holder_id for one in shown] == [who.volunteer() for who in reversed(people[2:])]
    assert (shown[0].undone_at, shown[0].undo_until) == (day.clock("09:42"), None)
    assert shown[1].undo_until == day.clock("09:50")
    # The one of 09:34 and those before are too old by now.
    assert [one.undo_until is None for one in shown[1:]] == [False] * 6 + [True] * 3


@pytest.mark.parametrize(
    ("direction", "after"), [(Direction.IN, VisitState.UNDONE), (Direction.OUT, VisitState.OPEN)]
)
@pytest.mark.parametrize("minutes", [0, 5, 10, 11])
def test_the_rule_lets_through_what_is_fresh_and_the_last_word(day, direction, after, minutes):
    came, left = person("a").known(), person("b").known()
    goes_in = direction is Direction.IN
    scan = rules.ScanToUndo(
        scan_id=came if goes_in else left,
        received_at=day.clock("10:00"),
        state=VisitState.OPEN if goes_in else VisitState.LEFT,
        came_scan=came,
        left_scan=None if goes_in else left,
    )
    facts = {
        "at": day.clock("10:00") + minutes * MINUTE,
        "minutes": 10,
        "closes_at": day.clock("12:00"),
        "is_own": False,
    }
    if minutes > 10:
        with pytest.raises(rules.UndoTooLate):
            rules.state_before(scan, **facts)
    else:
        assert rules.state_before(scan, **facts) is after


def test_several_shifts_are_confirmed_each_by_itself(day, lin, mei, wu):
    morning, noon = day.shift("09:30-11:30", lin), day.shift("12:00-13:00", mei)
    day.visit(morning, lin, "09:30-11:30")
    day.scan(noon, mei, "12:00")
    (first, done), (second, refused) = operations.confirm_each(
        [morning, noon, morning], by=wu, at=day.clock("13:30")
    )

    assert (first, done.visits, second) == (morning, 1, noon)
    assert isinstance(refused, rules.VisitsStillOpen)
    assert day.books(lin) == "120 min, 120 pending, 0 spendable"
    assert day.shown(mei) == "12:00- open"
    with pytest.raises(rules.TooManyShifts):
        operations.confirm_each([person(f"s{n}").known() for n in range(51)], by=wu, at=day.clock("14:00"))


@pytest.mark.parametrize("hours", [None, "09:40"])
def test_a_shift_with_only_a_forgotten_check_out_or_with_nobody_can_be_closed(day, shift, lin, wu, hours):
    if hours:
        day.scan(shift, lin, hours)
    operations.confirm(shift, by=wu, at=day.clock("12:31"))
    with pytest.raises(rules.AlreadyConfirmed):
        operations.confirm(shift, by=wu, at=day.clock("12:32"))
    assert day.books(lin) == "0 min, 0 pending, 0 spendable"
