"""A booth stamps the visit that is open: once, at this event alone, and never by an old code."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from shanshi.activities import models as activities
from shanshi.activities import operations as events
from shanshi.activities.operations import BoothDraft
from shanshi.activities.rules.booths import BoothMissing
from shanshi.attendance import models, operations, queries, rules
from shanshi.attendance.operations.stamps import StampRow, record_stamps, stamp, stamp_person
from shanshi.attendance.queries.stamps import booth_code, last_stamps, stamp_counts, stamps_of
from shanshi.attendance.rules import codes, stamps
from shanshi.kernel.ids import id_of
from shanshi.ledger import queries as books
from tests.attendance.conftest import REAL

pytestmark = pytest.mark.django_db


@pytest.fixture
def shift(day, lin, mei):
    return day.shift("09:30-11:30", lin, mei)


@pytest.fixture
def booths(shift, day, wu):
    """Two booths of the morning: free clinic, and paper cutting."""
    activity_id = activities.Shift.objects.get(id=shift).activity_id
    drafts = [BoothDraft("义诊", "量血压"), BoothDraft("剪纸")]
    return events.add_booths(activity_id, drafts, by=wu, at=day.clock("09:00"))


def sees(booth_id: UUID, who, day, time: str, *, real_at=REAL, code: str | None = None):
    text = code or booth_code(booth_id, REAL).code
    return stamp(text, by=who, at=day.clock(time), real_at=real_at)


def refused() -> list[str]:
    return list(models.FailedScan.objects.order_by("scanned_at").values_list("reason", flat=True))


def test_a_booth_stamps_the_open_visit_and_earns_nothing(day, shift, booths, lin):
    visit = day.scan(shift, lin, "09:28").visit_id

    answer = sees(booths[0], lin, day, "10:00")

    assert (answer.visit_id, answer.is_again) == (visit, False)
    assert [(one.booth_id, one.stamped_at) for one in stamps_of(lin.holder_id)] == [
        (booths[0], day.clock("10:00"))
    ]
    assert books.balances(lin.holder_id).verified_minutes == 0
    assert day.shown(lin) == "09:28- open"


def test_twice_is_the_same_answer(day, shift, booths, lin):
    day.scan(shift, lin, "09:28")
    first = sees(booths[0], lin, day, "10:00")

    again = sees(booths[0], lin, day, "10:20")

    assert (again.is_again, again.stamped_at) == (True, first.stamped_at)
    assert models.Stamp.objects.count() == 1


def test_each_booth_stamps_each_visit_once(day, shift, booths, lin, mei):
    day.scan(shift, lin, "09:28")
    day.scan(shift, mei, "09:29")
    for who, booth in ((lin, 0), (lin, 1), (mei, 0)):
        sees(booths[booth], who, day, "10:00")

    (activity_id,) = {one.activity_id for one in stamps_of(lin.holder_id)}
    assert stamp_counts(activity_id) == {booths[0]: 2, booths[1]: 1}
    assert {holder for holder, _ in last_stamps(booths[0], activity_id)} == {lin.holder_id, mei.holder_id}


def test_who_is_not_checked_in_gets_no_stamp(day, shift, booths, lin):
    with pytest.raises(stamps.NotCheckedIn):
        sees(booths[0], lin, day, "10:00")

    day.visit(shift, lin, "09:28-10:30")
    with pytest.raises(stamps.NotCheckedIn):
        sees(booths[0], lin, day, "10:40")
    assert models.Stamp.objects.count() == 0
    assert refused() == ["attendance.not_checked_in"] * 2


def test_a_visit_that_nobody_ended_takes_no_stamp_after_its_time(day, shift, booths, lin):
    day.scan(shift, lin, "09:28")

    with pytest.raises(stamps.NotCheckedIn):
        sees(booths[0], lin, day, "12:31")
    assert models.Stamp.objects.count() == 0


def test_a_visit_to_another_event_gets_no_stamp(day, shift, booths, lin):
    elsewhere = day.shift("09:30-11:30", lin)
    day.scan(elsewhere, lin, "09:28")

    with pytest.raises(rules.VisitOpenElsewhere):
        sees(booths[0], lin, day, "10:00")
    assert models.Stamp.objects.count() == 0


def test_a_printed_code_is_worth_nothing_half_a_minute_later(day, shift, booths, lin):
    day.scan(shift, lin, "09:28")
    printed = booth_code(booths[0], REAL).code

    sees(booths[0], lin, day, "10:00", code=printed, real_at=REAL + timedelta(seconds=15))
    with pytest.raises(codes.CodeExpired):
        sees(
            booths[1],
            lin,
            day,
            "10:01",
            real_at=REAL + timedelta(seconds=30),
            code=booth_code(booths[1], REAL).code,
        )
    assert models.Stamp.objects.count() == 1


def test_a_code_of_another_booth_or_door_cannot_be_made_from_one(day, shift, booths, lin):
    day.scan(shift, lin, "09:28")
    mine, other = (stamps.read_booth(booth_code(booth, REAL).code) for booth in booths)
    key = stamps.booth_key(b"a secret of somebody else's....", booths[1])
    for forged in (
        stamps.booth_code(key, booths[1], mine.step),
        stamps.BOOTH_PREFIX + queries.venue_code(shift, REAL).code[2:],
    ):
        with pytest.raises(codes.CodeForged):
            sees(booths[1], lin, day, "10:00", code=forged)
    assert mine.mac != other.mac
    with pytest.raises(codes.CodeUnreadable):
        sees(booths[0], lin, day, "10:00", code=queries.venue_code(shift, REAL).code)
    assert models.Stamp.objects.count() == 0


def test_a_booth_s_code_opens_no_door(day, shift, booths, lin):
    sent = day.sent(booth_code(booths[0], REAL).code)

    with pytest.raises(codes.CodeUnreadable):
        operations.scan(sent, by=lin, at=day.clock("09:28"), real_at=REAL)
    assert models.Visit.objects.count() == 0


def test_the_six_digits_of_a_booth_stamp_too(day, shift, booths, lin):
    day.scan(shift, lin, "09:28")

    answer = sees(booths[1], lin, day, "10:00", code=booth_code(booths[1], REAL).digits)

    assert answer.booth_id == booths[1]
    with pytest.raises(codes.DigitsWrong):
        sees(booths[1], lin, day, "10:00", code="000000")


def test_the_keeper_of_a_booth_reads_a_personal_code(day, shift, booths, lin, wu):
    day.scan(shift, lin, "09:28")
    code = queries.personal_code(lin.holder_id, "HZ1", REAL).code

    first = stamp_person(booths[0], code, by=wu, at=day.clock("10:00"), real_at=REAL)
    again = stamp_person(booths[0], code, by=wu, at=day.clock("10:00"), real_at=REAL)
    next_one = stamp_person(booths[1], code, by=wu, at=day.clock("10:00"), real_at=REAL)

    assert [one.is_again for one in (first, again, next_one)] == [False, True, False]
    assert models.Stamp.objects.filter(stamped_by=wu.known()).count() == 2
    with pytest.raises(codes.CodeExpired):
        stamp_person(booths[1], code, by=wu, at=day.clock("10:00"), real_at=REAL + timedelta(minutes=2))


def test_nobody_stamps_with_a_code_that_opened_the_door_or_is_his_own(day, shift, booths, lin, wu):
    code = queries.personal_code(lin.holder_id, "HZ1", REAL).code
    operations.scan(day.sent(code), by=wu, at=day.clock("09:28"), real_at=REAL)

    with pytest.raises(rules.CodeAlreadyUsed):
        stamp_person(booths[0], code, by=wu, at=day.clock("10:00"), real_at=REAL)
    own = queries.personal_code(lin.holder_id, "HZ1", REAL).code
    with pytest.raises(rules.ScannedBySelf):
        stamp_person(booths[0], own, by=lin, at=day.clock("10:00"), real_at=REAL)
    with pytest.raises(codes.CodeUnreadable):
        stamp_person(booths[0], booth_code(booths[0], REAL).code, by=wu, at=day.clock("10:00"), real_at=REAL)
    assert models.Stamp.objects.count() == 0


def test_a_booth_that_is_gone_stamps_nobody(day, shift, booths, lin):
    day.scan(shift, lin, "09:28")
    gone = booth_code(id_of("booth", "gone"), REAL).code

    with pytest.raises(BoothMissing):
        sees(booths[0], lin, day, "10:00", code=gone)
    assert models.Stamp.objects.count() == 0


def test_past_stamps_come_only_with_a_case(day, shift, booths, lin, wu):
    day.visit(shift, lin, "09:28-10:30")
    row = StampRow(lin.holder_id, booths[0], day.clock("10:00"))

    with pytest.raises(rules.NotACase):
        record_stamps([row], source="platform", by=wu, at=day.clock("12:00"))
    assert models.Stamp.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_four_stamps_at_once_are_one(day, shift, booths, lin, together):
    day.scan(shift, lin, "09:28")
    code = booth_code(booths[0], REAL).code

    answers = together(*[lambda: stamp(code, by=lin, at=day.clock("10:00"), real_at=REAL)] * 4)

    assert sorted(answer.is_again for answer in answers) == [False, True, True, True]
    assert models.Stamp.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_stamp_and_a_check_out_at_once_end_well(day, shift, booths, lin, together):
    day.scan(shift, lin, "09:28")
    code, door = booth_code(booths[0], REAL).code, queries.venue_code(shift, REAL).code
    sent = day.sent(door)

    answers = together(
        lambda: stamp(code, by=lin, at=day.clock("10:30"), real_at=REAL),
        lambda: operations.scan(sent, by=lin, at=day.clock("10:30"), real_at=REAL),
    )

    assert day.shown(lin) == "09:28-10:30 left"
    refusals = [type(answer) for answer in answers if isinstance(answer, Exception)]
    assert refusals in ([], [stamps.NotCheckedIn])
    assert models.Stamp.objects.count() == 1 - len(refusals)
