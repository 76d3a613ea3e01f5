"""Units of the house: minutes of service and coin units.

60 coin units make one coin, so a verified minute is one unit and nothing is ever rounded.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

MINUTE: Final = timedelta(minutes=1)
HOUR_MINUTES: Final = 60
COIN_UNITS: Final = 60
CITY_ZONE: Final = ZoneInfo("Asia/Shanghai")


def whole_minutes(duration: timedelta) -> int:
    """Return the whole minutes in a duration; seconds are dropped.

    duration  not negative
    """
    return duration // MINUTE


def city_day(moment: datetime) -> date:
    """Return the civil date of a moment in the city's zone.

    moment  with a time zone
    """
    return moment.astimezone(CITY_ZONE).date()
