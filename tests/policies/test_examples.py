"""The worked examples of every policy, run through the rule that decides in the product."""

from __future__ import annotations

from datetime import date, datetime
from importlib import import_module
from typing import Any

import pytest

from shanshi.policies import queries, rules
from shanshi.policies.rules import Example, Version

EXAMPLES = [
    pytest.param(version, example, id=f"{version.version}: {example.name}")
    for name in queries.names()
    for version in queries.versions(name)
    for example in version.examples
]


def plain(value: Any) -> Any:
    """A decided value as YAML would read it back: moments as one instant, enumerations as their text."""
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, date):
        return value.isoformat()
    return list(map(plain, value)) if isinstance(value, list | tuple) else value


@pytest.mark.parametrize(("version", "example"), EXAMPLES)
def test_a_worked_example_is_decided_as_it_says(version: Version, example: Example):
    room, policy = queries.policy(version.name).decision.split(".")
    decide = getattr(import_module(f"shanshi.{room}.rules"), f"decide_{policy}")
    facts = rules.checked_facts(queries.facts(version.name), example.facts)

    outcome = decide(facts, version.values).outcome

    assert {name: plain(outcome.get(name)) for name in example.outcome} == {
        name: plain(value) for name, value in example.outcome.items()
    }
