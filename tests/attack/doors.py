"""Every door of the product, found in the URL resolver and in the OpenAPI document, with its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from shanshi.foundation.permissions import Who

METHODS = ("get", "post", "put", "patch", "delete")
_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Page:
    """One page: its name, its address with {parameters}, and the function behind it."""

    name: str
    path: str
    view: Any

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters, in order."""
        return tuple(_PLACE.findall(self.path))

    @property
    def is_public(self) -> bool:
        """Whether anybody may open it."""
        asked = getattr(self.view, "asks", ())
        return bool(getattr(self.view, "is_public", False)) or any(Who.EVERYBODY in one.who for one in asked)

    def at(self, things: Mapping[str, str]) -> str:
        """Return its address at some things."""
        return self.path.format_map(_Known(things))


@dataclass(frozen=True)
class Operation:
    """One operation of the API, as its document tells it."""

    method: str
    path: str
    said: Mapping[str, Any]

    @property
    def name(self) -> str:
        """How tests call it."""
        return f"{self.method.upper()} {self.path.removeprefix('/api/v1')}"

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters in the path, in order."""
        return tuple(_PLACE.findall(self.path))

    @property
    def queries(self) -> tuple[Mapping[str, Any], ...]:
        """Its query parameters."""
        return tuple(one for one in self.said.get("parameters", ()) if one["in"] == "query")

    @property
    def is_public(self) -> bool:
        """Whether anybody may ask it."""
        return not self.said.get("security")

    @property
    def body(self) -> Mapping[str, Any] | None:
        """The schema of its body."""
        content = self.said.get("requestBody", {}).get("content", {})
        schema: Mapping[str, Any] | None = content.get("application/json", {}).get("schema")
        return schema

    def at(self, things: Mapping[str, str]) -> str:
        """Return its address at some things."""
        return self.path.format_map(_Known(things))


class _Known(dict[str, str]):
    def __missing__(self, name: str) -> str:
        # A parameter that the attacks have no thing for; a test says so.
        return "01890000-0000-7000-8000-000000000000"


@cache
def pages() -> tuple[Page, ...]:
    """Return every page, the API and its document left out, by address."""
    return tuple(sorted(_pages(get_resolver().url_patterns, "", ""), key=lambda page: page.path))


def _pages(patterns: list[Any], before: str, namespace: str) -> Iterator[Page]:
    for pattern in patterns:
        path = before + _PARAMETER.sub(r"{\1}", str(pattern.pattern)).removeprefix("^").removesuffix("$")
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "api":
                yield from _pages(pattern.url_patterns, path, pattern.namespace or namespace)
        elif isinstance(pattern, URLPattern):
            name = f"{namespace}:{pattern.name}" if namespace else str(pattern.name)
            yield Page(name, f"/{path}".replace("\\Z", ""), pattern.callback)


@cache
def document() -> Mapping[str, Any]:
    """Return the OpenAPI document."""
    from shanshi.api.urls import api

    return dict(api.get_openapi_schema(path_prefix="/api/v1/"))


@cache
def operations() -> tuple[Operation, ...]:
    """Return every operation of the API."""
    return tuple(
        Operation(method, path, said)
        for path, methods in document()["paths"].items()
        for method, said in methods.items()
        if method in METHODS
    )


def resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a schema with its reference followed; of several, the first that is no null."""
    if "$ref" in schema:
        return resolved(document()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]])
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return resolved(next(one for one in schema[several] if one.get("type") != "null"))
    return schema


def sample(schema: Mapping[str, Any], things: Mapping[str, str], name: str = "") -> Any:
    """Return a plausible value of a schema: a real thing where the field's name is one, else the smallest."""
    if schema.get("examples"):
        return schema["examples"][0]
    full = resolved(schema)
    kind = full.get("type", "object" if "properties" in full else "string")
    if full.get("enum"):
        return full["enum"][0]
    if "const" in full:
        return full["const"]
    if kind == "object":
        wanted = full.get("properties", {})
        return {key: sample(one, things, key) for key, one in wanted.items()}
    if kind == "array":
        return [sample(full["items"], things, name.removesuffix("s"))] if "items" in full else []
    if kind == "boolean":
        return False
    if kind in {"integer", "number"}:
        return full.get("minimum", 1)
    return _text(full, things, name)


def _text(schema: Mapping[str, Any], things: Mapping[str, str], name: str) -> str:
    known = things.get(f"{name}_id") or things.get(name)
    if schema.get("format") == "uuid":
        return known or "01890000-0000-7000-8000-000000000000"
    if schema.get("format") == "date":
        return "2019-03-22"
    if schema.get("format") == "date-time":
        return "2019-03-24T10:00:00+08:00" if name.startswith("ends") else "2019-03-24T09:00:00+08:00"
    return known or {"phone": "15400000099", "code": "123456", "division_code": "330102"}.get(name, "x")
