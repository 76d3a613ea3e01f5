"""`shanshi policy`: the rulebook, and what it decides for facts of your own."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click
from django.conf import settings

import shanshi
from shanshi.cli.running import speaking
from shanshi.kernel.errors import DomainError

if TYPE_CHECKING:
    from shanshi.policies.rules import Fact, Policy, Version
    from shanshi.portal.rules import Tried

MARKS = {
    "L": "law or official notice",
    "P": "published practice",
    "S": "sample of this project",
}
EPILOGUE = """\b
Examples:
  shanshi policy list
  shanshi policy show hours
  shanshi policy try redemption facts.json
  echo '{"age_years": 15}' | shanshi policy try registration -

Exit status: 0 done, 1 the answer is no, 2 wrong use (facts that cannot be, too)."""

_ON = click.option(
    "--on",
    "on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The day whose version counts (default: today).",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(epilog=EPILOGUE)
def command() -> None:
    """List the policies, show one, or try a decision.

    A policy is a dated set of values with its source. Needs no database.
    """
    # The files are all that is needed: no keys, no database, so no settings either.
    if not settings.configured:
        settings.configure(POLICY_FILES=Path(shanshi.__file__).resolve().parents[1] / "docs" / "policies")


@command.command("list")
@_JSON
def list_policies(as_json: bool) -> None:
    """Name every policy, what it decides and since when its newest version is valid."""
    from shanshi.policies import queries

    policies = [queries.policy(name) for name in queries.names()]
    if as_json:
        _print([_summary(one) for one in policies])
        return
    width = max(len(one.name) for one in policies)
    for one in policies:
        newest = one.versions[-1]
        print(f"{one.name:<{width}}  {newest.mark}  from {newest.valid_from}  {one.title} {one.title_zh}")
    print("\n" + ", ".join(f"{mark}: {means}" for mark, means in MARKS.items()))


@command.command()
@click.argument("name")
@_JSON
def show(name: str, as_json: bool) -> None:
    """Print a policy: the facts it takes, with units and ranges, and its versions."""
    policy = _policy(name)
    if as_json:
        _print(
            _summary(policy)
            | {
                "facts": [_fact(fact) for fact in policy.facts],
                "versions": [_version(version) for version in policy.versions],
            }
        )
        return
    print(f"{policy.name}: {policy.title} {policy.title_zh}\n\nFacts:")
    for fact in policy.facts:
        need = "required" if fact.required else f"default {fact.default!r}"
        unit = f" {fact.unit}" if fact.unit else ""
        print(f"  {fact.name}  {fact.type}{unit}, {fact.range}, {need}\n      {fact.means} {fact.means_zh}")
    for version in policy.versions:
        print(f"\n{version.version} ({MARKS[version.mark]}), valid to {version.valid_to or 'further notice'}")
        for key, value in version.values.items():
            print(f"  {key}: {_plain(value)}{' (sample)' if key in version.samples else ''}")
        print(f"  source: {version.source}\n  来源：{version.source_zh}")


@command.command("try")
@click.argument("name")
@click.argument("facts_file", metavar="FACTS.json", type=click.File(encoding="utf-8"))
@_ON
@click.option("--json", "as_json", is_flag=True, hidden=True, help="The answer is JSON in any case.")
def try_policy(name: str, facts_file: TextIO, on: datetime | None, as_json: bool) -> None:
    """Decide for the facts in a JSON file (- reads the standard input).

    Prints the outcome, its reasons, the version and its source as JSON.
    """
    from shanshi.kernel.quantities import CITY_ZONE
    from shanshi.policies import queries
    from shanshi.portal import rules

    policy = _policy(name)
    facts = _facts(facts_file)
    day = on.date() if on else datetime.now(CITY_ZONE).date()
    try:
        answer = rules.tried(policy, queries.in_force(name, day), facts)
    except DomainError as refusal:
        # The question is wrong, not the answer no.
        speaking.refuse(refusal)
        sys.exit(2)
    _print(shown(answer))
    sys.exit(1 if answer.decision.is_no else 0)


def shown(answer: Tried) -> dict[str, Any]:
    """Return a tried decision as it is printed."""
    return {
        "policy": answer.policy.name,
        "decision": _plain(answer.decision.outcome),
        "reasons": [_reason(answer.policy, reason) for reason in answer.decision.reasons],
        "facts": _plain(answer.facts),
        "version": answer.version.version,
        "values": _plain(answer.version.values),
        "source": answer.version.source,
        "source_zh": answer.version.source_zh,
        "mark": answer.version.mark,
    }


def _reason(policy: Policy, reason: DomainError | str) -> dict[str, str]:
    if isinstance(reason, DomainError):
        return {"code": reason.code, "says": str(reason)}
    return {"code": reason, "says": policy.word(reason, chinese=False)}


def _policy(name: str) -> Policy:
    from shanshi.policies import queries
    from shanshi.policies.rules import PolicyUnknown

    try:
        return queries.policy(name)
    except PolicyUnknown as unknown:
        raise click.UsageError(f"{unknown} {unknown.way.format(**unknown.facts)}") from unknown


def _facts(file: TextIO) -> dict[str, Any]:
    try:
        facts = json.load(file)
    except (ValueError, RecursionError) as error:
        raise click.UsageError(f"FACTS.json: not JSON ({error}).") from error
    if not isinstance(facts, dict):
        raise click.UsageError('FACTS.json: expected an object of facts, such as {"day": "2019-03-20"}.')
    return facts


def _summary(policy: Policy) -> dict[str, Any]:
    newest = policy.versions[-1]
    return {
        "name": policy.name,
        "title": policy.title,
        "title_zh": policy.title_zh,
        "decision": policy.decision,
        "version": newest.version,
        "valid_from": newest.valid_from.isoformat(),
        "mark": newest.mark,
    }


def _fact(fact: Fact) -> dict[str, Any]:
    plain: dict[str, Any] = _plain({**asdict(fact), "range": fact.range})
    return plain


def _version(version: Version) -> dict[str, Any]:
    return {
        "version": version.version,
        "valid_from": version.valid_from.isoformat(),
        "valid_to": version.valid_to.isoformat() if version.valid_to else None,
        "mark": version.mark,
        "values": _plain(version.values),
        "samples": list(version.samples),
        "source": version.source,
        "source_zh": version.source_zh,
        "examples": [
            _plain({"name": e.name, "name_zh": e.name_zh, "facts": e.facts, "outcome": e.outcome})
            for e in version.examples
        ],
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _print(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
