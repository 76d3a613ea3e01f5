"""What happens at the same moment as itself: two real connections."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shanshi.attendance import models, operations, queries, rules
from shanshi.attendance.rules import Direction
from shanshi.foundation.actor import Grant, Role
from tests.attendance.conftest import REAL, person

pytestmark = pytest.mark.django_db(transaction=True)


def scans(day, shift, who, time, times):
    code = queries.venue_code(shift, REAL).code

    def one(sent):
        return lambda: operations.scan(sent, by=who, at=day.clock(time), real_at=REAL)

    return [one(day.sent(code)) for _ in range(times)]


def test_two_scans_at_once_check_in_once(day, shift, lin, together):
    answers = together(*scans(day, shift, lin, "09:28", 4))
    assert {answer.direction for answer in answers} == {Direction.IN}
    assert len({answer.visit_id for answer in answers}) == 1
    assert sorted(answer.is_again for answer in answers) == [False, True, True, True]
    assert day.shown(lin) == "09:28- open"


def test_two_scans_at_once_check_out_once(day, shift, lin, together):
    day.scan(shift, lin, "09:28")
    answers = together(*scans(day, shift, lin, "11:00", 4))
    assert {(answer.direction, answer.minutes) for answer in answers} == {(Direction.OUT, 90)}
    assert day.shown(lin) == "09:28-11:00 left"


def test_the_same_request_at_once_is_one_scan(day, shift, lin, together):
    sent = day.sent(queries.venue_code(shift, REAL).code)

    def send():
        return operations.scan(sent, by=lin, at=day.clock("09:28"), real_at=REAL)

    answers = together(send, send, send, send)
    assert len({answer.visit_id for answer in answers}) == 1
    assert (models.Scan.objects.count(), models.Visit.objects.count()) == (1, 1)


def test_two_leaders_reading_one_personal_code_at_once(day, shift, lin, wu, together):
    code = queries.personal_code(lin.volunteer(), "HZ0001", REAL).code
    sent = [day.sent(code, device=name) for name in ("one", "other")]
    answers = together(
        *[
            (lambda what=what: operations.scan(what, by=wu, at=day.clock("09:28"), real_at=REAL))
            for what in sent
        ]
    )
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert [type(answer) for answer in refused] == [rules.CodeAlreadyUsed]
    assert models.Scan.objects.count() == 1


def test_scans_at_two_doors_at_once_open_one_visit(day, shift, lin, together):
    other = day.shift("09:30-11:30", lin)
    first, second = scans(day, shift, lin, "09:28", 1)[0], scans(day, other, lin, "09:28", 1)[0]
    answers = together(first, second)
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert [type(answer) for answer in refused] == [rules.VisitOpenElsewhere]
    assert models.Visit.objects.filter(state="open").count() == 1


def test_two_confirmations_at_once_post_once(day, shift, lin, mei, wu, together):
    day.visit(shift, lin, "09:28-11:31")
    day.visit(shift, mei, "09:30-11:30")
    manager = person("manager", Grant(Role.MANAGER, f"organization:{day.station}"))

    def confirm(by):
        return lambda: operations.confirm(shift, by=by, at=day.clock("12:00"))

    answers = together(confirm(wu), confirm(manager), confirm(wu))
    done = [answer for answer in answers if not isinstance(answer, Exception)]
    assert [(one.visits, one.minutes) for one in done] == [(2, 240)]
    assert {type(answer) for answer in answers if isinstance(answer, Exception)} == {rules.AlreadyConfirmed}
    assert day.books(lin) == "120 min, 120 pending, 0 spendable"


def test_two_shifts_of_one_day_confirmed_at_once_share_the_days_limit(day, lin, wu, together):
    first, second = day.shift("09:00-15:00", lin), day.shift("15:00-19:00", lin)
    day.visit(first, lin, "09:00-15:00")
    day.visit(second, lin, "15:00:30-19:00")

    def confirm(shift):
        return lambda: operations.confirm(shift, by=wu, at=day.clock("19:30"))

    answers = together(confirm(first), confirm(second))
    assert sum(answer.minutes for answer in answers) == 480
    assert day.books(lin) == "480 min, 480 pending, 0 spendable"


def test_a_check_out_and_a_confirmation_at_once_lose_nothing(day, shift, lin, mei, wu, together):
    day.visit(shift, mei, "09:30-11:30")
    day.scan(shift, lin, "09:28")
    check_out = scans(day, shift, lin, "12:00", 1)[0]
    out, confirmed = together(check_out, lambda: operations.confirm(shift, by=wu, at=day.clock("12:00")))
    assert out.direction == Direction.OUT
    if isinstance(confirmed, Exception):
        assert isinstance(confirmed, rules.VisitsStillOpen)
        confirmed = operations.confirm(shift, by=wu, at=day.clock("12:01"))
    assert confirmed.visits == 2
    assert day.books(lin) == "120 min, 120 pending, 0 spendable"


def test_two_settlements_at_once_release_once(day, shift, lin, mei, wu, together):
    day.visit(shift, lin, "09:28-11:31")
    day.visit(shift, mei, "09:30-11:30")
    operations.confirm(shift, by=wu, at=day.clock("12:00"))
    tomorrow = day.clock("12:00") + timedelta(days=1)
    answers = together(*[lambda: operations.settle(at=tomorrow)] * 3)
    assert sum(answers) == 2
    assert day.books(lin) == "120 min, 0 pending, 120 spendable"


def _last(who):
    return models.Scan.objects.filter(holder_id=who.volunteer()).latest("scanned_at", "id").pk


def test_a_check_in_taken_back_while_its_volunteer_checks_out(day, shift, lin, wu, together):
    day.scan(shift, lin, "09:40")
    scan = _last(lin)
    undone, scanned = together(
        lambda: operations.undo(scan, shift_id=shift, by=wu, at=day.clock("09:45")),
        lambda: day.scan(shift, lin, "09:45"),
    )

    if isinstance(undone, rules.ScanOvertaken):
        assert (scanned.direction, day.shown(lin)) == (Direction.OUT, "09:40-09:45 left")
        assert models.ScanUndone.objects.count() == 0
    else:
        assert (scanned.direction, day.shown(lin)) == (Direction.IN, "09:40- undone | 09:45- open")


def test_a_scan_taken_back_twice_at_once_is_taken_back_once(day, shift, lin, wu, together):
    day.visit(shift, lin, "09:40-10:40")
    scan = _last(lin)
    both = together(
        *[lambda: operations.undo(scan, shift_id=shift, by=wu, at=day.clock("10:41")) for _ in range(2)]
    )

    assert sorted(one.is_again for one in both) == [False, True]
    assert (models.ScanUndone.objects.count(), day.shown(lin)) == (1, "09:40- open")


@pytest.mark.parametrize("attempt", range(4))
def test_a_check_out_taken_back_while_the_shift_is_confirmed(day, shift, lin, mei, wu, together, attempt):
    day.visit(shift, lin, "09:30-11:31")
    day.visit(shift, mei, "09:30-11:32")
    scan = _last(mei)
    undone, confirmed = together(
        lambda: operations.undo(scan, shift_id=shift, by=wu, at=day.clock("11:33")),
        lambda: operations.confirm(shift, by=wu, at=day.clock("11:33")),
    )

    if isinstance(undone, rules.ScanOvertaken):
        assert confirmed.visits == 2
        assert day.books(mei) == "120 min, 120 pending, 0 spendable"
    else:
        assert isinstance(confirmed, rules.VisitsStillOpen)
        assert (day.shown(mei), day.books(mei)) == ("09:30- open", "0 min, 0 pending, 0 spendable")
        assert day.shown(lin) == "09:30-11:31 left"
