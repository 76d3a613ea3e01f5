"""The product over HTTP against the same transactions in pgbench."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.ground import ROOT, Ground


@dataclass
class Run:
    """What one side did.

    seconds  from the first request to the last answer
    cpu_s    what the load generator itself cost
    answers  index, status, sent, answered, body
    """

    requests: int
    seconds: float
    cpu_s: float = 0.0
    answers: list[Any] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    def __add__(self, other: Run) -> Run:
        return Run(
            self.requests + other.requests,
            self.seconds + other.seconds,
            self.cpu_s + other.cpu_s,
            self.answers + other.answers,
        )


def over_http(port: int, clients: int, plan: Path) -> Run:
    """Send a plan by the load generator, in a process of its own."""
    result = plan.with_suffix(".result")
    words = ["-m", "bench.load", str(port), str(clients), str(plan), str(result)]
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True)
    *lines, last = result.read_text().splitlines()
    answers = [json.loads(line) for line in lines]
    wrong = [answer for answer in answers if not 200 <= answer[1] < 300]
    if wrong:
        raise RuntimeError(f"{len(wrong)} requests were refused; the first: {wrong[0]}")
    seconds = max(answer[3] for answer in answers) - min(answer[2] for answer in answers)
    return Run(len(answers), seconds, json.loads(last)["cpu_s"], answers)


def over_pgbench(ground: Ground, database: str, scripts: list[Path], requests: int) -> Run:
    """Replay the scripts at once, each by a client of its own."""
    started_at = time.monotonic()
    running = [
        ground.pgbench(database, "-n", "-c", "1", "-t", "1", "-M", "simple", "-f", str(script))
        for script in scripts
    ]
    for process in running:
        said, wrong = process.communicate()
        if process.returncode != 0 or "ERROR" in wrong:
            raise RuntimeError(f"pgbench: {said} {wrong}")
    return Run(requests, time.monotonic() - started_at)


def with_generator(reference: Run, product: Run) -> float:
    """The rate that the reference would have if the load generator's work were done beside it.

    The generator's processor time for each request, spread over the machine's cores, is added to the
    reference's time: in the product's run it was taken from the product in the same way.
    """
    cores = os.cpu_count() or 1
    added_s = product.cpu_s / product.requests * reference.requests / cores
    return reference.requests / (reference.seconds + added_s)
