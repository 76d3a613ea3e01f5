"""`shanshi keys`: no secret is printed, and what must not be done is refused."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from shanshi.cli import keys as command
from shanshi.cli.running import ready
from shanshi.foundation import crypto, keys
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(crypto.new_keys()))
    settings.SHANSHI_KEYS_FILE = path
    settings.SHANSHI_KEYRING = crypto.read_keys(path.read_text())
    monkeypatch.setattr(crypto, "_looks", crypto._Looks())
    monkeypatch.setattr(ready, "database", lambda **_: contextlib.nullcontext())
    return path


def run(*words: str) -> Any:
    return CliRunner().invoke(command.command, words)


def test_a_key_is_changed_from_the_command_line_and_nothing_secret_is_printed(
    file: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ = cast.lin, cast.wu
    said = [run("status").output, run("rotate").output]
    assert "k1: wraps 2  (in use)" in said[0]
    assert isinstance(run("drop", "k1").exception, keys.KeyChangedJustNow)
    monkeypatch.setattr(keys, "DROP_AFTER", keys.BEGINS_AFTER * 0)
    assert isinstance(run("drop", "k1").exception, keys.KeyStillWraps)
    said += [run("rewrap").output, run("drop", "k1").output, run("check").output]
    assert said[2:] == [
        "2 keys are wrapped anew.\n",
        "k1 is gone. Destroy the old copies of the key file too.\n",
        "Every data key opens.\n",
    ]
    said += [run("rotate", what).output for what in ("doors", "personal", "django")]
    facts = json.loads(run("status", "--json").output)
    assert (facts["current"], facts["wraps"], facts["missing"]) == ("k2", {"k2": 2}, {})
    assert (set(facts["before"]), facts["django_before"]) == ({"doors", "personal"}, 1)

    raw = json.loads(file.read_text())
    secrets = [*raw["wrapping"].values(), raw["index"], raw["doors"], raw["personal"], raw["django"]]
    told = "".join(said) + json.dumps(facts)
    assert [secret for secret in secrets if secret in told] == []
    assert file.stat().st_mode & 0o777 == 0o600


def test_who_cannot_be_read_is_named_by_an_opaque_id(
    file: Path, cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lin = cast.lin
    file.write_text(json.dumps(crypto.new_keys() | {"current": "k7", "wrapping": {"k7": "A" * 43 + "="}}))
    monkeypatch.setattr(crypto, "_looks", crypto._Looks())
    answer = run("check")
    assert answer.exit_code == 1
    assert answer.output.splitlines()[0] == f"person:{lin.person_id} does not open"
    assert "MISSING k1: 1 people" in run("status").output


@pytest.mark.parametrize("words", [("rotate", "index"), ("drop",), ("rotate", "doors", "x")])
def test_wrong_use_is_told(file: Path, words: tuple[str, ...]) -> None:
    text = file.read_text()
    assert run(*words).exit_code == 2
    assert file.read_text() == text
