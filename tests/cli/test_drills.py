"""Slow drills (`make drill`): a fresh clone in a closed home, a full disk. They need the network."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from shanshi.foundation.postgres import Cluster
from tests.cli.conftest import ROOT, Served, alive, free_port, shanshi

pytestmark = pytest.mark.drill

ORDINARY = "daemon"  # a user that every Linux has


@pytest.fixture
def clone() -> Iterator[Path]:
    """A fresh clone of what is committed, in a folder of mode 700."""
    with tempfile.TemporaryDirectory(prefix="shanshi-") as folder:
        place = Path(folder) / "shanshi"
        subprocess.run(["git", "clone", "--quiet", ROOT, place], check=True)
        yield place
        Cluster(place / ".data").remove()


def demo(clone: Path, *before: str) -> Served:
    return Served(clone / ".data", free_port(), command=(*before, "make", "demo"), cwd=clone, mode="")


def live_through_a_day(clone: Path, *before: str) -> None:
    """First start, Ctrl-C, second start, killed make, killed service, and a start after all that."""
    for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL, signal.SIGTERM):
        served = demo(clone, *before).until("Serving on")
        started = served.processes()
        assert served.status("/") == 200
        served.end(number)
    assert not [process for process in started if alive(process)]


def test_a_demo_lives_in_a_home_closed_to_others(clone: Path) -> None:
    live_through_a_day(clone)


@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="only root becomes another user")
def test_a_demo_lives_as_an_ordinary_user(clone: Path) -> None:
    for path in (clone.parent, *clone.parent.rglob("*")):
        shutil.chown(path, ORDINARY)
    become = ("setpriv", f"--reuid={ORDINARY}", "--clear-groups", "env", f"HOME={clone.parent}")

    live_through_a_day(clone, *become)


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 560 MB: enough for a first start, and soon full."""
    with tempfile.TemporaryDirectory(prefix="shanshi-") as folder:
        mount: Sequence[str | Path] = ("mount", "-t", "tmpfs", "-o", "size=560m,mode=755", "tmpfs", folder)
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
            pytest.skip("only root mounts a small disk")
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill(disk: Path, *, but_mb: int) -> None:
    free = shutil.disk_usage(disk).free - but_mb * 1024**2
    with (disk / "filling").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free)


def test_a_full_disk_is_one_sentence_before_the_first_start_and_later(small_disk: Path) -> None:
    home = small_disk / "home"
    fill(small_disk, but_mb=300)
    bench = {"SHANSHI_MODE": "bench", "PORT": str(free_port())}

    first = shanshi(home, "serve", more=bench)
    (small_disk / "filling").unlink()
    Served(home, int(bench["PORT"])).until("Serving on").end()
    fill(small_disk, but_mb=20)
    later = shanshi(home, "serve", more=bench)

    for refused in (first, later):
        assert refused.returncode == 1
        assert refused.stderr.splitlines()[-2].startswith("Error: The disk is full: ")
        assert "Traceback" not in refused.stderr
