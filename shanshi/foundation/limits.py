"""Rate limits: how often somebody may try something. Settings, relaxed only in demo and bench."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from shanshi.foundation import models
from shanshi.kernel.errors import TooMany
from shanshi.kernel.ids import id_of


def spend(limit: str, who: str, *, at: datetime) -> None:
    """Count one try against a limit.

    limit  its name in SHANSHI_LIMITS, which gives (tries, seconds)
    who    whom it counts for; kept only as a hash
    at     real time, with a zone

    Raises TooMany: the tries of this window are spent; says how many seconds are left.
    """
    tries, seconds = settings.SHANSHI_LIMITS[limit]
    window = int(at.timestamp()) // seconds
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_try (id, holder_id, taken, expires_at) VALUES (%s, %s, 1, %s)"
            " ON CONFLICT (holder_id, id) DO UPDATE SET taken = foundation_try.taken + 1 RETURNING taken",
            [
                id_of(limit, who, window),
                id_of("tries", who),
                at + timedelta(seconds=seconds),
            ],
        )
        (taken,) = cursor.fetchone()
    if taken > tries:
        raise TooMany(wait_seconds=seconds - int(at.timestamp()) % seconds)


def forget_old(*, at: datetime) -> int:
    """Delete counts of windows that are over; return how many.

    at  real time, with a zone
    """
    gone, _ = models.Try.objects.filter(expires_at__lt=at).delete()
    return gone
