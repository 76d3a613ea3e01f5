"""`shanshi verify`: whether the books are right."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import TYPE_CHECKING

import click

from shanshi.cli.running import ready

if TYPE_CHECKING:
    from shanshi.ledger.queries import Report

EPILOGUE = """\b
Examples:
  shanshi verify
  shanshi verify --json | jq .findings

Exit status: 0 the books are right, 1 they are not, 2 wrong use."""


@click.command(epilog=EPILOGUE)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def command(as_json: bool) -> None:
    """Recompute every balance from its transfers and name the first row that is wrong.

    Looks at the hash of each transfer, at reversals, balances, sums and states below zero, on one snapshot
    of the database, so it may run while people use the product.
    """
    with ready.database(with_tables=True):
        from shanshi.ledger import queries

        report = queries.verify()
    if as_json:
        print(json.dumps({"is_right": report.is_right, **dataclasses.asdict(report)}, ensure_ascii=False))
    else:
        show(report)
    sys.exit(0 if report.is_right else 1)


def show(report: Report) -> None:
    """Print the report for a person."""
    print(f"{report.transfers} transfers and {report.balances} balances were computed again.")
    for finding in report.findings:
        more = f" ({finding.rows} such rows; this is the first)" if finding.rows > 1 else ""
        print(f"WRONG {finding.check}: {finding.where}: {finding.says}.{more}")
    print("The books are right." if report.is_right else "The books are NOT right.")
