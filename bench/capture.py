"""The product's transactions, caught in the server's log with their parameters, as scripts for pgbench."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg

from bench.ground import ROOT, Ground
from shanshi.foundation.postgres.names import APP

PREFIX = "@@%d|"
MARK = "bench-mark"
LINE = re.compile(r"@@(\w+)\|LOG:  (?:statement|execute [^:]*): (.*)", re.DOTALL)
PARAMETERS = re.compile(r"@@\w+\|DETAIL:  [Pp]arameters: (.*)", re.DOTALL)
PARAMETER = re.compile(r"\$(\d+) = ('(?:[^']|'')*'|NULL)")
# One commit a scan: the borders of the product's own transactions are left out, and one is set around all.
BORDER = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET |SHOW |DISCARD)", re.IGNORECASE)


def caught(ground: Ground, database: str, plan: Path) -> list[list[str]]:
    """Send a plan's requests one after the other, and return the statements of each.

    database  a copy of its own, which is spent
    """
    with ground.as_superuser() as connection:
        connection.execute(f"ALTER SYSTEM SET log_line_prefix = '{PREFIX}'")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"ALTER ROLE {APP} IN DATABASE {database} SET log_statement = 'all'")
        connection.execute(f"ALTER ROLE {APP} IN DATABASE {database} SET log_min_duration_statement = -1")
    begins_at = ground.cluster.log.stat().st_size
    with ground.serving(database, SHANSHI_POOL="2") as port:
        words = ["-m", "bench.one_by_one", str(port), str(plan), ground.cluster.url(APP, database)]
        subprocess.run([sys.executable, *words], cwd=ROOT, check=True)
    with ground.cluster.log.open(encoding="utf-8", errors="replace") as log:
        log.seek(begins_at)
        return split(log.read(), database)


def split(log: str, database: str) -> list[list[str]]:
    """Return the statements between the marks of a log."""
    groups: list[list[str]] = []
    current: list[str] = []
    for entry in entries(log):
        if bound := PARAMETERS.match(entry):
            if current and "$1" in current[-1]:
                current[-1] = filled(current[-1], bound[1])
            continue
        found = LINE.match(entry)
        if found is None or found[1] != database:
            continue
        statement = found[2].strip()
        if MARK in statement:
            groups.append(current)
            current = []
        elif not BORDER.match(statement):
            current.append(statement)
    # Before the first mark stands what the product asks at its start.
    return groups[1:]


def entries(log: str) -> Iterator[str]:
    """The entries of a log; lines that begin with a tab go on with the one before."""
    entry: list[str] = []
    for line in log.splitlines():
        if line.startswith("\t"):
            entry.append(line[1:])
            continue
        if entry:
            yield "\n".join(entry)
        entry = [line]
    if entry:
        yield "\n".join(entry)


def filled(statement: str, parameters: str) -> str:
    """Put logged parameters into their statement."""
    values = {int(number): value for number, value in PARAMETER.findall(parameters)}
    return re.sub(r"\$(\d+)", lambda found: values.get(int(found[1]), found[0]), statement)


def scripts(groups: list[list[str]], clients: int, folder: Path) -> list[Path]:
    """Write one script for each client: its share of the requests, one transaction each."""
    paths = []
    for client in range(clients):
        path = folder / f"client-{client}.sql"
        lines = []
        for statements in groups[client::clients]:
            lines += ["BEGIN;", *(f"{statement.rstrip(';')};" for statement in statements), "COMMIT;"]
        path.write_text("\n".join(lines))
        paths.append(path)
    return paths


def mark(connection: psycopg.Connection, number: int) -> None:
    """Set a mark in the server's log."""
    connection.execute(f"SELECT '{MARK} {number}'")


def statements_of(groups: list[list[str]]) -> dict[str, object]:
    """What stood in the requests: how many statements, and those of one of them, for the reader."""
    return {
        "requests": len(groups),
        "statements_each": round(sum(map(len, groups)) / max(1, len(groups)), 2),
        "example": json.dumps(groups[len(groups) // 2], ensure_ascii=False),
    }
