"""Where the service listens, and who serves this data home now."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import http.client
import ipaddress
import json
import os
import secrets
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from shanshi.cli.running import children
from shanshi.cli.running.refusals import AddressNotOurs, AlreadyServing, DemoOnlyAtHome, PortInUse
from shanshi.foundation.postgres import ground

GRACE_S = 3.0  # a service that has just been told to end may need a moment


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def check_it_is_here(self) -> None:
        """Refuse a demo that others could reach.

        Raises DemoOnlyAtHome.
        """
        with contextlib.suppress(ValueError):
            if self.host == "localhost" or ipaddress.ip_address(self.host).is_loopback:
                return
        raise DemoOnlyAtHome(host=self.host)

    def check_it_is_free(self) -> None:
        """See whether we may listen there.

        Raises PortInUse, AddressNotOurs.
        """
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
                probe.listen(1)
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    other = self.port + 1 if self.port < 65535 else 8000
                    raise PortInUse(host=self.host, port=self.port, other=other) from error
                reason = os.strerror(error.errno) if error.errno else str(error)
                raise AddressNotOurs(host=self.host, port=self.port, reason=reason) from error

    def first_page(self, path: str, *, limit_s: float) -> str:
        """Return "" when the page comes, or why it does not.

        limit_s  how long one try may take
        """
        connection = http.client.HTTPConnection(self.host, self.port, timeout=limit_s)
        try:
            connection.request("GET", path)
            status = connection.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            return str(error) or type(error).__name__
        finally:
            connection.close()
        return "" if status < 500 else f"status {status}"


@contextlib.contextmanager
def sole_service(home: Path, address: Address) -> Iterator[str]:
    """Be the only service of a data home; yields the mark for its children.

    Ends what an earlier service left behind when it was killed.

    Raises AlreadyServing, HomeNotWritable, DiskFull.
    """
    note = home / "serving.json"
    with ground.disk_troubles_told(home):
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(home / "serving.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        free = ground.wait_for(lambda: ground.try_lock(descriptor, fcntl.LOCK_EX), within_s=GRACE_S)
        before = read_note(note)
        if not free:
            raise AlreadyServing(
                home=home, process=before.get("process", "?"), address=before.get("address", "?")
            )
        if mark := before.get("mark"):
            children.end_leftovers(mark)
        mark = secrets.token_hex(16)
        with ground.disk_troubles_told(home):
            note.write_text(json.dumps({"process": str(os.getpid()), "address": address.url, "mark": mark}))
        yield mark
        note.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def read_note(note: Path) -> dict[str, str]:
    """Return what the last service wrote about itself, or nothing."""
    try:
        read = json.loads(note.read_text())
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
