"""Divisions keep their numbers and change their areas: every question names a day."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from shanshi.foundation.actor import Actor, Grant, Role, system
from shanshi.foundation.models import AuditEntry
from shanshi.kernel.errors import Forbidden, Missing, SignInNeeded
from shanshi.places import access, models, operations, queries, rules
from shanshi.places.operations import DivisionRow, PopulationRow, StationRow, StreetRow, VenueRow

pytestmark = pytest.mark.django_db
BY = system("tests.places")
BEFORE, AFTER = date(2021, 4, 8), date(2021, 4, 9)
CITY = DivisionRow("330100", "杭州市", "city")
OLD = DivisionRow("330102", "上城区", "district", "330100", None, BEFORE)
NEW = DivisionRow("330102", "上城区", "district", "330100", AFTER)
JIANGGAN = DivisionRow("330104", "江干区", "district", "330100", None, BEFORE)
QINGBO = DivisionRow("330102001", "清波街道", "subdistrict", "330102")
VENUE = VenueRow("断桥", "北山街", 30.2589, 120.1476, "330102")


@pytest.fixture
def add(at):
    def add(*rows):
        return operations.add_divisions(rows, by=BY, at=at)

    return add


def test_a_code_names_one_area_before_and_another_after(add):
    add(CITY, OLD, NEW, JIANGGAN)
    assert queries.division("330102", BEFORE).valid_to == BEFORE
    assert queries.division("330102", AFTER).valid_from == AFTER
    assert [one.code for one in queries.districts(BEFORE)] == ["330102", "330104"]
    assert [one.code for one in queries.districts(AFTER)] == ["330102"]


def test_a_lineage_goes_up_to_the_city(add):
    add(CITY, OLD, QINGBO)
    assert queries.lineage("330102001", BEFORE) == (
        "division:330102001",
        "division:330102",
        "division:330100",
    )


def test_a_division_that_has_ended_is_unknown(add):
    add(CITY, JIANGGAN)
    with pytest.raises(rules.DivisionUnknown):
        queries.lineage("330104", AFTER)
    with pytest.raises(rules.DivisionUnknown):
        queries.division("330104", AFTER)
    assert queries.lineage_near("330104", AFTER) == ("division:330104", "division:330100")


def test_a_code_that_nobody_ever_had_is_unknown():
    with pytest.raises(rules.DivisionUnknown):
        queries.lineage_near("999999", BEFORE)


def test_one_code_for_two_areas_on_one_day_is_refused_and_nothing_is_added(add):
    with pytest.raises(rules.AlreadyThere):
        add(CITY, OLD, DivisionRow("330102", "上城区", "district", "330100", BEFORE))
    assert models.Division.objects.count() == 0


def test_a_wrong_row_stops_the_whole_batch(add):
    with pytest.raises(rules.DivisionInvalid):
        add(CITY, DivisionRow("330102", " ", "district"))
    assert models.Division.objects.count() == 0


def test_adding_stands_on_the_trail(add):
    add(CITY)
    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.by, entry.after) == ("places.add_divisions", BY.known(), {"rows": 1})


def test_below_a_district_its_subdistricts_sort_by_their_sound(add):
    add(CITY, OLD, QINGBO, DivisionRow("330102003", "湖滨街道", "subdistrict", "330102"))
    assert [one.name for one in queries.below("330102", BEFORE)] == ["湖滨街道", "清波街道"]
    assert set(queries.divisions(["330102", "000000"], BEFORE)) == {"330102"}


def test_a_new_count_of_the_same_day_takes_the_old_ones_place(at):
    day = date(2018, 12, 31)
    for residents in (376_000, 376_957):
        row = PopulationRow("330102", day, residents, is_estimate=True, counted_by="estimate of 2018")
        operations.add_populations([row], by=BY, at=at)
    assert queries.populations("330102") == [
        queries.Population("330102", day, 376_957, True, "estimate of 2018")
    ]


def test_less_than_nobody_lives_nowhere(at):
    row = PopulationRow("330102", date(2018, 12, 31), -1, is_estimate=False, counted_by="nobody")
    with pytest.raises(rules.DivisionInvalid):
        operations.add_populations([row], by=BY, at=at)
    assert queries.populations("330102") == []


def test_a_station_stands_at_a_venue(at):
    (venue_id,) = operations.add_venues([VENUE], by=BY, at=at)
    body = uuid4()
    operations.add_stations([StationRow("党群服务中心", venue_id, body, "小蜜蜂")], by=BY, at=at)
    (station,) = queries.stations("330102")
    assert (station.venue, station.organization_id, station.nickname) == (
        queries.venue(venue_id),
        body,
        "小蜜蜂",
    )
    assert queries.stations("330103") == []
    assert [one.name for one in queries.venues_in()] == ["断桥"]


def test_a_venue_twice_at_one_address_is_refused(at):
    operations.add_venues([VENUE], by=BY, at=at)
    with pytest.raises(rules.AlreadyThere):
        operations.add_venues([VenueRow("长桥", "", 30, 120, "330102"), VENUE], by=BY, at=at)
    assert models.Venue.objects.count() == 1


def test_a_station_at_no_venue_is_refused(at):
    with pytest.raises(rules.PlaceInvalid):
        operations.add_stations([StationRow("党群服务中心", uuid4())], by=BY, at=at)
    assert models.Station.objects.count() == 0


def test_a_street_is_found_again_and_added_once(at):
    row = StreetRow("新华路", "330103", "330103001", date(2019, 3, 5))
    (street_id,) = operations.add_streets([row], by=BY, at=at)
    assert queries.streets() == [queries.street(street_id)]
    with pytest.raises(rules.AlreadyThere):
        operations.add_streets([row], by=BY, at=at)


def test_what_is_not_there_is_missing():
    with pytest.raises(Missing):
        queries.venue(uuid4())
    with pytest.raises(Missing):
        queries.street(uuid4())
    assert queries.venues([uuid4()]) == {}


def test_only_the_citys_staff_may_add():
    with pytest.raises(SignInNeeded):
        access.may_add(Actor())
    with pytest.raises(Forbidden):
        access.may_add(Actor(uuid4(), None, (Grant(Role.MANAGER, "division:330100"),)))
    access.may_add(Actor(uuid4(), None, (Grant(Role.CITY_STAFF, "city"),)))
