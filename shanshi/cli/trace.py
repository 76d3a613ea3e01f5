"""`shanshi trace`: where a figure comes from, down to the scan."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING

import click

from shanshi.cli.running import ready

if TYPE_CHECKING:
    from shanshi.cli.tracing import Link

EPILOGUE = """\b
Examples:
  shanshi trace HZ00000017                              every figure of a volunteer
  shanshi trace 0169a1c2-7d1e-7c3a-9f40-5b1f0a4e2d11    a transfer, visit, redemption, ...
  shanshi trace HZ00000017 --limit 50 --json

Exit status: 0 found, 1 there is no such thing, 2 wrong use."""


@click.command(epilog=EPILOGUE)
@click.argument("id")
@click.option("--limit", default=5, show_default=True, help="Transfers to follow for each figure.")
@click.option("--json", "as_json", is_flag=True, help="Print the chains as JSON.")
def command(id: str, limit: int, as_json: bool) -> None:  # noqa: A002 - the name of the argument
    """Print the chain from a figure to its scan.

    ID is a transfer, visit, redemption, sign-up, scan or shift, or a volunteer number for all figures of a
    volunteer: figure <- transfer <- visit <- scans, shift <- publication.
    """
    if limit < 0:
        raise click.UsageError("--limit: give zero or more.")
    with ready.database(with_tables=True):
        from shanshi.cli import tracing

        links = tracing.chain(id.strip(), limit=limit)
    if as_json:
        print(json.dumps({"chains": [dataclasses.asdict(link) for link in links]}, ensure_ascii=False))
        return
    for link in links:
        show(link)


def show(link: Link, depth: int = 0) -> None:
    """Print a link, and what it stands on, one step further in."""
    arrow = "   " * (depth - 1) + "<- " if depth else ""
    print(f"{arrow}{link.kind} {link.id}: {link.says}.")
    for below in link.stands_on:
        show(below, depth + 1)
