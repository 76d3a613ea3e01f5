"""The whole Hangzhou case in a database of its own: loaded once, read by many tests that leave it as it was.

Loading takes the better part of a minute. So it is done once a run, into a copy of the empty test database; a
test that asks for `hangzhou_city` reads that copy instead of the usual one, in a transaction that is undone.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from django.core.cache import cache
from django.db import connections, transaction

from shanshi.cities import operations
from shanshi.cities.operations import Loaded

HANGZHOU: Final = Path(__file__).parents[1] / "cases" / "hangzhou-2019-03"
# Processes of one run share the copy; the first loads, the others wait.
_LOCK: Final = 20190320
_READY: Final = "ready"


@dataclass(frozen=True, slots=True)
class City:
    """The case in its database.

    seconds  how long loading took; None where another process of this run had loaded it
    """

    database: str
    loaded: Loaded | None
    seconds: float | None


@pytest.fixture(scope="session")
def hangzhou_database(django_db_setup: None, django_db_blocker: Any) -> City:
    """The copy, loaded."""
    empty = str(connections["default"].settings_dict["NAME"])
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))[:12]
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    base = empty.removesuffix(f"_{worker}") if worker else empty
    name = f"{base}_hangzhou_{run}"
    with django_db_blocker.unblock():
        # The copy is made from a database that nobody is connected to.
        connections["default"].close()
        with _server().cursor() as server:
            server.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
            is_ready = _prepare(server, base=base, empty=empty, name=name)
            with _reading(name):
                city = City(name, None, None) if is_ready else _load(name)
            server.execute(f"COMMENT ON DATABASE \"{name}\" IS '{_READY}'")
            server.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
            server.connection.close()
    return city


def _server() -> Any:
    """A connection of the owner's, to no database of ours."""
    made = connections.create_connection("default")
    options = {k: v for k, v in made.settings_dict["OPTIONS"].items() if k != "options"}
    made.settings_dict = {**made.settings_dict, "NAME": "postgres", "OPTIONS": options}
    made.set_autocommit(True)
    return made


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Let everything use another database for a while."""
    usual = connections["default"]
    other = connections.create_connection("default")
    other.settings_dict = {**usual.settings_dict, "NAME": name}
    connections["default"] = other
    try:
        yield
    finally:
        other.close()
        connections["default"] = usual


def _prepare(server: Any, *, base: str, empty: str, name: str) -> bool:
    """Copy the empty database unless another process has loaded it already; copies of older runs go."""
    server.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database WHERE datname LIKE %s",
        [f"{base}_hangzhou_%"],
    )
    there = dict(server.fetchall())
    if there.get(name) == _READY:
        return True
    for old in there:
        server.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [old])
        if server.fetchone() == (0,):
            server.execute(f'DROP DATABASE "{old}"')
    server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{empty}"')
    return False


def _load(name: str) -> City:
    began = time.monotonic()
    loaded = operations.load_case(HANGZHOU)
    return City(name, loaded, time.monotonic() - began)


@pytest.fixture
def hangzhou_city(db: None, hangzhou_database: City) -> Iterator[City]:
    """The case in place of the empty test database, for one test; whatever it changes is undone."""
    cache.clear()
    with _reading(hangzhou_database.database), transaction.atomic():
        yield hangzhou_database
        transaction.set_rollback(True)
    cache.clear()
