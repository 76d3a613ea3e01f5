"""Background jobs, by name. A room's tasks.py is thin: read the clock, call one operation.

Jobs are few and work in batches (never one per scan); the worker polls, since a NOTIFY per job would lock
the whole database at each commit.
"""

from __future__ import annotations

from procrastinate.contrib.django import app

__all__ = ["app"]
