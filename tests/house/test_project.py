"""The project speaks of itself alone, and its papers are in place."""

import re
import subprocess
import sys

import pytest

from tests.house.code import ROOT

FORBIDDEN = re.compile(
    r"/work/|/farm/|\.\./shared|https?://(registry|files)\.|https?://[a-z.]+/simple|find-links", re.IGNORECASE
)


def tracked() -> list[str]:
    run = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [name for name in run.stdout.decode().split("\0") if name]


def test_nothing_names_a_machine_or_a_host_of_packages() -> None:
    wrong = []
    for name in tracked():
        path = ROOT / name
        if (
            not path.is_file()
            or "/vendor/" in name
            or name == "tests/house/test_project.py"
            or path.stat().st_size > 2_000_000
        ):
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        wrong += [f"{name}:{n}" for n, line in enumerate(text.splitlines(), 1) if FORBIDDEN.search(line)]
    assert wrong == []


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "README.zh-CN.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "SECURITY.md",
        "LICENSE",
        "NOTICE",
    ],
)
def test_the_papers_are_there(name: str) -> None:
    assert (ROOT / name).read_text().strip()


def test_every_room_has_a_readme() -> None:
    rooms = [path for path in (ROOT / "shanshi").iterdir() if (path / "__init__.py").exists()]
    assert [path.name for path in rooms if not (path / "README.md").exists()] == []


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text().split("[project.scripts]")[0]
    lines = [line for line in text.splitlines() if re.match(r'\s+"[A-Za-z]', line)]
    reasonless = [
        line.strip()
        for line in lines
        if re.match(r'\s+"[\w\[\],.-]+\s*(~=|>=|==|",)', line) and "#" not in line
    ]
    assert reasonless == []


def test_the_generated_pages_are_up_to_date() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tools.docs", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout) == (0, "")
