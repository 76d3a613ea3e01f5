"""Doors that take files can be counted on one hand."""

from __future__ import annotations

import inspect

from shanshi.foundation.uploads import MOST_BYTES, FileKind, Taken
from tools.doors import doors

TAKING = {f"portal:{kind}-list-send": {FileKind.XLSX} for kind in ("people", "activity", "roster", "street")}


def test_only_these_doors_take_a_file_and_only_of_these_kinds() -> None:
    taken: dict[str, Taken] = {}
    for door in doors():
        if rule := getattr(door.call, "takes_files", None):
            taken[door.name] = rule
    assert {name: set(rule.kinds) for name, rule in taken.items()} == TAKING
    assert all(rule.max_bytes <= MOST_BYTES and rule.most == 1 for rule in taken.values())


def test_a_door_that_takes_a_file_looks_at_its_bytes() -> None:
    for door in doors():
        if getattr(door.call, "takes_files", None):
            assert "uploads.checked(" in inspect.getsource(inspect.unwrap(door.call))
