"""Codes of the door: made and read. Real time only, since phones and browsers use it; keys are arguments.

A venue code names its shift and a step of 15 seconds, and carries an HMAC that only the platform can make.
Six digits stand for the shift for a minute, for a person who is placed on it. A personal code is a signed
token of the volunteer's own phone that lives for a minute and is spent once.

All are upper-case base32 behind two letters that tell the kind: such text is drawn in the alphanumeric mode
of a QR code, so a venue code fits into version 3 and a personal code into version 6.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shanshi.attendance.rules.states import CodeKind
from shanshi.kernel.errors import N_, DomainError, Invalid

VENUE_PREFIX: Final = "V1"
PERSONAL_PREFIX: Final = "P1"
LONGEST_CODE: Final = 400
NONCE_BYTES: Final = 8

_MAC_BYTES: Final = 10
_SIGNATURE_BYTES: Final = 64
_DIGITS: Final = 6
_VENUE: Final = struct.Struct(f">16sI{_MAC_BYTES}s")
_PERSONAL: Final = struct.Struct(f">2s16sIB{NONCE_BYTES}s")
# A phone's clock plays no part, but two machines of the platform may differ by this much.
_SKEW: Final = timedelta(seconds=5)


class CodeUnreadable(Invalid):
    """The text is no code of this platform."""

    code = "attendance.code_unreadable"
    says = N_("This is not a check-in code.")
    way = N_("Scan the code at the door, or type the 6 digits below it.")


class CodeExpired(DomainError):
    """The code was right once, and is too old now."""

    code = "attendance.code_expired"
    says = N_("This code is too old; codes change every few seconds.")
    way = N_("Scan the code that is shown now; a photo of an old one does not work.")


class CodeForged(DomainError):
    """The code was not made by this platform, or was altered."""

    code = "attendance.code_forged"
    says = N_("This code was not made by this platform.")
    way = N_("Scan the code on the leader's page, or on the volunteer's own page.")


class DigitsWrong(DomainError):
    """The six digits belong to no shift on which the person is placed now."""

    code = "attendance.digits_wrong"
    says = N_("These 6 digits belong to no shift that you are signed up for and that is open now.")
    way = N_("Read the digits at the door again; if you are not signed up, sign up first.")


@dataclass(frozen=True, slots=True)
class VenueToken:
    """What a venue code says before it is believed.

    step  which stretch of real time it was made in
    mac   its proof
    """

    shift_id: UUID
    step: int
    mac: bytes


@dataclass(frozen=True, slots=True)
class PersonalToken:
    """What a personal code says. `body` is what was signed.

    not_before  real time at which it was made
    expires     real time from which it is no longer taken
    nonce       hexadecimal; spent once
    """

    key_id: bytes
    holder_id: UUID
    not_before: datetime
    expires: datetime
    nonce: str
    body: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Digits:
    """Six digits typed by hand."""

    text: str


Token = VenueToken | PersonalToken | Digits


def read(code: str) -> Token:
    """Return what a code says, before anything of it is believed.

    code  as scanned or typed; blanks and lower case do not matter

    Raises CodeUnreadable.
    """
    text = "".join(code[:LONGEST_CODE].split()).upper()
    if is_digits(text):
        return Digits(text)
    prefix, raw = text[:2], _bytes(text[2:])
    if prefix == VENUE_PREFIX and len(raw) == _VENUE.size:
        session, step, mac = _VENUE.unpack(raw)
        return VenueToken(UUID(bytes=session), step, mac)
    if prefix == PERSONAL_PREFIX and len(raw) == _PERSONAL.size + _SIGNATURE_BYTES:
        return _personal_token(raw)
    raise CodeUnreadable


def kind(token: Token) -> CodeKind:
    """Return which of the codes a token came from."""
    match token:
        case VenueToken():
            return CodeKind.VENUE
        case PersonalToken():
            return CodeKind.PERSONAL
        case Digits():
            return CodeKind.DIGITS


def is_digits(code: str) -> bool:
    """Return whether a code is six digits typed by hand, which are few enough to guess at."""
    text = "".join(code[:LONGEST_CODE].split())
    return len(text) == _DIGITS and text.isascii() and text.isdigit()


def session_key(doors: bytes, shift_id: UUID) -> bytes:
    """Return the key of one shift's codes, which tells nothing of another's.

    doors  the secret of all doors, 32 bytes
    """
    return hmac.digest(doors, b"venue|" + shift_id.bytes, hashlib.sha256)


def step_at(real_at: datetime, *, seconds: int) -> int:
    """Return the number of the step that a moment of real time falls into.

    seconds  length of a step
    """
    return int(real_at.timestamp()) // seconds


def step_ends_at(step: int, *, seconds: int) -> datetime:
    """Return the real time at which a step ends.

    seconds  length of a step
    """
    return datetime.fromtimestamp((step + 1) * seconds, UTC)


def venue_code(key: bytes, shift_id: UUID, step: int) -> str:
    """Return the venue code of a shift for one step: 50 upper-case letters and digits.

    key  the shift's session key
    """
    return VENUE_PREFIX + _text(_VENUE.pack(shift_id.bytes, step, _mac(key, shift_id, step)))


def check_venue(token: VenueToken, key: bytes, *, step: int, accepted: int) -> None:
    """Check a venue code against real time.

    key       the session key of the shift that the code names
    step      the step of now
    accepted  how many steps are taken, this one and those before it

    Raises CodeForged: the platform did not make it. CodeExpired: too old (or made for later).
    """
    if not hmac.compare_digest(token.mac, _mac(key, token.shift_id, token.step)):
        raise CodeForged
    if not step - accepted < token.step <= step:
        raise CodeExpired


def digits(key: bytes, step: int) -> str:
    """Return the six digits of a shift for one step.

    key   the shift's session key
    step  of the length that the policy gives to digits
    """
    mac = hmac.digest(key, b"digits|%d" % step, hashlib.sha256)
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4]) & 0x7FFF_FFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def shift_of_digits(typed: Digits, keys: Sequence[tuple[UUID, bytes]], *, step: int, accepted: int) -> UUID:
    """Return the shift to which typed digits belong.

    keys      (shift, session key) of the shifts on which the person is placed now, likeliest first
    step      the step of now
    accepted  how many steps are taken, this one and those before it

    Raises DigitsWrong.
    """
    for shift_id, key in keys:
        for back in range(accepted):
            if hmac.compare_digest(typed.text, digits(key, step - back)):
                return shift_id
    raise DigitsWrong


def key_id(key: Ed25519PublicKey) -> bytes:
    """Return the two bytes by which a code names the key that signed it."""
    return hashlib.sha256(key.public_bytes_raw()).digest()[:2]


def personal_code(
    key: Ed25519PrivateKey, holder_id: UUID, *, real_at: datetime, seconds: int, nonce: bytes
) -> str:
    """Return a volunteer's signed code: 154 upper-case letters and digits.

    real_at  when it is made
    seconds  how long it lives, up to 255
    nonce    8 fresh random bytes
    """
    body = _PERSONAL.pack(key_id(key.public_key()), holder_id.bytes, int(real_at.timestamp()), seconds, nonce)
    return PERSONAL_PREFIX + _text(body + key.sign(PERSONAL_PREFIX.encode() + body))


def check_signature(token: PersonalToken, key: Ed25519PublicKey) -> None:
    """Check that the platform signed a personal code, and that nobody altered it.

    Raises CodeForged.
    """
    if token.key_id != key_id(key):
        raise CodeForged
    try:
        key.verify(token.signature, PERSONAL_PREFIX.encode() + token.body)
    except InvalidSignature:
        raise CodeForged from None


def check_lives(token: PersonalToken, *, real_at: datetime) -> None:
    """Check that a personal code was scanned while it lived.

    real_at  when it was scanned

    Raises CodeExpired: too late, or before it was made.
    """
    if not token.not_before - _SKEW <= real_at < token.expires:
        raise CodeExpired


def _personal_token(raw: bytes) -> PersonalToken:
    body, signature = raw[: _PERSONAL.size], raw[_PERSONAL.size :]
    name, holder, made, seconds, nonce = _PERSONAL.unpack(body)
    not_before = datetime.fromtimestamp(made, UTC)
    return PersonalToken(
        key_id=name,
        holder_id=UUID(bytes=holder),
        not_before=not_before,
        expires=not_before + timedelta(seconds=seconds),
        nonce=nonce.hex(),
        body=body,
        signature=signature,
    )


def _mac(key: bytes, shift_id: UUID, step: int) -> bytes:
    return hmac.digest(key, b"V1|" + shift_id.bytes + b"|%d" % step, hashlib.sha256)[:_MAC_BYTES]


def _text(raw: bytes) -> str:
    return base64.b32encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        return base64.b32decode(text + "=" * (-len(text) % 8))
    except (binascii.Error, ValueError):
        raise CodeUnreadable from None
