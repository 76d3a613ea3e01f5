"""My page: today's shift, the waiting list, what expires, what to say of a visit, and how pages look."""

from __future__ import annotations

import itertools
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shanshi.activities import operations as activities
from shanshi.attendance import queries as attendance
from shanshi.ledger.queries import Balances
from shanshi.portal.queries.mine import expiring
from shanshi.registry import operations as registry
from tests.portal.words import has_chinese, main_of

pytestmark = pytest.mark.django_db


def test_the_shift_of_today_stands_on_top_with_the_code_one_tap_away(world, reader):
    (shift_id,) = world.shifts(world.library(world.shift("14:00-16:00")))
    world.sign_up(world.cast.lin, shift_id)
    page = reader(world.cast.lin).get("/me")
    words = main_of(page)
    assert "Today at 14:00 图书馆文明引导" in words
    assert "Find something to do" not in words
    assert '<a class="button button-main button-wide" href="/me/code">' in page.content.decode()


def test_a_shift_of_tomorrow_is_ahead_and_not_today(world, reader):
    (shift_id,) = world.shifts(world.library(world.shift("14:00-16:00", days=1)))
    world.sign_up(world.cast.lin, shift_id)
    words = main_of(reader(world.cast.lin).get("/me"))
    assert "Today at" not in words
    assert "You are in" in words


def test_an_offered_place_says_until_when_it_waits(world, reader):
    (shift_id,) = world.shifts(world.library(world.shift("14:00-16:00", capacity=1, days=3)))
    world.sign_up(world.cast.stranger, shift_id)
    world.sign_up(world.cast.lin, shift_id)
    assert "Waiting, 1st" in main_of(reader(world.cast.lin).get("/me"))
    stranger = world.cast.stranger
    activities.withdraw(shift_id, holder_id=stranger.volunteer(), by=stranger, at=world.at)
    words = main_of(reader(world.cast.lin).get("/me"))
    assert "A place is offered to you until" in words
    assert "Take the place" in words


def test_hours_of_both_kinds_are_never_added(world, reader):
    world.served(world.cast.lin)
    text = reader(world.cast.lin).get("/me").content.decode()
    assert re.findall(r'figure figure-(\w+)"', text)[:3] == ["hours", "coins", "coins"]


def test_coins_say_until_when_they_can_be_spent(world, reader):
    world.served(world.cast.lin)
    words = main_of(reader(world.cast.lin).get("/me"))
    assert "2 coins can be spent until 31 December 2020, then they expire." in words
    assert "Soon" not in words


def test_each_year_of_earning_expires_on_its_own_day_and_the_last_month_says_so(at):
    held = Balances(coin_units=150, coin_units_by_year={2018: 90, 2017: 30, 2019: 60})
    found = expiring(held, at=at.replace(month=12, day=1))
    assert [(one.units, one.last_on, one.is_soon) for one in found] == [
        (90, date(2019, 12, 31), True),
        (60, date(2020, 12, 31), False),
    ]


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "You agree to no terms at the moment"), ("zh-hans", "您目前没有同意服务条款")],
)
def test_my_page_says_that_the_terms_were_withdrawn(world, reader, at, language, title):
    lin = world.cast.lin
    assert title not in main_of(reader(lin, language).get("/me"))
    registry.withdraw_consent(lin.volunteer(), "terms", by=lin, at=at)
    page = reader(lin, language).get("/me")
    assert title in main_of(page)
    assert 'href="/me/privacy#terms"' in page.content.decode()


def test_lin_says_how_a_visit_was_from_my_page(world, reader):
    visit_id = world.served(world.cast.lin)
    lin = reader(world.cast.lin)
    assert f'href="/me/visits/{visit_id}/evaluate"' in lin.get("/me").content.decode()
    page = lin.post(f"/me/visits/{visit_id}/evaluate", {"score": "4", "words": "很好"}, follow=True)
    assert "Thank you." in main_of(page)
    assert "You said: 4 of 5 很好" in main_of(page)
    said = attendance.evaluation(visit_id, holder_id=world.cast.lin.volunteer())
    assert (said.score, said.words) == (4, "很好")
    assert "Say how it was" not in main_of(lin.get("/me"))


@pytest.mark.parametrize("typed", [{}, {"score": "6"}, {"score": "3", "words": "长" * 501}])
def test_a_wrong_evaluation_is_refused_and_what_was_typed_stays(world, reader, typed):
    visit_id = world.served(world.cast.lin)
    page = reader(world.cast.lin).post(f"/me/visits/{visit_id}/evaluate", typed)
    assert page.status_code == 422
    assert typed.get("words", "")[:20] in page.content.decode()
    assert attendance.evaluation(visit_id, holder_id=world.cast.lin.volunteer()) is None


def test_nobody_says_how_another_persons_visit_was(world, reader):
    visit_id = world.served(world.cast.lin)
    path = f"/me/visits/{visit_id}/evaluate"
    for who in (world.cast.stranger, world.cast.wu):
        assert reader(who).post(path, {"score": "1"}).status_code == 404
    assert attendance.evaluation(visit_id, holder_id=world.cast.lin.volunteer()) is None


def test_a_leader_who_reads_the_chain_sees_no_evaluation(world, reader):
    visit_id = world.served(world.cast.lin)
    reader(world.cast.lin).post(f"/me/visits/{visit_id}/evaluate", {"score": "2", "words": "太挤"})
    words = main_of(reader(world.cast.wu).get(f"/me/visits/{visit_id}"))
    assert "太挤" not in words
    assert "Say how it was" not in words


def test_language_and_looks_are_chosen_on_my_page(world, reader):
    lin = reader(world.cast.lin)
    assert "Language and looks" in main_of(lin.get("/me"))
    page = lin.post("/appearance", {"language": "zh-hans", "next": "/me#looks"}, follow=True)
    assert "语言与显示" in main_of(page)


def test_my_page_asks_no_more_however_much_there_is(world, reader):
    lin = reader(world.cast.lin)
    world.served(world.cast.lin)
    lin.get("/me")
    with CaptureQueriesContext(connection) as few:
        lin.get("/me")
    for days in range(1, 4):
        (shift_id,) = world.shifts(world.library(world.shift("14:00-16:00", days=days)))
        world.sign_up(world.cast.lin, shift_id)
    with CaptureQueriesContext(connection) as many:
        lin.get("/me")
    assert len(many) <= len(few) + 1


def test_the_first_page_counts_the_citys_today(world, reader, the_clock):
    world.library(world.shift("14:00-16:00"), world.shift("14:00-16:00", days=2))
    world.served(world.cast.lin)
    the_clock(world.time("13:00"))
    words = main_of(reader().get("/"))
    assert "Checked in today 1 people" in words
    assert "Still to begin today 1 shifts 2 within seven days" in words
    assert "2 h of them today" in words


def test_where_somebody_is_is_asked_by_a_button_alone(reader):
    page = reader().get("/")
    assert 'data-behaviour="near"' in page.content.decode()
    assert "geolocation=(self)" in page["Permissions-Policy"]


def test_the_first_page_asks_no_more_however_many_activities_there_are(world, reader):
    world.library(world.shift("14:00-16:00"))
    visitor = reader()
    visitor.get("/")
    with CaptureQueriesContext(connection) as few:
        visitor.get("/")
    for days in range(1, 4):
        world.library(world.shift("14:00-16:00", days=days))
    with CaptureQueriesContext(connection) as many:
        visitor.get("/")
    assert len(many) == len(few)


@pytest.mark.parametrize("path", ["/", "/me", "/me/code", "/me/visits", "/me/transfers"])
def test_headings_go_down_by_one_step(world, reader, path):
    world.served(world.cast.lin)
    levels = [int(one) for one in re.findall(r"<h([1-6])", reader(world.cast.lin).get(path).content.decode())]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("path", ["/privacy/terms", "/privacy", "/me/wards/new", "/privacy/retention"])
def test_headings_of_texts_go_down_by_one_step(world, reader, path):
    levels = [int(one) for one in re.findall(r"<h([1-6])", reader(world.cast.lin).get(path).content.decode())]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_my_page_speaks_chinese_throughout(world, reader):
    world.served(world.cast.lin)
    words = main_of(reader(world.cast.lin, "zh-hans").get("/me"))
    assert has_chinese(words)
    assert re.findall(r"[A-Za-z]{3,}(?: [a-z]+)+", words) == []
    assert "志愿者编号" in words
