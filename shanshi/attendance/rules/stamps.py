"""Codes of booths, and when a booth may stamp. Plain Python: no tables, no clock; keys are arguments.

A booth's code is made like a shift's venue code, with a key of its own: it names the booth and a step of real
time, and carries an HMAC that only the platform can make. So a code that was printed or photographed is worth
nothing half a minute later. Six digits stand for the booth for those who cannot scan.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shanshi.attendance.rules.codes import (
    LONGEST_CODE,
    CodeExpired,
    CodeForged,
    CodeUnreadable,
    Digits,
    digits,
)
from shanshi.attendance.rules.door import local
from shanshi.attendance.rules.refusals import VisitOpenElsewhere
from shanshi.kernel.errors import N_, DomainError

BOOTH_PREFIX: Final = "B1"
CODE_KIND: Final = "booth"
_MAC_BYTES: Final = 10
_BOOTH: Final = struct.Struct(f">16sI{_MAC_BYTES}s")


class NotCheckedIn(DomainError):
    """A booth stamps a visit, and there is none that is open."""

    code = "attendance.not_checked_in"
    says = N_("You are not checked in, so there is no visit to stamp.")
    way = N_("Scan the code at the entrance of the event first, then the code of the booth.")


@dataclass(frozen=True, slots=True)
class BoothToken:
    """What a booth's code says before it is believed.

    step  which stretch of real time it was made in
    mac   its proof
    """

    booth_id: UUID
    step: int
    mac: bytes


@dataclass(frozen=True, slots=True)
class OpenVisit:
    """The visit that somebody is at. Times carry a zone.

    until  when it ends at the latest, if nobody checks out
    """

    id: UUID
    activity_id: UUID
    came_at: datetime
    until: datetime


def is_booth_code(code: str) -> bool:
    """Whether a text begins like a booth's code."""
    return "".join(code[:LONGEST_CODE].split()).upper().startswith(BOOTH_PREFIX)


def read_booth(code: str) -> BoothToken:
    """Return what a booth's code says, before anything of it is believed.

    code  as scanned or typed; blanks and lower case do not matter

    Raises CodeUnreadable.
    """
    text = "".join(code[:LONGEST_CODE].split()).upper()
    body = text.removeprefix(BOOTH_PREFIX)
    try:
        raw = base64.b32decode(body + "=" * (-len(body) % 8))
    except (binascii.Error, ValueError):
        raise CodeUnreadable from None
    if not text.startswith(BOOTH_PREFIX) or len(raw) != _BOOTH.size:
        raise CodeUnreadable
    booth, step, mac = _BOOTH.unpack(raw)
    return BoothToken(UUID(bytes=booth), step, mac)


def booth_key(doors: bytes, booth_id: UUID) -> bytes:
    """Return the key of one booth's codes, which tells nothing of another's nor of a shift's.

    doors  the secret of all doors, 32 bytes
    """
    return hmac.digest(doors, b"booth|" + booth_id.bytes, hashlib.sha256)


def booth_code(key: bytes, booth_id: UUID, step: int) -> str:
    """Return the code of a booth for one step: 50 upper-case letters and digits.

    key  the booth's key
    """
    packed = _BOOTH.pack(booth_id.bytes, step, _mac(key, booth_id, step))
    return BOOTH_PREFIX + base64.b32encode(packed).decode().rstrip("=")


def check_booth(token: BoothToken, key: bytes, *, step: int, accepted: int) -> None:
    """Check a booth's code against real time.

    key       the key of the booth that the code names
    step      the step of now
    accepted  how many steps are taken, this one and those before it

    Raises CodeForged: the platform did not make it. CodeExpired: too old (or made for later).
    """
    if not hmac.compare_digest(token.mac, _mac(key, token.booth_id, token.step)):
        raise CodeForged
    if not step - accepted < token.step <= step:
        raise CodeExpired


def booth_of_digits(
    typed: Digits, keys: Sequence[tuple[UUID, bytes]], *, step: int, accepted: int
) -> UUID | None:
    """Return the booth to which typed digits belong, or None.

    keys      (booth, key) of the booths of the event at which the person is now
    step      the step of now
    accepted  how many steps are taken, this one and those before it
    """
    for booth_id, key in keys:
        for back in range(accepted):
            if hmac.compare_digest(typed.text, digits(key, step - back)):
                return booth_id
    return None


def check_stamp(visit: OpenVisit | None, activity_id: UUID, *, at: datetime) -> OpenVisit:
    """Return the open visit that a booth of an event may stamp.

    at  with a time zone

    Raises NotCheckedIn: no visit is open at that moment. VisitOpenElsewhere: it is another event's.
    """
    if visit is None or not visit.came_at <= at < visit.until:
        raise NotCheckedIn
    if visit.activity_id != activity_id:
        raise VisitOpenElsewhere(came_at=local(visit.came_at))
    return visit


def _mac(key: bytes, booth_id: UUID, step: int) -> bytes:
    return hmac.digest(key, b"B1|" + booth_id.bytes + b"|%d" % step, hashlib.sha256)[:_MAC_BYTES]
