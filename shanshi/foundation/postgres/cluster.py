"""One embedded PostgreSQL server: started once, shared by all who need it, ended by the last of them.

Every process that uses the server holds a shared lock on `users.lock`; who leaves last stops it. Whoever
starts or stops holds `start.lock`, so two starters at once are one start. Locks die with their process,
so a killed process leaves nothing that stops the next one.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from shanshi.foundation.postgres import ground, settings
from shanshi.foundation.postgres.lifeline import end_with_this_process
from shanshi.foundation.postgres.names import APP, DATABASE, OWNER, SUPERUSER, Urls
from shanshi.foundation.postgres.refusals import (
    DataFromOtherVersion,
    DiskFull,
    ServerBusy,
    ServerDidNotStart,
)

START_LIMIT_S = 300  # recovery after a crash replays the log, which takes minutes at worst
STOP_LIMIT_S = 60
BUSY_LIMIT_S = START_LIMIT_S + STOP_LIMIT_S
MB = 1024 * 1024
FIRST_START_MB = 512
LATER_START_MB = ground.LEAST_FREE_MB
LONGEST_LOG_MB = 20


class Cluster:
    """An embedded server with its data, named in a data home.

    home  the data home, such as .data
    name  the server's folder in it; a link where root must keep the data elsewhere
    for_tests  fast, and forgetful at a crash of the machine
    """

    def __init__(
        self,
        home: Path,
        *,
        name: str = "postgres",
        for_tests: bool = False,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.pointer = home.absolute() / name
        self.for_tests = for_tests
        self._environ = os.environ if environ is None else environ
        self._users: int | None = None
        self._child: subprocess.Popen[bytes] | None = None

    # Where things are

    @property
    def place(self) -> Path:
        """Where the server's data, log and locks really lie."""
        return self.pointer.resolve()

    @property
    def data_dir(self) -> Path:
        return self.place / "data"

    @property
    def log(self) -> Path:
        return self.place / "log"

    @property
    def socket_dir(self) -> Path:
        return ground.socket_dir_for(self.place)

    def url(self, user: str = OWNER, database: str = DATABASE) -> str:
        """Return an address for psql and drivers. There is no password: the socket's folder is closed."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket_dir))}"

    def urls(self, database: str = DATABASE) -> Urls:
        """Return the owner's and the application's address of a database."""
        return Urls(self.url(OWNER, database), self.url(APP, database))

    # Starting and stopping

    def prepare(self) -> None:
        """Make the server's folder if need be, so that its address is final.

        Raises NoUnprivilegedUser, HomeNotWritable.
        """
        ground.place_for(self.pointer, ground.account())

    def ensure_started(self, *, ends_with_us: bool = False) -> Urls:
        """Return the addresses of the running server; starts it, or joins a running one.

        ends_with_us  a server started here ends when this process is killed; to be called in its main thread

        Raises NoBinaries, NoUnprivilegedUser, HomeNotWritable, ServerBusy, DiskFull,
        DataFromOtherVersion, ServerDidNotStart.
        Locks the server's start.lock for the start, and users.lock until `stop`.
        """
        who = ground.account()
        bin_dir = ground.binaries(self._environ, who)
        place = ground.place_for(self.pointer, who)
        with (
            ground.disk_troubles_told(place),
            ground.locked(place / "start.lock", within_s=BUSY_LIMIT_S) as mine,
        ):
            if not mine:
                raise ServerBusy(place=self.place)
            if not self.running():
                self._start(bin_dir, who, ends_with_us=ends_with_us)
            self._join()
        return self.urls()

    def stop(self, *, force: bool = False) -> bool:
        """Leave the server, and stop it when nobody else uses it. Returns whether it is stopped.

        force  stop it even while others use it

        Raises ServerBusy, ServerDidNotStart: it does not end.
        """
        if not self.place.is_dir():
            return True
        with ground.locked(self.place / "start.lock", within_s=BUSY_LIMIT_S) as mine:
            if not mine:
                raise ServerBusy(place=self.place)
            if self._users is not None:
                os.close(self._users)
                self._users = None
            alone = not self._others_use_it()
            if alone or force:
                self._end()
            return alone or force

    @property
    def started_here(self) -> bool:
        """Whether this process started the server that runs now."""
        return self._child is not None

    def has_died(self) -> bool:
        """Whether the server ended while this process uses it."""
        if self._child is not None:
            return self._child.poll() is not None
        return self._users is not None and self.postmaster() is None

    @contextlib.contextmanager
    def in_use(self) -> Iterator[Urls]:
        """Have the server run for a while."""
        urls = self.ensure_started()
        try:
            yield urls
        finally:
            self.stop()

    def remove(self) -> None:
        """Stop the server and delete all its data."""
        self.stop(force=True)
        for path in {self.place, self.socket_dir}:
            shutil.rmtree(path, ignore_errors=True)
        if self.pointer.is_symlink():
            self.pointer.unlink()

    def running(self) -> bool:
        """Whether the server runs; waits for one that is starting, recovering or ending."""
        postmaster = self.postmaster()
        if postmaster is None:
            return False
        ground.wait_for(lambda: self._answers() or not postmaster.is_running(), within_s=START_LIMIT_S)
        return self._answers()

    def _join(self) -> None:
        if self._users is None:
            self._users = os.open(self.place / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._users, fcntl.LOCK_SH)

    def _others_use_it(self) -> bool:
        descriptor = os.open(self.place / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            return not ground.try_lock(descriptor, fcntl.LOCK_EX)
        finally:
            os.close(descriptor)

    @property
    def _notes(self) -> tuple[Path, Path]:
        """The files in which a server writes its number; one that ends removes them one after the other."""
        return self.data_dir / "postmaster.pid", self.socket_dir / f"{ground.SOCKET_NAME}.lock"

    def postmaster(self) -> psutil.Process | None:
        """Return the server's process, as long as it is there at all."""
        for note in self._notes:
            # A number left in a stale file may belong to anybody by now.
            with contextlib.suppress(OSError, ValueError, psutil.Error):
                process = psutil.Process(int(note.read_text().split("\n", 1)[0]))
                if process.cwd() == str(self.data_dir) and process.status() != psutil.STATUS_ZOMBIE:
                    return process
        return None

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def _start(self, bin_dir: Path, who: ground.Account | None, *, ends_with_us: bool) -> None:
        self._check_space(LATER_START_MB if self.data_dir.exists() else FIRST_START_MB)
        if not self.data_dir.exists():
            self._initialise(bin_dir, who)
        self._check_version(bin_dir)
        # No process of ours stands behind them any more; PostgreSQL would believe a reused number.
        for note in self._notes:
            note.unlink(missing_ok=True)
        ground.make_socket_dir(self.socket_dir, who)
        self._configure(who)
        self._launch(bin_dir, who, ends_with_us=ends_with_us)
        self._make_roles()

    def _check_space(self, needed_mb: int) -> None:
        free_mb = shutil.disk_usage(self.place).free // MB
        if free_mb < needed_mb:
            raise DiskFull(place=self.place, free_mb=free_mb, needed_mb=needed_mb)

    def _check_version(self, bin_dir: Path) -> None:
        written = (self.data_dir / "PG_VERSION").read_text().strip()
        have = major_version(bin_dir)
        if written != str(have):
            raise DataFromOtherVersion(place=self.place, written=written, have=have)

    def _initialise(self, bin_dir: Path, who: ground.Account | None) -> None:
        """Make the data folder; under another name first, so that a half-made one is never taken for it."""
        unfinished = self.place / "data.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        # Characters of any language sort and fold the same on every machine, without the system's locales.
        locale = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if major_version(bin_dir) >= 17 else []
        )
        made = ground.run_as(
            who,
            bin_dir / "initdb",
            f"--pgdata={unfinished}",
            f"--username={SUPERUSER}",
            "--encoding=UTF8",
            "--locale=C",
            *locale,
            "--auth=trust",
            "--data-checksums",
            "--no-instructions",
            *(["--no-sync"] if self.for_tests else []),
        )
        if made.returncode != 0:
            self._raise_why(made.stderr)
        unfinished.rename(self.data_dir)

    def _configure(self, who: ground.Account | None) -> None:
        """Write the settings anew, so that a start always has those of this version of the product."""
        text = settings.written(self.socket_dir, for_tests=self.for_tests)
        (self.data_dir / "postgresql.conf").write_text(text, encoding="utf-8")
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG_MB * MB:
            self.log.replace(self.log.with_name("log.old"))
        self.log.touch(mode=0o600)
        if who is not None:
            os.chown(self.log, who.uid, who.gid)

    def _launch(self, bin_dir: Path, who: ground.Account | None, *, ends_with_us: bool) -> None:
        """Start the server and wait until it answers."""
        told = self.log.stat().st_size
        # The workers of a server that was killed may hold its memory for a moment: then once more. A server
        # that ended without a reason of its own was ended by somebody: it gets a second and a third chance.
        unexplained = 0
        for _ in range(20):
            if ends_with_us:
                self._launch_as_child(bin_dir, who)
            else:
                self._launch_on_its_own(bin_dir, who)
            if self._answers():
                return
            said = self._said_since(told)
            told = self.log.stat().st_size
            self._child = None
            unexplained += not _reasons(said)
            if "is still in use" not in said and (_reasons(said) or unexplained > 2):
                break
            ground.wait_for(lambda: False, within_s=0.5)
        self._raise_why(said)

    def _launch_as_child(self, bin_dir: Path, who: ground.Account | None) -> None:
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                [bin_dir / "postgres", "-D", self.data_dir],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=ground.clean_environment(),
                start_new_session=True,  # Ctrl-C is ours to handle: the web server ends before its database
                preexec_fn=end_with_this_process(signal.SIGINT),  # noqa: PLW1509 - started before any thread
                **(who.as_popen() if who else {}),
            )
        self._child = child
        ground.wait_for(lambda: child.poll() is not None or self._answers(), within_s=START_LIMIT_S)

    def _launch_on_its_own(self, bin_dir: Path, who: ground.Account | None) -> None:
        ground.run_as(
            who,
            *(bin_dir / "pg_ctl", "start", "--wait", f"--timeout={START_LIMIT_S}", "--silent"),
            *(f"--pgdata={self.data_dir}", f"--log={self.log}"),
        )

    def _said_since(self, position: int) -> str:
        with self.log.open("rb") as log:
            log.seek(position)
            return log.read().decode(errors="replace")

    def _raise_why(self, said: str) -> None:
        if "No space left on device" in said:
            free_mb = shutil.disk_usage(self.place).free // MB
            raise DiskFull(place=self.place, free_mb=free_mb, needed_mb=FIRST_START_MB)
        reason = (_reasons(said) or said.splitlines() or ["it said nothing"])[-1]
        raise ServerDidNotStart(reason=reason.strip().rstrip("."), log=self.log)

    def _make_roles(self) -> None:
        """Make the two roles and the database, each unless it is there.

        The owner migrates: it owns the database, so it may add the trusted extensions btree_gist and pg_trgm,
        and it may make databases for tests; it is no superuser. The application's role may what
        the migrations grant it, and nothing else.
        """
        with psycopg.connect(self.url(SUPERUSER, "postgres"), autocommit=True) as connection:
            for role, may in ((APP, "LOGIN"), (OWNER, "LOGIN CREATEDB")):
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    connection.execute(sql.SQL(f"CREATE ROLE {{}} {may}").format(sql.Identifier(role)))
                    if role == OWNER:
                        connection.execute(f"GRANT {APP} TO {OWNER}")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        with psycopg.connect(self.url(SUPERUSER), autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")

    def _end(self) -> None:
        postmaster = self.postmaster()
        for how, limit_s in ((signal.SIGINT, STOP_LIMIT_S), (signal.SIGQUIT, 15), (signal.SIGKILL, 5)):
            if postmaster is None:
                break
            with contextlib.suppress(psutil.NoSuchProcess):
                postmaster.send_signal(how)
            if ground.wait_for(lambda: self._has_ended(postmaster), within_s=limit_s):
                break
        self._child = None

    def _has_ended(self, postmaster: psutil.Process | None) -> bool:
        if self._child is not None:
            return self._child.poll() is not None
        return self.postmaster() is None


def _reasons(said: str) -> list[str]:
    """Return the lines of a log that tell why a server did not start."""
    return [line for line in said.splitlines() if any(sign in line for sign in ("FATAL", "PANIC", "error:"))]


def major_version(bin_dir: Path) -> int:
    """Return the major version of the server's programs, such as 18."""
    said = subprocess.run(
        [bin_dir / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int("".join(c if c.isdigit() else " " for c in said.split()[-1]).split()[0])
