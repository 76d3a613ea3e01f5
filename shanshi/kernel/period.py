"""A stretch of time: from a moment, up to and without another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shanshi.kernel.errors import N_, Invalid
from shanshi.kernel.quantities import whole_minutes


class PeriodReversed(Invalid):
    """A period ends before it starts."""

    code = "kernel.period_reversed"
    says = N_("The end ({ends_at}) is not after the start ({starts_at}).")
    way = N_("Give an end that comes after the start.")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A half-open stretch of time; both ends carry a time zone."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is None or self.ends_at.tzinfo is None:
            raise ValueError("a period needs times with a zone")
        if self.ends_at <= self.starts_at:
            raise PeriodReversed(starts_at=self.starts_at, ends_at=self.ends_at)

    @property
    def length(self) -> timedelta:
        """The time between the two ends."""
        return self.ends_at - self.starts_at

    @property
    def minutes(self) -> int:
        """Whole minutes between the two ends."""
        return whole_minutes(self.length)

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a moment; touching ends do not."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def holds(self, moment: datetime) -> bool:
        """Whether the moment lies inside; the end does not.

        moment  with a time zone
        """
        return self.starts_at <= moment < self.ends_at
