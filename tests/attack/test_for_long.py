"""The drill of all attacks: the same tests with fifty times as many examples, none of them known before."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


@pytest.mark.drill
def test_the_attacks_go_on_for_long() -> None:
    database = f"{os.environ.get('SHANSHI_TEST_DB', 'test_shanshi')}_for_long"
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/attack", "-q", "-x", "--show-capture=no"],
        env=os.environ | {"SHANSHI_ATTACK_TIMES": "50", "SHANSHI_TEST_DB": database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-20_000:]
