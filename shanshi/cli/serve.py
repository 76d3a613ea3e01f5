"""`shanshi serve`: everything one machine needs to serve, started in order and ended in order."""

from __future__ import annotations

import os
import shutil
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import click
import django
from django.db import Error as DatabaseError
from django.db import connection

from shanshi.cli.running import demo as demo_mode
from shanshi.cli.running import ready
from shanshi.cli.running.address import Address, sole_service
from shanshi.cli.running.children import Child, Service
from shanshi.cli.running.refusals import DoesNotAnswer
from shanshi.cli.running.speaking import say
from shanshi.foundation import postgres

LEAST_FREE_MB = 50
FIRST_PAGE_LIMIT_S = 60
HEARTBEAT_S = 5
BACKPRESSURE = 64  # requests in hand for each worker; more wait in the backlog
# Threads that may wait for a body. Only two work at a time: see foundation/serving.py.
BLOCKING_THREADS = BACKPRESSURE
HEAD_BYTES = 64 * 1024  # of a request's address and headers, and of what is read at once
HEAD_LIMIT_MS = 10_000  # within which they must have come; a connection that says nothing is closed too

EPILOGUE = """\b
Examples:
  shanshi serve --demo                 the Hangzhou demo, data in .data
  PORT=8100 shanshi serve --demo       on another port
  SHANSHI_HOME=/srv/shanshi shanshi serve --host 0.0.0.0

\b
Ctrl-C or SIGTERM ends everything it started.
Exit status: 0 ended when asked to, 1 it could not serve, 2 wrong use."""


@click.command(epilog=EPILOGUE)
@click.option(
    "--demo", is_flag=True, help="Serve invented people on a demo database, with one-click sign-in."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    envvar="PORT",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="[env: PORT]",
)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True, help="Web processes.")
@click.option(
    "--with-parent", is_flag=True, hidden=True, help="End when the process that started this is gone."
)
def command(demo: bool, host: str, port: int, workers: int, with_parent: bool) -> None:
    """Serve the product: database, tables, static files, web server and background jobs.

    Without DATABASE_URL it runs a PostgreSQL of its own under SHANSHI_HOME (default .data).
    """
    mode = os.environ["SHANSHI_MODE"] = "demo" if demo else os.environ.get("SHANSHI_MODE") or "production"
    address = Address(host, port)
    if mode != "production":  # fake gateways believe everybody
        address.check_it_is_here()
    serve(address, mode=mode, workers=workers, parent=os.getppid() if with_parent else None)


def serve(address: Address, *, mode: str, workers: int, parent: int | None) -> None:
    """Start everything, stay, and end everything.

    parent  the process whose end is ours too, or None
    """
    home = postgres.home_of()
    with ExitStack() as ends:
        service = Service(ends.enter_context(sole_service(home, address)))
        address.check_it_is_free()
        server = database(home, ends)
        django.setup()
        ends.callback(ready.close_connections)
        bring_up_to_date(home)
        enter_mode(mode)
        service.end_on_signals()
        ends.callback(service.end)
        service.start(Child("background worker", worker()))
        service.start(Child("web server", web(address, workers)))
        wait_for_first_page(address, service)
        if not service.ending:
            greet(address, home, demo=mode == "demo")
        service.watch(Rounds(service, server, address, demo=mode == "demo", parent=parent))
        say("Ending.", "正在结束。")


def database(home: Path, ends: ExitStack) -> postgres.Cluster | None:
    """Have a database; returns the embedded server, or None when DATABASE_URL names another.

    Raises every PostgresProblem.
    """
    if url := os.environ.get("DATABASE_URL"):
        postgres.check_server(url)
        free_mb = shutil.disk_usage(home).free // 1024**2
        if free_mb < LEAST_FREE_MB:
            raise postgres.DiskFull(place=home, free_mb=free_mb, needed_mb=LEAST_FREE_MB)
        return None
    server = postgres.cluster_of(home)
    first = not server.data_dir.exists()
    if first:
        say(f"Making a database in {home}.", "正在建立数据库。")
    ends.callback(lambda: server.stop(force=server.started_here))
    postgres.check_server(server.ensure_started(ends_with_us=True).owner)
    return server


def bring_up_to_date(home: Path) -> None:
    """Migrate and collect static files, each only if need be."""
    from shanshi.cli.running import schema

    ready.bring_tables_up_to_date()
    schema.collect_static(home)


def enter_mode(mode: str) -> None:
    """See that the database is what this service is for.

    Raises NotADemoDatabase, DemoDatabase.
    """
    from shanshi.foundation import installation

    if mode == "demo":
        demo_mode.prepare()
    elif mode == "production":
        installation.mark_as_production()
    elif installation.is_production():  # a bench plays with fake gateways
        raise installation.NotADemoDatabase


def web(address: Address, workers: int) -> list[str]:
    """Return the command of the web server."""
    options = {
        "--interface": "wsgi",
        "--host": address.host,
        "--port": str(address.port),
        "--http": "1",
        "--workers": str(workers),
        "--blocking-threads": str(BLOCKING_THREADS),
        "--backpressure": str(BACKPRESSURE),
        "--http1-buffer-size": str(HEAD_BYTES),
        "--http1-header-read-timeout": str(HEAD_LIMIT_MS),
        # A worker that is told to end while it is still loading does not hear it.
        "--workers-kill-timeout": "3",
        # Its warnings are about threads as many as ours, which wait more than they work.
        "--log-level": "error",
    }
    return [
        *(sys.executable, "-m", "granian", "--no-ws", "--respawn-failed-workers"),
        *(word for pair in options.items() for word in pair),
        "config.wsgi:application",
    ]


def worker() -> list[str]:
    """Return the command of the background worker."""
    return [sys.executable, "-m", "shanshi.cli.running.worker"]


def wait_for_first_page(address: Address, service: Service) -> None:
    """Wait until a person would see the first page.

    Raises DoesNotAnswer, ChildKeepsEnding.
    """
    deadline = time.monotonic() + FIRST_PAGE_LIMIT_S
    while (trouble := address.first_page("/", limit_s=10)) and not service.ending:
        if time.monotonic() > deadline:
            raise DoesNotAnswer(address=address.url, reason=trouble)
        for child in service.children:
            service.look_at(child)
        time.sleep(0.05)


def greet(address: Address, home: Path, *, demo: bool) -> None:
    """Say where it is."""
    if demo:
        demo_mode.show_accounts(address.url)
    say(f"Serving on {address.url}   (data in {home}, Ctrl-C ends)", "已启动，按 Ctrl-C 结束。")
    sys.stdout.flush()


class Rounds:
    """What is looked after while the service runs: its database, the demo's clock, its parent."""

    def __init__(
        self,
        service: Service,
        server: postgres.Cluster | None,
        address: Address,
        *,
        demo: bool,
        parent: int | None,
    ) -> None:
        self.service = service
        self.server = server
        self.address = address
        self.demo = demo
        self.parent = parent
        self.next_beat = time.monotonic()

    def __call__(self) -> None:
        if self.parent is not None and os.getppid() != self.parent:
            self.service.ask_for_the_end()
        if self.server is not None and self.server.has_died():
            self.start_again(self.server)
        if self.demo and time.monotonic() >= self.next_beat:
            self.next_beat = time.monotonic() + HEARTBEAT_S
            self.remember_the_time()

    def start_again(self, server: postgres.Cluster) -> None:
        """Start the database again, and all who used it: every connection is dead, ours too."""
        say("The database ended; starting it again.", "数据库已停止，正在重新启动。")
        server.ensure_started(ends_with_us=True)
        ready.close_connections()
        self.service.start_all_again()
        wait_for_first_page(self.address, self.service)
        say("Serving again.", "已恢复服务。")

    def remember_the_time(self) -> None:
        """Note the demo's clock, so that the next start goes on from here."""
        from shanshi.foundation import installation

        try:
            installation.remember()
        except DatabaseError as error:  # the next beat comes soon
            say(f"The demo's clock could not be noted: {str(error).splitlines()[0]}")
        finally:
            connection.close()
