"""`shanshi database`: where the database is, for psql, backups and programs."""

from __future__ import annotations

import json
import os
import sys

import click

from shanshi.foundation import postgres

EPILOGUE = """\b
Examples:
  psql "$(shanshi database --url)"
  pg_dump "$(shanshi database --url)" > backup.sql
  shanshi database --json

Exit status: 0 it answers, 1 it does not, 2 wrong use."""


@click.command(epilog=EPILOGUE)
@click.option("--url", "as_url", is_flag=True, help="Print only the owner's connection URL.")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
def command(as_url: bool, as_json: bool) -> None:
    """Say where the database is and whether it answers.

    The URL is the owner's, who migrates and makes backups. The embedded server needs no password:
    its socket is closed to other users. It runs while `shanshi serve` (or any other command) does.
    """
    if as_url and as_json:
        raise click.UsageError("--url and --json: choose one.")
    urls = postgres.database_urls(os.environ)
    embedded = not os.environ.get("DATABASE_URL")
    trouble = None
    version = None
    try:
        version = postgres.server_version(urls.owner)
    except postgres.PostgresProblem as problem:
        trouble = problem
    if as_json:
        print(
            json.dumps(
                {
                    "running": trouble is None,
                    "embedded": embedded,
                    "version": version,
                    "url": urls.owner,
                    "app_url": urls.app,
                    "home": str(postgres.home_of()),
                }
            )
        )
        sys.exit(0 if trouble is None else 1)
    if trouble is not None:
        raise postgres.NotRunning(place=postgres.home_of()) if embedded else trouble
    if as_url:
        print(urls.owner)
        return
    kind = "embedded" if embedded else "from DATABASE_URL"
    print(f"PostgreSQL {version} ({kind}) answers.")
    print(f"owner's URL: {urls.owner}")
    print(f"data home:   {postgres.home_of()}")
