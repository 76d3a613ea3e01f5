"""The code of the house, as house tests look at it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "shanshi"
FLOOR_PLAN = {"rules", "models", "queries", "operations", "access", "forms", "views", "api", "tasks"}


def files(*folders: str) -> list[Path]:
    """Every Python file below the folders, migrations left out."""
    return sorted(
        path for folder in folders for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts
    )


def kind(path: Path) -> str:
    """Which part of the floor plan a file is: "rules", "queries" ...; its room's name for others."""
    parts = path.relative_to(HOUSE).with_suffix("").parts
    return parts[1] if len(parts) > 1 else parts[0]


def room(path: Path) -> str:
    """The room that a file belongs to."""
    return path.relative_to(HOUSE).parts[0]


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text())


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Every function of a file, methods included."""
    return (node for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef))


def public_functions(path: Path) -> Iterator[ast.FunctionDef]:
    """Functions at the top of a file whose names do not begin with an underscore."""
    return (
        node
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    )


def lines(node: ast.FunctionDef) -> int:
    """How many lines a function has, without its docstring."""
    first = node.body[0]
    doc = 0
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
        doc = (first.end_lineno or first.lineno) - first.lineno + 1
    return (node.end_lineno or node.lineno) - node.lineno + 1 - doc
