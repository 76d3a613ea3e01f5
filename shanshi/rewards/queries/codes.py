"""The codes that volunteers and tills show; made anew each time, never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shanshi.foundation import crypto
from shanshi.kernel.quantities import city_day
from shanshi.policies import queries as policies
from shanshi.rewards import rules
from shanshi.rewards.queries.facts import RedemptionFacts


@dataclass(frozen=True, slots=True)
class TillCode:
    """The code on a merchant's till, and until when (real time) it is the newest."""

    code: str
    expires_at: datetime


def code_of(redemption: RedemptionFacts) -> str:
    """Return the code that the volunteer shows for a redemption."""
    return rules.redemption_code(redemption_key(), redemption.holder_id, redemption.id)


def digits_of(redemption: RedemptionFacts) -> str:
    """Return the same code as 8 digits."""
    return rules.redemption_digits(redemption_key(), redemption.holder_id, redemption.id)


def till_code(merchant_id: UUID, *, at: datetime, real_at: datetime) -> TillCode:
    """Return the code that a merchant's till shows now.

    at       time of the domain, for the policy in force
    real_at  real time: the code changes with it
    """
    values = policies.in_force("redemption", city_day(at)).values
    step = rules.merchant_step(real_at, values)
    seconds = int(values["code_seconds"])
    ends = datetime.fromtimestamp((step + 1) * seconds, tz=real_at.tzinfo)
    return TillCode(rules.merchant_code(merchant_key(merchant_id), merchant_id, step), ends)


def redemption_key() -> bytes:
    """Return the key by which codes of redemptions are made."""
    return redemption_keys()[0]


def redemption_keys() -> list[bytes]:
    """Return the keys by which a redemption's code may have been made: two while the secret is changed."""
    return [rules.derived_key(secret, "redemption") for secret in crypto.keyring().accepted("doors")]


def merchant_key(merchant_id: UUID) -> bytes:
    """Return the key by which the codes on a merchant's till are made."""
    return merchant_keys(merchant_id)[0]


def merchant_keys(merchant_id: UUID) -> list[bytes]:
    """Return the keys by which a till's code may have been made: two while the secret is changed."""
    secrets = crypto.keyring().accepted("doors")
    return [rules.derived_key(secret, f"merchant|{merchant_id}") for secret in secrets]


def digits_index(merchant_id: UUID, digits: str) -> bytes:
    """Return by what the digits of a waiting redemption are found at its merchant."""
    return crypto.blind_index("redemption_digits", f"{merchant_id}|{digits}")
