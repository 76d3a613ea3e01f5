"""Tables and static files brought up to date; nothing is done that is done already."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from shanshi.cli.running.refusals import MigrationFailed
from shanshi.foundation.postgres.ground import disk_troubles_told


def migrations_wait() -> bool:
    """Whether some migration has not run on this database."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def migrate() -> None:
    """Bring the tables up to date, as the owner in a process of its own: we are the application here.

    Raises MigrationFailed.
    """
    done = subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--no-input", "--verbosity=0"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        env={**os.environ, "SHANSHI_AS_OWNER": "1"},
        check=False,
    )
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise MigrationFailed(reason=lines[-1].rstrip(".") if lines else f"status {done.returncode}")


def collect_static(home: Path) -> bool:
    """Collect the static files unless the same ones are there. Returns whether it did.

    Raises DiskFull, HomeNotWritable.
    """
    stamp = home / "static.stamp"
    now = fingerprint()
    if stamp.exists() and stamp.read_text() == now and Path(settings.STATIC_ROOT).is_dir():
        return False
    with disk_troubles_told(home):
        call_command("collectstatic", interactive=False, verbosity=0, clear=True)
        stamp.write_text(now)
    return True


def fingerprint() -> str:
    """Return a hash over the names, sizes and times of all static sources and how they are stored."""
    digest = hashlib.sha256(repr(settings.STORAGES["staticfiles"]).encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            about = Path(storage.path(name)).stat()
            digest.update(f"{name}|{about.st_size}|{about.st_mtime_ns}\n".encode())
    return digest.hexdigest()
