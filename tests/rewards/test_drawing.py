"""The street as a drawing: numbers from the north, odd houses left, room for a finger between two shops."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some

from shanshi.rewards.rules.drawing import GAP, Spot, street_drawing


def spot(number, latitude, longitude, address=""):
    return Spot(UUID(int=number), latitude, longitude, address)


def test_one_shop_is_no_street():
    assert street_drawing([spot(1, 30.0, 120.0), spot(2, None, None)]) is None
    assert street_drawing([]) is None


def test_a_street_to_the_north_is_numbered_from_there():
    drawing = street_drawing([spot(1, 30.1, 120.0, "新华路86号"), spot(2, 30.3, 120.0, "新华路121号")])
    assert drawing is not None
    assert drawing.runs_north
    assert [(mark.id.int, mark.number, mark.is_left) for mark in drawing.marks] == [
        (2, 1, True),
        (1, 2, False),
    ]


def test_a_street_to_the_east_is_numbered_from_the_west():
    drawing = street_drawing([spot(1, 30.0, 120.4), spot(2, 30.01, 120.1)])
    assert drawing is not None
    assert not drawing.runs_north
    assert [mark.id.int for mark in drawing.marks] == [2, 1]


@given(
    some.lists(
        some.tuples(some.floats(-90, 90), some.floats(-180, 180), some.text(max_size=8)),
        min_size=2,
        max_size=60,
    )
)
def test_every_shop_has_its_own_number_and_room(places):
    spots = [spot(number, *place) for number, place in enumerate(places)]
    drawing = street_drawing(spots)
    assert drawing is not None
    assert [mark.number for mark in drawing.marks] == list(range(1, len(spots) + 1))
    assert {mark.id for mark in drawing.marks} == {one.id for one in spots}
    heights = [mark.y for mark in drawing.marks]
    assert all(below - above >= GAP for above, below in pairwise(heights))
    assert heights[0] > 0
    assert heights[-1] < drawing.height
