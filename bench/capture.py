"""The product's transactions, caught in the server's log with their parameters, as scripts for pgbench."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.ground import ROOT, Ground
from shanshi.foundation.postgres.names import APP

PREFIX = "@@%d|%p|"
MARK = "bench-mark"
LINE = re.compile(r"@@(\w+\|\d+)\|LOG:  (?:statement|execute ([^:]*)): (.*)", re.DOTALL)
PARAMETERS = re.compile(r"@@(\w+\|\d+)\|DETAIL:  [Pp]arameters: (.*)", re.DOTALL)
PARAMETER = re.compile(r"\$(\d+) = ('(?:[^']|'')*'|NULL)")
# One commit a scan: the borders of the product's own transactions are left out, and one is set around all.
BORDER = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET |SHOW |DISCARD)", re.IGNORECASE)


@dataclass
class Caught:
    """One statement of the product.

    text    as it was sent; with $1, $2 ... where its values were bound
    values  as SQL writes them
    is_prepared  whether the product prepared it once for many
    """

    text: str
    values: tuple[str, ...] = ()
    is_prepared: bool = False


def caught(ground: Ground, database: str, plan: Path) -> list[list[Caught]]:
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


def split(log: str, database: str) -> list[list[Caught]]:
    """Return the statements between the marks of a log."""
    groups: list[list[Caught]] = []
    current: list[Caught] = []
    others = background(log)
    for entry in entries(log):
        found = PARAMETERS.match(entry) or LINE.match(entry)
        if found is None or found[1] in others or not found[1].startswith(f"{database}|"):
            continue
        if found.re is PARAMETERS:
            if current:
                current[-1].values = tuple(value for _, value in PARAMETER.findall(found[2]))
            continue
        statement = found[3].strip().rstrip(";")
        if MARK in statement:
            groups.append(current)
            current = []
        elif not BORDER.match(statement):
            current.append(Caught(statement, is_prepared=found[2] not in (None, "<unnamed>")))
    # Before the first mark stands what the product asks at its start.
    return groups[1:]


def background(log: str) -> set[str]:
    """Return the connections of the background worker, which asks for jobs all the time."""
    found = (LINE.match(entry) for entry in entries(log) if "procrastinate" in entry)
    return {line[1] for line in found if line}


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


def literal(statement: Caught) -> str:
    """Return a statement with its values written into it."""
    return re.sub(r"\$(\d+)", lambda found: statement.values[int(found[1]) - 1], statement.text)


def preparable(groups: list[list[Caught]], connection: psycopg.Connection) -> dict[str, str]:
    """Return a name for each text that the product prepared, and that can be prepared without its driver."""
    texts = dict.fromkeys(one.text for group in groups for one in group if one.is_prepared)
    names: dict[str, str] = {}
    for number, text in enumerate(texts):
        try:
            connection.execute(f"PREPARE caught_{number} AS {text}".encode())
        except psycopg.errors.ProgrammingError:
            continue  # the driver told the server a type that the text does not show
        names[text] = f"caught_{number}"
    return names


def scripts(
    groups: list[list[Caught]], clients: int, folder: Path, connection: psycopg.Connection
) -> list[Path]:
    """Write one script for each client: its share of the requests, one transaction each.

    What the product prepared is prepared here too, once for each client.
    """
    names = preparable(groups, connection)
    prepared = [f"PREPARE {name} AS {text};" for text, name in names.items()]
    paths = []
    for client in range(clients):
        lines = list(prepared)
        for group in groups[client::clients]:
            lines += ["BEGIN;", *(call(one, names) for one in group), "COMMIT;"]
        path = folder / f"client-{client}.sql"
        path.write_text("\n".join(lines))
        paths.append(path)
    return paths


def call(statement: Caught, names: dict[str, str]) -> str:
    """Return what pgbench sends for a statement."""
    if statement.text in names:
        return f"EXECUTE {names[statement.text]}({', '.join(statement.values)});"
    return f"{literal(statement)};"


def mark(connection: psycopg.Connection, number: int) -> None:
    """Set a mark in the server's log."""
    connection.execute(f"SELECT '{MARK} {number}'")
