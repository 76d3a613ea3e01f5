"""Distances, sorting keys, codes."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanshi.places import rules

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)


def test_from_the_broken_bridge_to_the_first_hospital():
    assert round(rules.distance_m(30.25890, 120.14760, 30.25310, 120.16290)) == 1605


def test_a_point_is_nowhere_away_from_itself():
    assert rules.distance_m(30.25, 120.16, 30.25, 120.16) == 0


def test_half_around_the_earth_is_the_farthest():
    assert round(rules.distance_m(0, 0, 0, 180)) == 20015114


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_there_is_as_far_as_back(latitude, longitude, other_latitude, other_longitude):
    there = rules.distance_m(latitude, longitude, other_latitude, other_longitude)
    back = rules.distance_m(other_latitude, other_longitude, latitude, longitude)
    assert there == pytest.approx(back, abs=0.01)
    assert 0 <= there <= 20_015_116


def test_chinese_names_sort_by_their_sound():
    names = ["西湖区", "滨江区", "上城区", "Binhai", "余杭区"]
    assert sorted(names, key=rules.name_key) == ["滨江区", "Binhai", "上城区", "西湖区", "余杭区"]


@pytest.mark.parametrize(
    ("code", "kind", "valid_from", "valid_to"),
    [
        ("33010", "district", None, None),
        ("330102001", "district", None, None),
        ("330102", "subdistrict", None, None),
        ("33010A", "district", None, None),
        ("３３０１０２", "district", None, None),
        ("330102", "planet", None, None),
        ("330102", "district", date(2021, 4, 9), date(2021, 4, 8)),
    ],
)
def test_a_division_that_is_none_is_refused(code, kind, valid_from, valid_to):
    with pytest.raises(rules.DivisionInvalid):
        rules.check_division(code, kind, valid_from, valid_to)


@pytest.mark.parametrize(
    ("name", "latitude", "longitude", "radius_m"),
    [
        ("", 30, 120, 100),
        ("Bridge", 91, 120, 100),
        ("Bridge", 30, -181, 100),
        ("Bridge", 30, 120, 0),
        ("Bridge", 30, 120, 10_001),
        ("Bridge", float("nan"), 120, 100),
    ],
)
def test_a_place_outside_the_earth_is_refused(name, latitude, longitude, radius_m):
    with pytest.raises(rules.PlaceInvalid):
        rules.check_place(name, latitude, longitude, radius_m)
