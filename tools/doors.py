"""Every door of the house, and every permission: what the table, its tests and the walk are made from."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from shanshi.foundation.permissions import Permission

HOUSE = Path(__file__).resolve().parent.parent / "shanshi"
# These gather what other rooms state, so a permission is never theirs.
GATHERERS = ("portal", "api", "cli")
ARGUMENT = re.compile(r"<(?:\w+:)?(?P<page>\w+)>|\{(?:\w+:)?(?P<endpoint>\w+)\}")
PAGE_METHODS = frozenset({"GET", "POST"})


@dataclass(frozen=True)
class Door:
    """One page or one endpoint.

    path     as it stands in the address, with its arguments: "/lead/shifts/<uuid:shift_id>"
    name     "portal:roster" of a page; the same as the path of an endpoint
    methods  that it answers
    asks     the permissions of which each opens it; none for a public door
    call     the function behind it
    """

    path: str
    name: str
    methods: frozenset[str]
    asks: tuple[Permission, ...]
    is_public: bool
    is_page: bool
    call: Callable[..., Any]

    @property
    def label(self) -> str:
        """The methods and the address."""
        return f"{' '.join(sorted(self.methods))} {self.path}"

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of what stands in the address, in order."""
        return tuple(name for name, _ in self._parts())

    def address(self, values: Mapping[str, str]) -> str:
        """Return the address with its arguments filled in.

        values  by the names of the arguments
        """
        filled = self.path
        for name, written in self._parts():
            filled = filled.replace(written, values[name])
        return filled

    def _parts(self) -> Iterator[tuple[str, str]]:
        for found in ARGUMENT.finditer(self.path):
            yield found["page"] or found["endpoint"], found[0]


@dataclass(frozen=True)
class Stated:
    """A permission with its room and the name that its access module gives it."""

    room: str
    name: str
    permission: Permission


def doors() -> list[Door]:
    """Every page and every endpoint, by address."""
    return sorted((*_pages(), *_endpoints()), key=lambda door: (not door.is_page, door.path, door.label))


@cache
def permissions() -> tuple[Stated, ...]:
    """Every permission that an access module states, each once, in the order of the rooms and modules."""
    found: dict[int, Stated] = {}
    rooms = sorted(path.parent.name for path in HOUSE.glob("*/access.py"))
    for room in sorted(rooms, key=lambda room: room in GATHERERS):
        module = importlib.import_module(f"shanshi.{room}.access")
        for name, value in vars(module).items():
            for one in _stated(value):
                # Where a rule of the same room needs the value too, the rule states it and access names it.
                found.setdefault(id(one), Stated(room, name, one))
    return tuple(found.values())


def _stated(value: object) -> Iterator[Permission]:
    if isinstance(value, Permission):
        yield value
    elif isinstance(value, Mapping):
        yield from (one for one in value.values() if isinstance(one, Permission))


def _pages() -> Iterator[Door]:
    from django.urls import URLPattern, URLResolver, get_resolver

    def below(patterns: list[Any], prefix: str, namespace: str) -> Iterator[Door]:
        for pattern in patterns:
            here = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inner = pattern.namespace or namespace
                if inner != "api":
                    yield from below(pattern.url_patterns, here, inner)
            elif isinstance(pattern, URLPattern) and pattern.callback is not None:
                name = f"{namespace}:{pattern.name}" if namespace and pattern.name else pattern.name or here
                yield _door(here, name, _methods(pattern.callback), pattern.callback, is_page=True)

    yield from below(get_resolver().url_patterns, "/", "")


def _endpoints() -> Iterator[Door]:
    from shanshi.api.urls import api

    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                address = f"/api/v1{prefix}/{path.lstrip('/')}"
                methods = frozenset(operation.methods)
                yield _door(address, address, methods, operation.view_func, is_page=False)


def _door(path: str, name: str, methods: frozenset[str], call: Callable[..., Any], *, is_page: bool) -> Door:
    return Door(
        path=path,
        name=name,
        methods=methods,
        asks=tuple(getattr(call, "asks", ())),
        is_public=bool(getattr(call, "is_public", False)),
        is_page=is_page,
        call=call,
    )


def _methods(view: Callable[..., Any]) -> frozenset[str]:
    """What `require_http_methods` lets through, found in its closure; GET and POST without it."""
    found: Callable[..., Any] | None = view
    while found is not None:
        inside = inspect.getclosurevars(found).nonlocals if inspect.isfunction(found) else {}
        if "request_method_list" in inside:
            return frozenset(inside["request_method_list"]) - {"HEAD"}
        found = getattr(found, "__wrapped__", None)
    return PAGE_METHODS
