"""A fresh server with the settings of production, databases on it, and the product serving one of them."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from shanshi.foundation.postgres import Cluster, ground
from shanshi.foundation.postgres.names import APP, OWNER, SUPERUSER

ROOT = Path(__file__).resolve().parents[1]
SHANSHI = [sys.executable, "-c", "from shanshi.cli.main import main; main()"]
SERVES_WITHIN_S = 120
QUIET_LOOK_S, QUIET_SHARE = 2.0, 0.05


class Ground:
    """The server of one measurement.

    home  a folder of its own, gone in the end
    """

    def __init__(self, home: Path) -> None:
        self.home = home
        self.cluster = Cluster(home)

    # Databases

    def as_superuser(self, database: str = "postgres") -> psycopg.Connection:
        """Connect as the one who makes databases."""
        return psycopg.connect(self.cluster.url(SUPERUSER, database), autocommit=True)

    def make(self, name: str, *, like: str | None = None) -> None:
        """Make a database, empty or a copy of another that nobody uses at the moment."""
        template = sql.SQL("TEMPLATE {}").format(sql.Identifier(like)) if like else sql.SQL("")
        with self.as_superuser() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {} ").format(sql.Identifier(name), sql.Identifier(OWNER))
                + template
            )
            connection.execute("CHECKPOINT")

    def tidy(self, name: str) -> None:
        """Let both contestants begin with fresh statistics and an empty log."""
        with self.as_superuser(name) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")

    def environ(self, database: str) -> dict[str, str]:
        """The environment of the product on a database."""
        return os.environ | {
            "SHANSHI_MODE": "bench",
            "SHANSHI_HOME": str(self.home),
            "DATABASE_URL": self.cluster.url(OWNER, database),
            "SHANSHI_APP_DATABASE_URL": self.cluster.url(APP, database),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONUTF8": "1",
        }

    def run(self, database: str, *words: str, **more: str) -> None:
        """Run Python to its end in the environment of the product."""
        subprocess.run([sys.executable, *words], cwd=ROOT, env=self.environ(database) | more, check=True)

    @contextlib.contextmanager
    def serving(self, database: str, **more: str) -> Iterator[int]:
        """Have the product serve a database, as `shanshi serve` does; gives the port."""
        port = free_port()
        log = self.home / "serve.log"
        with log.open("ab") as said:
            server = subprocess.Popen(
                [*SHANSHI, "serve", "--port", str(port)],
                cwd=ROOT,
                env=self.environ(database) | more,
                stdout=said,
                stderr=said,
            )
        try:
            wait_for_page(port, server)
            wait_for_quiet(server)
            yield port
        finally:
            server.terminate()
            try:
                server.wait(60)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()

    # Programs of PostgreSQL

    def pgbench(self, database: str, *words: str, user: str = APP) -> subprocess.Popen[str]:
        """Start pgbench on a database."""
        bin_dir = ground.binaries(os.environ, None)
        return subprocess.Popen(
            [bin_dir / "pgbench", "-h", self.cluster.socket_dir, "-U", user, *words, database],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@contextlib.contextmanager
def fresh() -> Iterator[Ground]:
    """Have a server of its own for a while."""
    with tempfile.TemporaryDirectory(prefix="shanshi-bench-") as folder:
        os.chmod(folder, 0o755)
        home = Path(folder) / "home"
        place = Ground(home)
        place.cluster.ensure_started()
        try:
            yield place
        finally:
            place.cluster.remove()


def wait_for_quiet(server: subprocess.Popen[bytes]) -> None:
    """Wait until the product has done what it does at its start, such as loading the background worker."""
    deadline = time.monotonic() + SERVES_WITHIN_S
    before = spent_s(server)
    while time.monotonic() < deadline:
        time.sleep(QUIET_LOOK_S)
        now = spent_s(server)
        if now - before < QUIET_SHARE * QUIET_LOOK_S:
            return
        before = now


def spent_s(server: subprocess.Popen[bytes]) -> float:
    """Processor seconds of a process and of everything that it started."""
    mother = psutil.Process(server.pid)
    spent = 0.0
    for process in (mother, *mother.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            spent += times.user + times.system
    return spent


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_page(port: int, server: subprocess.Popen[bytes] | None = None, *, path: str = "/") -> None:
    """Wait until a page is served."""
    deadline = time.monotonic() + SERVES_WITHIN_S
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                answer.read()
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
            if isinstance(error, urllib.error.HTTPError):
                raise
            if time.monotonic() > deadline or (server is not None and server.poll() is not None):
                raise RuntimeError(f"the product does not serve: {error}") from error
        time.sleep(0.05)
