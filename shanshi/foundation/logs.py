"""The last line of defence of the log: what looks like a phone or an ID number is masked in every line.

Nothing personal should reach the log in the first place, and a test looks for it; but a library's error may
repeat what it was given, and no test knows every library.
"""

from __future__ import annotations

import logging
import re

# Whole numbers only: in the middle of longer digits or letters they are something else.
_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])(\d{6})\d{11}([\dXx])(?![0-9A-Za-z])")
_PHONE = re.compile(r"(?<![0-9A-Za-z])((?:\+?86[ -]?)?1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?![0-9A-Za-z])")
# The address of somebody's own calendar is the key to it.
_CALENDAR = re.compile(r"(/calendar/)[\w-]{20,}")


def masked(text: str) -> str:
    """Return a text in which phones keep seven digits and ID numbers the division and the last sign.

    Addresses of calendars lose their keys.
    """
    return _PHONE.sub(r"\1****\2", _ID_NUMBER.sub(r"\1***********\2", _CALENDAR.sub(r"\1***", text)))


class MaskingFormatter(logging.Formatter):
    """Formats as usual, traceback included, and masks the whole."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line as it is written."""
        return masked(super().format(record))
