"""The codes that a door and a phone show now."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from shanshi.attendance.rules import codes
from shanshi.foundation import crypto
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies


@dataclass(frozen=True, slots=True)
class VenueCode:
    """What the leader's door page shows.

    code        for the QR, upper-case
    digits      6 digits for those who cannot scan
    step        number of the stretch of time, changes with the code
    expires_at  real time at which the next code appears
    """

    code: str
    digits: str
    step: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class PersonalCode:
    """What a volunteer's own page shows.

    code        for the QR, upper-case; spent once
    number      the volunteer number, to be shown beside it
    expires_at  real time from which it is no longer taken
    """

    code: str
    number: str
    expires_at: datetime


def venue_code(shift_id: UUID, real_at: datetime) -> VenueCode:
    """Return the code of a shift's door now.

    real_at  real time, with a zone
    """
    values = policies.in_force("check_in", _day(real_at)).values
    key = session_key(shift_id)
    step = codes.step_at(real_at, seconds=values["step_seconds"])
    minute = codes.step_at(real_at, seconds=values["digits_step_seconds"])
    return VenueCode(
        code=codes.venue_code(key, shift_id, step),
        digits=codes.digits(key, minute),
        step=step,
        expires_at=codes.step_ends_at(step, seconds=values["step_seconds"]),
    )


def personal_code(holder_id: UUID, number: str, real_at: datetime) -> PersonalCode:
    """Return a fresh personal code of a volunteer.

    number   the volunteer number, passed on for the page
    real_at  real time, with a zone
    """
    seconds = policies.in_force("check_in", _day(real_at)).values["personal_code_seconds"]
    made_at = real_at.replace(microsecond=0)
    text = codes.personal_code(
        crypto.keyring().personal_key,
        holder_id,
        real_at=made_at,
        seconds=seconds,
        nonce=secrets.token_bytes(codes.NONCE_BYTES),
    )
    return PersonalCode(text, number, made_at + timedelta(seconds=seconds))


def session_key(shift_id: UUID) -> bytes:
    """Return the key from which the codes of one shift are made; never shown to anybody."""
    return session_keys(shift_id)[0]


def session_keys(shift_id: UUID) -> list[bytes]:
    """Return the keys from which a shift's codes may have been made: two while the secret is changed."""
    return [codes.session_key(secret, shift_id) for secret in crypto.keyring().accepted("doors")]


def _day(real_at: datetime) -> date:
    return city_day(real_at)
