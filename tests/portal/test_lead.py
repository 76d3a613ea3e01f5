"""The leader's pages: templates and copies, several shifts at once, series, the rest of a series."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.urls import reverse

from shanshi.activities import models, queries
from shanshi.activities import operations as activities
from shanshi.foundation.actor import Role
from shanshi.kernel.quantities import CITY_ZONE
from shanshi.places import operations as places
from tests.portal.test_staff import DRAFT
from tests.portal.words import main_of

pytestmark = pytest.mark.django_db
SERIES = {
    "day": "2019-03-23",
    "starts": "09:00",
    "ends": "11:00",
    "capacity": "5",
    "every": "week",
    "weekdays": ["6"],
    "times": "4",
    "leave_holidays": "on",
}


@pytest.fixture
def wu(world, reader, cast):
    return reader(cast.wu)


@pytest.fixture
def venue(cast):
    cast.divisions  # noqa: B018 - a venue needs a district that is there
    row = places.VenueRow(
        name="清波街道党群服务中心",
        address="清波街1号",
        latitude=30.24,
        longitude=120.16,
        division_code="330102",
    )
    return places.add_venues([row], by=cast.loader, at=cast.at)[0]


def post(client, door, /, *args, **form):
    return client.post(reverse(f"portal:{door}", args=args), form, follow=True)


def get(client, name, *args, **query):
    return client.get(reverse(f"portal:{name}", args=args), query)


def days(activity_id):
    def local(moment, form):
        return moment.astimezone(CITY_ZONE).strftime(form)

    return [
        f"{local(one.starts_at, '%m-%d %H:%M')}-{local(one.ends_at, '%H:%M')}/{one.capacity}"
        for one in queries.activity(activity_id).shifts
        if one.cancelled_at is None
    ]


def rows(*typed, total=None):
    said = {"form-TOTAL_FORMS": str(total or len(typed)), "form-INITIAL_FORMS": "0"}
    for number, row in enumerate(typed):
        said |= {f"form-{number}-{name}": value for name, value in row.items()}
    return said


def test_rows_that_say_only_the_day_are_as_the_row_above(world, wu):
    activity_id = world.draft(world.shift(days=1))
    told = post(
        wu,
        "lead-shifts",
        activity_id,
        **rows(
            {"day": "2019-03-24", "starts": "09:00", "ends": "11:00", "capacity": "5", "name": "早班"},
            {"day": "2019-03-26"},
            {},
            {"day": "2019-03-28", "starts": "14:00", "ends": "16:00"},
        ),
    )
    assert "3 shifts have been added." in main_of(told)
    assert days(activity_id)[1:] == ["03-24 09:00-11:00/5", "03-26 09:00-11:00/5", "03-28 14:00-16:00/5"]
    assert queries.activity(activity_id).shifts[2].name == "早班"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ([{}], "Write at least one day."),
        ([{"day": "2019-03-24"}], "The first row says it for those below."),
        (
            [{"day": "2019-03-24", "starts": "11:00", "ends": "09:00", "capacity": "5"}],
            "The end must come after the start, on the same day.",
        ),
        (
            [{"day": "2019-03-19", "starts": "09:00", "ends": "11:00", "capacity": "5"}],
            "A shift must start later than now; time already past cannot be served.",
        ),
    ],
)
def test_rows_that_are_not_right_are_kept_and_make_nothing(world, wu, typed, says):
    activity_id = world.draft(world.shift(days=1))
    answer = wu.post(reverse("portal:lead-shifts", args=[activity_id]), rows(*typed))
    assert (answer.status_code in {409, 422}, says in main_of(answer)) == (True, True)
    assert len(days(activity_id)) == 1


def test_more_rows_keep_what_was_typed(world, wu):
    activity_id = world.draft(world.shift(days=1))
    answer = wu.post(
        reverse("portal:lead-shifts", args=[activity_id]),
        rows({"day": "2019-03-24"}, total=6) | {"more": "1"},
    )
    text = answer.content.decode()
    assert (text.count('class="shift-row"'), 'value="2019-03-24"' in text) == (12, True)
    assert len(days(activity_id)) == 1


def test_a_series_shows_its_days_before_it_makes_them(world, wu):
    activity_id = world.draft(world.shift(days=1))
    page = wu.post(reverse("portal:lead-series", args=[activity_id]), SERIES)
    text = page.content.decode()
    kept = re.findall(r'name="keep" value="([\d-]+)" checked', text)

    # The Saturday of Tomb-sweeping is offered, and not ticked.
    assert kept == ["2019-03-23", "2019-03-30", "2019-04-13"]
    assert "public holiday" in main_of(page)
    assert len(days(activity_id)) == 1
    shown = re.findall(r'name="shown" value="([^"]+)"', text)[0]
    told = wu.post(
        reverse("portal:lead-series", args=[activity_id]),
        SERIES | {"shown": shown, "keep": kept[:2]},
        follow=True,
    )
    assert "2 shifts have been added." in main_of(told)
    assert days(activity_id)[1:] == ["03-23 09:00-11:00/5", "03-30 09:00-11:00/5"]
    assert models.Series.objects.get().rule == "FREQ=WEEKLY;BYDAY=SA;COUNT=4"


def test_a_rule_that_was_changed_after_its_days_were_shown_shows_them_anew(world, wu):
    activity_id = world.draft(world.shift(days=1))
    url = reverse("portal:lead-series", args=[activity_id])
    shown = re.findall(r'name="shown" value="([^"]+)"', wu.post(url, SERIES).content.decode())[0]
    answer = wu.post(url, SERIES | {"times": "2", "shown": shown, "keep": ["2019-03-23"]})
    assert (answer.status_code, "2 days" in main_of(answer)) == (200, True)
    assert len(days(activity_id)) == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"times": ""}, "Say either the last day or how many times."),
        ({"until": "2019-05-01"}, "Say either the last day or how many times."),
        ({"times": "", "until": "2019-03-01"}, "The last day must not come before the first."),
        ({"ends": "08:00"}, "The end must come after the start, on the same day."),
        ({"times": "", "until": "2029-03-01", "every": "day"}, "At most 200 shifts are made at once."),
    ],
)
def test_a_series_that_is_not_right_makes_nothing(world, wu, typed, says):
    activity_id = world.draft(world.shift(days=1))
    answer = wu.post(reverse("portal:lead-series", args=[activity_id]), SERIES | typed)
    assert (answer.status_code, says in main_of(answer)) == (422, True)
    assert len(days(activity_id)) == 1


@pytest.fixture
def series(world, cast):
    activity_id = world.draft(world.shift(days=1))
    first = world.shift("09:00-11:00", days=3)
    made = activities.add_series(activity_id, first, "FREQ=WEEKLY;BYDAY=SA;COUNT=3", by=cast.wu, at=cast.at)
    return activity_id, made.shift_ids


def test_one_shift_is_moved_and_the_rest_stays(series, wu):
    activity_id, (_, second, _) = series
    typed = {"day": "2019-03-31", "starts": "10:00", "ends": "12:00", "capacity": "6", "rest": ""}
    assert "The shift is changed." in main_of(post(wu, "lead-shift", second, **typed))
    assert days(activity_id)[1:] == ["03-23 09:00-11:00/4", "03-31 10:00-12:00/6", "04-06 09:00-11:00/4"]


def test_the_rest_of_a_series_changes_with_one_press(series, wu):
    activity_id, (_, second, _) = series
    assert "This one and all later ones" in main_of(get(wu, "lead-shift", second))
    typed = {"day": "2019-03-30", "starts": "10:00", "ends": "12:00", "capacity": "6", "rest": "rest"}
    assert "Changed, with all later ones" in main_of(post(wu, "lead-shift", second, **typed))
    assert days(activity_id)[1:] == ["03-23 09:00-11:00/4", "03-30 10:00-12:00/6", "04-06 10:00-12:00/6"]


def test_the_rest_of_a_series_is_called_off_with_a_reason(series, wu):
    activity_id, (_, second, _) = series
    post(wu, "lead-shift-cancel", second, rest="rest")
    assert len(days(activity_id)) == 4
    told = post(wu, "lead-shift-cancel", second, rest="rest", reason="场馆维修")
    assert "Cancelled, with all later ones of the series." in main_of(told)
    assert days(activity_id)[1:] == ["03-23 09:00-11:00/4"]


def test_one_shift_is_called_off_alone(series, wu):
    activity_id, (first, _, _) = series
    assert "The shift is cancelled." in main_of(post(wu, "lead-shift-cancel", first, reason="下雨"))
    assert days(activity_id)[1:] == ["03-30 09:00-11:00/4", "04-06 09:00-11:00/4"]


def test_an_activity_is_kept_as_a_template_begun_from_again_and_removed(series, wu, cast, venue):
    activity_id, _ = series
    assert "Kept." in main_of(post(wu, "template-keep", activity_id, name="图书馆引导"))
    assert "Your organization has a template of this name." in main_of(
        post(wu, "template-keep", activity_id, name="图书馆引导")
    )
    (found,) = queries.templates([cast.station])
    assert "图书馆引导" in main_of(get(wu, "lead-new"))
    page = get(wu, "lead-new", template=found.id).content.decode()
    assert ('value="图书馆文明引导"' in page, "吴建国" in page) == (True, False)

    made = wu.post(
        f"{reverse('portal:lead-new')}?template={found.id}",
        DRAFT | {"organizer": cast.station, "venue": venue, "bring": "水杯"},
        follow=True,
    )
    # Its weekly times are proposed on the next days: the Saturday after today, and tomorrow, a Thursday.
    shown = re.findall(r'name="form-\d-day" value="([\d-]+)"', made.content.decode())
    assert shown == ["2019-03-21", "2019-03-23"]
    again = queries.activities_led([f"organization:{cast.station}"], at=cast.at)
    assert {card.title for card in again} == {"江滩清扫", "图书馆文明引导"}
    (new,) = [card.id for card in again if card.title == "江滩清扫"]
    assert queries.activity(new).bring == "水杯"

    assert "is removed." in main_of(post(wu, "template-remove", found.id))
    assert queries.templates([cast.station]) == []


def test_an_activity_is_copied_with_its_weekly_times(world, wu, cast):
    activity_id = world.library(world.shift("09:00-11:00", days=3), bring="雨衣")
    page = get(wu, "lead-new", copy=activity_id)
    text = page.content.decode()
    assert "Begun from: 图书馆文明引导" in main_of(page)
    assert 'value="雨衣"' in text
    several = get(wu, "lead-shifts", world.draft(), copy=activity_id).content.decode()
    assert re.findall(r'name="form-\d-(?:day|starts)" value="([\d:-]+)"', several) == ["2019-03-23", "09:00"]


def test_a_template_of_another_body_is_not_there(world, wu, cast, reader, series):
    activity_id, _ = series
    made = activities.keep_template(activity_id, "引导", by=cast.wu, at=cast.at)
    other = cast.with_role(cast.stranger, Role.LEADER, f"organization:{cast.league}")
    lin = cast.with_role(cast.lin, Role.LEADER, f"shift:{series[1][0]}")
    assert get(reader(lin), "lead-new", template=made).status_code == 403
    assert get(reader(other), "lead-new", template=made).status_code == 200
    assert get(wu, "lead-new", template="nonsense").status_code == 404


def test_the_desk_of_a_substitute_shows_the_shift_and_plans_nothing(world, reader, cast):
    (shift_id,) = world.shifts(world.library(world.shift("09:30-11:30")))
    lin = cast.with_role(cast.lin, Role.LEADER, f"shift:{shift_id}")
    page = reader(lin).get(reverse("portal:shifts"))
    words = main_of(page)
    assert ("图书馆文明引导" in words, "Open the door" in words, "New activity" in words) == (
        True,
        True,
        False,
    )
    assert get(reader(lin), "door", shift_id).status_code == 200


def test_several_shifts_are_confirmed_with_one_press_and_each_says_what_came_of_it(
    world, wu, cast, the_clock
):
    first, second = world.shifts(world.library(world.shift("09:30-10:30"), world.shift("11:00-12:00")))
    world.sign_up(cast.lin, first)
    world.sign_up(cast.stranger, second)
    world.scan(cast.lin, first, "09:30")
    world.scan(cast.lin, first, "10:30")
    world.scan(cast.stranger, second, "11:00")
    the_clock(world.time("12:10"))
    assert "Confirm those that are ticked" in main_of(get(wu, "shifts"))
    words = main_of(wu.post(reverse("portal:lead-confirm"), {"shift": [first, second]}))

    assert "1 of 2 confirmed." in words
    assert "Confirmed: 1 visits, 1 h in the books." in words
    assert "1 people are still checked in." in words
    assert (queries.shift(first).confirmed_at is not None, queries.shift(second).confirmed_at) == (True, None)
    assert "No shift was chosen." in main_of(post(wu, "lead-confirm"))


def test_a_shift_of_somebody_else_is_not_confirmed_among_ones_own(world, wu, cast, reader, the_clock):
    (mine,) = world.shifts(world.library(world.shift("09:30-10:30")))
    lin = cast.with_role(cast.lin, Role.LEADER, f"shift:{mine}")
    (other,) = world.shifts(world.library(world.shift("09:30-10:30"), title="另一个"))
    the_clock(world.time("12:10"))
    answer = reader(lin).post(reverse("portal:lead-confirm"), {"shift": [mine, other]})
    assert answer.status_code == 403
    assert queries.shift(mine).confirmed_at is None


def test_the_day_of_the_cast_is_a_wednesday(at):
    assert at.date() == date(2019, 3, 20)
