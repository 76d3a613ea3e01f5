"""Every page in both languages, for everybody who may come, with few queries, and without inline scripts."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.portal.words import has_chinese, main_of

pytestmark = pytest.mark.django_db
NAMES = re.compile("林晓|徐敏|吴建国|钱陌")
DATA = re.compile(
    "图书馆文明引导|文澜阁图书馆|清波街道志愿服务队|为读者指路，整理书架。|文明引导|楼梯湿滑，请小心。|片儿川一碗|老长庆面馆|"
    "新华路智慧伙伴街|共青团上城区委|上城区|下城区|西湖区|[林吴徐](\\*+|, name hidden)|、|第\\d+班|善时"
)


@pytest.fixture
def pages(world):
    """Every page of a volunteer, each with something on it."""
    visit_id = world.served(world.cast.lin)
    activity_id = world.library(world.shift("14:00-16:00"), world.shift(days=1))
    world.sign_up(world.cast.lin, world.shifts(activity_id)[1])
    return [
        "/",
        "/find",
        f"/activities/{activity_id}",
        f"/streets/{world.street}",
        f"/offers/{world.noodles}",
        "/check-in",
        "/pay",
        "/me",
        "/me/code",
        "/me/visits",
        f"/me/visits/{visit_id}",
        "/me/transfers",
        "/me/redemptions",
    ]


def test_every_page_is_english_in_english_chinese_in_chinese_and_hides_names(world, reader, pages):
    english, chinese = reader(world.cast.lin), reader(world.cast.lin, "zh-hans")
    for path in pages:
        page = english.get(path)
        assert page.status_code == 200, path
        words = DATA.sub("", main_of(page))
        # The button that leads to Chinese says so in Chinese.
        assert not has_chinese(words.replace("中文", "")), (path, words)
        page = chinese.get(path)
        assert 'lang="zh-Hans"' in page.content.decode(), path
        words = re.sub(r"[0-9a-f-]{36}|HZ\w+|\w+@[\d-]+|Shanshi|English|JavaScript", "", main_of(page))
        assert not re.search(r"[A-Za-z]{4,}", words), (path, words)
        assert not NAMES.search(main_of(page)), path


def test_no_page_has_inline_scripts_or_styles(world, reader, pages):
    for path in pages:
        html = reader(world.cast.lin).get(path).content.decode()
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", html), path


def test_pages_for_everybody_open_to_visitors_and_strangers(world, reader, pages):
    for path in pages[:5]:
        assert reader().get(path).status_code == 200, path
        assert reader(world.cast.stranger).get(path).status_code == 200, path


@pytest.mark.parametrize(
    ("page", "most"), [("/", 24), ("/find", 12), ("activity", 19), ("/me", 20), ("street", 9)]
)
def test_a_page_asks_as_few_questions_for_many_things_as_for_few(world, reader, page, most):
    activity_id = world.library(world.shift("14:00-16:00"), world.shift(days=1))
    path = {"activity": f"/activities/{activity_id}", "street": f"/streets/{world.street}"}.get(page, page)
    lin = reader(world.cast.lin)
    world.served(world.cast.lin)
    assert world.noodles
    few = _questions(lin, path)
    for number in range(4):
        more = world.library(world.shift(days=2 + number), title=f"第{number}班")
        world.sign_up(world.cast.lin, world.shifts(more)[0])
        world.offer(f"第{number}班面")
    many = _questions(lin, path)
    assert many <= few
    assert many <= most


def _questions(client, path):
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(path).status_code == 200
    return len(asked)
