"""Licences and known weaknesses of everything that is locked or carried along.

    python -m tools.dependencies check     a table; fails on a licence nobody allowed and on a known weakness
    python -m tools.dependencies renew     ask the package index of this machine for known weaknesses

`check` needs no network: it compares the locked versions with requirements/advisories.json, and says how old
that is. `renew` asks the JSON interface of the index that pip is set to use (PIP_INDEX_URL or pip's own
settings); not every index has one. The index's address is written nowhere.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"product": "requirements/base.txt", "tools": "requirements/dev.txt"}
MANIFESTS = ("shanshi/design/static/design/vendor/MANIFEST.toml", "tools/pip/MANIFEST.toml")
ADVISORIES = ROOT / "requirements" / "advisories.json"
STALE_DAYS = 90
ASK_LIMIT_S = 20

# What may stand beside Apache-2.0 without asking anybody.
FREE = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSD", "ISC", "MIT", "MIT-0", "MIT-CMU", "PSF-2.0",
    "Unlicense", "Zlib",
}  # fmt: skip
# What may be used on conditions that we keep, each with its why.
ON_CONDITIONS = {
    ("psycopg", "LGPL-3.0-only"): "used as it is, installed beside the product and replaceable",
    ("psycopg-binary", "LGPL-3.0-only"): "used as it is, installed beside the product and replaceable",
    ("psycopg-pool", "LGPL-3.0-only"): "used as it is, installed beside the product and replaceable",
    ("python-stdnum", "LGPL-2.1-or-later"): "used as it is, installed beside the product and replaceable",
    ("certifi", "MPL-2.0"): "a list of authorities, used as it is",
    ("axe-playwright-python", "MPL-2.0"): "tests alone, not part of the product",
    ("hypothesis", "MPL-2.0"): "tests alone, not part of the product",
    ("pathspec", "MPL-2.0"): "builds and tests alone, not part of the product",
}
# What a package says in its own words, or does not say where it is not installed.
SAID = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "BSD 2-Clause License": "BSD-2-Clause",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.1-or-later",
    "LGPL": "LGPL-2.1-or-later",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
KNOWN = {
    "axe-playwright-python": "MIT AND MPL-2.0",  # its metadata names none; axe-core within is under the MPL
    "colorama": "BSD-3-Clause",  # Windows alone
    "fido2": "BSD-2-Clause",  # its metadata names the licences of its tests' data too
    "qrcode": "BSD-3-Clause",  # its metadata also names a trade mark
}


@dataclass(frozen=True, slots=True)
class Dependency:
    """Something of others at one version. `part`: product, tools, or carried (lies in the repository)."""

    name: str
    version: str
    part: str
    licence: str


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.dependencies", description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=["check", "renew"])
    if parser.parse_args(arguments).what == "renew":
        return renew()
    return check(list(dependencies()), snapshot(), today=datetime.now(UTC).date())


def check(found: list[Dependency], known: dict[str, Any], *, today: date) -> int:
    """Print the table and what is wrong; 1 if something is."""
    wrong = []
    for one in found:
        why = allowed(one)
        weak = weaknesses(one, known)
        note = "; ".join(weak) or (why or "")
        print(f"{one.part:8} {one.name:24} {one.version:18} {one.licence:26} {note}".rstrip())
        if why is None:
            wrong.append(f"{one.name} {one.version}: nobody allowed the licence {one.licence!r}")
        wrong += [f"{one.name} {one.version}: {text}" for text in weak]
    print()
    print(age(known, today=today))
    for line in wrong:
        print(line, file=sys.stderr)
    return 1 if wrong else 0


def dependencies() -> Iterator[Dependency]:
    """Yield everything locked, then everything carried along."""
    seen: set[str] = set()
    for part, lock in LOCKS.items():
        for name, version in locked((ROOT / lock).read_text()):
            if name not in seen:
                seen.add(name)
                yield Dependency(name, version, part, licence_of(name))
    for manifest in MANIFESTS:
        for part_of in tomllib.loads((ROOT / manifest).read_text())["part"]:
            yield Dependency(part_of["package"], part_of["version"], "carried", part_of["licence"])


def locked(text: str) -> list[tuple[str, str]]:
    """Return names and versions of a locked file."""
    return re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]+)", text, re.MULTILINE)


def licence_of(name: str) -> str:
    """Return the licence that an installed package names, as SPDX writes it; "unknown" if it names none."""
    if name in KNOWN:
        return KNOWN[name]
    try:
        about = metadata.metadata(name).json
    except metadata.PackageNotFoundError:
        return "unknown"
    if expression := about.get("license_expression"):
        return str(expression)
    classes = [
        line.rsplit("::", 1)[-1].strip()
        for line in about.get("classifier", [])
        if line.startswith("License ::")
    ]
    own = str(about.get("license", "")).strip()
    if own and len(own) < 40 and (own in FREE or own in SAID or not classes):
        return SAID.get(own, own)
    return " AND ".join(sorted({SAID.get(one, one) for one in classes})) or "unknown"


def allowed(one: Dependency) -> str | None:
    """Return why the licence is allowed ("" needs no why); None if it is not.

    Of licences joined by OR one is enough, of those joined by AND each must be allowed.
    """
    why: list[str] = []
    for joined in re.split(r"\s+AND\s+", one.licence):
        choices = re.split(r"\s+OR\s+", joined.strip("() "))
        if FREE & set(choices):
            continue
        reasons = [
            ON_CONDITIONS[one.name, choice] for choice in choices if (one.name, choice) in ON_CONDITIONS
        ]
        if not reasons:
            return None
        why += reasons
    return "; ".join(why)


def weaknesses(one: Dependency, known: dict[str, Any]) -> list[str]:
    """Return what the snapshot says about this very version."""
    return [
        f"{entry['id']}, mended in {', '.join(entry['fixed_in']) or 'no version yet'}"
        for entry in known["weak"].get(f"{one.name}=={one.version}", [])
    ]


def snapshot() -> dict[str, Any]:
    """Return the snapshot, or an empty one."""
    if not ADVISORIES.exists():
        return {"asked_on": None, "asked": 0, "weak": {}}
    read: dict[str, Any] = json.loads(ADVISORIES.read_text())
    return read


def age(known: dict[str, Any], *, today: date) -> str:
    """Return a sentence about how much the snapshot is worth."""
    if known["asked_on"] is None:
        return (
            "Known weaknesses: NOT LOOKED UP. There is no snapshot yet: run `make advisories` where the "
            "package index has a JSON interface, and commit requirements/advisories.json."
        )
    days = (today - date.fromisoformat(known["asked_on"])).days
    old = " OLD: run `make advisories`." if days > STALE_DAYS else ""
    return f"Known weaknesses as of {known['asked_on']} ({days} days ago, {known['asked']} packages).{old}"


def renew() -> int:
    """Ask about every locked package and write the snapshot; 1, and nothing written, if nobody answers."""
    index = index_address()
    if index is None:
        print("No package index is set (PIP_INDEX_URL, or pip's global.index-url).", file=sys.stderr)
        return 1
    asked = [one for one in dependencies() if one.part != "carried"]
    weak: dict[str, Any] = {}
    for one in asked:
        try:
            found = ask(index, one)
        except (urllib.error.URLError, TimeoutError, ValueError) as error:
            print(
                f"The index has no answer for {one.name} {one.version} ({error}); nothing is written.",
                file=sys.stderr,
            )
            return 1
        if found:
            weak[f"{one.name}=={one.version}"] = found
    made = {"asked_on": datetime.now(UTC).date().isoformat(), "asked": len(asked), "weak": weak}
    ADVISORIES.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n")
    print(f"Asked about {len(asked)} packages: {len(weak)} have known weaknesses.")
    return 0


def index_address() -> str | None:
    """Return where the index is, without the path of its simple pages."""
    named = os.environ.get("PIP_INDEX_URL", "")
    if not named:
        said = subprocess.run(
            [sys.executable, "-m", "pip", "config", "get", "global.index-url"],
            capture_output=True,
            text=True,
            check=False,
        )
        named = said.stdout.strip()
    parts = urlsplit(named)
    if parts.scheme not in {"https", "http"}:
        return None
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/').removesuffix('/simple')}"


def ask(index: str, one: Dependency) -> list[dict[str, Any]]:
    """Return the known weaknesses of one version.

    Raises URLError, TimeoutError, ValueError: the index has no such interface, or does not answer.
    """
    url = f"{index}/pypi/{one.name}/{one.version}/json"
    with urllib.request.urlopen(url, timeout=ASK_LIMIT_S) as answer:
        said = json.load(answer)
    if "vulnerabilities" not in said:
        raise ValueError("it does not say what is known")
    return [
        {"id": entry["id"], "fixed_in": sorted(entry.get("fixed_in") or [])}
        for entry in said["vulnerabilities"]
        if not entry.get("withdrawn")
    ]


if __name__ == "__main__":
    sys.exit(main())
