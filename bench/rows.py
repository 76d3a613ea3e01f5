"""The rows of the table."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass
class Row:
    """One measurement.

    reference  what it is held against, in the same unit and the same run; None for seconds
    ratio      value to reference
    goal       of the ratio; for seconds, the most
    note       what must be known to read it
    """

    name: str
    value: float
    unit: str
    reference: float | None
    ratio: float | None
    goal: float
    met: bool
    note: str = ""

    def as_json(self) -> dict[str, object]:
        """The row as it stands in results.json."""
        return {
            name: round(value, 3) if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }


def against(name: str, value: float, unit: str, reference: float, goal: float, note: str = "") -> Row:
    """A row whose ratio to a reference must reach a goal."""
    ratio = value / reference
    return Row(name, value, unit, reference, ratio, goal, ratio >= goal, note)


def at_most(name: str, value: float, unit: str, goal: float, note: str = "") -> Row:
    """A row whose value must not pass a goal."""
    return Row(name, value, unit, None, None, goal, value <= goal, note)


def truth(name: str, right: bool, note: str) -> Row:
    """A row that is right or wrong."""
    return Row(name, float(right), "right", None, None, 1.0, right, note)
