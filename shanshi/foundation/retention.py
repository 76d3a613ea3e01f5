"""How data are let go: in batches, oldest first, by whoever comes first; a second run finds nothing.

A room says for each class of its data which rows grow old by which moment (`Rows`); the room `keeping` knows
how many days each class is kept, and calls them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from django.db import connection, transaction
from django.db.models import Min, Q, QuerySet

from shanshi.foundation import models
from shanshi.foundation.models import Table


class Sweep(Protocol):
    """What a room offers for one class of its data."""

    def due(self, before: datetime) -> int:
        """How many rows have grown old before a moment."""

    def oldest(self) -> datetime | None:
        """The moment by which the oldest row counts; None if there is none."""

    def take(self, before: datetime, *, at: datetime, most: int) -> int:
        """Let go of some that grew old before a moment, in one transaction; how many."""


@dataclass(frozen=True)
class Rows:
    """Rows of one table that are deleted, or of which some columns are emptied.

    moment  the column by which they grow old
    which   which rows this is about
    strip   columns and what they are set to instead of deleting the row
    """

    model: type[Table]
    moment: str
    which: Q = field(default_factory=Q)
    strip: Mapping[str, object] | None = None

    def due(self, before: datetime) -> int:
        """How many rows have grown old before a moment."""
        return self._old(before).count()

    def oldest(self) -> datetime | None:
        """The moment by which the oldest row counts; None if there is none."""
        rows = self.model._default_manager.filter(self.which)
        found: datetime | None = rows.aggregate(oldest=Min(self.moment))["oldest"]
        return found

    @transaction.atomic
    def take(self, before: datetime, *, at: datetime, most: int) -> int:
        """Let go of the oldest rows, at most `most`; how many.

        Locks them in the order of age; skips those that somebody else holds.
        """
        old = self._old(before).select_for_update(skip_locked=True).order_by(self.moment)
        keys = list(old.values_list("pk", flat=True)[:most])
        rows = self.model._default_manager.filter(pk__in=keys)
        if self.strip is None:
            # No cascade: nothing refers to what grows old.
            rows._raw_delete(rows.db)
        else:
            rows.update(**self.strip)
        return len(keys)

    def _old(self, before: datetime) -> QuerySet[Table]:
        old = {f"{self.moment}__lt": before}
        return self.model._default_manager.filter(self.which, **old)


class Jobs:
    """Background jobs that have ended, with their events; the worker's own tables."""

    _ENDED = (
        "SELECT j.id, max(e.at) AS ended FROM procrastinate_jobs j"
        " JOIN procrastinate_events e ON e.job_id = j.id"
        " WHERE j.status IN ('succeeded', 'failed', 'cancelled', 'aborted') GROUP BY j.id"
    )

    def due(self, before: datetime) -> int:
        """How many jobs ended before a moment."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM ({self._ENDED}) e WHERE ended < %s", [before])
            return int(cursor.fetchone()[0])

    def oldest(self) -> datetime | None:
        """When the job that ended first did so."""
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT min(ended) FROM ({self._ENDED}) e")
            found: datetime | None = cursor.fetchone()[0]
        return found

    def take(self, before: datetime, *, at: datetime, most: int) -> int:
        """Delete jobs that ended before a moment; their events go with them."""
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM procrastinate_jobs WHERE id IN"
                f" (SELECT id FROM ({self._ENDED}) e WHERE ended < %s ORDER BY ended LIMIT %s)",
                [before, most],
            )
            return int(cursor.rowcount)


SWEEPS: Mapping[str, Sweep] = {
    "sessions": Rows(models.Session, "expires_at"),
    "repeated_requests": Rows(models.IdempotentRequest, "made_at"),
    "tries": Rows(models.Try, "expires_at"),
    "jobs": Jobs(),
    "unsent_messages": Rows(models.OutboxMessage, "made_at"),
    "proposals": Rows(models.Proposal, "decided_at", which=Q(decided_at__isnull=False)),
    "trail": Rows(models.AuditEntry, "happened_at"),
    "retention_runs": Rows(models.RetentionRun, "ran_at"),
}
