"""A leader vouches for a shift, and minutes and coins are in the books."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

from shanshi.activities import queries as activities
from shanshi.activities.rules.shifts import ShiftMissing
from shanshi.attendance import models, operations, rules
from shanshi.foundation.actor import VISITOR, Actor, Grant, Role, system
from shanshi.kernel.errors import SignInNeeded
from shanshi.ledger import queries as books
from tests.attendance.conftest import no_shift, person
from tests.cast import id_number

pytestmark = pytest.mark.django_db


def test_a_confirmed_shift_is_in_the_books_at_once(day, shift, lin, mei, wu):
    visit_id = day.visit(shift, lin, "09:28-11:31")
    day.visit(shift, mei, "09:40-11:20:59")

    done = operations.confirm(shift, by=wu, at=day.clock("12:00"))

    assert (done.visits, done.minutes, done.coin_units) == (2, 220, 220)
    assert day.shown(lin) == "09:28-11:31 confirmed 120 min"
    assert day.books(lin) == "120 min, 120 pending, 0 spendable"
    assert day.books(mei) == "100 min, 100 pending, 0 spendable"
    visit = models.Visit.objects.get(pk=visit_id)
    assert (visit.policy, visit.confirmed_by, visit.coin_units) == ("hours@2015-01-01", wu.person_id, 120)
    assert activities.shift(shift).confirmed_at == day.clock("12:00")


def test_each_figure_in_the_books_names_its_visit_and_the_policy(day, shift, lin, wu):
    visit_id = day.visit(shift, lin, "09:28-11:31")
    operations.confirm(shift, by=wu, at=day.clock("12:00"))
    source = f"visit:{lin.holder_id}:{visit_id}"
    found = sorted(
        (row.unit.value, row.taker.year, row.amount, row.policy) for row in books.by_source(source)
    )
    assert found == [("coin", 2019, 120, "coins@2015-01-01"), ("verified_minute", 0, 120, "hours@2015-01-01")]
    assert books.verify().is_right


def test_confirming_twice_is_refused_and_changes_nothing(day, shift, lin, wu):
    day.visit(shift, lin, "09:28-11:31")
    operations.confirm(shift, by=wu, at=day.clock("12:00"))
    with pytest.raises(rules.AlreadyConfirmed):
        operations.confirm(shift, by=wu, at=day.clock("12:01"))
    assert day.books(lin) == "120 min, 120 pending, 0 spendable"


def test_a_shift_is_confirmed_after_its_end(day, shift, lin, wu):
    day.visit(shift, lin, "09:28-11:20")
    with pytest.raises(rules.ShiftNotOver):
        operations.confirm(shift, by=wu, at=day.clock("11:29"))
    assert day.shown(lin) == "09:28-11:20 left"
    assert day.books(lin) == "0 min, 0 pending, 0 spendable"


def test_while_somebody_may_still_check_out_the_shift_waits(day, shift, lin, mei, wu):
    day.visit(shift, lin, "09:28-11:31")
    day.scan(shift, mei, "09:30")
    with pytest.raises(rules.VisitsStillOpen) as refused:
        operations.confirm(shift, by=wu, at=day.clock("12:00"))
    assert refused.value.facts == {"people": 1, "closes_at": "2019-03-20 12:30"}
    assert day.shown(lin) == "09:28-11:31 left"
    assert day.shown(mei) == "09:30- open"


def test_a_visit_that_was_never_checked_out_earns_nothing(day, shift, lin, mei, wu):
    day.visit(shift, lin, "09:28-11:31")
    day.scan(shift, mei, "09:30")
    done = operations.confirm(shift, by=wu, at=day.clock("12:31"))
    assert (done.visits, done.forgotten, done.minutes) == (1, 1, 120)
    assert day.shown(mei) == "09:30- forgotten"
    assert day.books(mei) == "0 min, 0 pending, 0 spendable"


def test_forgotten_visits_are_closed_once_the_door_is_shut(day, shift, lin):
    day.scan(shift, lin, "09:30")
    assert operations.close_forgotten(at=day.clock("12:30")) == 0
    assert operations.close_forgotten(at=day.clock("12:30:01")) == 1
    assert day.shown(lin) == "09:30- forgotten"
    with pytest.raises(rules.CheckInOver):
        day.scan(shift, lin, "12:31")


def test_nobody_confirms_the_own_visit(day, lin, wu):
    shift = day.shift("09:30-11:30", lin, wu)
    day.visit(shift, lin, "09:28-11:31")
    day.visit(shift, wu, "09:00-11:40")
    done = operations.confirm(shift, by=wu, at=day.clock("12:00"))
    assert (done.visits, done.own_left_out) == (1, 1)
    assert day.shown(wu) == "09:00-11:40 left"
    with pytest.raises(rules.OnlyOwnVisit):
        operations.confirm(shift, by=wu, at=day.clock("12:01"))

    manager = person("manager", Grant(Role.MANAGER, f"organization:{day.station}"))
    done = operations.confirm(shift, by=manager, at=day.clock("12:05"))
    assert (done.visits, done.minutes) == (1, 120)
    assert day.books(wu) == "120 min, 120 pending, 0 spendable"
    assert activities.shift(shift).confirmed_by == wu.person_id
    with pytest.raises(rules.AlreadyConfirmed):
        operations.confirm(shift, by=manager, at=day.clock("12:06"))


def test_a_leader_with_only_the_own_visit_asks_somebody_else(day, wu):
    shift = day.shift("09:30-11:30", wu)
    day.visit(shift, wu, "09:30-11:30")
    with pytest.raises(rules.OnlyOwnVisit):
        operations.confirm(shift, by=wu, at=day.clock("12:00"))
    assert activities.shift(shift).confirmed_at is None


def test_a_shift_to_which_nobody_came_is_confirmed_too(day, shift, wu):
    done = operations.confirm(shift, by=wu, at=day.clock("12:00"))
    assert (done.visits, done.minutes) == (0, 0)
    with pytest.raises(rules.AlreadyConfirmed):
        operations.confirm(shift, by=wu, at=day.clock("12:01"))


@pytest.mark.parametrize("kind", ["ceremony", "training", "drive"])
def test_a_ceremony_is_attended_and_earns_nothing(day, lin, wu, kind):
    shift = day.shift("09:30-11:30", lin, kind=kind)
    assert day.scan(shift, lin, "09:28").minutes is None
    assert day.scan(shift, lin, "11:31").minutes is None
    done = operations.confirm(shift, by=wu, at=day.clock("12:00"))
    assert (done.visits, done.minutes, done.coin_units) == (1, 0, 0)
    assert models.Visit.objects.get().reason == "not_a_service"
    assert day.books(lin) == "0 min, 0 pending, 0 spendable"


def test_a_short_stay_is_confirmed_with_nothing_and_the_reason(day, shift, lin, wu):
    day.visit(shift, lin, "09:30-10:41")
    assert operations.confirm(shift, by=wu, at=day.clock("12:00")).minutes == 0
    assert models.Visit.objects.get().reason == "below_share"


def test_the_day_limit_holds_over_all_activities(day, lin, wu):
    first, second = day.shift("09:00-15:00", lin), day.shift("15:00-19:00", lin)
    day.visit(first, lin, "09:00-15:00")
    day.visit(second, lin, "15:00:30-19:00")
    operations.confirm(second, by=wu, at=day.clock("19:30"))
    done = operations.confirm(first, by=wu, at=day.clock("19:31"))
    assert (done.minutes, done.minutes_over_limit) == (241, 119)
    assert day.books(lin) == "480 min, 480 pending, 0 spendable"


def test_pairs_and_seconds_are_counted_over_the_activitys_whole_day(day, lin, wu):
    first = day.shift("09:00-10:00", lin)
    activity_id = activities.shift(first).activity_id
    second = day.shift("10:00-11:00", lin, activity_id=activity_id)
    third = day.shift("11:00-12:00", lin, activity_id=activity_id)
    fourth = day.shift("12:00-13:00", lin, activity_id=activity_id)
    day.visit(first, lin, "09:00-09:59:40")
    day.visit(second, lin, "10:00:45-11:00")
    day.visit(third, lin, "11:01-12:00")
    with pytest.raises(rules.MostPairsReached):
        day.scan(fourth, lin, "12:00")
    minutes = [
        operations.confirm(shift, by=wu, at=day.clock("13:00")).minutes for shift in (first, second, third)
    ]
    # 59:40 and 59:15 make 118:55, and 177:55 with the third.
    assert minutes == [59, 59, 59]
    assert sum(minutes) == 177


def test_refusals_of_confirmation(day, shift, wu):
    with pytest.raises(SignInNeeded):
        operations.confirm(shift, by=VISITOR, at=day.clock("12:00"))
    with pytest.raises(ShiftMissing):
        operations.confirm(no_shift(), by=wu, at=day.clock("12:00"))
    assert activities.shift(shift).confirmed_at is None


def test_coins_are_released_a_day_after_the_confirmation(day, shift, lin, mei, wu):
    day.visit(shift, lin, "09:28-11:31")
    day.visit(shift, mei, "09:30-11:30")
    operations.confirm(shift, by=wu, at=day.clock("12:00"))
    tomorrow = day.clock("12:00") + timedelta(days=1)
    assert operations.settle(at=tomorrow - timedelta(seconds=1)) == 0
    assert day.books(lin) == "120 min, 120 pending, 0 spendable"
    assert operations.settle(at=tomorrow) == 2
    assert day.books(lin) == "120 min, 0 pending, 120 spendable"
    assert operations.settle(at=tomorrow) == 0
    assert books.verify().is_right


def test_two_hundred_visits_are_confirmed_by_few_statements(day, wu, django_assert_max_num_queries):
    people = [person(f"helper {number}") for number in range(200)]
    shift = day.shift("09:30-11:30", *people)
    for one in people:
        day.visit(shift, one, "09:30-11:30")
    with django_assert_max_num_queries(40):
        done = operations.confirm(shift, by=wu, at=day.clock("12:00"))
    assert (done.visits, done.minutes) == (200, 24_000)


LOADER = system("cities.load")


def rows(day, shift, *people, hours="09:30-11:30"):
    came, left = hours.split("-")
    facts = activities.shift(shift)
    return [
        operations.VisitRow(
            shift, facts.activity_id, one.volunteer(), day.clock(came), day.clock(left) if left else None
        )
        for one in people
    ]


@pytest.fixture
def demo(db, at):
    from shanshi.foundation import installation

    installation.mark_as_demo(starts_at=at)


def test_a_case_records_visits_by_the_same_rules(demo, day, shift, lin, mei):
    later = day.clock("18:00")
    visits = rows(day, shift, lin) + rows(day, shift, mei, hours="09:30-")
    ids = operations.record_visits(visits, source="case", by=LOADER, at=later)
    assert len(ids) == 2
    assert (day.shown(lin), day.shown(mei)) == ("09:30-11:30 left", "09:30- forgotten")
    assert set(models.Scan.objects.values_list("source", "code_kind")) == {("case", "case")}
    done = operations.confirm_many({shift: day.clock("12:31")}, by=LOADER, at=later)
    assert (done.visits, done.minutes, done.forgotten) == (1, 120, 1)
    assert models.Visit.objects.get(pk=ids[0]).confirmed_at == day.clock("12:31")
    again = operations.confirm_many({shift: day.clock("12:31")}, by=LOADER, at=later)
    assert again.visits == 0
    assert day.books(lin) == "120 min, 120 pending, 0 spendable"


def test_past_visits_are_refused_outside_a_demo(day, shift, lin, everything):
    before = everything()
    with pytest.raises(rules.NotACase):
        operations.record_visits(rows(day, shift, lin), source="case", by=LOADER, at=day.clock("18:00"))
    with pytest.raises(rules.NotACase):
        operations.confirm_many({shift: day.clock("12:31")}, by=LOADER, at=day.clock("18:00"))
    assert everything() == before
    assert activities.shift(shift).confirmed_at is None


def test_a_case_takes_no_impossible_visit_and_nothing_by_halves(
    demo, day, shift, lin, mei, stranger, everything
):
    before = everything()

    def refused(*visits, at="18:00", source="case"):
        with pytest.raises((rules.VisitImpossible, rules.NotACase)) as told:
            operations.record_visits(visits, source=source, by=LOADER, at=day.clock(at))
        return told.value.facts

    good = rows(day, shift, mei)[0]
    assert refused(good, source="platform") == {}
    assert refused(good, *rows(day, shift, stranger)) == {"number": 2, "why": "attendance.not_signed_up"}
    cases = {
        "08:50-11:30": "attendance.check_in_not_yet",
        "11:30-12:00": "attendance.check_in_over",
        "10:00-12:31": "attendance.check_out_over",
        "10:00-10:00": "attendance.check_out_over",
    }
    for hours, why in cases.items():
        assert refused(*rows(day, shift, lin, hours=hours)) == {"number": 1, "why": why}
    twice = rows(day, shift, lin) + rows(day, shift, lin, hours="10:00-10:30")
    assert refused(*twice) == {"number": 2, "why": "attendance.visit_overlaps"}
    assert refused(good, at="11:00") == {"number": 1, "why": "attendance.check_out_over"}
    wrong = operations.VisitRow(shift, uuid4(), lin.volunteer(), day.clock("09:30"), None)
    assert refused(wrong) == {"number": 1, "why": "attendance.shift_unknown"}
    assert everything() == before


def test_a_visit_counts_to_the_day_on_which_the_shift_begins(day, lin):
    shift = day.shift("09:30-11:30", lin)
    day.scan(shift, lin, "09:30")
    assert models.Visit.objects.get().served_on == date(2019, 3, 20)


def test_the_jobs_read_the_clock_and_call_one_operation(day, shift, lin, mei, wu, the_clock):
    from shanshi.attendance import tasks

    day.visit(shift, lin, "09:28-11:31")
    day.scan(shift, mei, "09:30")
    the_clock(day.clock("12:31"))
    tasks.close_forgotten(timestamp=0)
    assert day.shown(mei) == "09:30- forgotten"
    operations.confirm(shift, by=wu, at=day.clock("12:31"))
    the_clock(day.clock("12:31") + timedelta(days=1))
    tasks.settle(timestamp=0)
    assert day.books(lin) == "120 min, 0 pending, 120 spendable"


def test_red_points_are_for_party_members_who_want_them(day, cast, wu):
    from shanshi.activities.models import Activity, Program
    from shanshi.registry import operations as registry

    def member(party, name, phone, born):
        made = registry.register(
            registry.Registration(
                person_id=None,
                phone=phone,
                real_name=name,
                id_number=id_number("330102", born),
                residence_code="330102",
                party_member=party,
            ),
            by=LOADER,
            at=day.start,
        )
        return Actor(made.person_id, made.holder_id)

    willing = member(True, "钟亮", "15400000101", date(1980, 1, 1))
    silent = member(True, "柳青", "15400000102", date(1981, 1, 1))
    other = member(False, "江平", "15400000103", date(1982, 1, 1))
    for one in (willing, other):
        registry.give_consent(
            one.volunteer(), "red_points", text_version="red_points@2015-01-01", by=one, at=day.start
        )
    shift = day.shift("09:30-11:30", willing, silent, other)
    program = Program.objects.create(name="红色志愿一小时", division_code="330102", earns_red_points=True)
    Activity.objects.update(program=program)
    for one in (willing, silent, other):
        day.visit(shift, one, "09:30-11:29")
    operations.confirm(shift, by=wu, at=day.clock("12:00"))
    assert [books.balances(one.volunteer()).red_points for one in (willing, silent, other)] == [1, 0, 0]
    assert {books.balances(one.volunteer()).verified_minutes for one in (willing, silent, other)} == {119}
