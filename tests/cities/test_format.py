"""The reference page is made from the records, and names every file and field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from shanshi.cities.rules.case import FILES
from shanshi.cities.rules.fields import specs
from shanshi.cities.rules.refusals import NotInProduction
from shanshi.cli.load import command
from tests.cities.conftest import HANGZHOU, SMALL
from tools.case_format import PAGE, renewed


def test_the_page_is_up_to_date() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert renewed(page) == page, "run: python -m tools.case_format"


@pytest.mark.parametrize("name", FILES)
def test_every_file_and_field_is_on_the_page(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert f"### {name}" in page
    for field, spec in specs(FILES[name]).items():
        assert f"| `{field}` |" in page
        assert spec.says


@pytest.mark.parametrize("case", [SMALL, HANGZHOU], ids=lambda case: case.name)
def test_the_command_looks_without_a_database(case: Path) -> None:
    done = CliRunner().invoke(command, ["--check", "--json", str(case)])

    assert done.exit_code == 0
    assert json.loads(done.output)["case"] in {"kuaiji-2019-05", "hangzhou-2019-03"}


def test_the_command_tells_every_wrong_line(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text("format: 7\n")

    done = CliRunner().invoke(command, ["--check", "--json", str(tmp_path)])

    assert done.exit_code == 1
    problems = json.loads(done.output)["problems"]
    assert {"file": "case.yaml", "line": 1, "field": "format"}.items() <= next(
        problem for problem in problems if problem["field"] == "format"
    ).items()
    assert "divisions.csv" in {problem["file"] for problem in problems}


def test_the_command_refuses_what_is_no_folder(tmp_path: Path) -> None:
    assert CliRunner().invoke(command, ["--check", str(tmp_path / "nowhere")]).exit_code == 2


def test_production_refuses_before_anything_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANSHI_MODE", "production")

    done = CliRunner().invoke(command, [str(SMALL)])

    assert isinstance(done.exception, NotInProduction)
