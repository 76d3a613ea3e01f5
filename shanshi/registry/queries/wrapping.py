"""Which key outside the database wraps how many keys within."""

from __future__ import annotations

import base64
from collections import Counter

from allauth.mfa.models import Authenticator
from django.db import connection

from shanshi.foundation import crypto
from shanshi.registry import models

_LOOKED_AT_ONCE = 1_000
_FACTOR_SECRETS = ("secret", "seed", "name")  # a passkey has only a sealed name


def wrapped_counts() -> dict[str, int]:
    """Return for each wrapping key by name how many data keys and secrets of second factors it wraps."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT split_part(encode(substring(data_key FROM 1 FOR 24), 'escape'), ':', 1), count(*)"
            " FROM registry_person WHERE data_key IS NOT NULL GROUP BY 1"
        )
        counts = Counter({str(name): int(count) for name, count in cursor.fetchall()})
    for data in Authenticator.objects.values_list("data", flat=True).iterator(_LOOKED_AT_ONCE):
        for name in _FACTOR_SECRETS:
            if isinstance(text := data.get(name), str):
                counts[crypto.wrapped_by(base64.b64decode(text))] += 1
    return dict(counts)


def first_unreadable(*, limit: int = 20) -> list[str]:
    """Return whose data keys do not open with the keys at hand: ids of persons, at most `limit`.

    limit  1 or more
    """
    bad: list[str] = []
    rows = models.Person.objects.filter(data_key__isnull=False).order_by("pk")
    for pk, holder_id, wrapped in rows.values_list("pk", "holder_id", "data_key").iterator(_LOOKED_AT_ONCE):
        try:
            crypto.unwrap(bytes(wrapped or b""), f"person|{holder_id}")
        except crypto.KeysUnreadable:
            bad.append(str(pk))
            if len(bad) == limit:
                break
    return bad
