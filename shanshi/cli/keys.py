"""`shanshi keys`: the secrets outside the database, changed while the product runs."""

from __future__ import annotations

import json
import sys

import click

from shanshi.cli.running import ready

EPILOGUE = """\b
Examples:
  shanshi keys status                which keys there are, and how much each wraps
  shanshi keys rotate                a new key wraps what is new from now on
  shanshi keys rewrap                ... and everything that is there
  shanshi keys drop k1               the old one goes for ever
  shanshi keys rotate doors          codes of doors and tills; also personal, django

\b
docs/guides/keys.md tells the order and what waits for what. No secret is ever printed.
Exit status: 0 done, 1 refused, 2 wrong use."""

SECRETS = ("wrapping", "doors", "personal", "django")


@click.group(epilog=EPILOGUE)
def command() -> None:
    """Look at the keys outside the database, change them, and drop old ones."""


@command.command()
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def status(as_json: bool) -> None:
    """Say which keys there are and how much each one wraps."""
    with ready.database(with_tables=True):
        from django.conf import settings

        from shanshi.foundation import crypto
        from shanshi.registry import queries

        ring, counts = crypto.keyring(), queries.wrapped_counts()
        missing = {name: count for name, count in counts.items() if name not in ring.wrapping}
        facts = {
            "file": str(settings.SHANSHI_KEYS_FILE) if settings.SHANSHI_KEYS_FILE else None,
            "current": ring.current,
            "wraps": {name: counts.get(name, 0) for name in ring.wrapping},
            "missing": missing,
            "before": {name: one.until.isoformat() for name, one in ring.before.items()},
            "django_before": len(ring.django_before),
        }
    if as_json:
        print(json.dumps(facts))
        return
    print(f"Keys: {facts['file'] or 'the text of SHANSHI_KEYS'}")
    for name in ring.wrapping:
        mark = "  (in use)" if name == ring.current else ""
        print(f"  {name}: wraps {counts.get(name, 0):,}{mark}")
    for name in ring.before:
        print(f"  {name}: the one before is still there")
    if ring.django_before:
        print(f"  django: {len(ring.django_before)} before are still there")
    for name, count in missing.items():
        print(f"  MISSING {name}: {count:,} people cannot be read without it")


@command.command()
@click.argument("what", type=click.Choice(SECRETS), default="wrapping")
def rotate(what: str) -> None:
    """Add a new secret to the key file; the old one stays until it is dropped.

    The file is replaced as a whole, with mode 600. Back it up anew, apart from the database.
    """
    with ready.database(with_tables=True):
        from shanshi.foundation import clock, keys

        said = keys.rotate(keys.Secret(what), at=clock.real_now())
    if what == "wrapping":
        print(f"{said} wraps everything new. Next: shanshi keys rewrap")
    elif what == "django":
        print("django is new; processes use it when they are started anew. Forms under way stay good.")
    else:
        print(f"{said} is new and begins in a minute; codes of the old one stay good for five more.")


@command.command()
def rewrap() -> None:
    """Wrap every data key by the key in use.

    Runs beside the service, may be broken off and started again.
    """
    with ready.database(with_tables=True):
        from shanshi.registry import operations

        done = operations.rewrap()
    print(f"{done:,} keys are wrapped anew.")


@command.command()
@click.argument("name")
def drop(name: str) -> None:
    """Take the old key NAME out of the key file, for ever.

    NAME is a wrapping key (k1), or doors, personal, django for the secret before the present one. Refused
    while anything is wrapped by it.
    """
    with ready.database(with_tables=True):
        from shanshi.foundation import clock, keys
        from shanshi.registry import queries

        keys.drop(name, wraps=lambda key: queries.wrapped_counts().get(key, 0), at=clock.real_now())
    print(f"{name} is gone. Destroy the old copies of the key file too.")


@command.command()
def check() -> None:
    """Open every data key with the keys at hand, and say which do not open."""
    with ready.database(with_tables=True):
        from shanshi.registry import queries

        bad = queries.first_unreadable()
    for person in bad:
        print(f"person:{person} does not open")
    print("Not every key opens." if bad else "Every data key opens.")
    sys.exit(1 if bad else 0)
