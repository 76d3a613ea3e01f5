"""The running service under slow, large and curious clients, all on this machine."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest

from shanshi.cli import serve as serving
from tests.cli.conftest import Served

Serve = Callable[..., Served]
PATIENCE_S = 20
SECRET = "a-secret-of-this-test"


def connected(served: Served) -> socket.socket:
    return socket.create_connection(("127.0.0.1", served.port), timeout=PATIENCE_S)


def said(client: socket.socket) -> str:
    """Everything that comes until the connection ends."""
    parts = []
    while part := client.recv(65536):
        parts.append(part)
    return b"".join(parts).decode(errors="replace")


def asked(served: Served, head: str, body: bytes = b"") -> str:
    with connected(served) as client:
        client.sendall(head.replace("\n", "\r\n").encode() + b"\r\n\r\n")
        client.sendall(body)
        return said(client)


def test_slow_large_and_curious_clients_harm_nobody(serve: Serve) -> None:
    served = serve(SHANSHI_SMS_KEY=SECRET).until("Serving on")

    with ExitStack() as closing:
        # Each says that a body comes, and lets it drip: as many as would fill every place, and more.
        slow = [closing.enter_context(connected(served)) for _ in range(serving.BACKPRESSURE // 2)]
        for client in slow:
            client.sendall(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nphone=")
        for client in slow:
            client.sendall(b"1")
        began = time.monotonic()
        answer = asked(served, "GET / HTTP/1.1\nHost: localhost\nConnection: close")
        waited_s = time.monotonic() - began
    assert answer.startswith("HTTP/1.1 200")
    assert waited_s < 5, "slow bodies keep others waiting"

    head = answer.split("\r\n\r\n")[0].lower()
    assert "server: shanshi" in head
    assert "granian" not in head

    body = b"x" * 3_000_000
    refused = asked(
        served,
        "POST /api/v1/auth/codes HTTP/1.1\nHost: localhost\nConnection: close\n"
        f"Content-Type: application/json\nContent-Length: {len(body)}",
        body,
    )
    assert refused.startswith("HTTP/1.1 413")
    assert "foundation.body_too_large" in refused

    long = asked(served, f"GET /{'a' * 100_000} HTTP/1.1\nHost: localhost\nConnection: close")
    assert long.startswith("HTTP/1.1 414")

    words = [word for process in served.processes() for word in process.cmdline()]
    assert words
    assert [word for word in words if SECRET in word or "://" in word] == []


@pytest.mark.drill
def test_a_head_that_never_ends_is_hung_up_on(serve: Serve) -> None:
    served = serve().until("Serving on")
    with connected(served) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: local")
        began = time.monotonic()
        assert said(client) == ""
        assert time.monotonic() - began < serving.HEAD_LIMIT_MS / 1000 + 3
