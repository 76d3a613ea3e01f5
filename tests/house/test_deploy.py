"""In production the frame itself finds nothing to warn of."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from shanshi.foundation.crypto import new_keys
from tests.house.code import ROOT


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """The environment of a city's server, with keys that are thrown away."""
    keys = tmp_path / "keys.json"
    keys.write_text(json.dumps(new_keys()))
    keys.chmod(0o600)
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {
        "SHANSHI_MODE": "production",
        "SHANSHI_KEYS": str(keys),
        "SHANSHI_HOME": str(tmp_path),
        "SHANSHI_HOSTS": "shanshi.example",
        "DATABASE_URL": "postgresql://owner:secret@db.example/shanshi",  # nobody asks it
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }


def run(production: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=production, capture_output=True, text=True, check=False
    )


def test_the_check_of_a_deployment_finds_nothing(production: dict[str, str]) -> None:
    done = run(production, "manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "no issues (0 silenced)" in done.stdout


def test_cookies_of_production_belong_to_one_host_and_to_tls(production: dict[str, str]) -> None:
    asked = (
        "import json; from django.conf import settings as s; print(json.dumps([s.DEBUG,"
        " s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE,"
        " s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE,"
        " s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH, s.SECURE_HSTS_SECONDS]))"
    )
    done = run(production, "-c", asked)
    assert json.loads(done.stdout or done.stderr) == [
        *(False, "__Host-session", "__Host-form", True, True, True, None, "/", 365 * 24 * 3600)
    ]


@pytest.mark.parametrize(("serving", "ends"), [("", False), ("1", True)])
def test_only_requests_have_little_time_in_the_database(
    production: dict[str, str], serving: str, ends: bool
) -> None:
    asked = "from django.conf import settings as s; print(s.DATABASES['default']['OPTIONS']['options'])"
    done = run(production | {"SHANSHI_SERVING": serving}, "-c", asked)
    assert "role=shanshi_app" in done.stdout, done.stderr
    for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
        assert (f"-c {name}=" in done.stdout) is ends


@pytest.mark.parametrize(("proxies", "believed"), [("0", None), ("1", ["HTTP_X_FORWARDED_PROTO", "https"])])
def test_a_header_that_says_tls_is_believed_only_behind_a_proxy_of_ours(
    production: dict[str, str], proxies: str, believed: list[str] | None
) -> None:
    asked = "import json; from django.conf import settings as s; print(json.dumps(s.SECURE_PROXY_SSL_HEADER))"
    done = run(production | {"SHANSHI_PROXIES": proxies}, "-c", asked)
    assert json.loads(done.stdout or done.stderr) == believed
