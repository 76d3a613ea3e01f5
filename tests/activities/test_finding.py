"""Activities are found by characters, sounds, initials and mixtures of them; and by how far they are."""

from __future__ import annotations

import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps as all_apps
from hypothesis import given
from hypothesis import strategies as st

from shanshi.activities import models, queries
from shanshi.activities.queries import Finding
from shanshi.activities.rules import PositionDraft
from shanshi.activities.rules.finding import (
    is_sound,
    kept,
    runs,
    sound_grams_wanted,
    sound_pattern,
    sounds,
    words,
)
from shanshi.places.rules import distance_m
from tests.cast import Cast
from tests.portal.world import World

LIBRARY = kept("图书馆文明引导", "文澜阁图书馆", "绿城 365")
HAN = st.text(alphabet="图书馆文明引导银行重阳志愿服务绿女", min_size=1, max_size=8)


@pytest.fixture
def world(cast: Cast, at) -> World:  # type: ignore[no-untyped-def]
    return World(cast, at)


def heard(query: str, words_kept=LIBRARY) -> bool:  # type: ignore[no-untyped-def]
    return re.search(sound_pattern(query), words_kept.sounds) is not None


def test_a_text_is_kept_as_syllables_with_its_letters_and_digits() -> None:
    assert sounds("图书馆", "", "！", "志愿365班") == "tu'shu'guan zhi'yuan'365'ban"
    assert sounds("绿").split()[0] == "lv"
    assert {"xian'xue", "xian'xie"} <= set(sounds("献血").split())
    assert {"chang'qing", "zhang'qing"} <= set(sounds("长庆").split())


@pytest.mark.parametrize("typed", ["tushuguan", "tsg", "tushug", "tsguan", "tusg", "wenlange", "lc365", "t"])
def test_sounds_initials_and_mixtures_fit(typed: str) -> None:
    assert heard(typed)
    assert set(sound_grams_wanted(typed)) <= set(LIBRARY.grams)


@pytest.mark.parametrize("typed", ["ushu", "gsh", "sgt", "uan", "tshx", "tushuguanwenlange"])
def test_what_begins_within_a_syllable_or_jumps_over_one_does_not_fit(typed: str) -> None:
    assert not heard(typed)


def test_a_word_of_two_scripts_is_looked_for_in_parts() -> None:
    assert runs("图书guan") == ("图书", "guan")
    assert runs("lü") == ("lv",)
    assert is_sound("tsg")
    assert not is_sound("图")
    assert not is_sound("a" * 41)


@given(HAN)
def test_every_text_is_found_by_its_sounds_and_by_their_initials(text: str) -> None:
    held = kept(text)
    syllables = held.sounds.split(" ")[0].split("'")
    for typed in ("".join(syllables), "".join(one[0] for one in syllables)):
        assert heard(typed, held)
        assert set(sound_grams_wanted(typed)) <= set(held.grams)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("图书馆", True),
        ("tushuguan", True),
        ("TuShuGuan", True),
        ("tu shu guan", True),
        ("tsg", True),
        ("tsgwmyd", True),
        ("图书guan", True),
        ("tsguan 清波", True),
        ("qbjd", True),
        ("wenlange", True),
        ("wmyd wlg", True),
        ("ushuguan", False),
        ("tushuguan blood", False),
        ("xianxue", False),
        (".*", False),
        ("'", False),
        ("(", False),
    ],
)
def test_finding_knows_characters_sounds_initials_and_mixtures(world: World, typed: str, found: bool) -> None:
    world.library(place_text="文澜阁图书馆")
    cards, _ = queries.activities_open(Finding(text=typed), at=world.at)
    assert bool(cards) is found


@pytest.mark.django_db
def test_the_index_of_grams_answers(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    world.library()
    with django_assert_num_queries(3):
        queries.activities_open(Finding(text="tsg 文明"), at=world.at)


@pytest.mark.django_db
def test_an_activity_is_where_its_first_position_is_else_at_its_venue_else_nowhere(world: World) -> None:
    here = models.Activity.objects.get(id=world.library())
    assert (here.latitude, here.longitude) == (30.2489, 120.1607)
    nowhere = models.Activity.objects.get(id=world.draft(positions=()))
    assert (nowhere.latitude, nowhere.longitude) == (None, None)


@pytest.mark.django_db
def test_old_rows_are_folded_again(world: World, as_owner) -> None:  # type: ignore[no-untyped-def]
    activity_id = world.library()
    as_owner("UPDATE activities_activity SET find_sounds = '', find_text = '', find_grams = '{}'")
    assert queries.activities_open(Finding(text="tsg"), at=world.at)[0] == []
    import_module("shanshi.activities.migrations.0005_fold_again").fold_again(all_apps, None)
    row = models.Activity.objects.get(id=activity_id)
    assert row.find_text == "图书馆文明引导 文澜阁图书馆 文明引导 清波街道志愿服务队"
    assert [card.id for card in queries.activities_open(Finding(text="tsg"), at=world.at)[0]] == [activity_id]


def test_only_so_many_words_are_looked_for() -> None:
    assert words("a " * 20) == ("a",) * 8


@pytest.mark.django_db
def test_the_nearest_comes_first_with_its_distance(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    near = world.library(title="近")
    far = world.library(title="远", positions=(PositionDraft(30.2489, 120.1807),))
    world.library(title="太远", positions=(PositionDraft(31.2489, 120.1607),))
    where = queries.Near(30.2480, 120.1607, within_m=5_000)
    with django_assert_num_queries(3):
        cards, following = queries.activities_near(Finding(), where, at=world.at)
    assert [(card.id, card.distance_m) for card in cards] == [(near, 100), (far, 1924)]
    assert following is None
    assert distance_m(30.2480, 120.1607, 30.2489, 120.1807) == pytest.approx(1924, abs=1)


@pytest.mark.django_db
def test_pages_of_what_is_near_follow_each_other(world: World) -> None:
    for step in range(5):
        world.library(positions=(PositionDraft(30.25 + step / 100, 120.16),))
    where, found, cursor = queries.Near(30.25, 120.16), [], None
    for _ in range(3):
        cards, cursor = queries.activities_near(Finding(), where, at=world.at, cursor=cursor, limit=2)
        found += [card.distance_m for card in cards]
    assert found == sorted(found)
    assert len(found) == 5
    assert cursor is None


@pytest.mark.django_db
def test_districts_are_counted_and_dots_say_where(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    first = world.library()
    world.library(positions=(PositionDraft(30.2, 120.2),), division_code="330108")
    with django_assert_num_queries(1):
        assert queries.activities_by_district(Finding(), at=world.at) == {"330102": 1, "330108": 1}
    with django_assert_num_queries(1):
        (dot,) = queries.dots(Finding(division_code="330102"), at=world.at)
    assert (dot.activity_id, dot.latitude, dot.longitude) == (first, 30.2489, 120.1607)


@pytest.mark.django_db
def test_a_calendar_counts_all_of_a_day_and_tells_the_first(world: World, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    hours = ["09:30-10:30", "11:00-12:00", "13:00-14:00", "15:00-16:00"]
    world.library(*(world.shift(one, days=1) for one in hours))
    first_on = world.at.date()
    with django_assert_num_queries(1):
        days = queries.calendar(
            Finding(), first_on=first_on, last_on=first_on + timedelta(days=6), at=world.at
        )
    assert list(days) == [first_on + timedelta(days=1)]
    (day,) = days.values()
    assert day.count == 4
    assert [f"{shift.starts_at.astimezone(world.at.tzinfo):%H:%M}" for shift in day.shifts] == [
        "09:30",
        "11:00",
        "13:00",
    ]
