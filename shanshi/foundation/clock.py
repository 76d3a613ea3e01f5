"""The one clock that all doors read. Rooms below the doors take the time as an argument.

In a demo the clock of the domain starts at the case's date and runs; sessions, tokens and rotating codes
always use real time, since phones and browsers do.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings

from shanshi.foundation.models import Installation

HEARTBEAT = timedelta(seconds=5)
_RELOAD_SECONDS = 0.3
_cached: tuple[float, timedelta] | None = None


def real_now() -> datetime:
    """Return the real time, with zone UTC."""
    return datetime.now(UTC)


def demo_shift() -> timedelta:
    """Return how far the demo's clock is from real time; nothing if this database is no demo."""
    row = Installation.objects.filter(pk=1, kind="demo").values_list("demo_shift", flat=True).first()
    return row if row is not None else timedelta()


def _recent_demo_shift() -> timedelta:
    # Several processes serve one demo, and the clock can be moved forward by a visitor of the demo:
    # each process asks the database again after a moment.
    global _cached
    if _cached is None or time.monotonic() - _cached[0] > _RELOAD_SECONDS:
        _cached = (time.monotonic(), demo_shift())
    return _cached[1]


def _running() -> datetime:
    if not settings.SHANSHI_DEMO:
        return real_now()
    return real_now() + _recent_demo_shift()


source: Callable[[], datetime] = _running


def now() -> datetime:
    """Return the time of the domain, with zone UTC."""
    return source()


def wait_for_all() -> None:
    """Return when every process has surely asked for the demo's clock again, after it was moved."""
    time.sleep(_RELOAD_SECONDS)


def forget_cache() -> None:
    """Ask the database for the demo's clock at the next call."""
    global _cached
    _cached = None
