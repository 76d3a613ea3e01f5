"""What a column of a list is called, holds and means; in both languages, since a list is read in both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the fixed values of a column."""

    value: str
    en: str
    zh: str

    def word(self, language: str) -> str:
        """Return what stands in a cell.

        language  "zh-hans", or any other for English
        """
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    en, zh   its heading; either is understood
    says     what belongs into it: an English sentence for the translators
    sample   what the example row holds, English and Chinese
    choices  the fixed values, if there are any
    filled   whether every row must have something
    several  whether a cell may hold several of the choices or words, with commas between
    told     whether it is only written when the list goes out, and never read
    also     other headings that are understood
    secret   whether it tells who somebody is: shown masked before a list is taken
    """

    key: str
    en: str
    zh: str
    says: str
    sample: tuple[str, str] = ("", "")
    choices: tuple[Choice, ...] = ()
    filled: bool = False
    several: bool = False
    told: bool = False
    also: tuple[str, ...] = ()
    secret: bool = False

    def heading(self, language: str) -> str:
        """Return its heading.

        language  as in `Choice.word`
        """
        return self.zh if language.startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it was typed.

    number   of the row, as Excel counts
    texts    by the keys of the columns
    letters  of the columns by their keys: "B"; those that the file has not are left out
    """

    number: int
    texts: Mapping[str, str]
    letters: Mapping[str, str] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Return a cell as it was typed; empty for what is not there."""
        return self.texts.get(key, "")

    def address(self, key: str) -> str:
        """Return a cell's address; the row's number alone for a column that the file has not."""
        return f"{self.letters.get(key, '')}{self.number}"


def word(choices: Sequence[Choice], value: str, language: str) -> str:
    """Return what stands in a cell for a value; the value itself if it is none of the choices."""
    return next((one.word(language) for one in choices if one.value == value), value)


def lines_of(kept: Mapping[str, Any]) -> list[Line]:
    """Return the rows that `kept_of` has written."""
    keys, letters = kept["keys"], kept["letters"]
    return [Line(number, dict(zip(keys, texts, strict=True)), letters) for number, texts in kept["rows"]]


def kept_of(lines: Sequence[Line], columns: Sequence[Column]) -> dict[str, Any]:
    """Return rows as plain values that JSON can hold."""
    keys = [column.key for column in columns if not column.told]
    return {
        "keys": keys,
        "letters": dict(lines[0].letters) if lines else {},
        "rows": [[line.number, [line.text(key) for key in keys]] for line in lines],
    }
