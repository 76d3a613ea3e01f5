"""A load generator: a few connections kept alive, each sending its next request as soon as it has its answer.

python -m bench.load PORT CLIENTS PLAN RESULT

PLAN is JSON lines, one request each: {"head": "POST /path ...", "body": {...}, "door": n}. A body with a door
gets the code that the door shows at the moment of sending, from the file's first line
{"doors": [[[unix times], [codes from then on]], ...]}. RESULT gets one line for each request: index, status,
when it was sent, when it was answered (both seconds of one clock), the answer; and last what the generator
itself cost.
Written small on the bare event loop: what it costs is taken from the product's machine.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Answer = tuple[int, int, float, float, str]


class Sender(asyncio.Protocol):
    """One connection: sends a request, waits for its answer, sends the next."""

    def __init__(self, plan: Plan, done: asyncio.Future[None]) -> None:
        self.plan, self.done = plan, done
        self.received = b""
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.next()

    def next(self) -> None:
        """Send the next request, or end."""
        self.index, request = next(self.plan.requests, (-1, b""))
        if self.index < 0:
            self.done.set_result(None)
            self.transport.close()
            return
        self.sent_at = time.monotonic()
        self.transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take a piece of the answer; note it when it is whole."""
        self.received += data
        head, found, body = self.received.partition(b"\r\n\r\n")
        if not found:
            return
        start = head.lower().find(b"content-length:")
        length = int(head[start + 15 :].split(b"\r", 1)[0]) if start >= 0 else 0
        if len(body) < length:
            return
        self.plan.answers.append(
            (self.index, int(head[9:12]), self.sent_at, time.monotonic(), body[:length].decode())
        )
        self.received = b""
        self.next()

    def connection_lost(self, error: Exception | None) -> None:
        """An answer that never came is a failure of the run."""
        if not self.done.done():
            self.done.set_exception(error or ConnectionError(f"request {self.index} was not answered"))


class Plan:
    """What is to be sent, shared by all connections in its order."""

    def __init__(self, path: Path, port: int) -> None:
        first, *lines = path.read_text().splitlines()
        self.doors = json.loads(first)["doors"]
        self.host = f"Host: 127.0.0.1:{port}\r\n".encode()
        self.made = [json.loads(line) for line in lines]
        self.requests = self._requests()
        self.answers: list[Answer] = []

    def _requests(self) -> Iterator[tuple[int, bytes]]:
        for index, request in enumerate(self.made):
            yield index, self._bytes(request)

    def _bytes(self, request: dict[str, Any]) -> bytes:
        body = request["body"]
        if "door" in request:
            times, codes = self.doors[request["door"]]
            body = {**body, "code": codes[bisect_right(times, time.time()) - 1]}
        content = json.dumps(body).encode() if body is not None else b""
        return (
            request["head"].encode()
            + self.host
            + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(content)
            + content
        )


async def run(port: int, clients: int, plan: Plan) -> None:
    """Send everything through a number of connections."""
    loop = asyncio.get_running_loop()
    ends = [loop.create_future() for _ in range(clients)]
    for end in ends:
        await loop.create_connection(lambda end=end: Sender(plan, end), "127.0.0.1", port)
    await asyncio.gather(*ends)


def main(port: int, clients: int, plan_path: Path, result_path: Path) -> None:
    """Send the plan, and write down what came."""
    plan = Plan(plan_path, port)
    before = os.times()
    asyncio.run(run(port, clients, plan))
    after = os.times()
    cpu_s = after.user + after.system - before.user - before.system
    lines = [json.dumps(answer) for answer in sorted(plan.answers)]
    result_path.write_text("\n".join([*lines, json.dumps({"cpu_s": cpu_s})]))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), Path(sys.argv[4]))
