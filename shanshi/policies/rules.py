"""What a policy is: declared facts, dated versions, worked examples. Plain Python: no files, no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from shanshi.kernel.errors import N_, Invalid, Missing
from shanshi.kernel.quantities import CITY_ZONE

TYPES = ("integer", "boolean", "text", "date", "datetime", "list", "periods")
LONGEST_TEXT = 200


class PolicyUnknown(Missing):
    """There is no policy of this name."""

    code = "policies.policy_unknown"
    says = N_("There is no policy named {policy}.")
    way = N_("The policies are: {names}.")


class NotYetInForce(Missing):
    """No version of the policy was in force on that day."""

    code = "policies.not_yet_in_force"
    says = N_("The policy {policy} has no version in force on {day}.")
    way = N_("Its first version is valid from {first}.")


class FactInvalid(Invalid):
    """A fact is absent, unknown, of another type or out of its range."""

    code = "policies.fact_invalid"
    says = N_("The fact {fact} cannot be {value}.")
    way = N_("Expected: {expected}.")


class FileInvalid(Invalid):
    """A policy's file is not as it should be; the message says where."""

    code = "policies.file_invalid"
    says = N_("The policy file {file} is not valid at {where}.")
    way = N_("Expected: {expected}.")


@dataclass(frozen=True, slots=True)
class Fact:
    """One declared fact that a decision takes.

    type          integer, boolean, text, date, datetime (with a zone), list (of texts),
                  periods ([[in, out], ...])
    unit          of an integer
    least, most   range of an integer; `most` is also how many items a list or periods may have
    one_of        the only texts allowed, also in a list; matches: the pattern a whole text follows
    default       what an absent fact is taken for; None: it stays absent
    """

    name: str
    type: str
    means: str
    means_zh: str
    required: bool
    unit: str = ""
    least: int | None = None
    most: int | None = None
    one_of: tuple[str, ...] = ()
    matches: str = ""
    default: Any = None

    @property
    def range(self) -> str:
        """The values it may have, in short: "0 to 1440", "service, ceremony", "true or false"."""
        if self.one_of:
            return ", ".join(self.one_of)
        ranges = {
            "integer": f"{self.least} to {self.most}",
            "boolean": "true or false",
            "date": "YYYY-MM-DD",
            "datetime": "RFC 3339 with a zone",
            "list": f"up to {self.most} texts",
            "periods": f"up to {self.most} pairs [start, end], each RFC 3339 with a zone",
        }
        return ranges.get(self.type, self.matches or f"up to {LONGEST_TEXT} characters")


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: what a version decides for these facts."""

    name: str
    name_zh: str
    facts: Mapping[str, Any]
    outcome: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Version:
    """The values of one policy from a day on, with where they come from.

    version   "hours@2015-01-01"; recorded on everything it decides
    valid_to  the last day, or None while no later version is known
    mark      L law read in full, P published practice, S sample of this project
    samples   names of single values that are a sample although the version has a source
    """

    name: str
    version: str
    valid_from: date
    valid_to: date | None
    values: Mapping[str, Any]
    source: str
    source_zh: str
    mark: str
    samples: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy with all its versions, the oldest first.

    decision  "room.policy": the room's rules offer decide_<policy>
    words     what values, results and plain reasons are called: name -> (English, Chinese)
    """

    name: str
    title: str
    title_zh: str
    decision: str
    facts: tuple[Fact, ...]
    versions: tuple[Version, ...] = field(default=())
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def word(self, name: str, *, chinese: bool) -> str:
        """Return what a value, a result or a plain reason is called; the name itself if there is no word."""
        english, in_chinese = self.words.get(name, (name, name))
        return in_chinese if chinese else english


def version_on(policy: Policy, day: date) -> Version:
    """Return the version of a policy that is in force on a day.

    day  in the city's zone

    Raises NotYetInForce.
    """
    standing = [version for version in policy.versions if version.valid_from <= day]
    if not standing:
        raise NotYetInForce(
            policy=policy.name, day=day.isoformat(), first=policy.versions[0].valid_from.isoformat()
        )
    return standing[-1]


def checked_facts(declared: Sequence[Fact], facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the facts as clean values: dates as dates, times with a zone, defaults filled in.

    declared  the facts that the policy takes
    facts     as they came from JSON, YAML or a form

    Raises FactInvalid, with the fact, its value and what was expected: not declared, required but absent, of
    another type, out of its range.
    """
    known = {fact.name for fact in declared}
    for name in facts:
        if name not in known:
            raise FactInvalid(
                fact=str(name)[:80], value=shown(facts[name]), expected=", ".join(sorted(known))
            )
    clean: dict[str, Any] = {}
    for fact in declared:
        value = facts.get(fact.name)
        if value is None:
            if fact.required:
                raise FactInvalid(fact=fact.name, value="null", expected=fact.range)
            if fact.default is not None:
                clean[fact.name] = fact.default
            continue
        clean[fact.name] = _checked(fact, value)
    return clean


def shown(value: object) -> str:
    """Return a value short enough to repeat in a refusal."""
    return repr(value)[:80]


def _checked(fact: Fact, value: Any) -> Any:
    refusal = FactInvalid(fact=fact.name, value=shown(value), expected=fact.range)
    try:
        clean = _READERS[fact.type](value)
    except (ValueError, TypeError, OverflowError) as error:
        raise refusal from error
    size = len(clean) if isinstance(clean, list) else clean
    if fact.type in {"integer", "list", "periods"} and not (
        (fact.least is None or size >= fact.least) and (fact.most is None or size <= fact.most)
    ):
        raise refusal
    if fact.one_of and not set(clean if isinstance(clean, list) else [clean]) <= set(fact.one_of):
        raise refusal
    if isinstance(clean, str) and (
        (fact.matches and not re.fullmatch(fact.matches, clean)) or len(clean) > LONGEST_TEXT
    ):
        raise refusal
    return clean


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    return value


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        raise TypeError
    return value if isinstance(value, date) else date.fromisoformat(value)


def _datetime(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(CITY_ZONE)


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list | tuple):
        raise TypeError
    return [_text(one) for one in value]


def _periods(value: Any) -> list[tuple[datetime, datetime]]:
    if not isinstance(value, list | tuple):
        raise TypeError
    pairs = []
    for one in value:
        start, end = one
        pair = (_datetime(start), _datetime(end))
        if pair[1] < pair[0]:
            raise ValueError
        pairs.append(pair)
    return pairs


_READERS: Mapping[str, Any] = MappingProxyType(
    {
        "integer": _integer,
        "boolean": _boolean,
        "text": _text,
        "date": _date,
        "datetime": _datetime,
        "list": _texts,
        "periods": _periods,
    }
)
