"""PostgreSQL without installing one: a server of our own from a wheel, or anybody's by its address.

Needs no Django, because it runs before Django knows its database. The rest of the house asks for
`database_urls`, and for a `Cluster` where a server must run.
"""

from shanshi.foundation.postgres.addresses import cluster_of, database_urls, home_of, test_cluster
from shanshi.foundation.postgres.cluster import Cluster
from shanshi.foundation.postgres.names import APP, DATABASE, OWNER, Urls
from shanshi.foundation.postgres.preflight import check_server, server_version
from shanshi.foundation.postgres.refusals import (
    DatabaseNotReady,
    DataFromOtherVersion,
    DiskFull,
    HomeNotWritable,
    NoBinaries,
    NotRunning,
    NoUnprivilegedUser,
    PostgresProblem,
    ServerBusy,
    ServerDidNotStart,
    ServerTooOld,
    ServerUnreachable,
)

__all__ = [
    "APP",
    "DATABASE",
    "OWNER",
    "Cluster",
    "DataFromOtherVersion",
    "DatabaseNotReady",
    "DiskFull",
    "HomeNotWritable",
    "NoBinaries",
    "NoUnprivilegedUser",
    "NotRunning",
    "PostgresProblem",
    "ServerBusy",
    "ServerDidNotStart",
    "ServerTooOld",
    "ServerUnreachable",
    "Urls",
    "check_server",
    "cluster_of",
    "database_urls",
    "home_of",
    "server_version",
    "test_cluster",
]
