"""ID numbers of the people of a case: invented ones that no person can have.

The order number (digits 15 to 17) of a real ID number starts at 001, so 000 is nobody's. The last digit of
the order number tells the sex: 000 is even and reads as female, whoever it is, so it means nothing in a case.
Source: GB 11643-1999, sections 3 to 5.
"""

from __future__ import annotations

from datetime import date
from typing import Final

ORDER: Final = "000"
WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS: Final = "10X98765432"


def invented_id_number(area: str, birth_on: date) -> str:
    """Return the ID number with order number 000 of somebody born on a day.

    area  the six digits that begin it, a division's code
    """
    body = f"{area}{birth_on:%Y%m%d}{ORDER}"
    return body + check_character(body)


def check_character(body: str) -> str:
    """Return the last character of an ID number.

    body  its first 17 digits
    """
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def birth_of(id_number: str) -> date | None:
    """Return the birth date in an ID number, or None when there is no such day.

    id_number  18 characters
    """
    try:
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None


def full_years(birth_on: date, on: date) -> int:
    """Return how old somebody is on a day, in full years; born on 29 February, one is older on 1 March."""
    return on.year - birth_on.year - ((on.month, on.day) < (birth_on.month, birth_on.day))
