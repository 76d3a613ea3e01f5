"""The format of a case in words: the tables of the reference page, made from the records themselves."""

from __future__ import annotations

from collections.abc import Iterator

from shanshi.cities.rules.case import FILES, NEEDED, SINGLE
from shanshi.cities.rules.fields import Row, specs


def reference() -> str:
    """Return the part of the reference page that lists each file and each field, as Markdown."""
    return "\n".join(line for name, record in FILES.items() for line in _file(name, record)) + "\n"


def _file(name: str, record: type[Row]) -> Iterator[str]:
    holds = (
        "one record"
        if name in SINGLE
        else "a row for each record"
        if name.endswith(".csv")
        else "a list of records"
    )
    yield f"### {name}"
    yield ""
    yield f"{'Required' if name in NEEDED else 'Optional'}; {holds}."
    yield ""
    yield from _record(record)
    for inner in _inside(record):
        yield f"#### {inner.__name__.removesuffix('Row')} (inside {name})"
        yield ""
        yield from _record(inner)


def _record(record: type[Row]) -> Iterator[str]:
    yield from (line.strip() for line in (record.__doc__ or "").strip().splitlines())
    yield ""
    yield "| field | needed | what it is | value |"
    yield "|---|---|---|---|"
    for name, spec in specs(record).items():
        needed = "yes" if spec.required else f"no, else {spec.default}" if spec.default else "no"
        yield f"| `{name}` | {needed} | {_cell(spec.says)} | {_cell(spec.kind)} |"
    yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _inside(record: type[Row]) -> Iterator[type[Row]]:
    for spec in specs(record).values():
        if spec.record is not None:
            yield spec.record
            yield from _inside(spec.record)
