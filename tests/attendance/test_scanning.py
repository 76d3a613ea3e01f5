"""A code is read at a door."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shanshi.attendance import models, operations, queries, rules
from shanshi.attendance.rules import Direction, codes
from shanshi.foundation.actor import VISITOR, Actor, Grant, Role
from shanshi.kernel.errors import Forbidden, SignInNeeded
from tests.attendance.conftest import MINUTE, REAL, no_shift, person

pytestmark = pytest.mark.django_db


def test_lin_scans_in_and_out_and_sees_the_minutes(day, shift, lin):
    came = day.scan(shift, lin, "09:28")
    assert (came.direction, came.minutes, came.is_again) == (Direction.IN, None, False)
    left = day.scan(shift, lin, "11:31")
    assert (left.direction, left.minutes, left.visit_id) == (Direction.OUT, 120, came.visit_id)
    assert day.shown(lin) == "09:28-11:31 left"

    first, second = queries.scans(came.visit_id, holder_id=lin.volunteer())
    assert (first.direction, first.code_kind, first.band) == ("in", "venue", "unknown")
    assert (second.direction, second.scanned_by) == ("out", lin.known())


def test_a_visit_is_bounded_from_the_start_and_shortened_at_check_out(day, shift, lin):
    visit_id = day.scan(shift, lin, "09:28").visit_id
    during = models.Visit.objects.get(pk=visit_id).during
    assert (during.lower, during.upper) == (day.clock("09:28"), day.clock("12:30"))
    day.scan(shift, lin, "11:00")
    during = models.Visit.objects.get(pk=visit_id).during
    assert (during.lower, during.upper) == (day.clock("09:28"), day.clock("11:00"))


def test_the_same_request_again_gets_its_first_answer_whenever_it_comes(day, shift, lin, everything):
    code = queries.venue_code(shift, REAL).code
    sent = day.sent(code)
    first = operations.scan(sent, by=lin, at=day.clock("09:28"), real_at=REAL)
    before = everything()
    for minutes in (0, 5, 90):
        real_at = REAL + minutes * MINUTE
        again = operations.scan(sent, by=lin, at=day.clock("09:28") + minutes * MINUTE, real_at=real_at)
        assert (again.visit_id, again.direction, again.happened_at) == (
            first.visit_id,
            first.direction,
            first.happened_at,
        )
        assert again.is_again
    assert everything() == before
    assert day.shown(lin) == "09:28- open"


def test_a_repeated_check_out_says_the_same_minutes(day, shift, lin):
    day.scan(shift, lin, "09:28")
    sent = day.sent(queries.venue_code(shift, REAL).code)
    first = operations.scan(sent, by=lin, at=day.clock("11:00"), real_at=REAL)
    again = operations.scan(sent, by=lin, at=day.clock("12:20"), real_at=REAL + 80 * MINUTE)
    assert (first.minutes, again.minutes, again.direction) == (90, 90, Direction.OUT)


def test_a_second_scan_within_a_minute_does_not_check_out(day, shift, lin):
    came = day.scan(shift, lin, "09:28:00")
    again = day.scan(shift, lin, "09:28:59")
    assert (again.direction, again.visit_id, again.is_again) == (Direction.IN, came.visit_id, True)
    assert day.shown(lin) == "09:28- open"
    assert models.Scan.objects.count() == 2


def test_a_second_scan_within_a_minute_does_not_check_in_again(day, shift, lin):
    visit_id = day.visit(shift, lin, "09:28-11:00:00")
    again = day.scan(shift, lin, "11:00:40")
    assert (again.direction, again.visit_id, again.minutes) == (Direction.OUT, visit_id, 90)
    assert day.shown(lin) == "09:28-11:00 left"


def test_two_doors_count_as_two_requests_for_two_people(day, shift, lin, mei):
    code = queries.venue_code(shift, REAL).code
    sent = day.sent(code, nonce="the same")
    one = operations.scan(sent, by=lin, at=day.clock("09:28"), real_at=REAL)
    other = operations.scan(sent, by=mei, at=day.clock("09:28"), real_at=REAL)
    assert one.visit_id != other.visit_id


def test_six_digits_do_what_the_code_does(day, shift, lin):
    digits = queries.venue_code(shift, REAL).digits
    answer = operations.scan(day.sent(digits), by=lin, at=day.clock("09:28"), real_at=REAL)
    assert (answer.direction, answer.shift_id) == (Direction.IN, shift)
    assert models.Scan.objects.get().code_kind == "digits"


def test_wu_scans_lins_own_code(day, shift, lin, wu):
    code = queries.personal_code(lin.volunteer(), "HZ0001", REAL).code
    answer = operations.scan(day.sent(code), by=wu, at=day.clock("09:28"), real_at=REAL)
    assert (answer.direction, answer.holder_id, answer.shift_id) == (Direction.IN, lin.holder_id, shift)
    scan = models.Scan.objects.get()
    assert (scan.code_kind, scan.scanned_by, scan.holder_id) == ("personal", wu.person_id, lin.holder_id)


def test_a_personal_code_is_spent_once(day, shift, lin, wu, everything):
    code = queries.personal_code(lin.volunteer(), "HZ0001", REAL).code
    first = operations.scan(day.sent(code), by=wu, at=day.clock("09:28"), real_at=REAL)
    # The same camera reads it again and again: the same answer. Another device: refused.
    later = REAL + timedelta(seconds=50)
    again = operations.scan(day.sent(code), by=wu, at=day.clock("10:40"), real_at=later)
    assert (again.visit_id, again.direction, again.is_again) == (first.visit_id, Direction.IN, True)
    before = everything()
    with pytest.raises(rules.CodeAlreadyUsed):
        operations.scan(day.sent(code, device="another"), by=wu, at=day.clock("10:40"), real_at=later)
    assert everything() == {**before, "FailedScan": 1}
    assert day.shown(lin) == "09:28- open"


def test_a_leader_cannot_scan_the_own_code(day, wu):
    shift = day.shift("09:30-11:30", wu)
    code = queries.personal_code(wu.volunteer(), "HZ0002", REAL).code
    with pytest.raises(rules.ScannedBySelf):
        operations.scan(day.sent(code), by=wu, at=day.clock("09:28"), real_at=REAL)
    assert day.scan(shift, wu, "09:28").direction == Direction.IN


def test_only_a_leader_of_the_shift_scans_personal_codes(day, shift, lin, mei):
    code = queries.personal_code(lin.volunteer(), "HZ0001", REAL).code
    with pytest.raises(rules.NoShiftToScan):
        operations.scan(day.sent(code), by=mei, at=day.clock("09:28"), real_at=REAL)
    with pytest.raises(rules.NotALeader):
        operations.scan(day.sent(code, shift_id=shift), by=mei, at=day.clock("09:28"), real_at=REAL)
    assert day.shown(lin) == ""


def test_the_door_narrows_between_two_shifts_of_one_leader(day, lin, wu):
    early, late = day.shift("09:30-11:30", lin), day.shift("11:30-13:00", lin)
    assert day.scan(early, lin, "09:30").direction == Direction.IN

    def scanned(time, **more):
        code = queries.personal_code(lin.volunteer(), "HZ0001", REAL).code
        return operations.scan(day.sent(code, **more), by=wu, at=day.clock(time), real_at=REAL)

    # At 11:20 both doors are open; Lin is at the first, so that is the one.
    assert (scanned("11:20").shift_id, models.Visit.objects.get().state) == (early, "left")
    assert scanned("11:25", shift_id=late).shift_id == late
    with pytest.raises(rules.ShiftUnknown):
        scanned("11:28", shift_id=no_shift())


def test_a_leaders_device_may_be_some_minutes_late(day, shift, lin, wu, everything):
    shown_at = REAL - 8 * MINUTE
    code = queries.personal_code(lin.volunteer(), "HZ0001", shown_at).code
    late = day.clock("09:28") - 8 * MINUTE
    answer = operations.scan(day.sent(code, scanned_at=late), by=wu, at=day.clock("09:28"), real_at=REAL)
    assert answer.happened_at == late
    assert day.shown(lin) == "09:20- open"

    before = everything()
    for scanned_at in (day.clock("09:29"), day.clock("09:17")):
        code = queries.personal_code(lin.volunteer(), "HZ0001", REAL).code
        with pytest.raises(rules.ScanTimeRefused):
            operations.scan(day.sent(code, scanned_at=scanned_at), by=wu, at=day.clock("09:28"), real_at=REAL)
    assert everything() == {**before, "FailedScan": 2}


def test_a_volunteers_device_may_not_say_when_it_scanned(day, shift, lin):
    with pytest.raises(rules.ScanTimeRefused):
        day.scan(shift, lin, "09:28", scanned_at=day.clock("09:27"))
    assert day.shown(lin) == ""


def test_without_consent_no_scan_keeps_where_it_was(day, shift, lin):
    day.scan(shift, lin, "09:28", latitude=30.3, longitude=120.2, accuracy_m=12.4)
    scan = models.Scan.objects.get()
    assert (scan.band, scan.accuracy_m) == ("unknown", None)
    assert models.Visit.objects.get().doubts == []
    assert not models.ScanLocation.objects.exists()


def test_where_it_was_is_evidence_kept_apart(day, shift, lin):
    day.agrees(lin)
    day.scan(shift, lin, "09:28", latitude=30.2457, longitude=120.1551, accuracy_m=12.4)
    day.scan(shift, lin, "11:00", latitude=30.3, longitude=120.2, accuracy_m=15)
    scans = models.Scan.objects.order_by("scanned_at")
    assert [(scan.band, scan.accuracy_m) for scan in scans] == [("inside", 12), ("far", 15)]
    places = models.ScanLocation.objects.order_by("id").values_list("latitude", "longitude")
    assert list(places) == [(30.2457, 120.1551), (30.3, 120.2)]
    assert models.Visit.objects.get().doubts == ["left_far"]
    assert operations.forget(lin.volunteer()) == 2
    assert models.ScanLocation.objects.count() == 0
    assert models.Scan.objects.count() == 2


def test_a_device_is_known_again_but_not_by_its_name(day, shift, lin):
    day.scan(shift, lin, "09:28", device="Lin's phone")
    day.scan(shift, lin, "11:00", device="Lin's phone")
    devices = set(models.Scan.objects.values_list("device", flat=True))
    assert len(devices) == 1
    assert "Lin" not in str(devices)


REFUSALS = [
    ("09:28", {}, "stranger", rules.NotSignedUp),
    ("08:59", {}, "lin", rules.CheckInNotYet),
    ("11:30", {}, "lin", rules.CheckInOver),
    ("09:28", {"latitude": 91, "longitude": 0}, "lin", rules.ScanFieldInvalid),
]


@pytest.mark.parametrize(("time", "more", "name", "refusal"), REFUSALS)
def test_a_refused_scan_is_logged_with_its_reason_and_changes_nothing(
    day, shift, everything, time, more, name, refusal
):
    before = everything()
    with pytest.raises(refusal):
        day.scan(shift, person(name), time, **more)
    assert everything() == {**before, "FailedScan": before["FailedScan"] + 1}
    failed = models.FailedScan.objects.get()
    assert (failed.reason, failed.holder_id) == (refusal.code, person(name).holder_id)


def test_a_refused_request_may_succeed_later(day, shift, lin):
    sent = day.sent(queries.venue_code(shift, REAL).code)
    with pytest.raises(rules.CheckInNotYet):
        operations.scan(sent, by=lin, at=day.clock("08:50"), real_at=REAL)
    answer = operations.scan(sent, by=lin, at=day.clock("09:01"), real_at=REAL)
    assert (answer.direction, answer.is_again) == (Direction.IN, False)


def test_a_visitor_and_somebody_who_is_no_volunteer_cannot_check_in(day, shift, everything):
    with pytest.raises(SignInNeeded):
        day.scan(shift, VISITOR, "09:28")
    with pytest.raises(Forbidden):
        day.scan(shift, Actor(person_id=person("clerk").person_id), "09:28")
    assert everything()["Visit"] == 0


def test_a_photo_of_an_old_code_is_refused(day, shift, lin):
    code = queries.venue_code(shift, REAL).code
    with pytest.raises(codes.CodeExpired):
        operations.scan(day.sent(code), by=lin, at=day.clock("09:28"), real_at=REAL + timedelta(seconds=30))
    assert day.shown(lin) == ""


def test_a_code_of_a_shift_that_is_not_there_is_refused(day, lin):
    with pytest.raises(rules.ShiftUnknown):
        day.scan(no_shift(), lin, "09:28")


def test_who_is_inside_elsewhere_checks_out_there_first(day, shift, lin):
    other = day.shift("10:00-12:00", lin)
    day.scan(shift, lin, "09:28")
    with pytest.raises(rules.VisitOpenElsewhere):
        day.scan(other, lin, "10:00")
    assert day.shown(lin) == "09:28- open"
    day.scan(shift, lin, "10:05")
    assert day.scan(other, lin, "10:06").direction == Direction.IN
    assert day.shown(lin) == "09:28-10:05 left | 10:06- open"


def test_a_late_sending_cannot_put_somebody_in_two_places(day, shift, lin, wu):
    other = day.shift("10:00-12:00", lin)
    day.visit(shift, lin, "09:28-10:05")
    code = queries.personal_code(lin.volunteer(), "HZ0001", REAL - 5 * MINUTE).code
    sent = day.sent(code, scanned_at=day.clock("10:03"), shift_id=other)
    with pytest.raises(rules.VisitOverlaps):
        operations.scan(sent, by=wu, at=day.clock("10:08"), real_at=REAL)
    assert day.shown(lin) == "09:28-10:05 left"


def test_a_fourth_pair_is_refused(day, shift, lin):
    for hours in ("09:30-09:40", "09:45-09:55", "10:00-10:10"):
        day.visit(shift, lin, hours)
    with pytest.raises(rules.MostPairsReached):
        day.scan(shift, lin, "10:20")
    assert models.Visit.objects.count() == 3


def test_a_cancelled_activity_takes_no_scans(day, shift, lin):
    from shanshi.activities.models import Activity

    Activity.objects.update(
        state="cancelled", cancelled_at=day.start, cancelled_by=lin.known(), cancelled_why="暴雨"
    )
    with pytest.raises(rules.ShiftNotOpen):
        day.scan(shift, lin, "09:28")


def test_a_shift_leader_of_one_shift_scans_there_only(day, lin, mei):
    shift = day.shift("09:30-11:30", lin)
    door = person("door", Grant(Role.LEADER, f"shift:{shift}"))
    code = queries.personal_code(lin.volunteer(), "HZ0001", REAL).code
    assert operations.scan(day.sent(code), by=door, at=day.clock("09:28"), real_at=REAL).shift_id == shift
    day.shift("09:30-11:30", mei)
    code = queries.personal_code(mei.volunteer(), "HZ0003", REAL).code
    with pytest.raises(rules.NoShiftToScan):
        operations.scan(day.sent(code), by=door, at=day.clock("09:28"), real_at=REAL)


def test_a_scan_asks_little(day, shift, lin, django_assert_num_queries):
    queries.venue_code(shift, REAL)
    # The door, the visits of the day, and one statement that writes (with its savepoint inside a test).
    with django_assert_num_queries(5):
        day.scan(shift, lin, "09:28")
    # With a place: whether the volunteer agreed that it is kept.
    with django_assert_num_queries(6):
        day.scan(shift, lin, "11:00", latitude=30.2457, longitude=120.1551)


def test_held_about_tells_everything_of_one_person(day, shift, lin, mei):
    day.visit(shift, lin, "09:28-11:31")
    day.scan(shift, mei, "09:30", latitude=30.2457, longitude=120.1551)
    held = queries.held_about(lin.volunteer())
    assert {name: len(rows) for name, rows in held.items()} == {
        "visits": 1,
        "scans": 2,
        "locations": 0,
        "failed_scans": 0,
        "scans_undone": 0,
        "stamps": 0,
        "evaluations": 0,
    }


def test_counts_and_roster_of_a_door(day, shift, lin, mei):
    day.visit(shift, lin, "09:28-11:00")
    counts = queries.counts(shift)
    assert (counts.expected, counts.inside, counts.left, counts.came) == (2, 0, 1, 1)
    rows = queries.roster(shift)
    assert [(row.holder_id, row.is_placed, len(row.visits)) for row in rows] == [
        (lin.holder_id, True, 1),
        (mei.holder_id, True, 0),
    ]
    assert queries.open_visit(lin.volunteer()) is None
