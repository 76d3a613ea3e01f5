"""How long a stranger waits: `make demo` in a fresh clone until the first page, and once more."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from bench.ground import ROOT, free_port, wait_for_page

FIRST_GOAL_S, SECOND_GOAL_S = 240, 10
ENDS_WITHIN_S = 60
FOREIGN = ("SHANSHI_", "DATABASE_", "PYTHON", "VIRTUAL_ENV")  # the clone has its own


def first_and_second() -> tuple[float, float]:
    """Return the seconds of the first start and of the second, in a clone of what is committed."""
    with tempfile.TemporaryDirectory(prefix="shanshi-start-") as folder:
        os.chmod(folder, 0o755)
        clone = Path(folder) / "shanshi"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        return start(clone), start(clone)


def start(clone: Path) -> float:
    """Start the demo, wait for its first page, end it, and return the seconds until the page."""
    port = free_port()
    ours = {name: value for name, value in os.environ.items() if not name.startswith(FOREIGN)}
    began = time.monotonic()
    with (clone / "start.log").open("ab") as log:
        demo = subprocess.Popen(
            ["make", "demo"],
            cwd=clone,
            env=ours | {"PORT": str(port)},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        while True:
            try:
                wait_for_page(port)
                return time.monotonic() - began
            except RuntimeError:
                if demo.poll() is not None or time.monotonic() - began > 3 * FIRST_GOAL_S:
                    raise
    finally:
        os.killpg(demo.pid, signal.SIGINT)
        demo.wait(ENDS_WITHIN_S)
