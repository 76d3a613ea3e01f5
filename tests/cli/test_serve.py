"""`shanshi serve` in real life: it starts, is killed, and starts again, and ends what it started."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
import pytest

from shanshi.foundation.postgres import Cluster
from tests.cli.conftest import Served, alive, free_port, shanshi

Serve = Callable[..., Served]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_it_serves_and_ends_everything_it_started(serve: Serve, how: signal.Signals) -> None:
    served = serve().until("Serving on")
    started = served.processes()

    assert served.status("/") < 500
    assert len(started) >= 4  # database, worker, web server and its processes

    assert served.end(how) == 0
    assert not [process for process in started if alive(process)]
    assert served.status("/") == 0


def test_the_second_start_loses_nothing(serve: Serve) -> None:
    first = serve().until("Serving on")
    with psycopg.connect(Cluster(first.home).url()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT '善时' AS word")
    first.end()

    serve().until("Serving on")

    with psycopg.connect(Cluster(first.home).url()) as connection:
        assert connection.execute("SELECT word FROM kept").fetchall() == [("善时",)]
        connection.execute("DROP TABLE kept")


def test_a_killed_one_leaves_nothing_and_stops_no_next_one(serve: Serve) -> None:
    served = serve().until("Serving on")
    started = served.processes()

    served.end(signal.SIGKILL)
    again = serve().until("Serving on")

    _gone, left = psutil.wait_procs(started, timeout=20)
    assert not left
    assert again.status("/") < 500


def test_a_second_service_of_one_home_is_refused_in_one_sentence(serve: Serve, lived_in: Path) -> None:
    served = serve().until("Serving on")

    refused = shanshi(lived_in, "serve", more={"SHANSHI_MODE": "bench", "PORT": str(free_port())})

    assert refused.returncode == 1
    assert refused.stderr.splitlines()[0].startswith(f"Error: Shanshi already runs from {lived_in}")
    assert f"http://127.0.0.1:{served.port}" in refused.stderr
    assert served.status("/") < 500


@pytest.mark.parametrize("name", ["granian", "running.worker"])
def test_a_part_that_is_killed_is_started_again(serve: Serve, name: str) -> None:
    served = serve().until("Serving on")

    served.one(name).kill()
    served.until("The ")

    assert "was started again" in served.said[-1]
    assert served.one(name).is_running()
    assert served.end() == 0


def test_a_killed_database_is_started_again_with_all_who_used_it(serve: Serve) -> None:
    served = serve().until("Serving on")

    served.one("postgres").kill()
    served.until("The database ended").until("Serving again")

    assert served.status("/") < 500
    assert served.end() == 0


def test_a_port_in_use_is_one_sentence_in_two_languages(lived_in: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        refused = shanshi(lived_in, "serve", more={"SHANSHI_MODE": "bench", "PORT": str(port)})

    assert refused.returncode == 1
    english, chinese = refused.stderr.splitlines()
    assert english.startswith(f"Error: Port {port} on 127.0.0.1 is in use by another program.")
    assert chinese.startswith(f"错误：127.0.0.1 的端口 {port} 已被其他程序占用。")


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    url = f"postgresql://city:geheim@127.0.0.1:{free_port()}/shanshi"

    refused = shanshi(
        tmp_path, "serve", more={"SHANSHI_MODE": "bench", "DATABASE_URL": url, "PORT": str(free_port())}
    )

    assert refused.returncode == 1
    assert len(refused.stderr.splitlines()) == 2
    assert refused.stderr.startswith("Error: The database at 127.0.0.1:")
    assert "geheim" not in refused.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "city.example"])
def test_a_demo_listens_on_this_machine_only(tmp_path: Path, host: str) -> None:
    refused = shanshi(tmp_path / "home", "serve", "--demo", "--host", host)

    assert refused.returncode == 1
    assert "listens on this machine only" in refused.stderr
    assert not (tmp_path / "home").exists()


def test_a_demo_does_not_start_on_a_database_of_real_people(serve: Serve, lived_in: Path) -> None:
    serve().until("Serving on").end()
    with Cluster(lived_in).in_use() as urls, psycopg.connect(urls.owner) as connection:
        connection.execute("INSERT INTO foundation_installation (id, kind) VALUES (1, 'production')")
    try:
        refused = shanshi(lived_in, "serve", "--demo", more={"PORT": str(free_port())})
    finally:
        with Cluster(lived_in).in_use() as urls, psycopg.connect(urls.owner) as connection:
            connection.execute("DELETE FROM foundation_installation")

    assert refused.returncode == 1
    assert "not marked as a demo" in refused.stderr


@pytest.mark.parametrize("port", ["0", "65536", "abc", "-1"])
def test_a_port_that_is_none_is_wrong_use(tmp_path: Path, port: str) -> None:
    assert shanshi(tmp_path, "serve", more={"PORT": port}).returncode == 2


def test_a_home_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")

    refused = shanshi(tmp_path / "file", "serve", "--demo", more={"PORT": str(free_port())})

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Error: The data folder {tmp_path / 'file'} cannot be written")
