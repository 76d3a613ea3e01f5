"""What is wrong with a case, told by file, line, field and reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from shanshi.kernel.errors import N_, DomainError, Kind

MOST_SHOWN: Final = 200


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One wrong place in a case.

    file    name inside the case's folder; empty for the folder itself
    line    counted from 1; 0 when the whole file is meant
    field   name of the field, "weekly[2].from" for one inside a list; empty for the whole record
    reason  one English sentence
    """

    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file or "."
        return f"{place}: {self.field}: {self.reason}" if self.field else f"{place}: {self.reason}"


class CaseInvalid(DomainError):
    """A case has wrong lines; `problems` holds all of them, in order of file and line."""

    code = "cities.case_invalid"
    says = N_("The case has {count} wrong places; nothing has been loaded.")
    way = N_("Correct each of them and load again.")
    kind = Kind.INVALID

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__(count=len(self.problems))

    def __str__(self) -> str:
        shown = "\n".join(str(problem) for problem in self.problems[:MOST_SHOWN])
        return f"{self.says.format(**self.facts)}\n{shown}"


@dataclass(slots=True)
class Notes:
    """Collects what is wrong while a case is read and checked."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, file: str, line: int, name: str, reason: str) -> None:
        """Note one wrong place.

        line    counted from 1; 0 for the whole file
        name    the field; empty for the whole record
        """
        self.problems.append(Problem(file, line, name, reason))

    def settle(self) -> None:
        """Go on if nothing was noted.

        Raises CaseInvalid: something was.
        """
        if self.problems:
            raise CaseInvalid(self.problems)
