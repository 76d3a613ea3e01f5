"""The papers of privacy speak of what is there: real tables, real files, real commands, in both languages."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner
from django.db import connection

from shanshi.cli.main import group
from shanshi.keeping.rules import CLASSES
from tests.house.code import HOUSE, ROOT

PAPERS = sorted((ROOT / "docs/privacy").glob("*.md")) + sorted((ROOT / "docs/guides").glob("keys*.md"))
ASSESSMENTS = [path for path in PAPERS if path.name.startswith("impact")]
TABLE = re.compile(
    r"\b(?:registry|foundation|attendance|activities|imports|ledger|notices|rewards|mfa|socialaccount)_[a-z]+\b"
)
COMMAND = re.compile(r"\bshanshi ((?:[a-z]+ ?){1,2})")


def test_every_paper_is_there_in_both_languages() -> None:
    names = {path.name for path in PAPERS}
    assert names == {
        f"{name}{ending}"
        for name in ("impact-assessment", "breach-procedure", "keys")
        for ending in (".md", ".zh-CN.md")
    }


@pytest.mark.django_db
@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_every_table_that_a_paper_names_exists(path) -> None:  # type: ignore[no-untyped-def]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    assert set(TABLE.findall(path.read_text())) - there == set()


@pytest.mark.parametrize("path", ASSESSMENTS, ids=lambda path: path.name)
def test_the_assessment_names_every_table_with_personal_data(path) -> None:  # type: ignore[no-untyped-def]
    personal = {table for one in CLASSES if one.personal for table in one.tables}
    assert sorted(personal - set(TABLE.findall(path.read_text()))) == []


@pytest.mark.parametrize("path", ASSESSMENTS, ids=lambda path: path.name)
def test_the_measures_stand_where_the_assessment_says(path) -> None:  # type: ignore[no-untyped-def]
    text = path.read_text()
    ours = re.findall(r"`((?:foundation|registry|portal|attendance|keeping)/[\w/.]*)`", text)
    tests = re.findall(r"`(tests/[\w/.]+)`", text)
    assert len(ours) >= 9
    assert len(tests) >= 12
    assert [name for name in ours if not (HOUSE / name).exists()] == []
    assert [name for name in tests if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("path", PAPERS, ids=lambda path: path.name)
def test_every_command_that_a_paper_names_is_one(path) -> None:  # type: ignore[no-untyped-def]
    for words in COMMAND.findall(path.read_text()):
        first, *more = words.split()
        command = group.get_command(None, first)  # type: ignore[arg-type]
        assert command is not None, words
        if more and hasattr(command, "commands"):
            assert more[0] in command.commands, words
    assert CliRunner().invoke(group, ["keys", "--help"]).exit_code == 0


def test_both_languages_name_the_same_tables() -> None:
    for path in PAPERS:
        if path.name.endswith(".zh-CN.md"):
            english = path.with_name(path.name.replace(".zh-CN", ""))
            assert set(TABLE.findall(path.read_text())) == set(TABLE.findall(english.read_text())), path.name
