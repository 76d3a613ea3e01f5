"""A running database and Django, for the commands that need both."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import django
from django.db import connections

from shanshi.foundation import postgres


@contextlib.contextmanager
def database() -> Iterator[postgres.Urls]:
    """Have the database answer and Django set up, as long as the command runs.

    The embedded server is joined when it runs, and started for the while when it does not.

    Raises every PostgresProblem.
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
        django.setup()
        try:
            yield urls
        finally:
            close_connections()


def close_connections() -> None:
    """Give every connection back, the pool's too, so that the server can end at once."""
    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()
