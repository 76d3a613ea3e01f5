"""Where the data home is, and which addresses the product's database has."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from shanshi.foundation.postgres.cluster import Cluster
from shanshi.foundation.postgres.names import APP, Urls

REPOSITORY = Path(__file__).resolve().parents[3]


def home_of(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the data home: SHANSHI_HOME, else .data in the clone, else .data where we are."""
    if named := environ.get("SHANSHI_HOME"):
        return Path(named).absolute()
    beside = REPOSITORY if (REPOSITORY / "pyproject.toml").exists() else Path.cwd()
    return beside / ".data"


def cluster_of(home: Path | None = None) -> Cluster:
    """Return the embedded server of a data home."""
    return Cluster(home or home_of())


def test_cluster() -> Cluster:
    """Return the embedded server of the tests: fast, and forgetful at a crash of the machine."""
    cluster = Cluster(home_of(), name="test-postgres", for_tests=True)
    cluster.prepare()  # its address is asked for before it is started
    return cluster


test_cluster.__test__ = False  # type: ignore[attr-defined] # not a test, whatever pytest thinks of its name


def database_urls(environ: Mapping[str, str] = os.environ, home: Path | None = None) -> Urls:
    """Return the owner's and the application's address of the product's database.

    DATABASE_URL names another server, as its owner; the application then takes its own role on that
    connection, unless SHANSHI_APP_DATABASE_URL names a login for it; with that alone nothing is done as the
    owner. Starts nothing.
    """
    owner, app = environ.get("DATABASE_URL"), environ.get("SHANSHI_APP_DATABASE_URL")
    if not owner and not app:
        return cluster_of(home or home_of(environ)).urls()
    return Urls(owner or app or "", app or with_role(owner or "", APP))


def with_role(url: str, role: str) -> str:
    """Return the address with a role that the server takes as soon as it is connected."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    query["options"] = f"{query.get('options', '')} -c role={role}".strip()
    return urlunsplit(parts._replace(query=urlencode(query, quote_via=quote)))
