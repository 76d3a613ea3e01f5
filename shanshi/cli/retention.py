"""`shanshi retention`: what has been kept long enough goes."""

from __future__ import annotations

import dataclasses
import json
import os
from typing import TYPE_CHECKING

import click

from shanshi.cli.running import ready

if TYPE_CHECKING:
    from shanshi.keeping.operations import Gone

EPILOGUE = """\b
Examples:
  shanshi retention --dry-run     what a run would let go of now
  shanshi retention               what the nightly job does
  shanshi retention --as-owner    also what is written once: looks and trails of more than ten years

Exit status: 0 done, 1 refused, 2 wrong use."""


@click.command(epilog=EPILOGUE)
@click.option("--dry-run", is_flag=True, help="Only count; change nothing.")
@click.option(
    "--as-owner",
    is_flag=True,
    help="Connect as the owner of the tables, who alone may delete what is written once.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def command(dry_run: bool, as_owner: bool, as_json: bool) -> None:
    """Let go of data that have been kept long enough.

    The classes and their days stand at /privacy/retention and in the policy "retention". It may run beside
    the service, twice, or late.
    """
    if as_owner:
        os.environ["SHANSHI_AS_OWNER"] = "1"
    with ready.database(with_tables=True):
        from shanshi.foundation import clock
        from shanshi.keeping import operations

        at, real_at = clock.now(), clock.real_now()
        if dry_run:
            done = operations.due(at=at, real_at=real_at)
        else:
            done = operations.expire(at=at, real_at=real_at, as_owner=as_owner)
    if as_json:
        print(json.dumps([dataclasses.asdict(one) for one in done], default=str))
        return
    show(done)


def show(done: list[Gone]) -> None:
    """Print what went and what waits, a line for each class."""
    print(f"{'class':<22}{'days':>6}{'let go':>10}{'waiting':>10}  oldest left")
    for one in done:
        oldest = f"{one.oldest_left_at:%Y-%m-%d}" if one.oldest_left_at else "-"
        print(f"{one.data_class:<22}{one.kept_days:>6}{one.removed:>10,}{one.due:>10,}  {oldest}")
