"""Wrapping data keys anew beside a live system: nobody is lost, and what was erased stays unreadable."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from shanshi.foundation import clock, crypto, keys
from shanshi.foundation.keys import Secret
from shanshi.registry import models, operations, queries
from shanshi.registry.operations import wrapping
from tests.cast import LIN, MEI, STRANGER, WU, Cast
from tests.portal.world import let_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "keys.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(crypto.new_keys()))
    settings.SHANSHI_KEYS_FILE = path
    settings.SHANSHI_KEYRING = crypto.read_keys(path.read_text())
    monkeypatch.setattr(crypto, "_looks", crypto._Looks())
    return path


def drop(name: str) -> None:
    at = clock.real_now() + keys.DROP_AFTER + timedelta(seconds=1)
    keys.drop(name, wraps=lambda key: queries.wrapped_counts().get(key, 0), at=at)


def phone(person_id: Any) -> str:
    return str(queries.held_about(person_id)["phone"])


def test_everybody_can_be_read_after_rotate_rewrap_and_drop(
    file: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wrapping, "BATCH", 2)
    people = {cast.lin: LIN, cast.mei: MEI, cast.wu: WU}
    assert queries.wrapped_counts() == {"k1": 3}
    keys.rotate(Secret.WRAPPING, at=clock.real_now())
    people[cast.stranger] = STRANGER  # registers meanwhile
    with pytest.raises(keys.KeyStillWraps):
        drop("k1")

    assert operations.rewrap() == 3
    assert operations.rewrap() == 0
    drop("k1")

    assert queries.wrapped_counts() == {"k2": 4}
    assert queries.first_unreadable() == []
    assert {actor.person_id: phone(actor.known()) for actor in people} == {
        actor.person_id: person.phone for actor, person in people.items()
    }
    assert queries.person_with_phone(LIN.phone) == cast.lin.person_id


def test_a_key_that_was_destroyed_meanwhile_is_not_brought_back(
    file: Path, cast: Cast, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lin, wu = cast.lin, cast.wu
    keys.rotate(Secret.WRAPPING, at=clock.real_now())
    wrap = crypto.wrap

    def erase_first(plain: bytes, owner: str) -> bytes:
        # Between reading and writing, Lin's key goes.
        models.Person.objects.filter(holder_id=lin.holder_id, erased_at=None).update(
            data_key=None, phone=None, erased_at=at
        )
        return wrap(plain, owner)

    monkeypatch.setattr(crypto, "wrap", erase_first)
    operations.rewrap()

    assert models.Person.objects.get(pk=lin.person_id).data_key is None
    assert phone(wu.known()) == WU.phone


def test_what_was_broken_off_is_finished_by_the_next_run(
    file: Path, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wrapping, "BATCH", 1)
    _ = cast.lin, cast.mei, cast.wu
    keys.rotate(Secret.WRAPPING, at=clock.real_now())

    def broken(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        operations.rewrap(broken)
    assert queries.wrapped_counts() == {"k1": 2, "k2": 1}
    assert operations.rewrap() == 2
    assert queries.wrapped_counts() == {"k2": 3}


def test_a_stolen_backup_of_an_erased_person_opens_only_until_the_key_is_dropped(
    file: Path, cast: Cast, at: Any
) -> None:
    lin = cast.lin
    backup = models.Person.objects.get(pk=lin.person_id)
    sealed = models.Volunteer.objects.get(holder_id=lin.holder_id).real_name
    operations.forget(lin.known(), by=lin, at=at)
    _ = cast.wu

    # Honestly: who has yesterday's backup and today's keys still reads yesterday's row.
    owner = f"person|{lin.holder_id}"
    key = crypto.unwrap(bytes(backup.data_key or b""), owner)
    where = f"volunteer|real_name|{lin.holder_id}"
    assert crypto.unseal(key, bytes(sealed or b""), where) == LIN.name

    keys.rotate(Secret.WRAPPING, at=clock.real_now())
    operations.rewrap()
    drop("k1")
    with pytest.raises(crypto.KeysUnreadable, match="not in the keyring"):
        crypto.unwrap(bytes(backup.data_key or b""), owner)


def test_who_has_another_key_file_is_told_who_cannot_be_read(
    file: Path, cast: Cast, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    lin = cast.lin
    file.write_text(json.dumps(crypto.new_keys()))
    monkeypatch.setattr(crypto, "_looks", crypto._Looks())
    settings.SHANSHI_KEYRING = crypto.read_keys(file.read_text())
    assert queries.first_unreadable() == [str(lin.person_id)]


def test_who_is_signed_in_stays_so_when_djangos_secret_is_changed(
    cast: Cast, client: Client, at: Any, settings: Any
) -> None:
    let_in(client, cast.lin, at)
    assert client.get("/me").status_code == 200
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [settings.SECRET_KEY]
    assert client.get("/me").status_code == 200
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get("/me").status_code == 302
