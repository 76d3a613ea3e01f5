"""The key file: replaced as a whole, closed to others, and looked at again by every process."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from shanshi.foundation import crypto, keys
from shanshi.foundation.keys import Secret

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "keys.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(crypto.new_keys()))
    settings.SHANSHI_KEYS_FILE = path
    settings.SHANSHI_KEYRING = crypto.read_keys(path.read_text())
    monkeypatch.setattr(crypto, "_looks", crypto._Looks())
    monkeypatch.setattr(crypto, "_now", lambda: NOW)
    return path


def nothing(name: str) -> int:
    return 0


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    monkeypatch.setattr(crypto, "_now", lambda: NOW + by)


def test_a_new_wrapping_key_is_added_and_wraps_what_is_new(file: Path) -> None:
    plain, old = crypto.new_data_key("lin")
    before = json.loads(file.read_text())

    assert keys.rotate(Secret.WRAPPING, at=NOW) == "k2"

    after = json.loads(file.read_text())
    assert (after["current"], after["wrapping"]["k1"]) == ("k2", before["wrapping"]["k1"])
    assert {name: after[name] for name in ("index", "doors", "personal", "django")} == {
        name: before[name] for name in ("index", "doors", "personal", "django")
    }
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir() if not path.name.endswith(".lock")] == ["keys.json"]
    _, new = crypto.new_data_key("lin")
    assert (crypto.wrapped_by(old), crypto.wrapped_by(new)) == ("k1", "k2")
    assert crypto.unwrap(old, "lin") == plain


def test_a_process_with_the_old_file_in_mind_reads_what_a_newer_one_wrote(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mind = crypto._looks
    crypto.keyring()
    keys.rotate(Secret.WRAPPING, at=NOW)
    plain, wrapped = crypto.new_data_key("mei")
    assert crypto.wrapped_by(wrapped) == "k2"

    # Another process: it looked a second ago, and knows only the first key.
    stale = crypto._Looks(next_at=float("inf"))
    monkeypatch.setattr(crypto, "_looks", stale)
    assert crypto.keyring().current == "k1"
    assert crypto.unwrap(wrapped, "mei") == plain
    assert mind is not stale


def test_a_process_with_the_old_file_in_mind_wraps_by_the_key_in_use(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys.rotate(Secret.WRAPPING, at=NOW)
    keys.drop("k1", wraps=nothing, at=NOW + keys.DROP_AFTER)
    monkeypatch.setattr(crypto, "_looks", crypto._Looks(next_at=float("inf")))
    assert crypto.wrapped_by(crypto.wrap(b"x" * 32, "mei")) == "k2"


def test_the_key_in_use_and_one_that_still_wraps_are_not_dropped(file: Path) -> None:
    keys.rotate(Secret.WRAPPING, at=NOW)
    text = file.read_text()
    at = NOW + keys.DROP_AFTER
    with pytest.raises(keys.KeyIsCurrent):
        keys.drop("k2", wraps=nothing, at=at)
    with pytest.raises(keys.KeyStillWraps) as refused:
        keys.drop("k1", wraps=lambda name: 3, at=at)
    assert refused.value.facts == {"name": "k1", "count": 3}
    with pytest.raises(keys.KeyChangedJustNow):
        keys.drop("k1", wraps=nothing, at=at - timedelta(seconds=1))
    with pytest.raises(keys.KeyUnknown):
        keys.drop("k9", wraps=nothing, at=at)
    assert file.read_text() == text

    keys.drop("k1", wraps=nothing, at=at)
    assert list(json.loads(file.read_text())["wrapping"]) == ["k2"]


@pytest.mark.parametrize("name", ["doors", "personal"])
def test_a_secret_of_codes_begins_in_a_minute_and_the_old_one_lives_five_more(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    old = crypto.keyring().active(name)
    keys.rotate(Secret(name), at=NOW)
    ring = crypto.keyring()
    new = getattr(ring, name)
    assert new != old
    assert (ring.active(name), ring.accepted(name)) == (old, (old, new))
    later(monkeypatch, timedelta(seconds=61))
    assert (ring.active(name), ring.accepted(name)) == (new, (new, old))
    with pytest.raises(keys.KeyChangedJustNow):
        keys.rotate(Secret(name), at=NOW + timedelta(minutes=2))
    later(monkeypatch, timedelta(minutes=6, seconds=1))
    assert ring.accepted(name) == (new,)
    keys.drop(name, wraps=nothing, at=NOW + timedelta(minutes=7))
    assert crypto.keyring().before == {}


def test_djangos_secret_keeps_the_ones_before_it_until_they_are_dropped(file: Path) -> None:
    first = crypto.keyring().django
    keys.rotate(Secret.DJANGO, at=NOW)
    assert crypto.keyring().django_before == (first,)
    keys.drop("django", wraps=nothing, at=NOW)
    assert crypto.keyring().django_before == ()


def test_keys_that_came_as_text_are_not_changed_here(settings: Any) -> None:
    settings.SHANSHI_KEYS_FILE = None
    with pytest.raises(keys.KeysAreText):
        keys.rotate(Secret.WRAPPING, at=NOW)


def test_a_key_file_that_was_spoilt_leaves_the_keys_in_use(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ring = crypto.keyring()
    file.write_text("{")
    crypto.renew()
    assert crypto.keyring() == ring
    assert "stay in use" in caplog.text
    with pytest.raises(crypto.KeysMissing):
        keys.rotate(Secret.WRAPPING, at=NOW)
    assert file.read_text() == "{"


@pytest.mark.django_db(transaction=True)
def test_two_changes_at_once_are_both_in_the_file(file: Path, together: Callable[..., list[object]]) -> None:
    answers = together(*(lambda: keys.rotate(Secret.WRAPPING, at=NOW) for _ in range(4)))
    assert sorted(map(str, answers)) == ["k2", "k3", "k4", "k5"]
    assert sorted(json.loads(file.read_text())["wrapping"]) == ["k1", "k2", "k3", "k4", "k5"]
