"""`shanshi staff`: the first role of a city, given by whoever runs the machine."""

from __future__ import annotations

import json

import click

from shanshi.cli.running import ready

EPILOGUE = """\b
Examples:
  shanshi staff 13800000000 city_staff city --reason "first staff, letter 12/2019"
  shanshi staff 13800000000 auditor city --reason "annual audit" --json

\b
The person has signed in with this phone before. Roles: city_staff, division_staff, reviewer, manager,
leader, cashier, bank_clerk, auditor.
Places: city, division:CODE, organization:ID, team:ID, merchant:ID, shift:ID.
Two members of staff are needed to give power over the whole city by the pages; give it here to both.
Exit status: 0 given, 1 refused, 2 wrong use."""

ROLES = (
    "city_staff",
    "division_staff",
    "reviewer",
    "manager",
    "leader",
    "cashier",
    "bank_clerk",
    "auditor",
)


@click.command(epilog=EPILOGUE)
@click.argument("phone")
@click.argument("role", type=click.Choice(ROLES))
@click.argument("place")
@click.option("--reason", required=True, help="Why; it stays on the trail.")
@click.option("--json", "as_json", is_flag=True, help="Print the grant as JSON.")
def command(phone: str, role: str, place: str, reason: str, as_json: bool) -> None:
    """Give PHONE's owner a ROLE at a PLACE from today on.

    For the first staff of a new installation, when nobody is there yet who could give it.
    """
    with ready.database(with_tables=True):
        from shanshi.foundation import clock
        from shanshi.foundation.actor import Role, system
        from shanshi.kernel.quantities import city_day
        from shanshi.registry import operations, queries, rules

        person_id = queries.person_with_phone(phone)
        if person_id is None:
            raise rules.PersonUnknown
        at = clock.now()
        grant_id = operations.grant_role(
            person_id,
            Role(role),
            place,
            by=system("cli.staff"),
            at=at,
            from_on=city_day(at),
            reason=reason,
        )
    if as_json:
        print(json.dumps({"grant": str(grant_id), "role": role, "place": place}))
    else:
        print(f"{role} at {place} is given.")
