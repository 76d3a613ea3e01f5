"""Postings by the product's own operation, from processes with threads, as a web server has them.

python -m bench.postings PROCESSES THREADS BATCH SECONDS    prints {"transfers": n, "seconds": s}
"""

from __future__ import annotations

import json
import multiprocessing
import random
import sys
import threading
import time
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from typing import Any

import django

HOLDERS = 20_000


def main(processes: int, threads: int, batch: int, seconds: float) -> None:
    """Let all workers post for some seconds, and print what they did together."""
    queue: multiprocessing.Queue[tuple[int, float, float]] = multiprocessing.Queue()
    gate = multiprocessing.Barrier(processes * threads)
    workers = [
        multiprocessing.Process(target=worker, args=(n, threads, batch, seconds, gate, queue))
        for n in range(processes)
    ]
    for process in workers:
        process.start()
    done = [queue.get() for _ in range(processes * threads)]
    for process in workers:
        process.join()
    spent_s = max(ended for _, _, ended in done) - min(began for _, began, _ in done)
    print(json.dumps({"transfers": sum(count for count, _, _ in done), "seconds": spent_s}))


def worker(number: int, threads: int, batch: int, seconds: float, gate: Barrier, queue: Any) -> None:
    """Post from some threads, each with a connection of its own."""
    django.setup()
    each = [
        threading.Thread(target=post, args=(1000 * number + n, batch, seconds, gate, queue))
        for n in range(threads)
    ]
    for thread in each:
        thread.start()
    for thread in each:
        thread.join()


def post(seed: int, batch: int, seconds: float, gate: Barrier, queue: Any) -> None:
    """Post one transaction after another; each transfer an hour of service for somebody."""
    from django.db import connection

    from shanshi.kernel.ids import id_of, new_id
    from shanshi.ledger import operations
    from shanshi.ledger.rules import Account, Kind, Posting, Unit

    chosen = random.Random(seed)
    holders = [id_of("bench", n) for n in range(HOLDERS)]
    issuer = Account(Kind.ISSUER, id_of("bench"), Unit.VERIFIED_MINUTE)
    at = datetime.now(UTC)

    def one() -> Posting:
        holder = chosen.choice(holders)
        return Posting(
            id=new_id(),
            holder_id=holder,
            giver=issuer,
            taker=Account(Kind.VOLUNTEER, holder, Unit.VERIFIED_MINUTE),
            amount=60,
            source=f"visit:{holder}:{holder}",
            reason="Confirmed service",
            policy="hours@2019-01-01",
            happened_at=at,
        )

    for _ in range(6):
        operations.post([one() for _ in range(batch)], at=at)
    gate.wait()
    count, began = 0, time.monotonic()
    while time.monotonic() - began < seconds:
        operations.post([one() for _ in range(batch)], at=at)
        count += batch
    queue.put((count, began, time.monotonic()))
    connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))
