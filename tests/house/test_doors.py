"""Every door asks `access`, or is marked as public."""

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from shanshi.api.urls import api

ASKS = re.compile(r"access\.\w+")


def pages() -> Iterator[tuple[str, Callable[..., Any]]]:
    def below(patterns: list[Any], prefix: str) -> Iterator[tuple[str, Callable[..., Any]]]:
        for pattern in patterns:
            here = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                if pattern.namespace != "api":
                    yield from below(pattern.url_patterns, here)
            elif isinstance(pattern, URLPattern) and pattern.callback is not None:
                yield here, pattern.callback

    yield from below(get_resolver().url_patterns, "/")


def endpoints() -> Iterator[tuple[str, Callable[..., Any]]]:
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield f"{'/'.join(operation.methods)} /api/v1{prefix}{path}", operation.view_func


DOORS = sorted({**dict(pages()), **dict(endpoints())}.items())


def asks(door: Callable[..., Any]) -> bool:
    inner = inspect.unwrap(door)
    if getattr(door, "is_public", False) or getattr(inner, "is_public", False):
        return True
    return inner.__module__.startswith("shanshi.") and bool(ASKS.search(inspect.getsource(inner)))


DJANGOS_OWN = {"/i18n/setlang/"}  # choosing a language changes only the visitor's own cookie


@pytest.mark.parametrize(("path", "door"), DOORS, ids=[path for path, _ in DOORS])
def test_a_door_asks_access_or_is_public(path: str, door: Callable[..., Any]) -> None:
    assert path in DJANGOS_OWN or asks(door), "call the room's access, or mark the door with @public"
