"""The kinds of values: texts, numbers, dates, words, references, and records inside records."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from dataclasses import MISSING
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, Final, NoReturn, cast
from zoneinfo import ZoneInfo

from shanshi.cities.rules.fields.record import R, Reading, Ref, Row, Spec, Wrong, joined, read_record
from shanshi.cities.rules.reading import Node

SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
FIRST_YEAR, LAST_YEAR = 1900, 2100
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ON: Final = frozenset({"yes", "true"})
OFF: Final = frozenset({"no", "false"})


def _refuse(reason: str) -> NoReturn:
    raise Wrong(reason)


def _words(to: str) -> str:
    return to.replace("_", " ")


def _one(to: str) -> str:
    return f"{'an' if to[0] in 'aeiou' else 'a'} {_words(to)}"


def _scalar(node: Node) -> str:
    if not isinstance(node.value, str):
        _refuse("One value is expected here, not a list or names with values.")
    return node.value


def _items(node: Node) -> list[Node]:
    if isinstance(node.value, str):
        return [Node(node.line, part.strip()) for part in node.value.split("|") if part.strip()]
    if not isinstance(node.value, list):
        _refuse("A list is expected here.")
    return node.value


def _field(
    spec_kind: str,
    says: str,
    read: Callable[[Node, Reading, str], Any],
    *,
    required: bool,
    default: Any = None,
    refers: str = "",
    record: type[Row] | None = None,
    name: str = "",
) -> Any:
    shown = "" if default in (None, (), "", {}) else {True: "yes", False: "no"}.get(default, str(default))
    spec = Spec(spec_kind, says, read, required, refers, record, shown)
    metadata = {"spec": spec, **({"name": name} if name else {})}
    if required:
        return dataclasses.field(metadata=metadata, default=MISSING)
    if isinstance(default, dict):
        return dataclasses.field(metadata=metadata, default_factory=dict)
    return dataclasses.field(metadata=metadata, default=default)


def text(
    says: str, *, most: int = 200, required: bool = True, default: str = "", pattern: str = "", name: str = ""
) -> Any:
    """A text on one or more lines.

    most     longest, in characters
    pattern  regular expression that the whole text must match
    """

    def read(node: Node, reading: Reading, path: str) -> str:
        value = _scalar(node)
        if len(value) > most:
            _refuse(f"The text has {len(value):,} characters; at most {most:,} are kept.")
        if UNWRITABLE.search(value):
            _refuse("The text holds a character that cannot be shown.")
        if pattern and not re.fullmatch(pattern, value):
            _refuse(f'"{value}" does not have the form {pattern}.')
        return value

    kind = f"text of the form `{pattern}`" if pattern else f"text, at most {most:,} characters"
    return _field(kind, says, read, required=required, default=default, name=name)


def slug(says: str) -> Any:
    """The record's own id."""
    return text(says, most=64, pattern=SLUG.pattern)


def _ref(node: Node) -> Ref:
    return Ref.at(_scalar(node), node.line)


def ref(says: str, to: str, *, required: bool = True) -> Any:
    """The id of another record."""
    return _field(
        f"id of {_one(to)}", says, lambda node, reading, path: _ref(node), required=required, refers=to
    )


def refs(says: str, to: str, *, required: bool = False, least: int = 0) -> Any:
    """Ids of other records, in order, none twice."""

    def read(node: Node, reading: Reading, path: str) -> tuple[Ref, ...]:
        found = tuple(_ref(item) for item in _items(node))
        if len(set(found)) < len(found):
            _refuse("One of them is named twice.")
        if len(found) < least:
            _refuse(f"At least {least} is needed.")
        return found

    return _field(f"list of ids of {_words(to)}s", says, read, required=required, default=(), refers=to)


def texts(says: str, *, most: int = 40, required: bool = False) -> Any:
    """Several short texts, none twice."""

    def read(node: Node, reading: Reading, path: str) -> tuple[str, ...]:
        found = tuple(_scalar(item) for item in _items(node))
        if len(set(found)) < len(found):
            _refuse("One of them is named twice.")
        for value in found:
            if not value or len(value) > most or UNWRITABLE.search(value):
                _refuse(f"Each text has 1 to {most} characters.")
        return found

    return _field(f"list of texts of 1 to {most} characters", says, read, required=required, default=())


def one_of(
    says: str, words: type[StrEnum] | tuple[str, ...], *, required: bool = True, default: str = ""
) -> Any:
    """One of a few words."""
    allowed = tuple(str(word) for word in words)

    def read(node: Node, reading: Reading, path: str) -> str:
        return _word(_scalar(node), allowed)

    return _field(
        "one of " + ", ".join(f"`{w}`" for w in allowed), says, read, required=required, default=default
    )


def some_of(says: str, words: type[StrEnum] | tuple[str, ...], *, required: bool = False) -> Any:
    """Several of a few words, none twice."""
    allowed = tuple(str(word) for word in words)

    def read(node: Node, reading: Reading, path: str) -> tuple[str, ...]:
        found = tuple(_word(_scalar(item), allowed) for item in _items(node))
        if len(set(found)) < len(found):
            _refuse("One of them is named twice.")
        return found

    kind = "list of " + ", ".join(f"`{w}`" for w in allowed)
    return _field(kind, says, read, required=required, default=())


def _word(value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        _refuse(f'"{value}" is not one of {", ".join(allowed)}.')
    return value


def whole(
    says: str, low: int, high: int, *, required: bool = True, default: int | None = None, unit: str = ""
) -> Any:
    """A whole number from low to high."""

    def read(node: Node, reading: Reading, path: str) -> int:
        return _whole(_scalar(node), low, high)

    kind = f"whole number, {low:,} to {high:,}" + (f", {unit}" if unit else "")
    return _field(kind, says, read, required=required, default=default)


def _whole(value: str, low: int, high: int) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", value):
        _refuse(f'"{value}" is not a whole number.')
    if not low <= int(value) <= high:
        _refuse(f"{value} is not between {low:,} and {high:,}.")
    return int(value)


def span(says: str, low: int, high: int, *, required: bool = True, unit: str = "") -> Any:
    """Two whole numbers, the smaller first."""

    def read(node: Node, reading: Reading, path: str) -> tuple[int, int]:
        items = _items(node)
        if len(items) != 2:
            _refuse("Two whole numbers are expected: [low, high].")
        first, last = (_whole(_scalar(item), low, high) for item in items)
        if first > last:
            _refuse(f"{first} is more than {last}; write the smaller number first.")
        return first, last

    kind = f"[low, high], whole numbers from {low:,} to {high:,}" + (f", {unit}" if unit else "")
    return _field(kind, says, read, required=required)


def number(
    says: str,
    low: str,
    high: str,
    *,
    required: bool = True,
    default: str | None = None,
    unit: str = "",
    places: int = 6,
) -> Any:
    """A decimal number from low to high."""
    least, most = Decimal(low), Decimal(high)

    def read(node: Node, reading: Reading, path: str) -> Decimal:
        return _number(_scalar(node), least, most, places)

    kind = f"number, {low} to {high}, at most {places} decimals" + (f", {unit}" if unit else "")
    return _field(kind, says, read, required=required, default=None if default is None else Decimal(default))


def _number(value: str, least: Decimal, most: Decimal, places: int) -> Decimal:
    try:
        found = Decimal(value)
    except InvalidOperation:
        raise Wrong(f'"{value}" is not a number.') from None
    if not found.is_finite() or not least <= found <= most:
        _refuse(f"{value} is not between {least} and {most}.")
    if -cast(int, found.as_tuple().exponent) > places:
        _refuse(f"{value} has more than {places} decimals.")
    return found


def flag(says: str, *, default: bool = False) -> Any:
    """yes or no."""

    def read(node: Node, reading: Reading, path: str) -> bool:
        value = _scalar(node).lower()
        if value not in ON | OFF:
            _refuse(f'"{value}" is neither yes nor no.')
        return value in ON

    return _field("`yes` or `no`", says, read, required=False, default=default)


def day(says: str, *, required: bool = True) -> Any:
    """A local date."""
    return _field(
        "date, YYYY-MM-DD", says, lambda node, reading, path: _date(_scalar(node)), required=required
    )


def days(says: str) -> Any:
    """Local dates, none twice."""

    def read(node: Node, reading: Reading, path: str) -> tuple[date, ...]:
        found: list[date] = []
        for item in _items(node):
            try:
                found.append(_date(_scalar(item)))
            except Wrong as wrong:
                reading.notes.add(reading.file, item.line, path, str(wrong))
        return tuple(found)

    return _field("list of dates", says, read, required=False, default=())


def _date(value: str) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        _refuse(f'"{value}" is not a date; write YYYY-MM-DD.')
    try:
        found = date.fromisoformat(value)
    except ValueError:
        raise Wrong(f'"{value}" is not in the calendar.') from None
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        _refuse(f"The year {found.year} is not between {FIRST_YEAR} and {LAST_YEAR}.")
    return found


def moment(says: str, *, required: bool = True) -> Any:
    """A date and a time of day, local unless a zone is given; Wrong when there is no such time."""

    def read(node: Node, reading: Reading, path: str) -> datetime:
        value = _scalar(node).replace(" ", "T", 1)
        if not re.fullmatch(
            r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?", value
        ):
            _refuse(f'"{value}" is not a date with a time; write YYYY-MM-DDTHH:MM.')
        _date(value[:10])
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            raise Wrong(f'"{value}" is not a time of that day.') from None
        return found.replace(tzinfo=reading.zone) if found.tzinfo is None else found.astimezone(reading.zone)

    return _field("date and time, YYYY-MM-DDTHH:MM", says, read, required=required)


def clock_time(says: str, *, name: str = "") -> Any:
    """A time of day."""

    def read(node: Node, reading: Reading, path: str) -> time:
        value = _scalar(node)
        if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", value):
            _refuse(f'"{value}" is not a time of day; write "HH:MM", in quotes.')
        return time.fromisoformat(value)

    return _field('time of day, "HH:MM"', says, read, required=True, name=name)


def zone(says: str) -> Any:
    """A time zone by its name; Wrong when nobody has given it that name."""

    def read(node: Node, reading: Reading, path: str) -> ZoneInfo:
        try:
            return ZoneInfo(_scalar(node))
        except (KeyError, OSError, ValueError):
            raise Wrong(f'"{node.value}" is not the name of a time zone, like Asia/Shanghai.') from None

    return _field("name of a time zone", says, read, required=True)


def records(says: str, record: type[R], *, required: bool = False) -> Any:
    """A list of records of another kind."""

    def read(node: Node, reading: Reading, path: str) -> tuple[R, ...]:
        if not isinstance(node.value, list):
            _refuse("A list is expected here.")
        found = [
            read_record(record, item, reading, f"{path}[{n}]") for n, item in enumerate(node.value, start=1)
        ]
        return tuple(row for row in found if row is not None)

    return _field("list of records, below", says, read, required=required, default=(), record=record)


def record_of(says: str, record: type[R]) -> Any:
    """One record of another kind."""

    def read(node: Node, reading: Reading, path: str) -> R | None:
        return read_record(record, node, reading, path)

    return _field("a record, below", says, read, required=False, record=record)


def named(says: str, record: type[R]) -> Any:
    """Records of another kind, each under a name."""

    def read(node: Node, reading: Reading, path: str) -> dict[str, R]:
        if not isinstance(node.value, dict):
            _refuse("Names with values are expected here.")
        found = {
            name: read_record(record, item, reading, joined(path, name)) for name, item in node.value.items()
        }
        return {name: row for name, row in found.items() if row is not None}

    return _field("records under names, below", says, read, required=False, default={}, record=record)


def weights(says: str, keys: str, *, required: bool = True) -> Any:
    """Whole numbers under names: how often each is drawn, relative to the others."""

    def read(node: Node, reading: Reading, path: str) -> dict[str, int]:
        if not isinstance(node.value, dict) or not node.value:
            _refuse("Names with whole numbers are expected here.")
        return {name: _whole(_scalar(item), 0, 1_000_000) for name, item in node.value.items()}

    return _field(f"whole numbers under {keys}", says, read, required=required, default={})
