"""Home, find and activity: what one can do now, and signing up for it."""

from __future__ import annotations

import re

import pytest

from shanshi.activities import operations, queries
from shanshi.activities.rules import PositionDraft, SignUpState
from tests.portal.words import main_of

pytestmark = pytest.mark.django_db
TITLE = "图书馆文明引导"


def test_home_tells_a_visitor_three_figures_and_what_is_open(world, reader):
    world.served(world.cast.lin)
    world.library(world.shift("14:00-16:00"), title="湖滨站指路")
    page = reader().get("/")
    words = main_of(page)
    assert "Checked in today 1 people of 3 registered volunteers" in words
    assert "Verified in 2019 2 hours" in words
    assert "Still to begin today 2 shifts 2 within seven days" in words
    assert "湖滨站指路" in words
    assert "Register or sign in" in words


def test_home_leads_a_volunteer_at_an_open_door_to_the_check_in(world, reader, the_clock):
    (shift_id,) = world.shifts(world.library())
    world.sign_up(world.cast.lin, shift_id)
    the_clock(world.time("09:45"))
    words = main_of(reader(world.cast.lin).get("/"))
    assert words.startswith("Give an hour near you The door is open 图书馆文明引导")
    assert "Check in Show my code" in words


def test_home_without_anything_teaches(world, reader):
    assert "No free place at the moment" in main_of(reader().get("/"))


@pytest.mark.parametrize(
    ("query", "is_there"),
    [
        ("", True),
        ("q=文明", True),
        ("q=清波", True),
        ("q=blood", False),
        ("district=330102", True),
        ("district=330106", False),
        ("field=文明引导", True),
        ("from_on=2019-03-21&until_on=2019-03-21", True),
        ("from_on=2019-03-22", False),
        ("free=on", True),
    ],
)
def test_find_narrows_by_words_district_field_days_and_places(world, reader, query, is_there):
    world.library(world.shift(days=1))
    assert (TITLE in main_of(reader().get(f"/find?{query}"))) is is_there


def test_an_empty_search_teaches_and_leads_back(world, reader):
    words = main_of(reader().get("/find?q=nothing+like+it"))
    assert "Nothing fits" in words
    assert "Show everything" in words


def test_days_in_the_wrong_order_are_told_beside_the_field_and_nothing_is_lost(world, reader):
    page = reader().get("/find?q=文明&from_on=2019-03-22&until_on=2019-03-21")
    assert "The last day must not come before the first." in main_of(page)
    assert 'value="文明"' in page.content.decode()


def test_find_pages_by_a_cursor(world, reader):
    for number in range(14):
        world.library(world.shift(days=1 + number % 3), title=f"第{number:02d}班")
    first = reader().get("/find")
    assert main_of(first).count("清波街道志愿服务队") == 12
    second = reader().get(first.context["next_url"])
    assert main_of(second).count("清波街道志愿服务队") == 2
    assert reader().get("/find?after=nonsense").status_code == 422


def test_an_activity_says_what_when_where_and_its_risks(world, reader):
    activity_id = world.library(min_age=16)
    page = reader().get(f"/activities/{activity_id}")
    words = main_of(page)
    for said in (
        "为读者指路",
        "Wednesday 20 March, 10:00–12:00",
        "文澜阁图书馆",
        "From 16 years",
        "楼梯湿滑",
        "吴*",
    ):
        assert said in words
    assert "吴建国" not in words
    assert 'href="geo:30.2489,120.1607' in page.content.decode()
    assert f"/sign-in?next=/activities/{activity_id}" in page.content.decode()


def test_a_draft_is_not_there_for_a_stranger(world, reader):
    draft = operations.create(_draft(world), by=world.cast.wu, at=world.at)
    assert reader(world.cast.stranger).get(f"/activities/{draft}").status_code == 404
    assert reader(world.cast.wu).get(f"/activities/{draft}").status_code == 200


def _draft(world):
    from shanshi.activities.rules import ActivityDraft

    return ActivityDraft(title="草稿", organizers=(world.cast.station,), division_code="330102")


def test_signing_up_withdrawing_and_signing_up_again(world, reader):
    activity_id = world.library()
    (shift_id,) = world.shifts(activity_id)
    lin = reader(world.cast.lin)
    page = lin.post(f"/shifts/{shift_id}/sign-up", follow=True)
    assert "You are in: Wednesday 20 March, 10:00–12:00." in main_of(page)
    assert queries.sign_up(shift_id, world.cast.lin.volunteer()).state is SignUpState.PLACED
    page = lin.post(f"/shifts/{shift_id}/withdraw", follow=True)
    assert "You have withdrawn." in main_of(page)
    assert queries.sign_up(shift_id, world.cast.lin.volunteer()) is None
    assert "You are in" in main_of(lin.post(f"/shifts/{shift_id}/sign-up", follow=True))


def test_a_full_shift_has_a_waiting_list_and_offers_what_becomes_free(world, reader):
    activity_id = world.library(world.shift(capacity=1, days=1))
    (shift_id,) = world.shifts(activity_id)
    world.sign_up(world.cast.stranger, shift_id)
    lin = reader(world.cast.lin)
    assert "Join the waiting list" in main_of(lin.get(f"/activities/{activity_id}"))
    page = lin.post(f"/shifts/{shift_id}/sign-up", follow=True)
    assert "You are on the waiting list: 1st." in main_of(page)
    assert "Waiting, 1st" in main_of(page)
    reader(world.cast.stranger).post(f"/shifts/{shift_id}/withdraw")
    assert "A place is offered to you until" in main_of(lin.get(f"/activities/{activity_id}"))
    assert "Take the place" in main_of(lin.get("/me"))
    assert "You are in" in main_of(lin.post(f"/shifts/{shift_id}/accept", follow=True))


def test_what_stands_against_a_sign_up_is_said_before_and_after_the_press(world, reader):
    activity_id = world.library(min_age=60)
    (shift_id,) = world.shifts(activity_id)
    lin = reader(world.cast.lin)
    said = "This activity is for people of 60 and over"
    page = lin.get(f"/activities/{activity_id}")
    assert said in main_of(page)
    assert f"/shifts/{shift_id}/sign-up" not in page.content.decode()
    assert said in main_of(lin.post(f"/shifts/{shift_id}/sign-up", follow=True))
    assert queries.sign_up(shift_id, world.cast.lin.volunteer()) is None


def test_needed_skills_are_stated_beside_the_button(world, reader):
    activity_id = world.library(skills=("手语",), skills_required=True)
    (shift_id,) = world.shifts(activity_id)
    lin = reader(world.cast.lin)
    assert "I can: 手语" in main_of(lin.get(f"/activities/{activity_id}"))
    assert "asks for skills: 手语" in main_of(lin.post(f"/shifts/{shift_id}/sign-up", follow=True))
    page = lin.post(f"/shifts/{shift_id}/sign-up", {"skill": "手语"}, follow=True)
    assert "You are in" in main_of(page)


def test_a_visitor_who_presses_is_asked_to_sign_in(world, reader):
    (shift_id,) = world.shifts(world.library())
    page = reader().post(f"/shifts/{shift_id}/sign-up")
    assert page.status_code == 302
    assert page["Location"].startswith("/sign-in?next=")


WHERE = {"latitude": "30.2480", "longitude": "120.1607"}


def test_the_nearest_come_first_and_where_one_is_stands_in_no_address(world, reader):
    world.library(title="远", positions=(PositionDraft(30.2489, 120.1807),))
    world.library(title="近")
    page = reader().post("/find/near", WHERE)
    words = main_of(page)
    assert words.index("近") < words.index("远")
    assert "文澜阁图书馆 · 104 m" in words
    assert "1.8 km" in words
    html = page.content.decode()
    assert page.status_code == 200
    for address in re.findall(r'(?:href|action)="([^"]*)"', html):
        assert "30.248" not in address
    assert "远" not in main_of(reader().post("/find/near", {**WHERE, "within": "1"}))


def test_the_words_asked_for_hold_near_too(world, reader):
    world.library(title="近")
    world.library(title="献血")
    words = main_of(reader().post("/find/near", {**WHERE, "q": "xianxue"}))
    assert "献血" in words
    assert "近 " not in words


@pytest.mark.parametrize("latitude", ["", "north", "91", "nan", "1e400"])
def test_a_place_that_is_none_shows_everything_by_its_time(world, reader, latitude):
    world.library()
    page = reader().post("/find/near", {**WHERE, "latitude": latitude})
    assert "Your place did not arrive" in main_of(page)
    assert TITLE in main_of(page)


def test_where_one_is_is_kept_in_no_session(world, reader):
    client = reader(world.cast.lin)
    before = dict(client.session)
    client.post("/find/near", WHERE)
    assert dict(client.session) == before


def test_the_map_has_every_district_and_leads_into_one(world, reader, django_assert_num_queries):
    world.library()
    page = reader().get("/find?as=map&q=tsg")
    assert "上城区 1 activity" in main_of(page)
    html = page.content.decode()
    assert html.count('class="map-area"') == 3
    assert len(page.content) < 100_000
    page = reader().get("/find?as=map&district=330102")
    assert "文澜阁图书馆 图书馆文明引导" in main_of(page)
    assert 'href="#spot-1"' in page.content.decode()


def test_a_day_without_borders_still_has_its_list(world, reader, the_clock):
    the_clock(world.at.replace(year=2022))
    page = reader().get("/find?as=map")
    assert "There are no borders of this year to draw." in main_of(page)
    assert "<path class=" not in page.content.decode()


def test_the_month_counts_shifts_and_shows_a_day(world, reader):
    world.library(world.shift("10:00-11:00", days=1), world.shift("12:00-13:00", days=1))
    page = reader().get("/find?as=month&on=2019-03-21")
    words = main_of(page)
    assert "March 2019" in words
    assert "21 2 shifts" in words
    assert "21 March 2019 Thursday" in words
    assert TITLE in words
    assert "Nothing begins on this day." in main_of(reader().get("/find?as=month&on=2019-03-25"))


def test_the_week_tells_the_shifts_of_each_day(world, reader):
    hours = [f"{hour:02d}:00-{hour:02d}:30" for hour in range(8, 20)]
    world.library(*(world.shift(one, days=1) for one in hours))
    words = main_of(reader().get("/find?as=week&on=2019-03-21"))
    assert "Thursday 21 March 2019 8:00–8:30 图书馆文明引导" in words
    assert "and 4 more" in words
    assert "Monday 18 March 2019 Nothing planned." in words


@pytest.mark.parametrize(
    "query", ["as=month&on=nonsense", "as=week&on=9999-12-31", "as=nonsense", "on=0001-01-01"]
)
def test_an_odd_address_shows_today(world, reader, query):
    world.library()
    page = reader().get(f"/find?{query}")
    assert page.status_code == 200
    assert TITLE in main_of(page)


@pytest.mark.parametrize("look", ["list", "map", "month", "week"])
def test_what_is_found_costs_as_many_queries_whatever_its_number(world, reader, look, asked_queries):
    world.library(world.shift(days=1))
    client = reader()
    few = asked_queries(lambda: client.get(f"/find?as={look}"))
    for number in range(6):
        world.library(
            world.shift(days=1),
            title=f"第{number}班",
            positions=(PositionDraft(30.24, 120.16 + number / 100),),
        )
    assert asked_queries(lambda: client.get(f"/find?as={look}")) == few


@pytest.fixture
def asked_queries():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(asked):
        with CaptureQueriesContext(connection) as queries_made:
            asked()
        return len(queries_made)

    return count


def test_an_activity_shows_what_to_bring_where_it_is_and_the_organizers_record(world, reader, the_clock):
    world.served(world.cast.lin)
    activity_id = world.library(world.shift(days=1), bring="水杯、遮阳帽")
    the_clock(world.time("13:00"))
    page = reader().get(f"/activities/{activity_id}")
    words = main_of(page)
    assert "水杯、遮阳帽" in words
    assert "1 activity held None called off 2 h verified through it" in words
    html = page.content.decode()
    assert 'class="map-sheet"' in html
    assert "/find?as=map&amp;district=330102" in html
    assert f"/activities/{activity_id}/calendar.ics" in html
    assert f"/organizations/{world.cast.station}" in html


def test_who_was_there_is_asked_how_it_was(world, reader, the_clock):
    visit_id = world.served(world.cast.lin)
    (activity_id,) = {visit.activity_id for visit in world_visits(world.cast.lin)}
    the_clock(world.time("18:00"))
    page = reader(world.cast.lin).get(f"/activities/{activity_id}")
    assert "Say how it was" in main_of(page)
    assert f"/me/visits/{visit_id}/evaluate" in page.content.decode()
    assert "Say how it was" not in main_of(reader().get(f"/activities/{activity_id}"))


def world_visits(who):
    from shanshi.attendance import queries as attendance

    return attendance.to_evaluate(who.volunteer(), limit=5)


def test_a_child_too_young_is_offered_nothing_of_a_shift_that_has_begun(world, reader, the_clock):
    (shift_id,) = world.shifts(world.library())
    the_clock(world.time("10:30"))
    activity_id = queries.activity_of(shift_id)
    words = main_of(reader(world.cast.mei).get(f"/activities/{activity_id}"))
    assert "It has begun; sign-up is over." in words
    assert "Join the waiting list" not in words


def test_a_place_can_be_put_into_a_calendar(world, reader):
    (shift_id,) = world.shifts(world.library(world.shift(days=1)))
    world.sign_up(world.cast.lin, shift_id)
    page = reader(world.cast.lin).get(f"/activities/{queries.activity_of(shift_id)}")
    assert f"/shifts/{shift_id}/calendar.ics" in page.content.decode()
