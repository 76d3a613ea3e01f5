"""The command `shanshi`: gathers the commands of this package and says no in one sentence.

A command is a module `shanshi/cli/<name>.py` with a click command named `command`. It imports rooms inside
its function, because the database must run and Django be set up first: see `running.ready`.
Exit status: 0 done, 1 the answer is no, 2 wrong use.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import sys
from types import FrameType
from typing import Any, NoReturn

import click
import django.db
import psycopg
from django.core.exceptions import ImproperlyConfigured

import shanshi.cli
from shanshi.cli.running import refusals, speaking
from shanshi.kernel.errors import DomainError

EPILOGUE = """\b
Examples:
  shanshi serve --demo             the Hangzhou demo on http://127.0.0.1:8000
  shanshi serve --help             everything about one command
  psql "$(shanshi database --url)" look into the database

\b
Environment:
  SHANSHI_HOME   where data and keys lie (default: .data in the clone)
  DATABASE_URL   another PostgreSQL (15 or later), as the owner of its database

Exit status: 0 done, 1 the answer is no, 2 wrong use."""


class House(click.Group):
    """The commands are the modules of this package that have one."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(name for name in modules() if command_of(name) is not None)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return command_of(cmd_name) if cmd_name in modules() else None


def modules() -> list[str]:
    """Return the names of the modules in this package that may be commands."""
    return [found.name for found in pkgutil.iter_modules(shanshi.cli.__path__) if not found.ispkg]


def command_of(name: str) -> click.Command | None:
    """Return the command of a module, or None if it has none."""
    command = getattr(importlib.import_module(f"shanshi.cli.{name}"), "command", None)
    return command if isinstance(command, click.Command) else None


@click.group(cls=House, epilog=EPILOGUE, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="shanshi", prog_name="shanshi")
def group() -> None:
    """Shanshi 善时: volunteer service of a city, from a scan to a coffee."""


def end(number: int, frame: FrameType | None) -> NoReturn:
    """Let everything that was begun be put in order, as after Ctrl-C."""
    raise SystemExit(128 + number)


def main(arguments: list[str] | None = None) -> Any:
    """Run one command and exit with its status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    signal.signal(signal.SIGTERM, end)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means it
        signal.signal(signal.SIGHUP, end)
    try:
        sys.exit(group.main(arguments, prog_name="shanshi", standalone_mode=False))
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(128 + signal.SIGINT)
    except ImproperlyConfigured as wrong:
        print(f"Error: {wrong}", file=sys.stderr)
        sys.exit(2)
    except DomainError as refusal:
        speaking.refuse(refusal)
        sys.exit(1)
    except (psycopg.OperationalError, django.db.OperationalError) as error:
        speaking.refuse(refusals.of_database(error))
        sys.exit(1)
