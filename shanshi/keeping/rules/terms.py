"""Until when something may be kept. The days are values of the policy `retention`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shanshi.kernel.decisions import Decision


def cutoff(days: int, *, at: datetime) -> datetime:
    """Return the moment before which data that are kept for some days have grown old.

    days  0 or more
    at    with a zone
    """
    return at - timedelta(days=days)


def waits(oldest_left_at: datetime | None, days: int, *, at: datetime) -> bool:
    """Whether a run left something behind that had grown old by then.

    at  when it ran, with a zone
    """
    return oldest_left_at is not None and oldest_left_at < cutoff(days, at=at)


def decide_retention(facts: Mapping[str, Any], values: Mapping[str, Any]) -> Decision:
    """Decide whether data of a class may still be kept on a day.

    facts   data_class; since: the day on which its time began; asked_on: the day that is asked about
    values  name of class -> days
    """
    last = facts["since"] + timedelta(days=values[facts["data_class"]])
    return Decision({"may_be_kept": facts["asked_on"] <= last, "last_day": last})
