"""The one way out of the building: HTTPS to public hosts, each bounded in time and size.

A program that fetches what somebody else named can be made to fetch from inside (the database, a cloud's
secrets). So a host is resolved once, its addresses are checked, and the connection goes to a checked address:
a name that answers differently a moment later gains nothing. The certificate is still checked for the name.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, NewConnectionError

from shanshi.gateways import addresses
from shanshi.gateways.refusals import (
    AddressForbidden,
    AnswerTooLarge,
    AnswerTooSlow,
    AnswerUnreadable,
    GatewayUnreachable,
    NotConnected,
    SentElsewhere,
)
from shanshi.kernel.errors import DomainError

CONNECT_SECONDS = 3.0
READ_SECONDS = 5.0
TOTAL_SECONDS = 10.0
LARGEST_ANSWER = 1024 * 1024
_CHUNK = 16 * 1024
_UNTIL: ContextVar[float] = ContextVar("shanshi.gateways.outgoing.until", default=float("inf"))

# Everything that can go wrong with a call; a gateway tells its own caller only that it cannot be reached.
FAILURES = (AddressForbidden, GatewayUnreachable, AnswerTooLarge, AnswerUnreadable, SentElsewhere)


def session() -> Session:
    """Return a session that may only do what this module allows; use it in `with`."""
    return Session()


def post_json(url: str, body: dict[str, Any], *, key: str) -> requests.Response:
    """Return the answer to a JSON body.

    url  https; key: sent as bearer token, empty for none

    Raises AddressForbidden, GatewayUnreachable, AnswerTooSlow, AnswerTooLarge, SentElsewhere.
    """
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    with session() as ours:
        return ours.post(url, json=body, headers=headers)


@contextlib.contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let all calls inside the block together take no longer, however many there are.

    seconds  above zero
    """
    token = _UNTIL.set(min(_UNTIL.get(), time.monotonic() + seconds))
    try:
        yield
    finally:
        _UNTIL.reset(token)


def read_json(answer: requests.Response) -> Any:
    """Return the JSON of an answer.

    Raises AnswerUnreadable: it is none.
    """
    try:
        return answer.json()
    except ValueError as error:
        raise AnswerUnreadable(host=host_of(answer.url)) from error


def host_of(url: str | None) -> str:
    """Return the host of an address for a message; nothing else of an address is ever shown."""
    with contextlib.suppress(ValueError):
        return urlsplit(url or "").hostname or "?"
    return "?"


class Session(requests.Session):
    """A requests session (allauth asks for one): no plain HTTP, no inside, no redirects, no proxies, bounded.

    Every way in which a call fails is a DomainError; what the caller says about verification, proxies and
    redirects is not heard.
    """

    total_seconds = TOTAL_SECONDS
    timeout = (CONNECT_SECONDS, READ_SECONDS)
    largest_answer = LARGEST_ANSWER

    def __init__(self) -> None:
        super().__init__()
        # Nothing from the environment: no proxy, no password file, no other list of certificates.
        self.trust_env = False
        self.headers["User-Agent"] = "Shanshi"
        # Packed answers are not asked for: a small one could open into a huge one.
        self.headers["Accept-Encoding"] = "identity"
        self.adapters.clear()
        door = _Door()
        self.mount("https://", door)
        self.mount("http://", door)

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:
        """Return the whole answer.

        Raises AddressForbidden, GatewayUnreachable, AnswerTooSlow, AnswerTooLarge, SentElsewhere.
        """
        url = request.url or ""
        host = host_of(url)
        watch = _Watch(min(_UNTIL.get(), time.monotonic() + self.total_seconds))
        token = _WATCH.set(watch)
        try:
            check_form(url)
            answer = super().send(
                request,
                stream=True,
                timeout=self.timeout,
                verify=settings.SHANSHI_OUTGOING_CA or True,
                proxies={},
                allow_redirects=False,
            )
            answer._content = _body(answer, watch, self.largest_answer)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise _refusal(error, host, late=watch.is_over()) from error
        finally:
            _WATCH.reset(token)
            watch.end()
            self.close()
        if 300 <= answer.status_code < 400:
            raise SentElsewhere(host=host)
        return answer

    def request(self, method: str, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Return the answer, as `send`; the address is looked at before anybody has tidied it, too."""
        check_form(str(url))
        try:
            return super().request(method, url, *args, **kwargs)
        except (requests.RequestException, ValueError) as error:
            raise AddressForbidden(host=host_of(str(url))) from error


def check_form(url: str) -> None:
    """Return nothing: an address is plainly an https address, or http where this mode allows it.

    Raises AddressForbidden: another scheme, a name and password inside, or no host.
    """
    try:
        parts = urlsplit(url)
        well = parts.hostname and "@" not in parts.netloc and "\\" not in url and (parts.port or 1) > 0
    except ValueError as error:
        raise AddressForbidden(host="?") from error
    plain = parts.scheme == "http" and settings.SHANSHI_OUTGOING_PLAIN
    if not well or not (parts.scheme == "https" or plain):
        raise AddressForbidden(host=host_of(url))


def _body(answer: requests.Response, watch: _Watch, most: int) -> bytes:
    """Read the body as it comes, so that time and size are looked at after every piece."""
    host, read = host_of(answer.url), bytearray()
    announced = answer.headers.get("Content-Length", "")
    if announced.isascii() and announced.isdigit() and int(announced) > most:
        raise AnswerTooLarge(host=host)
    while piece := answer.raw.read1(_CHUNK, decode_content=False):
        read += piece
        if len(read) > most:
            raise AnswerTooLarge(host=host)
        if watch.is_over():
            break
    # A connection that was shut down at its time looks like an answer that has come to its end.
    if watch.is_over():
        raise AnswerTooSlow(host=host)
    return bytes(read)


def _refusal(error: Exception, host: str, *, late: bool) -> DomainError:
    slow = (requests.Timeout, urllib3.exceptions.TimeoutError)
    if late or isinstance(error, slow):
        return AnswerTooSlow(host=host)
    return GatewayUnreachable(gateway=host)


@dataclass
class _Watch:
    """Ends a call at its time, whatever it is doing: who sends a byte a second never seems silent."""

    until: float
    timers: list[threading.Timer] = field(default_factory=list)
    twins: list[socket.socket] = field(default_factory=list)

    def is_over(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.until

    def follow(self, one: socket.socket) -> None:
        """Shut this connection down when the time is up."""
        # A second name of the same connection: encryption takes the first one over.
        twin = one.dup()
        timer = threading.Timer(max(0.0, self.until - time.monotonic()), _shut, [twin])
        timer.daemon = True
        timer.start()
        self.twins.append(twin)
        self.timers.append(timer)

    def end(self) -> None:
        """Stop watching."""
        for timer in self.timers:
            timer.cancel()
            timer.join()
        for twin in self.twins:
            twin.close()


def _shut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)


_WATCH: ContextVar[_Watch] = ContextVar("shanshi.gateways.outgoing.watch")


@contextlib.contextmanager
def _named(connection: HTTPConnection, address: str) -> Iterator[None]:
    """Let a connection dial an address while it keeps the name of its host for everything else."""
    name = connection._dns_host
    connection._dns_host = address
    try:
        yield
    finally:
        connection._dns_host = name


class _Dialing(HTTPConnection):
    """Dials checked addresses only, and checks at the very moment of dialing."""

    is_encrypted = False

    def _new_conn(self) -> socket.socket:
        host, watch = self.host, _WATCH.get()
        port = self.port or self.default_port
        try:
            found = addresses.resolved(host, port, internal=settings.SHANSHI_OUTGOING_INTERNAL)
        except GatewayUnreachable as error:
            raise NotConnected(gateway=host) from error
        if not self.is_encrypted and not all(map(addresses.is_loopback, found)):
            raise AddressForbidden(host=host)
        failed: Exception | None = None
        for address in found:
            if watch.is_over():
                break
            try:
                with _named(self, address):
                    made = super()._new_conn()
            except HTTPError as error:
                failed = error
                continue
            watch.follow(made)
            return made
        if isinstance(failed, NewConnectionError) and not watch.is_over():
            raise NotConnected(gateway=host)
        raise _refusal(failed or TimeoutError(), host, late=watch.is_over())


class _Encrypted(_Dialing, HTTPSConnection):
    is_encrypted = True


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Dialing


class _EncryptedPool(HTTPSConnectionPool):
    ConnectionCls = _Encrypted


class _Door(HTTPAdapter):
    """An adapter whose pools dial as above, and never try twice."""

    def __init__(self) -> None:
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _EncryptedPool}
