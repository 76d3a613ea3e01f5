"""Limits of size: what does not fit a screen is two ideas."""

from pathlib import Path

import pytest

from tests.house.code import HOUSE, ROOT, files, functions, lines

SOURCES = files("shanshi", "config", "tools", "bench")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_at_most_400_lines_and_a_function_70(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 400, "make it a package of topics under the same name"
    long = {node.name: lines(node) for node in functions(path) if lines(node) > 70}
    assert not long, "give the steps names"


def test_a_behaviour_in_javascript_has_at_most_200_lines() -> None:
    ours = [path for path in HOUSE.rglob("*.js") if "vendor" not in path.parts]
    assert {
        path.name: len(path.read_text().splitlines())
        for path in ours
        if len(path.read_text().splitlines()) > 200
    } == {}


def test_nobody_needs_a_drawer_for_odds_and_ends() -> None:
    forbidden = {"utils", "helpers", "services", "constants", "exceptions", "signals"}
    assert [
        path for path in files("shanshi") if path.stem in forbidden or path.parent.name in forbidden
    ] == []
