"""Which values are in force on a day. Policies are files; they are read once and checked as they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from django.conf import settings

from shanshi.policies import rules
from shanshi.policies.rules import Example, Fact, FileInvalid, Policy, Version

_MARKS = ("L", "P", "S")


def names() -> tuple[str, ...]:
    """Return the names of all policies, sorted."""
    return tuple(sorted(_book()))


def policy(name: str) -> Policy:
    """Return a policy with its facts and all its versions.

    Raises rules.PolicyUnknown.
    """
    found = _book().get(name)
    if found is None:
        raise rules.PolicyUnknown(policy=name[:80], names=", ".join(names()))
    return found


def versions(name: str) -> tuple[Version, ...]:
    """Return the versions of a policy, the oldest first.

    Raises rules.PolicyUnknown.
    """
    return policy(name).versions


def facts(name: str) -> tuple[Fact, ...]:
    """Return the facts that a policy's decision takes, in the order of its file.

    Raises rules.PolicyUnknown.
    """
    return policy(name).facts


def in_force(name: str, on: date) -> Version:
    """Return the version of a policy that is in force on a day.

    on  in the city's zone

    Raises rules.PolicyUnknown, rules.NotYetInForce.
    """
    return rules.version_on(policy(name), on)


@lru_cache(maxsize=1)
def _book() -> Mapping[str, Policy]:
    folder = Path(settings.POLICY_FILES)
    return MappingProxyType({path.stem: read(path) for path in sorted(folder.glob("*.yaml"))})


def read(path: Path) -> Policy:
    """Return the policy written in a file.

    Raises rules.FileInvalid: says the file, where in it, and what was expected.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        # ValueError: no UTF-8, or a day or number that cannot be.
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "its beginning"
        raise FileInvalid(file=path.name, where=where, expected="YAML") from error
    page = _Page(path.name, "", raw)
    declared = tuple(_fact(one) for one in page.items("facts"))
    dated = sorted((_version(path.stem, one) for one in page.items("versions")), key=lambda v: v.valid_from)
    if not dated:
        raise FileInvalid(file=path.name, where="versions", expected="at least one version")
    if len({one.valid_from for one in dated}) < len(dated):
        raise FileInvalid(file=path.name, where="versions", expected="a day of its own for each version")
    return Policy(
        name=path.stem,
        title=page.text("title"),
        title_zh=page.text("title_zh"),
        decision=page.text("decision"),
        facts=declared,
        versions=tuple(_ended(dated)),
        words=MappingProxyType(_words(page)),
    )


def _words(page: _Page) -> dict[str, tuple[str, str]]:
    words: dict[str, list[str]] = page.typed("words", dict)
    for name, both in words.items():
        if not (isinstance(both, list) and len(both) == 2 and all(isinstance(word, str) for word in both)):
            raise page.wrong(f"words.{name}", "[English, Chinese]")
    return {name: (both[0], both[1]) for name, both in words.items()}


def _fact(page: _Page) -> Fact:
    kind = page.text("type")
    if kind not in rules.TYPES:
        raise page.wrong("type", ", ".join(rules.TYPES))
    if kind == "integer" and not {"min", "max", "unit"} <= set(page.raw):
        raise page.wrong("min, max, unit", "an integer with its range and unit")
    return Fact(
        name=page.text("name"),
        type=kind,
        means=page.text("means"),
        means_zh=page.text("means_zh"),
        required=page.typed("required", bool),
        unit=page.typed("unit", str, ""),
        least=page.typed("min", int, None),
        most=page.typed("max", int, None),
        one_of=page.texts("one_of"),
        matches=page.typed("matches", str, ""),
        default=page.raw.get("default"),
    )


def _version(name: str, page: _Page) -> Version:
    valid_from: date = page.typed("valid_from", date)
    if isinstance(valid_from, datetime):
        raise page.wrong("valid_from", "a day without a time")
    mark = page.text("mark")
    if mark not in _MARKS:
        raise page.wrong("mark", ", ".join(_MARKS))
    values = page.typed("values", dict)
    samples = page.texts("samples")
    if not set(samples) <= set(values):
        raise page.wrong("samples", "names of values")
    return Version(
        name=name,
        version=f"{name}@{valid_from.isoformat()}",
        valid_from=valid_from,
        valid_to=None,
        values=MappingProxyType({key: _frozen(value) for key, value in values.items()}),
        source=page.text("source"),
        source_zh=page.text("source_zh"),
        mark=mark,
        samples=samples,
        examples=tuple(
            Example(
                one.text("name"), one.text("name_zh"), one.typed("facts", dict), one.typed("outcome", dict)
            )
            for one in page.items("examples")
        ),
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _ended(dated: Sequence[Version]) -> list[Version]:
    """Each version ends on the day before the next begins."""
    ends = [later.valid_from - timedelta(days=1) for later in dated[1:]]
    return [replace(one, valid_to=end) for one, end in zip(dated, [*ends, None], strict=True)]


class _Page:
    """A part of a file that knows where it is, so that a mistake is told with its place."""

    def __init__(self, file: str, where: str, raw: Any) -> None:
        self.file, self.where = file, where
        if not isinstance(raw, dict):
            raise FileInvalid(file=file, where=where or "its beginning", expected="names and values")
        self.raw: dict[str, Any] = raw

    def wrong(self, name: str, expected: str) -> FileInvalid:
        """The refusal for one name of this part."""
        return FileInvalid(file=self.file, where=f"{self.where}{name}", expected=expected)

    def typed(self, name: str, kind: type, *default: Any) -> Any:
        """The value of a name, which must be of this type, and be there unless there is a default."""
        if default and name not in self.raw:
            return default[0]
        value = self.raw.get(name)
        if not isinstance(value, kind):
            raise self.wrong(name, kind.__name__)
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts listed under a name; none if it is not there."""
        listed: list[Any] = self.typed(name, list, [])
        if not all(isinstance(one, str) for one in listed):
            raise self.wrong(name, "a list of texts")
        return tuple(listed)

    def text(self, name: str) -> str:
        """The text of a name, which must not be empty."""
        value: str = self.typed(name, str)
        if not value.strip():
            raise self.wrong(name, "a text")
        return " ".join(value.split())

    def items(self, name: str) -> list[_Page]:
        """The parts listed under a name."""
        parts: list[Any] = self.typed(name, list)
        return [_Page(self.file, f"{self.where}{name}[{place}].", one) for place, one in enumerate(parts)]
