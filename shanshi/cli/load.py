"""`shanshi load`: a city's case, from a folder of plain files into an empty database."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from shanshi.cli.running import ready
from shanshi.cli.running.demo import progress
from shanshi.cli.running.speaking import aside

if TYPE_CHECKING:
    from shanshi.cities.rules.problems import CaseInvalid

MOST_SHOWN = 100
EPILOGUE = """\b
Examples:
  shanshi load --check cases/hangzhou-2019-03    look for wrong lines, load nothing
  shanshi load cases/hangzhou-2019-03
  shanshi load --json my-city | jq .problems

\b
The files are described in docs/reference/case-format.md.
Exit status: 0 loaded (or right), 1 a wrong line or a database that may not take it, 2 wrong use."""


@click.command(epilog=EPILOGUE)
@click.argument("directory", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Read and check the files; needs no database.")
@click.option("--json", "as_json", is_flag=True, help="Print what was loaded, or every wrong line, as JSON.")
def command(directory: Path, only_check: bool, as_json: bool) -> None:
    """Load the case in DIR, all of it or nothing.

    Only into an empty database, which becomes a demo, or into a demo without a case; production refuses,
    because a case holds past visits. A wrong line is told by file, line, field and reason.
    """
    from shanshi.cities.rules.problems import CaseInvalid

    try:
        done = check(directory) if only_check else load(directory)
    except CaseInvalid as invalid:
        tell(invalid, as_json=as_json)
        sys.exit(1)
    if as_json:
        print(json.dumps(done, ensure_ascii=False, default=str))
        return
    print(f"{done['name_zh']} {done['name_en']}: {'right' if only_check else 'loaded'}.")
    for name in ("people", "organizations", "activities", "shifts", "sign_ups", "visits", "redemptions"):
        print(f"{done[name]:>8,} {name.replace('_', '-')}")


def check(directory: Path) -> dict[str, object]:
    """Read and check the case, and return how much it holds.

    Raises CaseInvalid.
    """
    from shanshi.cities.rules.checks import checked
    from shanshi.cities.rules.drawing import drawing
    from shanshi.cities.rules.folder import files_of
    from shanshi.cities.rules.measure import loaded

    case = checked(files_of(directory))
    return dataclasses.asdict(loaded(case, drawing(case)))


def load(directory: Path) -> dict[str, object]:
    """Load the case, and return how much it held.

    Raises NotInProduction, CaseInvalid, and what load_case refuses.
    """
    from shanshi.cities.rules.refusals import NotInProduction

    # Known before anything is started: a production without its keys could not even say no.
    if os.environ.get("SHANSHI_MODE") == "production":
        raise NotInProduction
    with ready.database(on_empty="demo", with_tables=True):
        from shanshi.cities import operations as cities

        with progress() as told:
            return dataclasses.asdict(cities.load_case(directory, progress=told))


def tell(invalid: CaseInvalid, *, as_json: bool) -> None:
    """Print every wrong place."""
    if as_json:
        problems = [dataclasses.asdict(problem) for problem in invalid.problems]
        print(json.dumps({"problems": problems}, ensure_ascii=False))
        return
    for problem in invalid.problems[:MOST_SHOWN]:
        print(problem, file=sys.stderr)
    if len(invalid.problems) > MOST_SHOWN:
        print(f"... and {len(invalid.problems) - MOST_SHOWN} more", file=sys.stderr)
    aside(f"{len(invalid.problems)} wrong; nothing has been loaded.", "有错误，未载入任何内容。")
