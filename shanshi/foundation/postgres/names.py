"""The names that every database of the product has."""

from __future__ import annotations

from typing import NamedTuple

SUPERUSER = "postgres"  # makes roles and databases on the embedded server, and does nothing else
OWNER = "shanshi_owner"
APP = "shanshi_app"
DATABASE = "shanshi"
OLDEST_VERSION = 15


class Urls(NamedTuple):
    """Two addresses of one database: the owner's, which migrates, and the application's, which serves."""

    owner: str
    app: str
