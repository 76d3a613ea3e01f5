"""Statements of the busiest ways, bound and prepared by the server.

Django writes the values into the text of a statement, so that the server reads and plans it anew each time.
That is right for most; where thousands of people stand at doors, planning costs more than the work itself. A
statement that goes through here keeps its text, and each connection prepares it once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper


def rows(statement: str, values: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Execute a statement that answers with rows, and return them.

    statement  the same text at every call, with %s or %(name)s; a value whose type the place does not tell
               is cast there: %s::uuid
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.ensure_connection()
    database.validate_no_broken_transaction()
    wrapper = CursorDebugWrapper if database.queries_logged else CursorWrapper
    with wrapper(psycopg.Cursor(database.connection), database) as cursor:
        cursor.execute(statement, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
