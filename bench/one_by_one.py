"""Sends a plan's requests one after the other, with a mark in the server's log after each answer.

python -m bench.one_by_one PORT PLAN DATABASE_URL
"""

from __future__ import annotations

import http.client
import sys
from pathlib import Path

import psycopg

from bench.capture import mark
from bench.load import Plan


def main(port: int, plan_path: Path, url: str) -> None:
    """Send everything; any answer that is not 2xx ends it."""
    plan = Plan(plan_path, port)
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.connect()
    with psycopg.connect(url, autocommit=True) as marks:
        mark(marks, -1)
        for number, request in plan.requests:
            connection.sock.sendall(request)
            answer = http.client.HTTPResponse(connection.sock)
            answer.begin()
            body = answer.read()
            if not 200 <= answer.status < 300:
                raise RuntimeError(f"request {number}: {answer.status} {body.decode()}")
            mark(marks, number)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
