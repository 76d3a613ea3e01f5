"""Keys outside the database, one data key per person, and values that open only where they were sealed."""

import json
import os
from pathlib import Path

import pytest

from shanshi.foundation import crypto
from shanshi.foundation.crypto import KeysMissing, KeysUnreadable


def test_a_sealed_name_opens_in_its_own_row_and_nowhere_else() -> None:
    key, _ = crypto.new_data_key("lin")
    sealed = crypto.seal(key, "林晓", "registry_volunteer|real_name|1")

    assert crypto.unseal(key, sealed, "registry_volunteer|real_name|1") == "林晓"
    with pytest.raises(KeysUnreadable):
        crypto.unseal(key, sealed, "registry_volunteer|real_name|2")


def test_an_altered_value_does_not_open() -> None:
    key, _ = crypto.new_data_key("lin")
    sealed = bytearray(crypto.seal(key, "林晓", "t|c|1"))
    sealed[-1] ^= 1

    with pytest.raises(KeysUnreadable):
        crypto.unseal(key, bytes(sealed), "t|c|1")


def test_a_wrapped_key_belongs_to_its_owner() -> None:
    plain, wrapped = crypto.new_data_key("lin")

    assert crypto.unwrap(wrapped, "lin") == plain
    with pytest.raises(KeysUnreadable):
        crypto.unwrap(wrapped, "mei")


def test_the_same_value_has_another_index_in_another_column() -> None:
    assert crypto.blind_index("phone", "1") == crypto.blind_index("phone", "1")
    assert crypto.blind_index("phone", "1") != crypto.blind_index("id_number", "1")


def test_the_first_start_makes_keys_that_only_the_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "home" / "keys.json"
    first = crypto.find_keys("", default=path, may_create=True)

    assert path.stat().st_mode & 0o777 == 0o600
    assert crypto.find_keys("", default=path, may_create=True) == first
    assert os.listdir(path.parent) == ["keys.json"]


def test_production_makes_no_keys_by_itself(tmp_path: Path) -> None:
    with pytest.raises(KeysMissing, match="No such file"):
        crypto.find_keys("", default=tmp_path / "keys.json", may_create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"wrapping": 1}', json.dumps(crypto.new_keys() | {"index": "c2hvcnQ="})]
)
def test_a_broken_key_file_is_named_without_its_secrets(text: str) -> None:
    with pytest.raises(KeysMissing, match="SHANSHI_KEYS") as caught:
        crypto.read_keys(text)
    assert "c2hvcnQ=" not in str(caught.value)


def test_keys_can_come_in_the_environment_as_text(tmp_path: Path) -> None:
    text = json.dumps(crypto.new_keys())
    assert crypto.find_keys(text, default=tmp_path / "x", may_create=False) == crypto.read_keys(text)


def test_a_ring_without_a_change_knows_one_secret_of_each_kind() -> None:
    ring = crypto.read_keys(json.dumps(crypto.new_keys()))
    for name in ("index", "doors", "personal"):
        assert ring.accepted(name) == (ring.active(name),)
