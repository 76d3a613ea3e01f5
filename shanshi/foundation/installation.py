"""What this database is (demo or production), and where the demo's clock stands."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from shanshi.foundation import clock, models
from shanshi.kernel.errors import N_, DomainError


class NotADemoDatabase(DomainError):
    """Demo mode was asked for on a database that is not marked as demo."""

    code = "foundation.not_a_demo_database"
    says = N_("This database is not marked as a demo, so demo mode does not start on it.")
    way = N_("Use an empty database for the demo, or serve without --demo.")


class DemoDatabase(DomainError):
    """Production was asked for on a database that is marked as demo."""

    code = "foundation.demo_database"
    says = N_("This database is marked as a demo; it holds invented people.")
    way = N_("Serve it with --demo, or give another database.")


def mark_as_demo(*, starts_at: datetime) -> None:
    """Mark this database as a demo whose clock starts at a moment and runs.

    starts_at  what the demo's clock shows first, with a time zone

    Raises NotADemoDatabase: it is in use as something else.
    """
    row, made = models.Installation.objects.get_or_create(
        pk=1, defaults={"kind": "demo", "demo_shift": starts_at - clock.real_now(), "seen_at": starts_at}
    )
    if not made and row.kind != "demo":
        raise NotADemoDatabase
    clock.forget_cache()


def mark_as_production() -> None:
    """Mark this database as one of real people, for good.

    Raises DemoDatabase: it holds invented people.
    """
    row, _ = models.Installation.objects.get_or_create(pk=1, defaults={"kind": "production"})
    if row.kind == "demo":
        raise DemoDatabase


def is_production() -> bool:
    """Whether this database is marked as one of real people."""
    return models.Installation.objects.filter(pk=1, kind="production").exists()


def is_demo() -> bool:
    """Whether this database is marked as a demo."""
    return models.Installation.objects.filter(pk=1, kind="demo").exists()


def remember() -> None:
    """Note what the demo's clock shows now, so that the next start resumes from there."""
    models.Installation.objects.filter(pk=1, kind="demo").update(
        seen_at=clock.real_now() + clock.demo_shift()
    )


@transaction.atomic
def resume() -> None:
    """Let the demo's clock go on from where it was last seen; it never goes back."""
    row = models.Installation.objects.select_for_update().filter(pk=1, kind="demo").first()
    if row is not None and row.seen_at is not None:
        # It was noted every few seconds: two of these steps forward are surely not back.
        row.demo_shift = row.seen_at + 2 * clock.HEARTBEAT - clock.real_now()
        row.save(update_fields=["demo_shift"])
    clock.forget_cache()


@transaction.atomic
def advance(by: timedelta) -> None:
    """Move the demo's clock forward.

    by  how far, more than nothing
    """
    if by <= timedelta():
        raise ValueError("the demo's clock never goes back")
    row = models.Installation.objects.select_for_update().get(pk=1, kind="demo")
    row.demo_shift = (row.demo_shift or timedelta()) + by
    row.seen_at = clock.real_now() + row.demo_shift
    row.save(update_fields=["demo_shift", "seen_at"])
    clock.forget_cache()
