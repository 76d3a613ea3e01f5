"""A running database and Django, for the commands that need both."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import django
import psycopg
from django.db import connections

from shanshi.foundation import postgres


@contextlib.contextmanager
def database(*, on_empty: str = "production", with_tables: bool = False) -> Iterator[postgres.Urls]:
    """Have the database answer and Django set up, as long as the command runs.

    The embedded server is joined when it runs, and started for the while when it does not. The mode is
    that of SHANSHI_MODE, else what the database is marked as.

    on_empty     the mode for a database that is not marked yet: "production" or "demo"
    with_tables  bring the tables up to date first

    Raises every PostgresProblem, MigrationFailed.
    """
    home = postgres.home_of()
    if address := os.environ.get("DATABASE_URL"):
        postgres.check_server(address)
        server: contextlib.AbstractContextManager[postgres.Urls] = contextlib.nullcontext(
            postgres.database_urls(os.environ, home)
        )
    else:
        server = postgres.cluster_of(home).in_use()
    with server as urls:
        os.environ.setdefault("SHANSHI_MODE", marked_as(urls.owner) or on_empty)
        django.setup()
        try:
            if with_tables:
                bring_tables_up_to_date()
            yield urls
        finally:
            close_connections()


def marked_as(url: str) -> str | None:
    """Return "demo" or "production" as the database is marked, or None if it is not yet.

    url  the owner's address
    """
    with psycopg.connect(url) as connection:
        try:
            row = connection.execute("SELECT kind FROM foundation_installation").fetchone()
        except psycopg.errors.UndefinedTable:
            return None
    return str(row[0]) if row else None


def bring_tables_up_to_date() -> None:
    """Migrate if some migration has not run. Django must be set up.

    Raises MigrationFailed.
    """
    from shanshi.cli.running import schema
    from shanshi.cli.running.speaking import aside

    if schema.migrations_wait():
        aside("Bringing the tables up to date.", "正在更新数据表。")
        schema.migrate()


def close_connections() -> None:
    """Give every connection back, the pool's too, so that the server can end at once."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
