"""A volunteer says how a visit was: once, of the own confirmed visit, and others see the mean of five."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shanshi.attendance import models, operations, queries, rules
from shanshi.attendance.rules import VisitState
from shanshi.foundation import clock
from shanshi.kernel.errors import Missing
from shanshi.registry import operations as registry
from tests.attendance.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def visited(day, lin, wu):
    """Lin's confirmed visit."""

    def one(*, confirmed=True, people=(lin,)):
        shift_id = day.shift("09:30-11:30", *people)
        for who in people:
            day.visit(shift_id, who, "09:30-11:30")
        if confirmed:
            operations.confirm(shift_id, by=wu, at=day.clock("11:31"))
        return [queries.visits(who.holder_id).get(shift_id=shift_id) for who in people]

    return one


@pytest.fixture
def world_of_lin(visited, day, cast, wu, at):
    """A token of Lin of the cast, and a visit to evaluate."""
    (visit,) = visited(people=(cast.lin,))
    return registry.issue_token(cast.lin.known(), label="test", at=clock.real_now()).token, visit.id


def test_lin_says_how_it_was_and_reads_it_again(visited, lin, at):
    (visit,) = visited()
    given_id = operations.evaluate(visit.id, 4, "  灯光有点暗 ", by=lin, at=at)
    said = queries.evaluation(visit.id, holder_id=lin.holder_id)
    assert (said.id, said.score, said.words, said.given_at) == (given_id, 4, "灯光有点暗", at)
    assert queries.to_evaluate(lin.holder_id, limit=5) == []


def test_it_is_said_once(visited, lin, at):
    (visit,) = visited()
    operations.evaluate(visit.id, 5, by=lin, at=at)
    with pytest.raises(rules.EvaluationGiven):
        operations.evaluate(visit.id, 1, by=lin, at=at)
    assert [row.score for row in models.Evaluation.objects.all()] == [5]


def test_two_presses_at_the_same_moment_are_one_evaluation(transactional_db, visited, lin, at, together):
    (visit,) = visited()
    answers = together(*(lambda: operations.evaluate(visit.id, 3, by=lin, at=at) for _ in range(2)))
    assert sorted(type(answer).__name__ for answer in answers) == ["EvaluationGiven", "UUID"]
    assert models.Evaluation.objects.count() == 1


def test_a_visit_that_nobody_confirmed_is_not_evaluated(visited, lin, at):
    (visit,) = visited(confirmed=False)
    assert queries.to_evaluate(lin.holder_id, limit=5) == []
    with pytest.raises(rules.NothingToEvaluate):
        operations.evaluate(visit.id, 5, by=lin, at=at)
    assert not models.Evaluation.objects.exists()


@pytest.mark.parametrize("score", [0, 6, -1])
def test_stars_are_one_to_five(visited, lin, at, score):
    (visit,) = visited()
    with pytest.raises(rules.EvaluationUnreadable):
        operations.evaluate(visit.id, score, by=lin, at=at)
    with pytest.raises(rules.EvaluationUnreadable):
        operations.evaluate(visit.id, 5, "长" * 501, by=lin, at=at)
    assert not models.Evaluation.objects.exists()


def test_somebody_elses_visit_is_not_there(visited, mei, at):
    (visit,) = visited()
    with pytest.raises(Missing):
        operations.evaluate(visit.id, 5, by=mei, at=at)
    assert not models.Evaluation.objects.exists()


def test_others_see_the_mean_from_five_evaluations_on(visited, at):
    people = [person(f"volunteer {n}") for n in range(5)]
    visits = visited(people=people)
    activity_id = visits[0].activity_id
    for who, visit, score in zip(people[:4], visits[:4], (5, 5, 4, 4), strict=True):
        operations.evaluate(visit.id, score, f"说{score}", by=who, at=at)
    assert queries.words_of(activity_id, limit=3) == []
    four = queries.evaluations_of([activity_id])[activity_id]
    assert (four.count, four.score) == (4, None)
    operations.evaluate(visits[4].id, 4, by=people[4], at=at)
    five = queries.evaluations_of([activity_id])[activity_id]
    assert (five.count, five.score) == (5, Decimal("4.4"))
    assert queries.words_of(activity_id, limit=3) == ["说4", "说4", "说5"]


def test_what_was_said_is_in_the_persons_copy_and_stays_written_once(visited, lin, at):
    (visit,) = visited()
    operations.evaluate(visit.id, 2, "太挤", by=lin, at=at)
    (told,) = queries.held_about(lin.holder_id)["evaluations"]
    assert (told["score"], told["words"]) == (2, "太挤")


def test_the_endpoint_keeps_it_once(client, world_of_lin, at):
    token, visit_id = world_of_lin
    path = f"/api/v1/me/visits/{visit_id}/evaluation"
    headers = {"Authorization": f"Bearer {token}"}
    first = client.post(path, {"score": 5, "words": "好"}, content_type="application/json", headers=headers)
    assert (first.status_code, first.json()["score"]) == (201, 5)
    again = client.post(path, {"score": 1}, content_type="application/json", headers=headers)
    assert (again.status_code, again.json()["code"]) == (409, "attendance.evaluation_given")
    wrong = client.post(path, {"score": 9}, content_type="application/json", headers=headers)
    assert wrong.status_code == 422


@given(st.lists(st.integers(1, 5), min_size=5, max_size=50))
def test_a_mean_lies_between_its_scores(scores):
    mean = rules.mean_score(sum(scores), len(scores))
    assert min(scores) <= mean <= max(scores)


@pytest.mark.parametrize("state", [state for state in VisitState if state is not VisitState.CONFIRMED])
def test_only_a_confirmed_visit_is_worth_an_evaluation(state):
    with pytest.raises(rules.NothingToEvaluate):
        rules.checked_evaluation(5, "", state=state)
