"""Districts: figures for everybody, a desk for their office, and a small map where borders are known."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shanshi.foundation.actor import Role
from shanshi.places import operations as places
from tests.house.test_trail import ZHOU
from tests.portal.words import main_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def qingbo(cast, at):
    """A subdistrict of 上城区 with a venue in it."""
    cast.divisions  # noqa: B018 - it lies in a district
    places.add_divisions(
        [places.DivisionRow("330102001", "清波街道", "subdistrict", "330102")], by=cast.loader, at=at
    )
    return "330102001"


def test_everybody_sees_the_figures_of_a_district(world, reader, cast, qingbo, the_clock):
    world.served(cast.lin)
    world.library(world.shift(days=2), title="图书馆下午")
    the_clock(world.time("09:00", days=1))
    words = main_of(reader().get("/districts/330102"))
    assert "上城区" in words
    assert "Verified in 2019 2 h 1 person-time" in words
    assert "Verified this month 2 h 1 person-time" in words
    assert "Activities open 1" in words
    assert "Organizations 2" in words
    assert "清波街道" in words
    assert "图书馆下午" in words
    assert "Your desk here" not in words
    assert "林*" not in words


def test_another_district_has_none_of_it(world, reader, cast, the_clock):
    world.served(cast.lin)
    words = main_of(reader().get("/districts/330106"))
    assert "Verified in 2019 0" in words
    assert "Nothing is open here at the moment" in words


def test_a_subdistrict_counts_what_is_written_under_it_and_leads_to_its_district(world, reader, cast, qingbo):
    world.library(world.shift(days=2), title="街道活动", division_code=qingbo)
    world.library(world.shift(days=2), title="区里活动")
    words = main_of(reader().get(f"/districts/{qingbo}"))
    assert "街道活动" in words
    assert "区里活动" not in words
    assert "上城区" in words
    assert "Activities open 2" in main_of(reader().get("/districts/330102"))


@pytest.mark.parametrize("code", ["999999", "3301", "x", "%00", "330102%27"])
def test_a_district_that_is_not_there_is_a_page_that_says_so(reader, cast, code):
    cast.divisions  # noqa: B018 - others are there
    assert reader().get(f"/districts/{code}").status_code == 404


def test_the_office_finds_its_desk_there_and_nowhere_else(world, reader, cast, at):
    from shanshi.activities import operations

    activity_id = world.draft(world.shift(days=2))
    operations.submit(activity_id, by=cast.wu, at=at)
    office = cast.with_role(cast.volunteer(ZHOU), Role.DIVISION_STAFF, "division:330102")
    words = main_of(reader(office).get("/districts/330102"))
    assert "1 thing waits for a review, since less than a day." in words
    assert "New organization here" in words
    assert "Your desk here" not in main_of(reader(office).get("/districts/330106"))


def test_the_list_names_every_district_with_its_residents(reader, cast, at):
    cast.station  # noqa: B018 - a body to count
    row = places.PopulationRow("330102", at.date(), 376_957, True, "estimate")
    places.add_populations([row], by=cast.loader, at=at)
    words = main_of(reader().get("/districts"))
    assert "上城区 0 2 376,957 (estimate)" in words
    assert "西湖区 0 0 —" in words


def test_a_district_asks_the_same_questions_however_much_lies_in_it(world, reader, cast, qingbo):
    client, counts = reader(), []
    for number in range(3):
        world.library(world.shift(days=2), title=f"第{number}")
        for path in ("/districts/330102", "/districts"):
            cache.clear()
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            counts.append(len(asked))
    assert counts[2:4] == counts[4:6]
    assert max(counts) <= 22
