"""Shifts that come again by a rule, templates, and what a roster is told."""

from __future__ import annotations

from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from shanshi.activities import access, models, operations, queries
from shanshi.activities.rules import messages, recurrence, templates
from shanshi.activities.rules import shifts as shift_rules
from shanshi.activities.rules.drafts import PositionDraft
from shanshi.activities.rules.states import ActivityIsSubmitted
from shanshi.foundation.actor import Grant, Role
from shanshi.foundation.models import AuditEntry
from shanshi.kernel.errors import Forbidden
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.notices.models import Notice

pytestmark = pytest.mark.django_db
WEEKLY = "FREQ=WEEKLY;BYDAY=TH,SA;COUNT=4"


@pytest.fixture
def series(drafted, tomorrow, cast, at):
    activity_id = drafted()
    made = operations.add_series(activity_id, tomorrow(), WEEKLY, by=cast.wu, at=at)
    return activity_id, made


def shown(activity_id, series_id=None):
    return [
        f"{one.starts_at.astimezone(CITY_ZONE):%m-%d %H:%M}-{one.ends_at.astimezone(CITY_ZONE):%H:%M}"
        f"/{one.capacity}{' cancelled' if one.cancelled_at else ''}"
        for one in queries.activity(activity_id).shifts
        if one.series_id == series_id
    ]


def test_a_series_makes_a_shift_for_each_day_of_its_rule(series):
    activity_id, made = series
    assert shown(activity_id, made.series_id) == [
        "03-21 09:00-11:30/2",
        "03-23 09:00-11:30/2",
        "03-28 09:00-11:30/2",
        "03-30 09:00-11:30/2",
    ]
    assert models.Series.objects.get().rule == WEEKLY
    assert queries.activity(activity_id).shifts[-1].id == made.shift_ids[-1]


def test_days_that_are_left_out_have_no_shift(drafted, tomorrow, cast, at):
    activity_id = drafted()
    made = operations.add_series(
        activity_id, tomorrow(), WEEKLY, left_out=[date(2019, 3, 23)], by=cast.wu, at=at
    )
    assert [line[:5] for line in shown(activity_id, made.series_id)] == ["03-21", "03-28", "03-30"]


@pytest.mark.parametrize(
    ("rule", "refusal"),
    [
        ("FREQ=DAILY;COUNT=201", recurrence.SeriesTooLong),
        ("FREQ=YEARLY;COUNT=2", recurrence.RecurrenceInvalid),
        ("FREQ=DAILY;UNTIL=20190101", recurrence.SeriesEmpty),
    ],
)
def test_a_rule_that_is_refused_makes_nothing(drafted, tomorrow, cast, at, rule, refusal):
    activity_id = drafted()
    with pytest.raises(refusal):
        operations.add_series(activity_id, tomorrow(), rule, by=cast.wu, at=at)
    assert (len(queries.activity(activity_id).shifts), models.Series.objects.count()) == (1, 0)


def test_a_series_is_all_or_nothing(submitted, drafted, tomorrow, cast, at):
    yesterday = tomorrow(days=-1)
    activity_id = drafted()
    with pytest.raises(shift_rules.ShiftInThePast):
        operations.add_series(activity_id, yesterday, "FREQ=DAILY;COUNT=5", by=cast.wu, at=at)
    assert (len(queries.activity(activity_id).shifts), models.Series.objects.count()) == (1, 0)
    with pytest.raises(ActivityIsSubmitted):
        operations.add_series(submitted(), tomorrow(), WEEKLY, by=cast.wu, at=at)


def test_more_than_200_shifts_are_not_made_at_once(drafted, tomorrow, cast, at):
    with pytest.raises(recurrence.SeriesTooLong):
        operations.add_shifts(drafted(), [tomorrow()] * 201, by=cast.wu, at=at)


def test_the_rest_of_a_series_gets_other_times_on_its_own_days(series, cast, at):
    activity_id, made = series
    change = operations.RestChange(time(14, 0), time(16, 0), 5)
    assert operations.change_rest(made.shift_ids[2], change, by=cast.wu, at=at) == 2
    assert shown(activity_id, made.series_id) == [
        "03-21 09:00-11:30/2",
        "03-23 09:00-11:30/2",
        "03-28 14:00-16:00/5",
        "03-30 14:00-16:00/5",
    ]


def test_one_shift_with_people_on_it_keeps_the_whole_rest_as_it_is(series, cast, at):
    activity_id, made = series
    operations.submit(activity_id, by=cast.wu, at=at)
    operations.publish(activity_id, by=cast.xu, at=at)
    operations.sign_up(made.shift_ids[3], holder_id=cast.lin.volunteer(), by=cast.lin, at=at)
    before = shown(activity_id, made.series_id)
    with pytest.raises(shift_rules.RestStands) as refused:
        operations.change_rest(
            made.shift_ids[1], operations.RestChange(time(14, 0), time(16, 0)), by=cast.wu, at=at
        )

    assert isinstance(refused.value.parts[0], shift_rules.ShiftTimesPromised)
    assert refused.value.facts == {"day": "2019-03-30"}
    assert shown(activity_id, made.series_id) == before


def test_the_rest_is_called_off_with_a_reason_and_what_was_before_stands(series, cast, at):
    activity_id, made = series
    operations.cancel_shift(made.shift_ids[2], reason="下雨", by=cast.wu, at=at)
    assert operations.cancel_rest(made.shift_ids[1], reason="场馆维修", by=cast.wu, at=at) == 2
    assert ["cancelled" in line for line in shown(activity_id, made.series_id)] == [False, True, True, True]
    assert AuditEntry.objects.filter(verb="activities.cancel_shift", reason="场馆维修").count() == 2
    with pytest.raises(shift_rules.ShiftCancelled):
        operations.cancel_rest(made.shift_ids[1], reason="场馆维修", by=cast.wu, at=at)


def test_a_shift_that_was_made_alone_has_no_rest(published, cast, at):
    (shift_id,) = published()
    with pytest.raises(shift_rules.NotInSeries):
        operations.cancel_rest(shift_id, reason="x", by=cast.wu, at=at)
    with pytest.raises(shift_rules.NotInSeries):
        operations.change_rest(shift_id, operations.RestChange(capacity=9), by=cast.wu, at=at)


def test_a_template_keeps_what_holds_for_the_next_time_and_no_person(series, cast, at):
    activity_id, _ = series
    made = operations.keep_template(activity_id, " 图书馆引导 ", by=cast.wu, at=at)
    (found,) = queries.templates([cast.station])

    assert (found.id, found.name, found.organization_id) == (made, "图书馆引导", cast.station)
    draft = found.draft
    assert (draft.title, draft.fields, draft.person_in_charge) == (
        "图书馆文明引导 Reading guides",
        ("文明引导",),
        "",
    )
    assert draft.positions == (PositionDraft(30.2489, 120.1607, 200, "文澜阁 east gate"),)
    assert [(one.weekday, f"{one.begins:%H:%M}", one.minutes) for one in found.shifts] == [
        (4, "09:00", 150),
        (6, "09:00", 150),
    ]
    assert "吴建国" not in str(models.Template.objects.values())
    again = operations.create(draft, by=cast.wu, at=at)
    assert queries.activity(again).fields == ("文明引导",)


def test_the_next_shift_of_a_shape_is_on_its_weekday():
    shape = templates.ShiftShape(6, time(9), 90, 5, "早班")
    wednesday = date(2019, 3, 20)
    found = [shape.next_after(wednesday + timedelta(days)).starts_at.date() for days in (0, 2, 3)]
    assert found == [date(2019, 3, 23), date(2019, 3, 23), date(2019, 3, 30)]


def test_a_name_is_one_in_an_organization_until_its_template_is_removed(drafted, cast, at):
    activity_id = drafted()
    made = operations.keep_template(activity_id, "引导", by=cast.wu, at=at)
    with pytest.raises(templates.TemplateNameTaken):
        operations.keep_template(activity_id, "引导", by=cast.wu, at=at)
    with pytest.raises(templates.TemplateNameInvalid):
        operations.keep_template(activity_id, "  ", by=cast.wu, at=at)
    operations.remove_template(made, by=cast.wu, at=at)
    operations.remove_template(made, by=cast.wu, at=at)
    assert queries.templates([cast.station]) == []
    assert AuditEntry.objects.filter(verb="activities.remove_template").count() == 1
    operations.keep_template(activity_id, "引导", by=cast.wu, at=at)


def test_a_template_is_its_organizations_own(drafted, cast, at):
    made = operations.keep_template(drafted(), "引导", by=cast.wu, at=at)
    assert access.template_to_use(cast.wu, made).name == "引导"
    for use in (access.template_to_use, access.template_to_remove):
        with pytest.raises(Forbidden):
            use(cast.lin, made)
    with pytest.raises(templates.TemplateMissing):
        access.template_to_use(cast.wu, uuid4())


def test_a_roster_is_told_once_however_often_the_button_is_pressed(published, cast, at):
    (shift_id,) = published()
    operations.sign_up(shift_id, holder_id=cast.lin.volunteer(), by=cast.lin, at=at)
    message = uuid4()
    told = [operations.tell_roster(message, shift_id, " 请带雨衣 ", by=cast.wu, at=at) for _ in range(2)]

    assert told == [1, 1]
    assert list(models.RosterMessage.objects.values_list("text", "people")) == [("请带雨衣", 1)]
    assert AuditEntry.objects.filter(verb="activities.tell_roster").count() == 1
    told_of = Notice.objects.filter(template="activities.roster_message")
    assert [(one.holder_id, one.facts["words"]) for one in told_of] == [(cast.lin.volunteer(), "请带雨衣")]
    (row,) = queries.messages_of(queries.activity_of(shift_id), shift_id)
    assert row.id == message


def test_a_message_needs_words_and_readers_and_comes_five_times_a_day(published, cast, at):
    (shift_id,) = published()
    with pytest.raises(messages.RosterEmpty):
        operations.tell_roster(uuid4(), shift_id, "请带雨衣", by=cast.wu, at=at)
    operations.sign_up(shift_id, holder_id=cast.lin.volunteer(), by=cast.lin, at=at)
    for text in ("", " ", "x" * 201):
        with pytest.raises(messages.RosterTextInvalid):
            operations.tell_roster(uuid4(), shift_id, text, by=cast.wu, at=at)
    with pytest.raises(messages.RosterEmpty):
        operations.tell_roster(uuid4(), shift_id, "x", only=[cast.stranger.volunteer()], by=cast.wu, at=at)
    for _ in range(5):
        operations.tell_roster(uuid4(), shift_id, "请带雨衣", by=cast.wu, at=at)
    with pytest.raises(messages.RosterToldOften):
        operations.tell_roster(uuid4(), shift_id, "请带雨衣", by=cast.wu, at=at)
    assert models.RosterMessage.objects.count() == 5
    operations.tell_roster(uuid4(), shift_id, "请带雨衣", by=cast.wu, at=at + timedelta(days=1))


def test_who_leads_one_shift_alone_plans_nothing_and_passes_it_on_to_nobody(published, cast, at):
    (shift_id,) = published()
    substitute = type(cast.lin)(
        cast.lin.person_id, cast.lin.holder_id, (Grant(Role.LEADER, f"shift:{shift_id}"),)
    )
    assert access.plans(substitute) is False
    assert access.plans(cast.wu) is True
    assert access.shift_to_substitute(cast.wu, shift_id).id == shift_id
    with pytest.raises(Forbidden):
        access.shift_to_substitute(substitute, shift_id)
