"""The codes of redemptions and tills. Nothing of them is stored: they are made from a key and the ids.

A redemption's code names its holder and itself, so that it is found by key; a till's code changes with
each step.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shanshi.rewards.rules.refusals import CodeUnreadable, CodeWrong, MerchantCodeExpired

REDEMPTION_PREFIX: Final = "R1"
MERCHANT_PREFIX: Final = "M1"
DIGITS: Final = 8
_MAC_BYTES: Final = 10
_STEP_BYTES: Final = 4
_UUID_BYTES: Final = 16


def derived_key(secret: bytes, purpose: str) -> bytes:
    """Return the key for one purpose, derived from a secret outside the database."""
    return hmac.digest(secret, f"rewards|{purpose}".encode(), hashlib.sha256)


@dataclass(frozen=True, slots=True)
class RedemptionCode:
    """What the volunteer's code says: whose redemption, which one, and the proof."""

    holder_id: UUID
    redemption_id: UUID
    proof: bytes


def redemption_code(key: bytes, holder_id: UUID, redemption_id: UUID) -> str:
    """Return the code that the volunteer shows: upper-case letters and digits, for a small QR."""
    proof = _mac(key, f"{holder_id}|{redemption_id}")
    return REDEMPTION_PREFIX + _base32(holder_id.bytes + redemption_id.bytes + proof)


def redemption_digits(key: bytes, holder_id: UUID, redemption_id: UUID) -> str:
    """Return the same as 8 digits, for a till without a camera."""
    number = int.from_bytes(_mac(key, f"digits|{holder_id}|{redemption_id}"), "big")
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def read_redemption_code(text: str) -> RedemptionCode:
    """Return what a scanned code says, without judging its proof.

    Raises CodeUnreadable.
    """
    raw = _unbase32(text, REDEMPTION_PREFIX, 2 * _UUID_BYTES + _MAC_BYTES)
    return RedemptionCode(
        holder_id=UUID(bytes=raw[:_UUID_BYTES]),
        redemption_id=UUID(bytes=raw[_UUID_BYTES : 2 * _UUID_BYTES]),
        proof=raw[2 * _UUID_BYTES :],
    )


def clean_code(text: str) -> str:
    """Return a scanned or typed code without spaces and hyphens, in upper case."""
    return "".join(text.split()).replace("-", "").upper()


def are_digits(text: str) -> bool:
    """Return whether a cleaned code is the form in digits."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def proves(key: bytes, text: str, holder_id: UUID, redemption_id: UUID) -> bool:
    """Return whether a code, long or in digits, is that of the redemption. Takes as long for a wrong one."""
    given = clean_code(text).encode(errors="replace")
    wanted = (
        redemption_digits(key, holder_id, redemption_id),
        redemption_code(key, holder_id, redemption_id),
    )
    # Both are compared always, so that the time tells nothing.
    good = [hmac.compare_digest(given, one.encode()) for one in wanted]
    return any(good)


def merchant_step(real_at: datetime, values: Mapping[str, Any]) -> int:
    """Return the number of the step in which the till's code is the same.

    real_at  real time, with a zone
    """
    return int(real_at.timestamp()) // int(values["code_seconds"])


def merchant_code(key: bytes, merchant_id: UUID, step: int) -> str:
    """Return the code on a merchant's till for one step."""
    packed = step.to_bytes(_STEP_BYTES, "big")
    return MERCHANT_PREFIX + _base32(merchant_id.bytes + packed + _mac(key, f"{merchant_id}|{step}"))


def merchant_of_code(text: str) -> UUID:
    """Return which merchant a scanned code names, without judging its proof.

    Raises CodeUnreadable.
    """
    return UUID(bytes=_merchant_bytes(text)[:_UUID_BYTES])


def check_merchant_code(key: bytes, text: str, step: int) -> UUID:
    """Return the merchant of a code that is good in this step or was in the one before.

    key   the key of the merchant that the code names

    Raises CodeUnreadable; CodeWrong: not made by this platform; MerchantCodeExpired: of another step.
    """
    raw = _merchant_bytes(text)
    merchant_id = UUID(bytes=raw[:_UUID_BYTES])
    made = int.from_bytes(raw[_UUID_BYTES : _UUID_BYTES + _STEP_BYTES], "big")
    if not hmac.compare_digest(raw[_UUID_BYTES + _STEP_BYTES :], _mac(key, f"{merchant_id}|{made}")):
        raise CodeWrong
    if made not in (step, step - 1):
        raise MerchantCodeExpired
    return merchant_id


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), hashlib.sha256)[:_MAC_BYTES]


def _base32(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")


def _unbase32(text: str, prefix: str, length: int) -> bytes:
    clean = clean_code(text)
    body = clean.removeprefix(prefix)
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError) as error:
        raise CodeUnreadable from error
    if not clean.startswith(prefix) or len(raw) != length:
        raise CodeUnreadable
    return raw


def _merchant_bytes(text: str) -> bytes:
    return _unbase32(text, MERCHANT_PREFIX, _UUID_BYTES + _STEP_BYTES + _MAC_BYTES)
