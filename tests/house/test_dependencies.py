"""Everything of others has a licence that somebody allowed, and its known weaknesses are looked at."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from tools import dependencies
from tools.dependencies import Dependency

SOME = Dependency("some", "1.0", "product", "MIT")
KNOWN = {
    "asked_on": "2026-11-01",
    "asked": 1,
    "weak": {"some==1.0": [{"id": "PYSEC-2026-1", "fixed_in": ["1.1"]}]},
}
NOTHING: dict[str, Any] = {"asked_on": None, "asked": 0, "weak": {}}


def test_every_licence_is_allowed_and_no_weakness_is_known() -> None:
    found = list(dependencies.dependencies())
    assert len(found) > 50
    assert dependencies.check(found, dependencies.snapshot(), today=date(2026, 11, 24)) == 0


@pytest.mark.parametrize(
    ("licence", "may"),
    [
        ("MIT", True),
        ("MIT OR GPL-3.0-only", True),
        ("Apache-2.0 AND MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("LGPL-3.0-only", False),
        ("unknown", False),
    ],
)
def test_a_licence_that_nobody_allowed_is_refused(licence: str, may: bool) -> None:
    assert (dependencies.allowed(Dependency("some", "1.0", "product", licence)) is not None) is may


def test_a_condition_holds_for_one_package_alone() -> None:
    assert dependencies.allowed(Dependency("psycopg", "3", "product", "LGPL-3.0-only"))


def test_a_known_weakness_of_this_very_version_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert dependencies.check([SOME], KNOWN, today=date(2026, 11, 24)) == 1
    assert "PYSEC-2026-1, mended in 1.1" in capsys.readouterr().err
    newer = Dependency("some", "1.1", "product", "MIT")
    assert dependencies.check([newer], KNOWN, today=date(2026, 11, 24)) == 0


def test_the_age_of_what_is_known_is_said() -> None:
    assert "NOT LOOKED UP" in dependencies.age(NOTHING, today=date(2026, 11, 24))
    assert "(23 days ago, 1 packages)." in dependencies.age(KNOWN, today=date(2026, 11, 24))
    assert "OLD" in dependencies.age(KNOWN, today=date(2027, 3, 1))


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A package index on this machine, and what it answers."""
    answers: dict[str, Any] = {}

    class Index(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = answers.get(self.path)
            self.send_response(404 if body is None else 200)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Index)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{server.server_port}/simple/")
    yield answers
    server.shutdown()
    server.server_close()


def test_a_snapshot_is_what_the_index_says(index, monkeypatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(dependencies, "ADVISORIES", tmp_path / "advisories.json")
    monkeypatch.setattr(dependencies, "dependencies", lambda: iter([SOME]))
    index["/pypi/some/1.0/json"] = {
        "vulnerabilities": [
            {"id": "PYSEC-2026-1", "fixed_in": ["1.1"], "withdrawn": None},
            {"id": "PYSEC-2026-2", "fixed_in": [], "withdrawn": "2026-02-01"},
        ]
    }
    assert dependencies.renew() == 0
    assert dependencies.snapshot()["weak"] == KNOWN["weak"]


@pytest.mark.parametrize("said", [None, {"info": {}}])
def test_without_an_answer_nothing_is_written(index, monkeypatch, tmp_path, said) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(dependencies, "ADVISORIES", tmp_path / "advisories.json")
    monkeypatch.setattr(dependencies, "dependencies", lambda: iter([SOME]))
    index["/pypi/some/1.0/json"] = said
    assert dependencies.renew() == 1
    assert not (tmp_path / "advisories.json").exists()
