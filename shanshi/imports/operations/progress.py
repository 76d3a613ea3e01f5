"""How far the work on a list is: written on a connection of its own, so that others see it at once."""

from __future__ import annotations

from types import TracebackType
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_BEAT = "UPDATE imports_sentlist SET done = %s, beat_at = clock_timestamp() WHERE id = %s"


class Progress:
    """Tells how many rows are done, while the transaction of the work itself is still open.

    Nothing of the list's row may be locked meanwhile by the work, or it would wait for itself.
    """

    def __init__(self, list_id: UUID) -> None:
        self.list_id = list_id
        self.aside: BaseDatabaseWrapper | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.aside is not None:
            self.aside.close()

    def __call__(self, done: int) -> None:
        """Tell it: rows done, from 0."""
        if self.aside is None:
            self.aside = connections[DEFAULT_DB_ALIAS].copy()
        with self.aside.cursor() as cursor:
            cursor.execute(_BEAT, [done, self.list_id])


def silent(done: int) -> None:
    """Tell nobody: the work is over before anybody could ask."""
