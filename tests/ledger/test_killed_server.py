"""PostgreSQL stopped at once in the middle of postings: nothing acknowledged is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from shanshi.foundation.postgres import Cluster, ground

ROOT = Path(__file__).resolve().parents[2]
SENDERS = 3
ROUNDS = 2
WAIT_S = 60


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data home that everybody can reach; pytest's own is closed to others."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and "pytest-" in str(folder):
            folder.chmod(0o755)
    return tmp_path / "home"


@pytest.fixture
def server(home: Path) -> Iterator[Cluster]:
    """A server as in production: it loses nothing at a crash."""
    cluster = Cluster(home)
    cluster.ensure_started()
    yield cluster
    cluster.remove()


def environment(home: Path) -> dict[str, str]:
    """The product's environment for a home of its own."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    # The name of the mode gives the application's role, as in production, without its keys from elsewhere.
    return ours | {"SHANSHI_HOME": str(home), "SHANSHI_MODE": "bench", "SHANSHI_POOL": "2"}


def run(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the product's environment to its end."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env=environment(home) | more,
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT_S,
    )


def postmaster(server: Cluster) -> psutil.Process:
    return psutil.Process(int((server.data_dir / "postmaster.pid").read_text().split("\n", 1)[0]))


def test_nothing_acknowledged_is_lost_when_the_server_is_killed(
    home: Path, server: Cluster, tmp_path: Path
) -> None:
    migrated = run(home, "manage.py", "migrate", "--verbosity=0", SHANSHI_AS_OWNER="1")
    assert migrated.returncode == 0, migrated.stderr

    for turn in range(ROUNDS):
        kill_in_the_middle(home, server, [tmp_path / f"{turn}-{n}" for n in range(SENDERS)])
        server.ensure_started()

    said = run(home, "-c", "from shanshi.cli.main import main; main()", "verify", "--json")
    report = json.loads(said.stdout)
    assert (said.returncode, report["findings"]) == (0, [])
    acknowledged = {line for path in tmp_path.glob("?-?") for line in path.read_text().split()}
    with psycopg.connect(server.url()) as connection:
        kept = {str(row[0]) for row in connection.execute("SELECT id FROM ledger_transfer")}
    assert len(acknowledged) > SENDERS * ROUNDS * 50
    assert acknowledged - kept == set()
    the_command_names_what_is_wrong(home, server)


def the_command_names_what_is_wrong(home: Path, server: Cluster) -> None:
    """Somebody changes one row; the command says which, and ends with 1."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        (altered,) = connection.execute(
            "UPDATE ledger_transfer SET amount = amount + 1"
            " WHERE id = (SELECT id FROM ledger_transfer ORDER BY posted_at DESC, id LIMIT 1) RETURNING id"
        ).fetchone() or (None,)
    said = run(home, "-c", "from shanshi.cli.main import main; main()", "verify")
    assert said.returncode == 1
    assert f"WRONG hash: transfer {altered} of holder " in said.stdout
    assert said.stdout.endswith("The books are NOT right.\n")


def kill_in_the_middle(home: Path, server: Cluster, files: list[Path]) -> None:
    """Let senders post, then stop the server at once, and see that each sender noticed."""
    senders = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.ledger.sender", path.name, str(path)],
            cwd=ROOT,
            env=environment(home),
        )
        for path in files
    ]
    try:
        assert ground.wait_for(
            lambda: all(path.exists() and path.stat().st_size > 4000 for path in files), within_s=WAIT_S
        )
        process = postmaster(server)
        process.send_signal(signal.SIGQUIT)
        assert ground.wait_for(lambda: not process.is_running() or ended(process), within_s=WAIT_S)
        assert [sender.wait(timeout=WAIT_S) for sender in senders] == [0] * len(senders)
    finally:
        for sender in senders:
            sender.kill()


def ended(process: psutil.Process) -> bool:
    """Whether a process is over, though nobody has asked how it ended."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
