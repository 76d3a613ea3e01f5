"""The rulebook's pages: anybody reads it, and tries a decision."""

from __future__ import annotations

from html import unescape

import pytest
from django.utils.http import urlencode

from shanshi.policies import queries
from shanshi.policies.forms import UNITS
from shanshi.portal import rules

pytestmark = pytest.mark.django_db

NOODLES = {
    "day": "2019-03-20",
    "from_on": "2019-03-01",
    "to_on": "2019-12-31",
    "price_coin_units": 120,
    "balance_coin_units": 119,
    "left_in_stock": 5,
    "per_person": 2,
    "on": "2019-03-20",
    "try": 1,
}


@pytest.mark.parametrize("name", queries.names())
def test_every_policy_has_a_decision_and_its_examples_come_true(name):
    policy = queries.policy(name)

    for version in policy.versions:
        assert version.examples
        for example in version.examples:
            outcome = rules.tried(policy, version, example.facts).decision.outcome
            shown = {key: outcome[key] for key in example.outcome}
            assert shown == dict(example.outcome), example.name


@pytest.mark.parametrize("name", queries.names())
def test_every_value_result_and_reason_has_its_word(name):
    policy = queries.policy(name)

    for version in policy.versions:
        assert set(version.values) <= set(policy.words)
        for example in version.examples:
            decision = rules.tried(policy, version, example.facts).decision
            assert set(decision.outcome) <= set(policy.words)
            assert {one for one in decision.reasons if isinstance(one, str)} <= set(policy.words) | {
                code for code in decision.codes if "." in code
            }
    assert {fact.unit for fact in policy.facts if fact.unit} <= set(UNITS)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_rulebook_names_every_policy_with_its_source(client, language):
    page = client.get("/policies", headers={"Accept-Language": language})

    assert page.status_code == 200
    text = unescape(page.content.decode())
    for name in queries.names():
        policy = queries.policy(name)
        assert (policy.title if language == "en" else policy.title_zh) in text
        assert policy.versions[-1].version in text
        assert (policy.versions[-1].source if language == "en" else policy.versions[-1].source_zh) in text


@pytest.mark.parametrize("name", queries.names())
def test_every_worked_example_is_a_link_that_answers(client, name):
    page = client.get(f"/policies/{name}/try")

    assert page.status_code == 200
    for one in page.context["examples"]:
        answer = client.get(one["url"].removesuffix("#answer"))
        assert answer.status_code == 200, (one, answer.context["form"].errors)
        assert 'id="answer"' in answer.content.decode()


def test_a_tried_decision_says_what_why_and_by_which_version(client):
    page = client.get(f"/policies/redemption/try?{urlencode(NOODLES)}", headers={"Accept-Language": "en"})

    text = unescape(page.content.decode())
    assert page.status_code == 200
    assert "<dt>May be redeemed</dt><dd><strong>No</strong>" in text
    assert "This costs 2 coins; you can spend 1 59/60." in text
    assert "redemption@2015-01-01" in text


def test_facts_that_cannot_be_are_named_and_what_was_typed_stays(client):
    typed = NOODLES | {"per_person": 0, "left_in_stock": "many", "weekdays": "8"}

    page = client.get(f"/policies/redemption/try?{urlencode(typed)}")

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"per_person", "left_in_stock"}
    assert 'value="many"' in page.content.decode()
    assert 'id="answer"' not in page.content.decode()


def test_the_policys_own_pattern_counts_too(client):
    page = client.get(f"/policies/redemption/try?{urlencode(NOODLES | {'weekdays': '8'})}")

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"weekdays"}


def test_before_its_first_version_a_policy_decides_nothing(client):
    page = client.get(f"/policies/redemption/try?{urlencode(NOODLES | {'on': '1999-01-01'})}")

    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"on"}


def test_an_unknown_policy_is_missing(client):
    assert client.get("/policies/nothing/try").status_code == 404


def test_the_values_of_a_list_are_words_and_no_others_may_be_tried(client):
    text = unescape(client.get("/policies", headers={"Accept-Language": "zh-hans"}).content.decode())
    tried = client.get("/policies/publication/try?risk_kinds=fire&try=1")

    assert "救援、危及人身" in text
    assert "rescue, danger" not in text
    assert "risk_kinds" in tried.context["form"].errors
