"""`shanshi policy`: read the rulebook and try it, without keys or database."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shanshi.cli.main import group
from shanshi.policies import queries

HOUSE = Path(__file__).resolve().parents[2]
NOODLES = {
    "day": "2019-03-20",
    "from_on": "2019-03-01",
    "to_on": "2019-12-31",
    "price_coin_units": 120,
    "balance_coin_units": 150,
    "left_in_stock": 5,
    "per_person": 2,
}


@pytest.fixture
def run(capsys, monkeypatch):
    """Run the command; returns status, standard output and standard error."""
    import io

    def call(*words, given=""):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given.encode())))
        try:
            group.main(["policy", *words], prog_name="shanshi")
            status = 0
        except SystemExit as end:
            status = end.code or 0
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def test_the_list_names_every_policy(run):
    status, said, _ = run("list")
    assert status == 0
    assert all(f"{name} " in said for name in queries.names())

    status, said, _ = run("list", "--json")
    assert [one["name"] for one in json.loads(said)] == list(queries.names())


@pytest.mark.parametrize("name", queries.names())
def test_each_policy_is_shown_with_facts_units_and_ranges(run, name):
    status, said, _ = run("show", name, "--json")
    shown = json.loads(said)

    assert status == 0
    assert [one["name"] for one in shown["facts"]] == [fact.name for fact in queries.facts(name)]
    assert all(one["unit"] and one["range"] for one in shown["facts"] if one["type"] == "integer")
    assert shown["versions"][0]["source"] == queries.versions(name)[0].source
    assert run("show", name)[0] == 0


def test_a_decision_is_printed_with_reasons_version_and_source(run):
    status, said, _ = run("try", "redemption", "-", given=json.dumps(NOODLES))
    answer = json.loads(said)

    assert status == 0
    assert (answer["decision"], answer["reasons"]) == ({"may_redeem": True}, [])
    assert answer["version"] == "redemption@2015-01-01"
    assert answer["source"] == queries.versions("redemption")[0].source


def test_a_no_is_status_1(run, tmp_path):
    file = tmp_path / "facts.json"
    file.write_text(json.dumps(NOODLES | {"balance_coin_units": 0}))

    status, said, _ = run("try", "redemption", str(file))

    assert status == 1
    assert json.loads(said)["reasons"] == [
        {"code": "rewards.coins_too_few", "says": "This costs 2 coins; you can spend 0."}
    ]


@pytest.mark.parametrize(
    ("words", "given", "says"),
    [
        (["show", "nothing"], "", "check_in, coins, hours"),
        (["try", "nothing", "-"], "{}", "check_in, coins, hours"),
        (["try", "redemption", "-"], "[1]", "expected an object"),
        (["try", "redemption", "-"], "{", "not JSON"),
        (["try", "redemption", "-"], '{"day": 1}', "The fact day cannot be 1. Expected: YYYY-MM-DD."),
        (["try", "redemption", "-"], '{"colour": "red"}', "The fact colour cannot be 'red'."),
        (["try", "redemption", "/nowhere.json"], "", "No such file"),
        (["try", "redemption", "-", "--on", "1999-01-01"], json.dumps(NOODLES), "no version in force"),
        (["try", "redemption", "-", "--on", "never"], "", "never"),
        (["try"], "", "Missing argument"),
    ],
)
def test_wrong_use_is_status_2_and_says_what_is_wrong(run, words, given, says):
    status, said, error = run(*words, given=given)

    assert (status, said) == (2, "")
    assert says in error


def test_neither_keys_nor_a_database_are_needed(tmp_path):
    program = "from shanshi.cli.main import main; main()"
    bare = {"PYTHONPATH": str(HOUSE), "SHANSHI_HOME": str(tmp_path / "nothing"), "PATH": "/usr/bin:/bin"}

    done = subprocess.run(
        [sys.executable, "-c", program, "policy", "try", "redemption", "-"],
        input=json.dumps(NOODLES),
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=bare,
        check=False,
    )

    assert (done.returncode, json.loads(done.stdout)["decision"]) == (0, {"may_redeem": True})
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("name", queries.names())
def test_every_reason_is_said_in_a_sentence(run, name):
    for version in queries.policy(name).versions:
        for example in version.examples:
            given = json.dumps(dict(example.facts), default=lambda value: value.isoformat())
            status, said, _ = run("try", name, "-", given=given)
            assert status in {0, 1}, said
            for reason in json.loads(said)["reasons"]:
                assert reason["says"].endswith("."), reason
                assert "{" not in reason["says"], reason
