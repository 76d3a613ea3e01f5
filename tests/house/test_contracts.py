"""Public functions say what they give, refuse and lock; nobody below the doors looks at a clock."""

import ast
from pathlib import Path

import pytest

from tests.house.code import ROOT, files, kind, public_functions, room

CONTRACTS = {"rules", "queries", "operations", "access"}
PLAIN = [path for path in files("shanshi") if kind(path) in CONTRACTS or room(path) in {"kernel", "gateways"}]
CLOCKLESS = [path for path in files("shanshi") if kind(path) in {"rules", "models", "queries", "operations"}]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PLAIN, ids=named)
def test_every_public_function_has_a_contract(path: Path) -> None:
    silent = [node.name for node in public_functions(path) if not ast.get_docstring(node)]
    assert silent == [], "say what comes back or has changed, units, refusals, source"


@pytest.mark.parametrize("path", PLAIN, ids=named)
def test_a_contract_names_every_refusal_that_the_function_raises(path: Path) -> None:
    wrong = {}
    for node in public_functions(path):
        raised = {
            (target.attr if isinstance(target, ast.Attribute) else target.id)
            for inner in ast.walk(node)
            if isinstance(inner, ast.Raise) and inner.exc is not None
            for target in [inner.exc.func if isinstance(inner.exc, ast.Call) else inner.exc]
            if isinstance(target, ast.Attribute | ast.Name)
        }
        doc = ast.get_docstring(node) or ""
        unnamed = {name for name in raised if name[0].isupper() and name not in doc}
        unnamed -= {"ValueError", "TypeError", "AssertionError", "KeyError", "RuntimeError"}
        if unnamed:
            wrong[node.name] = unnamed
    assert wrong == {}, "add them under Raises"


@pytest.mark.parametrize("path", CLOCKLESS, ids=named)
def test_only_the_doors_look_at_the_clock(path: Path) -> None:
    names = {
        node.func.attr
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert not names & {"now", "today", "localdate", "utcnow", "real_now"}, "take the time as an argument"


@pytest.mark.parametrize("path", [path for path in files("shanshi") if kind(path) == "operations"], ids=named)
def test_an_operation_that_is_told_who_is_told_when(path: Path) -> None:
    """Rows of a batch may carry their own moments; everything else takes `at`."""
    timeless = [
        node.name
        for node in public_functions(path)
        for arguments in [{arg.arg for arg in [*node.args.args, *node.args.kwonlyargs]}]
        if "by" in arguments and not arguments & {"at", "rows", "moments", "real_at"}
    ]
    assert timeless == []
