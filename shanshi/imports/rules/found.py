"""What looking at a list has found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Generic, TypeVar

from shanshi.imports.rules.cells import LeftOut, Wrong

New = TypeVar("New")


@dataclass(slots=True)
class Found(Generic[New]):
    """What a list would do.

    new       what would be taken, clean, in the order of the rows
    left_out  rows that would not, and why: they stand twice, or are there already
    wrong     cells that are not right; with a single one, nothing is taken
    rows      the numbers of the rows of `new`
    """

    new: list[New] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)

    def take(self, row: int, one: New) -> None:
        """Keep what a row would make."""
        self.rows.append(row)
        self.new.append(one)
