"""Statements of the busiest ways, bound and prepared by the server.

Django writes the values into the text of a statement, so that the server reads and plans it anew each time.
That is right for most; where thousands of people stand at doors, planning costs more than the work itself. A
statement that goes through here keeps its text, and each connection prepares it once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from psycopg.abc import Loader
from psycopg.pq import Format

_CURSOR = "_shanshi_prepared"  # kept on the connection, so that it dies with it
# The driver's own way to read a moment, written in C; Django's, in Python, would only set the zone, and every
# connection of ours is in UTC anyway.
_MOMENT = psycopg.adapters.types["timestamptz"].oid
_READS_MOMENTS = cast(type[Loader], psycopg.adapters.get_loader(_MOMENT, Format.TEXT))


def rows(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Execute a statement that answers with rows, and return them.

    statement  the same text at every call, with %s or %(name)s; a value whose type the place does not tell
               is cast there: %s::uuid
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    database.validate_no_broken_transaction()
    wrapper = CursorDebugWrapper if database.queries_logged else CursorWrapper
    cursor = wrapper(cursor_of(database.connection), database)
    cursor.execute(statement, values)
    found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def cursor_of(connection: psycopg.Connection[Any]) -> psycopg.Cursor[Any]:
    """Return the connection's cursor for prepared statements, always the same: a new one costs as much again.

    Take its answer before anything else is asked; never close it.
    """
    beside: dict[str, Any] = vars(connection)
    found: psycopg.Cursor[Any] | None = beside.get(_CURSOR)
    if found is None:
        found = beside[_CURSOR] = psycopg.Cursor(connection)
        found.adapters.register_loader(_MOMENT, _READS_MOMENTS)
    return found
