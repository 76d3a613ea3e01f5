"""Moments as a program sends them: with a zone, within what the database holds, and in UTC from then on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime

# What the database can hold in any zone.
_EARLIEST, _LATEST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)


def in_utc(moment: datetime) -> datetime:
    """Return the same moment in UTC: the database knows no zone that is 16 hours or more away.

    moment  with a time zone

    Raises ValueError: no zone, or further away than the database can hold.
    """
    if moment.tzinfo is None or not _EARLIEST < moment < _LATEST:
        raise ValueError("a moment with a zone is expected")
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(in_utc)]
