"""The kinds of values that a case is written with. Each reads itself, and says what it is.

A record of a file is a frozen dataclass derived from `Row`; each of its fields is made by one of the
functions here, which keep in the field's metadata how it is read. The reference page is made from the same
metadata.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from shanshi.cities.rules.problems import Notes
from shanshi.cities.rules.reading import Node


class Wrong(ValueError):
    """A value is not what its field asks for. The text is one English sentence."""


class Ref(str):
    """The id of another record, with the line on which it is named."""

    __slots__ = ("line",)
    line: int

    @classmethod
    def at(cls, text: str, line: int) -> Ref:
        """Return the text as a reference that stands on the line."""
        ref = cls(text)
        ref.line = line
        return ref


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known while values are read.

    zone  the case's time zone: what a local time without a zone means
    """

    file: str
    notes: Notes
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class Spec:
    """How one field is read and described.

    kind      what it is, in words of the documentation
    refers    where the id must be found ("venue", "organization" ...), or empty
    record    the class of the records inside, or None
    """

    kind: str
    says: str
    read: Callable[[Node, Reading, str], Any]
    required: bool
    refers: str = ""
    record: type[Row] | None = None
    default: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A record of a case, with the place where it was written.

    lines  the line of each field that was given
    """

    file: str = ""
    line: int = 0
    lines: Mapping[str, int] = dataclasses.field(default_factory=dict, repr=False, compare=False)

    def line_of(self, name: str) -> int:
        """Return the line of a field, or of the record when the field was not given."""
        return self.lines.get(name, self.line)


R = TypeVar("R", bound=Row)


def specs(record: type[Row]) -> dict[str, Spec]:
    """Return the fields of a record, in order, as they are written in the file."""
    key: Any = record
    return _specs(key)


@cache
def _specs(record: Any) -> dict[str, Spec]:
    return {
        f.metadata.get("name", f.name): cast(Spec, f.metadata["spec"])
        for f in dataclasses.fields(record)
        if "spec" in f.metadata
    }


def attribute(record: type[Row], name: str) -> str:
    """Return the attribute under which a field of the file is kept ("from" is a word of Python)."""
    for f in dataclasses.fields(record):
        if f.metadata.get("name", f.name) == name:
            return f.name
    raise KeyError(name)


def read_record(record: type[R], node: Node, reading: Reading, path: str = "") -> R | None:
    """Return one record, or None after noting everything that is wrong in it.

    path  where the record stands inside another ("weekly[2]"), empty at the top
    """
    known = specs(record)
    if not isinstance(node.value, dict):
        reading.notes.add(
            reading.file, node.line, path, f"Names with values are expected: {', '.join(known)}."
        )
        return None
    before = len(reading.notes.problems)
    for name, value in node.value.items():
        if name not in known:
            reason = f"There is no such field; there are {', '.join(known)}."
            reading.notes.add(reading.file, value.line, joined(path, name), reason)
    values: dict[str, Any] = {}
    for name, spec in known.items():
        given = node.value.get(name)
        if given is None or given.is_empty:
            if spec.required:
                reading.notes.add(
                    reading.file,
                    given.line if given else node.line,
                    joined(path, name),
                    "The field is missing.",
                )
            continue
        try:
            values[attribute(record, name)] = spec.read(given, reading, joined(path, name))
        except Wrong as wrong:
            reading.notes.add(reading.file, given.line, joined(path, name), str(wrong))
    if len(reading.notes.problems) > before:
        return None
    lines = {name: value.line for name, value in node.value.items()}
    return record(file=reading.file, line=node.line, lines=lines, **values)


def references(row: Row, path: str = "") -> Iterator[tuple[str, str, Ref]]:
    """Yield (field, what it refers to, id) for each reference in a record and the records inside it."""
    for name, spec in specs(type(row)).items():
        value = getattr(row, attribute(type(row), name))
        if spec.refers:
            refs = [value] if isinstance(value, Ref) else value or ()
            for ref in refs:
                yield joined(path, name), spec.refers, ref
        elif spec.record is not None and value:
            inner = (
                [value] if isinstance(value, Row) else value.values() if isinstance(value, Mapping) else value
            )
            for number, record in enumerate(inner, start=1):
                yield from references(record, f"{joined(path, name)}[{number}]")


def joined(path: str, name: str) -> str:
    """Return the path of a field inside a record that stands at a path."""
    return f"{path}.{name}" if path else name
