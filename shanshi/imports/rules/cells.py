"""Reading the cells of a row: clean values come back, and whatever is wrong is kept with its address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from fractions import Fraction
from typing import Final, TypeVar

from shanshi.imports.rules.columns import Choice, Line
from shanshi.imports.rules.refusals import (
    CellEmpty,
    DigitsLost,
    ExampleLeft,
    NotAChoice,
    NotADay,
    NotANumber,
    NotATime,
    NotCoins,
    NotDegrees,
    NotWeekdays,
    TextTooLong,
)
from shanshi.kernel.errors import DomainError

Clean = TypeVar("Clean")
COIN_UNITS: Final = 60
# How the first cell of the example row begins, in both languages, after NFKC.
EXAMPLE: Final = ("(example)", "(示例)")
_YES: Final = frozenset({"yes", "y", "1", "true", "是", "有", "对"})
_NO: Final = frozenset({"", "no", "n", "0", "false", "否", "无", "不"})
YES_NO: Final = (Choice("yes", "yes", "是"), Choice("no", "no", "否"))
_SPLIT: Final = re.compile(r"[,、;，；/\n]+")
_LOST: Final = re.compile(r"[0-9](\.[0-9]+)?e\+[0-9]+", re.IGNORECASE)
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that is not right."""

    address: str
    error: DomainError


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is not taken, though nothing is wrong with it."""

    row: int
    error: DomainError


@dataclass(slots=True)
class Reader:
    """Reads one row. What cannot be read comes back as None, and its cell is in `wrong`."""

    line: Line
    wrong: list[Wrong] = field(default_factory=list)

    def blame(self, key: str, error: DomainError) -> None:
        """Keep what is wrong with a cell."""
        self.wrong.append(Wrong(self.line.address(key), error))

    def text(self, key: str, *, needed: bool = False, most: int = _LONGEST) -> str:
        """Return a text without needless spaces at its ends.

        most  characters
        """
        said = self.line.text(key).strip()
        if needed and not said:
            self.blame(key, CellEmpty())
        elif len(said) > most:
            self.blame(key, TextTooLong(most=most))
        return said

    def checked(self, key: str, check: Callable[[str], Clean], *, needed: bool = True) -> Clean | None:
        """Return what a rule of another room makes of the text; its refusal is the cell's."""
        said = self.line.text(key).strip()
        if not said:
            if needed:
                self.blame(key, CellEmpty())
            return None
        if _LOST.fullmatch(said):
            self.blame(key, DigitsLost())
            return None
        try:
            return check(said)
        except DomainError as error:
            self.blame(key, error)
            return None

    def whole(self, key: str, *, least: int, most: int, otherwise: int | None = None) -> int | None:
        """Return a whole number; `otherwise` for an empty cell, which is wrong without one."""
        said = self.line.text(key).replace(",", "").strip()
        if not said and otherwise is not None:
            return otherwise
        if not said:
            self.blame(key, CellEmpty())
            return None
        if not (said.isascii() and said.isdecimal() and len(said) <= 9 and least <= int(said) <= most):
            self.blame(key, NotANumber(least=least, most=most))
            return None
        return int(said)

    def degrees(self, key: str, most: float) -> float | None:
        """Return degrees, from -most to most; None for an empty cell, which is right."""
        said = self.line.text(key).strip()
        if not said:
            return None
        if re.fullmatch(r"-?[0-9]{1,3}(\.[0-9]{1,12})?", said) and abs(float(said)) <= most:
            return float(said)
        self.blame(key, NotDegrees(least=-most, most=most))
        return None

    def day(self, key: str, *, needed: bool = True) -> date | None:
        """Return a date of the calendar."""
        said = self.line.text(key).strip()
        if not said:
            if needed:
                self.blame(key, CellEmpty())
            return None
        found = day_of(said)
        if found is None:
            self.blame(key, NotADay())
        return found

    def time(self, key: str) -> time | None:
        """Return a time of the day, to the minute."""
        said = self.line.text(key).strip()
        if not said:
            self.blame(key, CellEmpty())
            return None
        found = time_of(said)
        if found is None:
            self.blame(key, NotATime())
        return found

    def choice(self, key: str, choices: Sequence[Choice], *, otherwise: str | None = None) -> str | None:
        """Return one of the fixed values; `otherwise` for an empty cell, which is wrong without one."""
        said = self.line.text(key).strip()
        if not said and otherwise is not None:
            return otherwise
        if not said:
            self.blame(key, CellEmpty())
            return None
        found = _known(said, choices)
        if found is None:
            self.blame(key, NotAChoice(choices=_words(choices)))
        return found

    def several(self, key: str, choices: Sequence[Choice]) -> tuple[str, ...]:
        """Return several of the fixed values, each once, in the order written."""
        found: list[str] = []
        for said in words(self.line.text(key)):
            one = _known(said, choices)
            if one is None:
                self.blame(key, NotAChoice(choices=_words(choices)))
                return ()
            if one not in found:
                found.append(one)
        return tuple(found)

    def yes(self, key: str) -> bool:
        """Return whether the cell says yes; an empty one says no."""
        said = _plain(self.line.text(key))
        if said in _YES or said in _NO:
            return said in _YES
        self.blame(key, NotAChoice(choices=_words(YES_NO)))
        return False

    def coin_units(self, key: str) -> int | None:
        """Return a price in sixtieths of a coin: "1", "2.5" and "2 20/60" are understood."""
        said = self.line.text(key).replace(",", "").replace("又", " ").strip()
        if not said:
            self.blame(key, CellEmpty())
            return None
        found = re.fullmatch(r"(?:([0-9]{1,6}(?:\.[0-9]{1,4})?)\s*)?(?:\b([0-9]{1,2})\s*/\s*60)?", said)
        units = (Fraction(found[1] or 0) * COIN_UNITS + Fraction(found[2] or 0)) if found else Fraction(0)
        if units.denominator != 1 or units < 1:
            self.blame(key, NotCoins())
            return None
        return int(units)

    def weekdays(self, key: str) -> tuple[int, ...]:
        """Return days of the week, 1 for Monday; all seven for an empty cell."""
        said = self.line.text(key).strip()
        if not said:
            return (1, 2, 3, 4, 5, 6, 7)
        days: set[int] = set()
        for part in words(said):
            found = re.fullmatch(r"([1-7])(?:\s*[-–—~至]\s*([1-7]))?", part)
            if found is None or (found[2] and int(found[2]) < int(found[1])):
                self.blame(key, NotWeekdays())
                return ()
            days |= set(range(int(found[1]), int(found[2] or found[1]) + 1))
        return tuple(sorted(days))


def example_in(line: Line, key: str) -> Wrong | None:
    """Return what is wrong if the row is the example of the template, known by its first column."""
    said = unicodedata.normalize("NFKC", line.text(key)).casefold()
    return Wrong(line.address(key), ExampleLeft()) if said.startswith(EXAMPLE) else None


def words(text: str) -> list[str]:
    """Return the words of a cell that holds several, with commas of any sort between."""
    return [word.strip() for word in _SPLIT.split(text) if word.strip()]


def folded(text: str) -> str:
    """Return a text by which two that look the same are the same."""
    return _plain(text)


def day_of(text: str) -> date | None:
    """Return a date as people and Excel write it: 2019-03-24, 2019/3/24, 2019年3月24日; else None."""
    found = re.fullmatch(
        r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?(?:[ T]00:00(?::00)?)?", text
    )
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def time_of(text: str) -> time | None:
    """Return a time of the day: 9:00, 09:00:00, 9点30分, or the part of a day that Excel keeps; else None."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(r"0?\.[0-9]+", plain):
        minutes = round(float(plain) * 24 * 60)
        return time(minutes // 60, minutes % 60) if minutes < 24 * 60 else None
    found = re.fullmatch(r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2} )?([0-9]{1,2})[:点]([0-9]{2})(?::00|分)?", plain)
    try:
        return time(int(found[1]), int(found[2])) if found else None
    except ValueError:
        return None


def moment(day: date, clock_time: time, zone: object) -> datetime:
    """Return the moment of a day's time in a zone."""
    return datetime.combine(day, clock_time, tzinfo=zone)  # type: ignore[arg-type]


def _known(said: str, choices: Sequence[Choice]) -> str | None:
    plain = _plain(said)
    return next(
        (one.value for one in choices if plain in {_plain(one.value), _plain(one.en), _plain(one.zh)}), None
    )


def _words(choices: Sequence[Choice]) -> str:
    return ", ".join(f"{one.en} {one.zh}" for one in choices)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split()).casefold()
