"""`shanshi database`, and what every command has in common."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click
import psycopg
import pytest
from django.db import OperationalError

from shanshi.cli import main
from shanshi.cli.running.refusals import of_database
from shanshi.foundation.postgres import Cluster
from tests.cli.conftest import shanshi


def test_the_url_opens_the_database_as_its_owner(lived_in: Path) -> None:
    with Cluster(lived_in).in_use():
        said = shanshi(lived_in, "database", "--url")
        with psycopg.connect(said.stdout.strip()) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("shanshi_owner",)

    assert said.returncode == 0


def test_programs_may_read_where_it_is(lived_in: Path) -> None:
    with Cluster(lived_in).in_use() as urls:
        said = shanshi(lived_in, "database", "--json")

    assert json.loads(said.stdout) == {
        "running": True,
        "embedded": True,
        "version": 18,
        "url": urls.owner,
        "app_url": urls.app,
        "home": str(lived_in),
    }


def test_a_database_that_does_not_run_is_the_answer_no(tmp_path: Path) -> None:
    said = shanshi(tmp_path, "database", "--url")

    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr.splitlines()[0] == (
        f"Error: The embedded PostgreSQL of {tmp_path} is not running. "
        "It runs while shanshi serve does: start that first."
    )
    assert not (tmp_path / "postgres").exists()


def test_a_database_of_others_is_named_with_its_trouble(tmp_path: Path) -> None:
    said = shanshi(tmp_path, "database", "--json", more={"DATABASE_URL": "postgresql://x@127.0.0.1:9/x"})

    assert said.returncode == 1
    assert json.loads(said.stdout)["running"] is False


@pytest.mark.parametrize("words", [["nonsense"], ["database", "--nonsense"], ["database", "--url", "--json"]])
def test_wrong_use_is_status_two(tmp_path: Path, words: list[str]) -> None:
    assert shanshi(tmp_path, *words).returncode == 2


@pytest.mark.parametrize("name", [name for name in main.modules() if main.command_of(name)])
def test_help_is_complete(name: str, tmp_path: Path) -> None:
    command = main.command_of(name)
    assert command is not None

    said = shanshi(tmp_path, name, "--help")

    assert said.returncode == 0
    assert "Examples:" in said.stdout, "show how it is used"
    assert command.help, "say what it does"
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert [option.name for option in options if not option.help] == [], "say what each option does"
    assert os.listdir(tmp_path) == [], "help must not touch the data"


def test_a_full_disk_of_the_database_is_told_from_a_lost_connection() -> None:
    full = OperationalError("could not extend file: No space left on device\nHINT: Check free disk space.")
    full.__cause__ = psycopg.errors.DiskFull()
    lost = psycopg.OperationalError("the connection is closed")

    assert str(of_database(full)) == (
        "The disk of the database is full: could not extend file: No space left on device."
    )
    assert str(of_database(lost)) == "The database stopped answering: the connection is closed."


def test_a_setting_that_cannot_be_is_one_sentence(lived_in: Path) -> None:
    with Cluster(lived_in).in_use():
        said = shanshi(lived_in, "verify", more={"SHANSHI_MODE": "banana"})

    assert said.returncode == 2
    assert said.stderr.splitlines() == [
        "Error: SHANSHI_MODE: 'banana' is none of demo, test, bench, production"
    ]
