"""How names, phones and numbers are read, and how they are masked."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10

from shanshi.registry.rules.refusals import (
    CreditCodeInvalid,
    DivisionCodeInvalid,
    EmailInvalid,
    IdNumberBirthDate,
    IdNumberCheckDigit,
    IdNumberLength,
    NameInvalid,
    PhoneInvalid,
    RoleInvalid,
)
from shanshi.registry.rules.words import LONGEST_NAME, NUMBER_DIGITS, Sex

# RFC 5321: 64 before the sign, 254 in all. Only what every mail server takes.
LONGEST_EMAIL: Final = 254
LONGEST_LOCAL: Final = 64
_LOCAL: Final = re.compile(r"[A-Za-z0-9_%+'-]+(\.[A-Za-z0-9_%+'-]+)*")
_LABEL: Final = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])")
EARLIEST_BIRTH: Final = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class IdFacts:
    """What an ID number says. `division_code` is where it was first given out, 6 digits."""

    number: str
    birth_on: date
    sex: Sex
    division_code: str


def checked_phone(text: str) -> str:
    """Return the 11 digits of a mobile number of the mainland.

    text  as typed: spaces, dashes, +86 and full-width digits are understood

    Raises PhoneInvalid.
    """
    digits = re.sub(r"[\s\-().]", "", unicodedata.normalize("NFKC", text))
    digits = re.sub(r"^(\+86|0086)", "", digits)
    if not re.fullmatch(r"1[3-9][0-9]{9}", digits):
        raise PhoneInvalid
    return digits


def checked_email(text: str) -> str:
    """Return an e-mail address, its domain in small letters.

    text  as typed: spaces around it and full-width signs are understood

    Raises EmailInvalid.
    """
    address = unicodedata.normalize("NFKC", text).strip()
    local, _, domain = address.rpartition("@")
    if (
        len(address) > LONGEST_EMAIL
        or len(local) > LONGEST_LOCAL
        or not _LOCAL.fullmatch(local)
        or not _DOMAIN.fullmatch(domain)
    ):
        raise EmailInvalid
    return f"{local}@{domain.lower()}"


def masked_email(address: str) -> str:
    """Return as much of an e-mail address as its owner needs to know it again: l***@mail.example."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}"


def checked_name(text: str) -> str:
    """Return a name without needless spaces.

    text  1 to 50 characters: letters of any script, spaces, and the dots and signs that names have

    Raises NameInvalid.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    letters = [sign for sign in name if unicodedata.category(sign)[0] in "LM"]
    if not letters or len(name) > LONGEST_NAME:
        raise NameInvalid
    if any(unicodedata.category(sign)[0] not in "LM" and sign not in " ·.-'’•" for sign in name):
        raise NameInvalid
    return name


def id_facts(text: str, *, on: date) -> IdFacts:
    """Return what an ID number says, once its form, check digit and birth date hold.

    text  18 characters as typed; spaces and a small x are understood
    on    the day in the city, after which nobody is born

    Raises IdNumberLength, IdNumberCheckDigit, IdNumberBirthDate: each an IdNumberInvalid.
    Source: GB 11643 (rules of the city, section 3).
    """
    number = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number):
        raise IdNumberLength
    # stdnum wants the whole number here and leaves its last character out by itself.
    if ric.calc_check_digit(number) != number[-1]:
        raise IdNumberCheckDigit
    try:
        birth_on = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise IdNumberBirthDate from None
    if not EARLIEST_BIRTH <= birth_on <= on:
        raise IdNumberBirthDate
    sex = Sex.MALE if int(number[16]) % 2 else Sex.FEMALE
    return IdFacts(number, birth_on, sex, number[:6])


def checked_credit_code(text: str) -> str:
    """Return a unified social credit code in capital letters.

    Raises CreditCodeInvalid.
    """
    try:
        return str(uscc.validate(text))
    except ValidationError:
        raise CreditCodeInvalid from None


def volunteer_number(prefix: str, digits: int) -> str:
    """Return a volunteer number with its check digit (ISO 7064 Mod 11, 10).

    prefix  of the city, for example "HZ"
    digits  random, below 10 to the power of 10
    """
    body = str(digits).zfill(NUMBER_DIGITS)
    return f"{prefix}{body}{mod_11_10.calc_check_digit(body)}"


def checked_number(text: str) -> str | None:
    """Return a volunteer number as it is stored, or None if its form or check digit is wrong.

    text  as typed; spaces and small letters are understood
    """
    number = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).upper()
    if not re.fullmatch(rf"[A-Z]{{1,4}}[0-9]{{{NUMBER_DIGITS + 1}}}", number):
        return None
    return number if mod_11_10.is_valid(number[-NUMBER_DIGITS - 1 :]) else None


def checked_residence(code: str | None) -> str | None:
    """Return the division code of a residence; None if none was given.

    code  6 digits after GB/T 2260; inside or outside the city

    Raises DivisionCodeInvalid.
    """
    if not code:
        return None
    if not re.fullmatch(r"[1-9][0-9]{5}", code):
        raise DivisionCodeInvalid
    return code


def masked_name(name: str) -> str:
    """Return a name of which only the first character shows: 林*."""
    return name[:1] + "*" * max(1, min(len(name) - 1, 3))


def masked_id_number(number: str) -> str:
    """Return an ID number of which the first three and the last four characters show."""
    return f"{number[:3]}{'*' * 11}{number[-4:]}"


def masked_phone(phone: str) -> str:
    """Return a phone of which the first three and the last four digits show."""
    return f"{phone[:3]}****{phone[-4:]}"


def check_place_name(place: str) -> None:
    """Return nothing: a role can be held at this place.

    place  "city", "division:<6 or 9 digits>", "organization:<uuid>", also team, merchant and shift

    Raises RoleInvalid.
    """
    uuid = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    if not re.fullmatch(
        rf"city|division:([0-9]{{6}}|[0-9]{{9}})|(organization|team|merchant|shift):{uuid}", place
    ):
        raise RoleInvalid(what=f"place {place[:60]!r}")
