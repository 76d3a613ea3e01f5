"""Every door asks `access` and says which permissions open it, or is marked as public."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.house.code import HOUSE, ROOT, files, room, tree
from tools.doors import Door, doors, permissions

CALLS = re.compile(r"access\.[a-z]\w+")
DJANGOS_OWN = {"/i18n/setlang/"}  # choosing a language changes only the visitor's own cookie
DOORS = [door for door in doors() if door.path not in DJANGOS_OWN]
# Whoever reads a case or gives the first role has no actor yet; `registry` keeps and gives the roles.
NAME_ROLES = {"registry", "cities", "cli"}


def calls_access(function: Callable[..., Any], depth: int = 2) -> bool:
    """Whether a function, or one of its own module that it calls, calls access."""
    source = inspect.getsource(function)
    if CALLS.search(source[source.index("def ") :]):
        return True
    beside = (function.__globals__.get(name) for name in function.__code__.co_names)
    ours = [one for one in beside if inspect.isfunction(one) and one.__module__ == function.__module__]
    return depth > 0 and any(calls_access(one, depth - 1) for one in ours)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.label)
def test_a_door_is_public_or_asks(door: Door) -> None:
    says = "mark it with @public, or with @asks(access.PERMISSION) (foundation.permissions)"
    assert door.is_public or door.asks, f"{door.call.__module__}.{door.call.__qualname__}: {says}"


@pytest.mark.parametrize("door", [door for door in DOORS if door.asks], ids=lambda door: door.label)
def test_what_a_door_asks_is_stated_by_an_access_module(door: Door) -> None:
    stated = {id(one.permission) for one in permissions()}
    assert [one for one in door.asks if id(one) not in stated] == [], "state it in a room's access.py"


@pytest.mark.parametrize("door", [door for door in DOORS if door.asks], ids=lambda door: door.label)
def test_a_door_calls_the_access_that_it_names(door: Door) -> None:
    inner = inspect.unwrap(door.call)
    if inner.__module__.startswith("shanshi."):
        assert calls_access(inner), "the mark alone keeps nobody out"


def test_a_permission_is_stated_once() -> None:
    named = [(one.room, one.permission.thing, one.permission.verb) for one in permissions()]
    assert len(named) == len(set(named))


def words_of_roles(module: ast.Module) -> set[int]:
    """The roles that a module only calls by their words: the keys of a table of translations."""
    tables = [node for node in ast.walk(module) if isinstance(node, ast.Dict)]
    return {
        id(key)
        for table in tables
        for key, value in zip(table.keys, table.values, strict=True)
        if isinstance(value, ast.Call) and getattr(value.func, "id", "") in {"_", "N_"}
    }


def test_roles_are_named_only_where_permissions_are_stated() -> None:
    strays = []
    for path in files("shanshi"):
        if path.stem == "access" or room(path) in NAME_ROLES or path == HOUSE / "foundation" / "actor.py":
            continue
        stated = [
            node
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Permission"
        ]
        inside = {id(node) for call in stated for node in ast.walk(call)} | words_of_roles(tree(path))
        strays += [
            f"{path.relative_to(ROOT)}:{node.lineno}"
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Attribute)
            and getattr(node.value, "id", "") == "Role"
            and id(node) not in inside
        ]
    assert strays == [], "state a permission in access.py and ask it, instead of testing a role"
