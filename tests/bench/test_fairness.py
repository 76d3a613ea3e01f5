"""The measurements tell the truth: faults of a storm are seen, and statements are caught as they were."""

import json
from typing import Any

from bench import capture, contest, rows, sign_ups
from bench.capture import Caught

LOG = """@@other|11|LOG:  statement: SELECT 'not ours'
@@city|12|LOG:  statement: SELECT 'at the start'
@@city|12|LOG:  statement: SELECT 'bench-mark -1'
@@city|12|LOG:  statement: BEGIN
@@city|12|LOG:  execute _pg3_0: SELECT $1,
\t$2
@@city|12|DETAIL:  Parameters: $1 = 'it''s', $2 = NULL
@@city|12|LOG:  execute <unnamed>: SELECT $1;
@@city|12|DETAIL:  Parameters: $1 = '7'
@@city|13|LOG:  statement: SELECT procrastinate_fetch_job()
@@city|13|LOG:  statement: SELECT 'in the background'
@@city|12|LOG:  statement: COMMIT
@@city|12|LOG:  statement: SELECT 'bench-mark 0'
@@city|12|LOG:  statement: SELECT 'bench-mark 1'
"""


def storm(*spans: tuple[float, float], places: int = 1) -> tuple[list[Any], list[tuple[Any, ...]]]:
    """Answers and rows of a storm in which everything is right, by arrival."""
    answers, kept = [], []
    for number, (sent, answered) in enumerate(spans):
        state = "placed" if number < places else "waiting"
        body = {
            "id": str(number),
            "state": state,
            "position": None if number < places else number - places + 1,
        }
        answers.append([number, 201, sent, answered, json.dumps(body)])
        kept.append((str(number), state, number + 1, places, len(spans) - places, places))
    return answers, kept


def test_a_right_storm_has_no_faults() -> None:
    assert sign_ups.faults(*storm((0, 2), (1, 3), (0, 4)), places=1) == []


def test_one_place_too_many_is_seen() -> None:
    answers, kept = storm((0, 2), (1, 3), (2, 4))
    answers[1][4] = answers[0][4].replace('"0"', '"1"')

    assert sign_ups.faults(answers, kept, places=1) == [
        "2 were told that they have one of 1 places",
        "the positions told have gaps or doubles",
    ]


def test_a_gap_in_the_positions_is_seen() -> None:
    answers, kept = storm((0, 2), (1, 3), (2, 4))
    answers[2][4] = answers[2][4].replace('"position": 2', '"position": 3')

    assert sign_ups.faults(answers, kept, places=1) == ["the positions told have gaps or doubles"]


def test_whoever_was_answered_before_another_asked_must_stand_before_them() -> None:
    assert sign_ups.overtaken([(0, 2), (1, 3), (2.5, 4)]) == 0
    assert sign_ups.overtaken([(2.5, 4), (0, 2)]) == 1


def test_statements_are_caught_with_their_values_and_without_borders() -> None:
    assert capture.split(LOG, "city") == [
        [Caught("SELECT $1,\n$2", ("'it''s'", "NULL"), True), Caught("SELECT $1", ("'7'",), False)],
        [],
    ]


def test_a_prepared_statement_is_executed_and_another_is_sent_whole() -> None:
    prepared, plain = capture.split(LOG, "city")[0]

    assert capture.call(prepared, {prepared.text: "caught_0"}) == "EXECUTE caught_0('it''s', NULL);"
    assert capture.call(plain, {}) == "SELECT '7';"


def test_the_generators_work_is_added_to_the_reference(monkeypatch: Any) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    product = contest.Run(requests=100, seconds=1.0, cpu_s=0.02)
    reference = contest.Run(requests=1000, seconds=1.0)

    # 0.2 ms a request on one of two cores: 1.0 s becomes 1.1 s.
    assert round(contest.with_generator(reference, product), 1) == round(1000 / 1.1, 1)


def test_a_ratio_stands_as_it_is() -> None:
    assert rows.against("x", 39.0, "/s", 100.0, 0.4).met is False
    assert rows.against("x", 40.0, "/s", 100.0, 0.4).met is True
    assert rows.at_most("x", 10.1, "s", 10).met is False
    assert rows.truth("x", False, "why").as_json()["value"] == 0.0
