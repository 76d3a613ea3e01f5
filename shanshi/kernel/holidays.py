"""The public holidays of China, as the State Council announces them year by year."""

from __future__ import annotations

from datetime import date

import chinese_calendar


def is_public_holiday(on: date) -> bool | None:
    """Return whether a day is free for a public holiday; None for years that are not announced yet.

    An ordinary Saturday or Sunday is none, nor is a day worked to make up for one.

    on  a day in China

    Source: yearly notices of the State Council's General Office, as the library chinesecalendar keeps them.
    """
    try:
        is_free, name = chinese_calendar.get_holiday_detail(on)
    except NotImplementedError:
        return None
    return bool(is_free and name)
