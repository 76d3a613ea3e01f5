"""What people agree to: versioned texts, read from files, and whether what was agreed still holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

from shanshi.registry.rules.minors import ADULT_FROM, CHILD_BELOW
from shanshi.registry.rules.refusals import (
    ConsentFileInvalid,
    NotYoursToConsent,
    TermsChanged,
    TermsWithdrawn,
)
from shanshi.registry.rules.words import Purpose

Word = TypeVar("Word", bound=StrEnum)
_BETWEEN_HAN: Final = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[\u3000-\u9fff\uff00-\uffef])")


class Default(StrEnum):
    """What holds for somebody who was never asked by itself.

    REGISTERED  everybody who registers agrees
    NONE        nobody has agreed
    """

    REGISTERED = "registered"
    NONE = "none"


class AskedOf(StrEnum):
    """Who agrees: the volunteer, or the guardian of a minor."""

    VOLUNTEER = "volunteer"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph under its heading, in both languages."""

    title: str
    title_zh: str
    text: str
    text_zh: str


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of what is agreed to for a purpose.

    version     "purpose@first day"
    valid_from  the first day in the city on which it is shown
    stops       what stops at once when the consent is withdrawn
    """

    purpose: Purpose
    version: str
    valid_from: date
    title: str
    title_zh: str
    default: Default
    asked_of: AskedOf
    parts: tuple[Part, ...]
    stops: str
    stops_zh: str
    source: str
    source_zh: str


def consent_texts(file: str, raw: object) -> tuple[ConsentText, ...]:
    """Return the versions that a file tells of, the oldest first.

    file  its name without the folder, "<purpose>.yaml"
    raw   what YAML made of it

    Raises ConsentFileInvalid.
    """
    page = _whole(file, "its beginning", raw)
    purpose = _one_of(file, page, "purpose", Purpose)
    if file != f"{purpose}.yaml":
        raise ConsentFileInvalid(file=file, where="purpose", expected=file.partition(".")[0])
    versions = [
        _version(file, purpose, page, _whole(file, f"versions[{place}]", one))
        for place, one in enumerate(_list(file, page, "versions"))
    ]
    if len({one.valid_from for one in versions}) < len(versions):
        raise ConsentFileInvalid(file=file, where="versions", expected="a day of its own for each version")
    return tuple(sorted(versions, key=lambda one: one.valid_from))


def text_on(versions: Sequence[ConsentText], day: date) -> ConsentText:
    """Return the version that is shown on a day; before the first one, the first.

    versions  of one purpose, the oldest first, at least one
    day       in the city
    """
    shown = [one for one in versions if one.valid_from <= day]
    return shown[-1] if shown else versions[0]


def check_terms(agreed: str | None, in_force: str) -> None:
    """Return nothing: the volunteer agrees to the terms as they are now.

    agreed    the version that stands agreed to, or None
    in_force  the version that is shown now

    Raises TermsWithdrawn, TermsChanged.
    """
    if agreed is None:
        raise TermsWithdrawn
    if agreed != in_force:
        raise TermsChanged(version=in_force)


def check_may_consent(asked_of: AskedOf, *, age: int, is_guardian: bool) -> None:
    """Return nothing: this person may give or withdraw this consent for the volunteer.

    age          of the volunteer, full years
    is_guardian  whether the guardian acts, not the volunteer

    Raises NotYoursToConsent: also to a guardian, about what a minor of that age decides alone.
    Source: PIPL art. 31 (below 14 the guardian consents).
    """
    if is_guardians_to_give(asked_of, age=age) != is_guardian:
        raise NotYoursToConsent


def is_guardians_to_give(asked_of: AskedOf, *, age: int) -> bool:
    """Return whether the guardian gives and withdraws a consent, and not the volunteer.

    age  of the volunteer, full years

    Source: PIPL art. 31.
    """
    return age < CHILD_BELOW or (asked_of == AskedOf.GUARDIAN and age < ADULT_FROM)


def _version(file: str, purpose: Purpose, page: Mapping[str, Any], raw: Mapping[str, Any]) -> ConsentText:
    valid_from = raw.get("valid_from")
    if not isinstance(valid_from, date):
        raise ConsentFileInvalid(file=file, where="valid_from", expected="a day")
    parts = tuple(
        Part(*(_text(file, _whole(file, "parts", one), name) for name in Part.__slots__))
        for one in _list(file, raw, "parts")
    )
    return ConsentText(
        purpose=purpose,
        version=f"{purpose}@{valid_from.isoformat()}",
        valid_from=valid_from,
        title=_text(file, page, "title"),
        title_zh=_text(file, page, "title_zh"),
        default=_one_of(file, page, "default", Default),
        asked_of=_one_of(file, page, "asked_of", AskedOf),
        parts=parts,
        stops=_text(file, raw, "stops"),
        stops_zh=_text(file, raw, "stops_zh"),
        source=_text(file, raw, "source"),
        source_zh=_text(file, raw, "source_zh"),
    )


def _whole(file: str, where: str, raw: object) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise ConsentFileInvalid(file=file, where=where, expected="names and values")
    return raw


def _list(file: str, page: Mapping[str, Any], name: str) -> list[Any]:
    value = page.get(name)
    if not isinstance(value, list) or not value:
        raise ConsentFileInvalid(file=file, where=name, expected="a list")
    return value


def _text(file: str, page: Mapping[str, Any], name: str) -> str:
    value = page.get(name)
    if not isinstance(value, str) or not value.strip():
        raise ConsentFileInvalid(file=file, where=name, expected="a text")
    # YAML joins lines by a space, which Chinese does not have.
    return _BETWEEN_HAN.sub("", " ".join(value.split()))


def _one_of(file: str, page: Mapping[str, Any], name: str, words: type[Word]) -> Word:
    try:
        return words(str(page.get(name)))
    except ValueError:
        raise ConsentFileInvalid(file=file, where=name, expected=", ".join(words)) from None
