"""The small case, whole or with something changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from shanshi.cities.rules.folder import files_of

SMALL = Path(__file__).parent / "case-small"
HANGZHOU = Path(__file__).parents[2] / "cases" / "hangzhou-2019-03"

Files = dict[str, bytes]


@pytest.fixture
def small() -> Files:
    """The files of the small case."""
    return files_of(SMALL)


@pytest.fixture(scope="session")
def hangzhou() -> Files:
    """The files of the Hangzhou case."""
    return files_of(HANGZHOU)


@pytest.fixture
def changed(small: Files) -> Callable[..., Files]:
    """The small case with one text changed for another in one file; the text is there once."""

    def change(file: str, old: str, new: str) -> Files:
        text = small[file].decode()
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
        return {**small, file: text.replace(old, new).encode()}

    return change


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[Mapping[str, bytes]], Path]:
    """Write files into a folder of their own."""

    def write(files: Mapping[str, bytes]) -> Path:
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        return tmp_path

    return write
