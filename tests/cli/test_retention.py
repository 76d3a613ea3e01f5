"""`shanshi retention`: counted, done as the application, or as the owner of the tables."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection

from shanshi.attendance.models import ScanLocation
from shanshi.cli import retention
from shanshi.cli.running import ready
from shanshi.foundation.models import AuditEntry, RetentionRun
from shanshi.kernel.ids import new_id
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(ready, "database", lambda **_: contextlib.nullcontext())
    monkeypatch.delenv("SHANSHI_AS_OWNER", raising=False)
    monkeypatch.setenv("SHANSHI_AS_OWNER", "")
    return lambda *words: CliRunner().invoke(retention.command, words)


def counts(answer: Any, name: str) -> tuple[int, int]:
    assert answer.exit_code == 0, answer.output
    (found,) = [one for one in json.loads(answer.output) if one["data_class"] == name]
    return found["removed"], found["due"]


def test_a_dry_run_only_counts_and_a_run_lets_go(run: Any, at: datetime) -> None:
    ScanLocation.objects.create(
        holder_id=new_id(), latitude=30.2, longitude=120.1, recorded_at=at - timedelta(days=31)
    )
    assert counts(run("--dry-run", "--json"), "exact_places") == (0, 1)
    assert not RetentionRun.objects.exists()
    assert counts(run("--json"), "exact_places") == (1, 0)
    assert "exact_places" in run().output


def test_the_trail_of_ten_years_ago_goes_by_the_owners_hand_alone(
    run: Any, cast: Cast, the_clock: Callable[[datetime], None], at: datetime
) -> None:
    _ = cast.wu
    entries = AuditEntry.objects.count()
    the_clock(at + timedelta(days=3654))
    assert counts(run("--json"), "trail") == (0, entries)
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        answer = run("--as-owner", "--json")
        cursor.execute("SET ROLE shanshi_app")
    assert counts(answer, "trail") == (entries, 0)
