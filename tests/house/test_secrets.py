"""No secret stands in the repository, and none in the list of processes, which all on a machine see."""

from __future__ import annotations

import math
import re
from collections import Counter

import pytest

from shanshi.cli import serve
from shanshi.cli.running.address import Address
from shanshi.cli.running.children import needed
from shanshi.foundation import crypto
from shanshi.foundation.postgres import database_urls, ground
from tests.house.code import ROOT
from tests.house.test_project import tracked

# Shapes that secrets have wherever they come from.
SHAPES = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY"),
    "a key of a cloud": re.compile(r"\b(AKIA|ASIA|LTAI|AKID)[0-9A-Za-z]{12,}\b"),
    "a token of a forge": re.compile(r"\b(gh[pousr]_[0-9A-Za-z]{20,}|github_pat_\w{20,}|glpat-[\w-]{20,})"),
    "a token of a service": re.compile(r"\b(sk|pk|rk)_(live|test)_[0-9A-Za-z]{16,}|xox[abprs]-[\w-]{10,}"),
    "a signed token": re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
    "a password in an address": re.compile(
        r"\b[a-z][a-z0-9+]*://[^\s/:@'\"<>{}|]+:(?P<secret>[^\s/@'\"<>{}|]+)@"
    ),
    "a named secret": re.compile(
        r"(?i)\b\w*(secret|password|passwd|token|api_?key|private_?key)\w*\s*[=:]\s*"
        r"[\"'](?P<secret>[^\"'\s{}<>]{12,})[\"']"
    ),
    "a random key": re.compile(r"[\"'](?P<secret>[A-Za-z0-9+/_-]{40,}={0,2})[\"']"),
}
# Words that nobody would take for a secret: they are invented, and say so.
INVENTED = re.compile(
    r"(?i)secret|example|invented|password|wrong|correct|horse|nobody|test|token|key|phone|geheim|\.|^[a-z_-]+$|^[a-z_|]+$"
)
# Only what is checked in by its own sum is left out: locked hashes and assets of others.
LEFT_OUT = re.compile(
    r"^requirements/|/vendor/|\.(png|jpg|mo|whl|zip|gz|xlsx)$|^tests/house/test_secrets\.py$"
)
BITS_OF_A_KEY = 4.3  # per letter; words and paths stay below, random base64 is above


def entropy(text: str) -> float:
    """Bits of each letter, as if the letters were drawn as often as they stand there."""
    return -sum(n / len(text) * math.log2(n / len(text)) for n in Counter(text).values())


def secrets_in(text: str) -> list[tuple[int, str]]:
    """Lines and kinds of what looks like a secret."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        for kind, shape in SHAPES.items():
            for match in shape.finditer(line):
                secret = match.groupdict().get("secret")
                if secret is None:
                    found.append((number, kind))
                elif kind == "a random key":
                    if entropy(secret) > BITS_OF_A_KEY and re.search(r"\d", secret) and not _is_words(secret):
                        found.append((number, kind))
                elif not INVENTED.search(secret):
                    found.append((number, kind))
    return found


def _is_words(text: str) -> bool:
    # Paths, names of tests and of addresses are words joined by a sign.
    return all(re.fullmatch(r"[a-z]*\d*|[A-Z]?[a-z]+\d*", part) for part in re.split(r"[/_.+-]", text))


def test_the_repository_holds_no_secret() -> None:
    found = {}
    for name in tracked():
        path = ROOT / name
        if LEFT_OUT.search(name) or not path.is_file():
            continue
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        if seen := secrets_in(text):
            found[name] = seen
    assert found == {}, "take it out, change the key, and read it from the environment or a file"


@pytest.mark.parametrize(
    "line",
    [
        "-----BEGIN EC PRIVATE KEY-----",
        'url = "postgresql://owner:V7f9qLz2@db.city/shanshi"',
        f'"wrapping": "{crypto.new_keys()["wrapping"]}"',
        'SMS_PASSWORD = "V7f9qLz2xw3T"',
        "ghp_" + "a1B2" * 9,
    ],
    # Names of their own: the keys are new in each process.
    ids=["private key", "address", "keys", "password", "token"],
)
def test_what_is_a_secret_is_seen(line: str) -> None:
    assert secrets_in(line)


def test_no_command_that_serves_carries_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "V7f9qLz2xw3T"
    for name in ("DATABASE_URL", "SHANSHI_APP_DATABASE_URL", "SHANSHI_KEYS", "SHANSHI_SMS_KEY"):
        monkeypatch.setenv(name, f"postgresql://x:{secret}@db.example/x")
    words = [*serve.web(Address("127.0.0.1", 8000), 2), *serve.worker()]
    assert [word for word in words if secret in word or "postgresql" in word] == []


def test_the_embedded_server_is_told_no_key_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHANSHI_KEYS", "{}")
    monkeypatch.setenv("DATABASE_URL", "postgresql://x")
    assert not {"SHANSHI_KEYS", "DATABASE_URL", "SHANSHI_HOME"} & ground.clean_environment().keys()


def test_who_has_a_login_of_its_own_does_not_learn_the_owners() -> None:
    both = {"DATABASE_URL": "postgresql://owner@db/x", "SHANSHI_APP_DATABASE_URL": "postgresql://app@db/x"}
    assert needed(both) == {"SHANSHI_APP_DATABASE_URL": "postgresql://app@db/x"}
    assert set(database_urls(needed(both))) == {"postgresql://app@db/x"}
    one = {"DATABASE_URL": "postgresql://owner@db/x"}
    assert needed(one) == one
