"""A service in a home of its own, started as a person starts it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from queue import Empty, SimpleQueue

import psutil
import pytest

from shanshi.foundation.postgres import Cluster

ROOT = Path(__file__).resolve().parents[2]
SHANSHI = [sys.executable, "-c", "from shanshi.cli.main import main; main()"]
START_LIMIT_S = 300


class Served:
    """A service in another process, and what it says.

    home     its data home
    command  what starts it; `shanshi serve` unless given
    mode     "bench" is production without TLS and with fake gateways
    """

    def __init__(
        self,
        home: Path,
        port: int,
        *,
        command: Sequence[str] = (*SHANSHI, "serve", "--workers", "1"),
        cwd: Path = ROOT,
        mode: str = "bench",
        **more: str,
    ) -> None:
        self.home = home
        self.port = port
        self.process = subprocess.Popen(
            command,
            cwd=cwd,
            env=environment(home, SHANSHI_MODE=mode, PORT=str(port), **more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said: list[str] = []
        self._lines: SimpleQueue[str] = SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def until(self, words: str) -> Served:
        """Wait until it says something that begins with these words."""
        while not (self.said and self.said[-1].startswith(words)):
            try:
                line = self._lines.get(timeout=START_LIMIT_S)
            except Empty:
                line = ""
            assert line, f"it never said {words!r} but:\n{''.join(self.said)}"
            self.said.append(line)
        return self

    def status(self, path: str = "/health") -> int:
        """Ask for a page and return the status of the answer; 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal and return the exit status."""
        self.process.send_signal(how)
        return self.process.wait(60)

    def processes(self) -> list[psutil.Process]:
        """Everything it started that still runs."""
        return [child for child in psutil.Process(self.process.pid).children(recursive=True) if alive(child)]

    def one(self, words: str) -> psutil.Process:
        """The first of its processes whose command holds these words."""
        return next(child for child in self.processes() if words in " ".join(child.cmdline()))


def alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def environment(home: Path, **more: str) -> dict[str, str]:
    """The environment of a person's shell, not that of the tests."""
    ours = {"DATABASE_URL", "SHANSHI_MODE", "SHANSHI_TEST_DB", "PORT"}
    return {
        **{name: value for name, value in os.environ.items() if name not in ours},
        "SHANSHI_HOME": str(home),
        **more,
    }


def shanshi(
    home: Path, *arguments: str, more: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one command and return what it said and its exit status."""
    return subprocess.run(
        [*SHANSHI, *arguments],
        cwd=ROOT,
        env=environment(home, **(more or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=START_LIMIT_S,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def lived_in() -> Iterator[Path]:
    """A data home whose database is made and migrated; several tests start on it, one after another."""
    with tempfile.TemporaryDirectory(prefix="shanshi-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
        Cluster(Path(folder)).remove()


@pytest.fixture
def serve(lived_in: Path) -> Iterator[Callable[..., Served]]:
    """Start a service on the home; whatever is left of it is ended after the test."""
    begun: list[Served] = []

    def start(**more: str) -> Served:
        begun.append(Served(lived_in, free_port(), **more))
        return begun[-1]

    yield start
    for served in begun:
        if served.process.poll() is None:
            served.end()
