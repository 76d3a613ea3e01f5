"""Which values are in force when, and what the files must hold."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from shanshi.policies import queries, rules

NAMES = ("check_in", "coins", "hours", "publication", "redemption", "registration", "sign_up")
FIRST_DAY = date(2015, 1, 1)

TWO_VERSIONS = """
title: Tea
title_zh: 茶
decision: tea.tea
facts: []
words: {cups: [cups, 杯数]}
versions:
  - {valid_from: 2019-01-01, mark: S, source: ours, source_zh: 本项目, values: {cups: 2}, examples: []}
  - {valid_from: 2015-01-01, mark: S, source: ours, source_zh: 本项目, values: {cups: 1}, examples: []}
"""


@pytest.fixture
def tea(tmp_path):
    def write(text: str) -> Path:
        path = tmp_path / "tea.yaml"
        path.write_text(text)
        return path

    return write


def test_what_the_rooms_read_is_there():
    assert {*NAMES} <= {*queries.names()}


@pytest.mark.parametrize("name", queries.names())
def test_a_policy_is_in_force_from_the_first_day_of_the_platform(name):
    assert queries.in_force(name, FIRST_DAY).valid_from <= FIRST_DAY


@pytest.mark.parametrize("name", queries.names())
def test_every_version_names_its_source_in_both_languages_and_has_examples(name):
    for version in queries.versions(name):
        assert version.source
        assert version.source_zh
        assert version.mark in {"L", "P", "S"}
        assert version.examples


@pytest.mark.parametrize("name", queries.names())
def test_every_fact_says_what_it_means_and_its_range(name):
    for fact in queries.facts(name):
        assert fact.means
        assert fact.means_zh
        assert fact.range
        assert fact.type != "integer" or fact.unit


def test_the_version_is_named_after_its_first_day():
    assert queries.in_force("hours", date(2019, 3, 20)).version == "hours@2015-01-01"


def test_a_later_version_takes_over_on_its_first_day(tea):
    policy = queries.read(tea(TWO_VERSIONS))
    assert rules.version_on(policy, date(2018, 12, 31)).values["cups"] == 1
    assert rules.version_on(policy, date(2019, 1, 1)).values["cups"] == 2
    assert policy.versions[0].valid_to == date(2018, 12, 31)
    assert policy.versions[1].valid_to is None


def test_before_the_first_version_nothing_is_in_force(tea):
    policy = queries.read(tea(TWO_VERSIONS))
    with pytest.raises(rules.NotYetInForce) as refusal:
        rules.version_on(policy, FIRST_DAY - timedelta(days=1))
    assert refusal.value.facts == {"policy": "tea", "day": "2014-12-31", "first": "2015-01-01"}


def test_an_unknown_policy_is_refused_with_the_names_that_there_are():
    with pytest.raises(rules.PolicyUnknown) as refusal:
        queries.in_force("tea", FIRST_DAY)
    assert "hours" in str(refusal.value.facts["names"])


def test_values_cannot_be_changed_by_who_reads_them():
    with pytest.raises(TypeError):
        queries.in_force("hours", FIRST_DAY).values["at_once_minutes"] = 9999  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("title: [", "line 1"),
        ("[]", "its beginning"),
        (TWO_VERSIONS.replace("title: Tea", "title: ''"), "title"),
        (TWO_VERSIONS.replace("mark: S", "mark: X", 1), "versions[0].mark"),
        (TWO_VERSIONS.replace("source: ours", "sauce: ours", 1), "versions[0].source"),
        (TWO_VERSIONS.replace("2019-01-01", "someday"), "versions[0].valid_from"),
        (TWO_VERSIONS.replace("2019-01-01", "2015-01-01"), "versions"),
        (TWO_VERSIONS.replace("facts: []", "facts: [{name: cups, type: spoon}]"), "facts[0].type"),
        (
            TWO_VERSIONS.replace("facts: []", "facts: [{name: cups, type: integer}]"),
            "facts[0].min, max, unit",
        ),
        (TWO_VERSIONS.replace("{cups: 2}", "{cups: 2}, samples: [pots]"), "versions[0].samples"),
        (TWO_VERSIONS.replace("[cups, 杯数]", "cups"), "words.cups"),
        (TWO_VERSIONS.split("versions:")[0] + "versions: []", "versions"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place_of_the_mistake(tea, text, where):
    with pytest.raises(rules.FileInvalid) as refusal:
        queries.read(tea(text))
    assert refusal.value.facts["where"] == where
