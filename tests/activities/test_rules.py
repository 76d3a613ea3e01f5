"""Decisions without tables: shifts, texts, skills, publication."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanshi.activities import rules
from shanshi.activities.rules import drafts, shifts, states
from shanshi.activities.rules.finding import folded, grams, grams_wanted, words
from shanshi.activities.rules.kinds import ActivityState
from shanshi.activities.rules.texts import TextUnwritable

NOON = datetime(2019, 3, 20, 12, tzinfo=UTC)
ONE = UUID(int=1)


def plan(minutes: int, *, ahead: int = 60, capacity: int = 5) -> shifts.ShiftDraft:
    start = NOON + timedelta(minutes=ahead)
    return shifts.ShiftDraft(start, start + timedelta(minutes=minutes), capacity)


@pytest.mark.parametrize("minutes", [15, 24 * 60])
def test_a_shift_lasts_15_minutes_to_24_hours(minutes):
    shifts.check_shift(plan(minutes), at=NOON)


@pytest.mark.parametrize("minutes", [14, 24 * 60 + 1, 0, -30])
def test_shorter_and_longer_shifts_are_refused(minutes):
    with pytest.raises(shifts.ShiftLengthInvalid):
        shifts.check_shift(plan(minutes), at=NOON)


@pytest.mark.parametrize("ahead", [0, -1, -600])
def test_a_shift_starts_later_than_now(ahead):
    with pytest.raises(shifts.ShiftInThePast):
        shifts.check_shift(plan(600, ahead=ahead), at=NOON)


def test_a_time_without_zone_is_refused():
    naive = datetime(2019, 3, 21, 9)  # noqa: DTZ001 - that is the point
    with pytest.raises(shifts.TimeWithoutZone):
        shifts.check_shift(shifts.ShiftDraft(naive, naive + timedelta(hours=1), 5), at=NOON)


@pytest.mark.parametrize("capacity", [0, -1, 100_001])
def test_a_shift_has_at_least_one_place(capacity):
    with pytest.raises(shifts.CapacityInvalid):
        shifts.check_shift(plan(60, capacity=capacity), at=NOON)


def test_a_step_leads_only_from_where_its_way_begins():
    ways = {
        (state, step): states.WAYS[step].end
        for step in states.Step
        for state in ActivityState
        if state in states.WAYS[step].start
    }
    for state in ActivityState:
        for step in states.Step:
            if (state, step) in ways:
                assert states.after(state, step) is ways[state, step]
            else:
                with pytest.raises(states.STANDS[state]):
                    states.after(state, step)
    assert len(ways) == 7


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"title": "  "}, drafts.TitleInvalid),
        ({"title": "x" * 121}, drafts.TitleInvalid),
        ({"organizers": ()}, drafts.OrganizersInvalid),
        ({"organizers": (ONE, ONE)}, drafts.OrganizersInvalid),
        ({"description": "a\x00b"}, TextUnwritable),
        ({"description": "\ud800"}, TextUnwritable),
        ({"description": "x" * 10_001}, drafts.TextTooLong),
        ({"skills": ("x",) * 21}, drafts.TextTooLong),
        ({"division_code": "33010"}, drafts.DivisionInvalid),
        ({"division_code": "３３０１０２"}, drafts.DivisionInvalid),
        ({"min_age": -1}, drafts.NumberInvalid),
        ({"expected_people": -1}, drafts.NumberInvalid),
        ({"positions": (rules.PositionDraft(91, 0, 100),)}, drafts.PositionInvalid),
        ({"positions": (rules.PositionDraft(30, 120, 9),)}, drafts.PositionInvalid),
        ({"positions": (rules.PositionDraft(float("nan"), 120, 100),)}, drafts.PositionInvalid),
    ],
)
def test_a_draft_that_is_not_well_formed_is_refused(said, refusal):
    with pytest.raises(refusal):
        rules.check_draft(rules.ActivityDraft(**{"title": "Reading", "organizers": (ONE,), **said}))


def test_an_accepted_place_is_held_until_the_policy_or_the_start():
    assert rules.accept_until(NOON + timedelta(hours=20), at=NOON, within_hours=12) == NOON + timedelta(
        hours=12
    )
    assert rules.accept_until(NOON + timedelta(hours=3), at=NOON, within_hours=12) == NOON + timedelta(
        hours=3
    )


VALUES = {
    "agreement_over_days": 31,
    "large_event_people": 1000,
    "adult_only_risks": ["rescue", "danger"],
    "adult_age": 18,
    "agreement_risks": ["rescue", "danger"],
    "insurance_risks": ["rescue", "danger"],
}


def test_all_reasons_are_told_at_once():
    facts = {
        "risk_kinds": ["danger"],
        "states_risks": False,
        "min_age": 14,
        "starts_on": date(2019, 3, 1),
        "ends_on": date(2019, 5, 1),
        "expected_people": 5000,
        "is_foreign_related": True,
        "is_outside_province": True,
        "a_side_asks": True,
        "has_agreement": False,
        "has_insurance": False,
    }

    decision = rules.decide_publication(facts, VALUES)

    assert decision.outcome["may_publish"] is False
    assert len(decision.reasons) == 9
    assert all(code.startswith("activities.") for code in decision.codes)


@given(st.text(max_size=30), st.text(max_size=30))
def test_what_holds_a_word_holds_all_its_grams(before, word):
    text = folded(f"{before}{word}")
    for one in words(word):
        if one in text:
            assert set(grams_wanted([one])) <= set(grams(text.split()))


def test_characters_and_letters_are_found_by_any_part():
    index = set(grams(folded("图书馆文明引导 Reading Guides ＡＢＣ").split()))
    for typed in ("图", "书馆", "文明引导", "reading", "GUID", "ａｂｃ", "abc"):
        assert set(grams_wanted(words(typed))) <= index, typed
    assert not set(grams_wanted(words("馆图"))) <= index
