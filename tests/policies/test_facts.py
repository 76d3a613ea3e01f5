"""Facts that people type are cleaned or refused, each by its own name."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from shanshi.kernel.quantities import CITY_ZONE
from shanshi.policies import rules
from shanshi.policies.rules import Fact, FactInvalid, checked_facts


def fact(kind: str, **more: object) -> Fact:
    return Fact(name="it", type=kind, means="it", means_zh="它", required=True, **more)  # type: ignore[arg-type]


def test_clean_values_come_back():
    declared = [
        Fact("people", "integer", "", "", True, unit="people", least=0, most=10),
        Fact("day", "date", "", "", True),
        Fact("at", "datetime", "", "", True),
        Fact("kinds", "list", "", "", False, most=3, default=[]),
        Fact("visits", "periods", "", "", True, most=2),
    ]
    clean = checked_facts(
        declared,
        {
            "people": 3,
            "day": "2019-03-20",
            "at": "2019-03-20T01:00:00Z",
            "visits": [["2019-03-20T09:00:00+08:00", "2019-03-20T10:00:00+08:00"]],
        },
    )
    nine = datetime(2019, 3, 20, 9, tzinfo=CITY_ZONE)
    assert clean == {
        "people": 3,
        "day": date(2019, 3, 20),
        "at": nine,
        "kinds": [],
        "visits": [(nine, nine.replace(hour=10))],
    }


@pytest.mark.parametrize(
    ("declared", "value"),
    [
        (fact("integer", least=0, most=10, unit="people"), 11),
        (fact("integer", least=0, most=10, unit="people"), -1),
        (fact("integer", least=0, most=10, unit="people"), True),
        (fact("integer", least=0, most=10, unit="people"), "3"),
        (fact("integer", least=0, most=10, unit="people"), 3.5),
        (fact("boolean"), 1),
        (fact("boolean"), "yes"),
        (fact("text"), 7),
        (fact("text"), "x" * 201),
        (fact("text", one_of=("service",)), "Service"),
        (fact("text", matches="[1-7]{1,7}"), "8"),
        (fact("date"), "20 March"),
        (fact("date"), "2019-02-29"),
        (fact("date"), 20190320),
        (fact("datetime"), "2019-03-20T09:00:00"),
        (fact("datetime"), "soon"),
        (fact("list", most=2), ["a", "b", "c"]),
        (fact("list", most=2), [1]),
        (fact("list", most=2), "ab"),
        (fact("periods", most=2), [["2019-03-20T09:00:00+08:00"]]),
        (fact("periods", most=2), [["2019-03-20T09:00:00+08:00", "2019-03-20T08:00:00+08:00"]]),
        (fact("periods", most=2), 5),
        (fact("text"), None),
    ],
)
def test_a_fact_of_another_kind_or_range_is_refused_by_name(declared, value):
    with pytest.raises(FactInvalid) as refusal:
        checked_facts([declared], {"it": value})
    assert refusal.value.facts["fact"] == "it"
    assert refusal.value.facts["expected"] == declared.range


def test_a_fact_that_the_policy_does_not_take_is_refused():
    with pytest.raises(FactInvalid) as refusal:
        checked_facts([fact("boolean")], {"it": True, "iit": True})
    assert refusal.value.facts == {"fact": "iit", "value": "True", "expected": "it"}


def test_a_fact_that_is_not_needed_may_be_absent_and_stays_absent():
    assert checked_facts([Fact("it", "boolean", "", "", False)], {}) == {}


def test_what_is_repeated_in_a_refusal_is_short():
    assert len(rules.shown("x" * 1000)) == 80
