"""Every door asks `access` and says which permissions open it, or is marked as public."""

from __future__ import annotations

import ast
import inspect
import re

import pytest

from tests.house.code import HOUSE, ROOT, files, room, tree
from tools.doors import Door, doors, permissions

CALLS = re.compile(r"access\.[a-z]\w+")
DJANGOS_OWN = {"/i18n/setlang/"}  # choosing a language changes only the visitor's own cookie
DOORS = [door for door in doors() if door.path not in DJANGOS_OWN]
# Whoever reads a case or gives the first role has no actor yet; `registry` keeps and gives the roles.
NAME_ROLES = {"registry", "cities", "cli"}


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
    source = inspect.getsource(inner)
    if inner.__module__.startswith("shanshi."):
        assert CALLS.search(source[source.index("def ") :]), "the mark alone keeps nobody out"


def test_a_permission_is_stated_once() -> None:
    named = [(one.room, one.permission.thing, one.permission.verb) for one in permissions()]
    assert len(named) == len(set(named))


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
        inside = {id(node) for call in stated for node in ast.walk(call)}
        strays += [
            f"{path.relative_to(ROOT)}:{node.lineno}"
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Attribute)
            and getattr(node.value, "id", "") == "Role"
            and id(node) not in inside
        ]
    assert strays == [], "state a permission in access.py and ask it, instead of testing a role"
