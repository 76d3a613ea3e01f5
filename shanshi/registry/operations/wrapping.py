"""Wrapping data keys anew, beside a live system: nothing that is sealed changes, only what opens it."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.db import connection, transaction

from shanshi.foundation import crypto
from shanshi.registry import models
from shanshi.registry.operations.factors import rewrap_factors

BATCH = 1_000


def rewrap(told: Callable[[int], None] = lambda done: None) -> int:
    """Wrap every data key and every secret of a second factor by the current key; return how many.

    told  called after each batch with how many are done

    Each batch is a transaction of its own, so it can be broken off and started again; a key that somebody
    changed or destroyed meanwhile is left as they made it.
    """
    done, last = 0, None
    while True:
        found, last = _batch(last)
        done += found
        told(done)
        if last is None:
            break
    return done + rewrap_factors()


@transaction.atomic
def _batch(after: UUID | None) -> tuple[int, UUID | None]:
    rows = models.Person.objects.filter(data_key__isnull=False).order_by("pk")
    if after is not None:
        rows = rows.filter(pk__gt=after)
    people = list(rows.values_list("pk", "holder_id", "data_key")[:BATCH])
    if not people:
        return 0, None
    current = crypto.keyring().current
    holders, olds, news = [], [], []
    for _, holder_id, wrapped in people:
        old = bytes(wrapped or b"")
        if crypto.wrapped_by(old) != current:
            owner = f"person|{holder_id}"
            holders.append(holder_id)
            olds.append(old)
            news.append(crypto.wrap(crypto.unwrap(old, owner), owner))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_person p SET data_key = n.new"
            " FROM unnest(%s::uuid[], %s::bytea[], %s::bytea[]) n (holder_id, old, new)"
            " WHERE p.holder_id = n.holder_id AND p.data_key = n.old",
            [holders, olds, news],
        )
        return int(cursor.rowcount), people[-1][0]
