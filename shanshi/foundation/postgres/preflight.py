"""Is there a database behind an address, new enough and with what the product needs?"""

from __future__ import annotations

from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from shanshi.foundation.postgres.names import APP, DATABASE, OLDEST_VERSION
from shanshi.foundation.postgres.refusals import DatabaseNotReady, ServerTooOld, ServerUnreachable

ANSWER_LIMIT_S = 10
_NO_ADDRESS = "it is no address such as postgresql://name:password@host:5432/database"
EXTENSIONS = ("btree_gist", "pg_trgm")


def server_version(url: str) -> int:
    """Return the major version of the server that answers at an address. Changes nothing.

    Raises ServerUnreachable, ServerTooOld.
    """
    with answering(url) as connection:
        return version_of(connection, url)


def check_server(url: str) -> int:
    """Return the server's major version. Makes the application's role and the extensions if need be.

    url  the owner's address

    Raises ServerUnreachable, ServerTooOld, DatabaseNotReady.
    """
    address = without_password(url)
    with answering(url) as connection:
        have = version_of(connection, url)
        if (encoding := connection.info.parameter_status("server_encoding")) != "UTF8":
            raise DatabaseNotReady(
                address=address,
                reason=f"its encoding is {encoding}, not UTF8",
                statement=f"CREATE DATABASE {DATABASE} ENCODING 'UTF8' TEMPLATE template0",
            )
        for statement in missing(connection):
            try:
                connection.execute(statement)
            except psycopg.Error as error:
                raise DatabaseNotReady(
                    address=address, reason=first_line(error), statement=statement.decode()
                ) from error
    return have


def answering(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """Return a connection to the server.

    Raises ServerUnreachable.
    """
    try:
        return psycopg.connect(url, connect_timeout=ANSWER_LIMIT_S, autocommit=True)
    except psycopg.OperationalError as error:
        raise ServerUnreachable(address=without_password(url), reason=first_line(error)) from error
    except (psycopg.Error, ValueError):
        # The driver repeats what it could not read, the password too.
        raise ServerUnreachable(address=without_password(url), reason=_NO_ADDRESS) from None


def version_of(connection: psycopg.Connection[tuple[object, ...]], url: str) -> int:
    """Return the major version behind a connection.

    Raises ServerTooOld.
    """
    have = connection.info.server_version // 10_000
    if have < OLDEST_VERSION:
        raise ServerTooOld(address=without_password(url), have=have, needed=OLDEST_VERSION)
    return have


def missing(connection: psycopg.Connection[tuple[object, ...]]) -> list[bytes]:
    """Return the statements that would give this database what it lacks."""
    statements = []
    role = sql.Identifier(connection.info.user).as_string() if connection.info.user else "CURRENT_USER"
    # Since version 16 being a member and taking the role are two privileges.
    may_take = "SET" if connection.info.server_version >= 160_000 else "MEMBER"
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP]).fetchone():
        statements += [f"CREATE ROLE {APP}", f"GRANT {APP} TO {role}"]
    elif not connection.execute("SELECT 1 WHERE pg_has_role(%s, %s)", [APP, may_take]).fetchone():
        statements.append(f"GRANT {APP} TO {role}")
    have = {row[0] for row in connection.execute("SELECT extname FROM pg_extension")}
    statements += [f"CREATE EXTENSION {name}" for name in EXTENSIONS if name not in have]
    return [statement.encode() for statement in statements]


def without_password(url: str) -> str:
    """Return an address that may be shown."""
    try:
        parts = urlsplit(url)
        place = parts.hostname or "local socket"
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "DATABASE_URL"
    if not parts.scheme:
        return "DATABASE_URL"
    return f"{place}{port}{parts.path}"


def first_line(error: BaseException) -> str:
    """Return the first line of what a driver says, without a full stop."""
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__).rstrip(".")
