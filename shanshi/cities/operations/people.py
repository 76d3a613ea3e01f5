"""The people of a case: volunteers named and drawn, people who only signed in, roles, teams."""

from __future__ import annotations

from datetime import datetime, time
from typing import Final

from shanshi.cities.operations.register import SOURCE, Known, Load, on_line
from shanshi.cities.rules.drawing.people import Drawn
from shanshi.cities.rules.shapes import PersonRow
from shanshi.foundation.actor import Role
from shanshi.kernel.errors import N_
from shanshi.registry import operations as registry
from shanshi.registry.operations.proofs import person_of_phone

AT_ONCE: Final = 500
REASON: Final = N_("Taken over from the city's records")


def add_people(load: Load) -> None:
    """Register the volunteers, each at their own time, and enter those who only signed in."""
    volunteers: list[PersonRow | Drawn] = [row for row in load.case.people if row.id_number]
    volunteers += load.drawing.people
    for start in range(0, len(volunteers), AT_ONCE):
        some = volunteers[start : start + AT_ONCE]
        try:
            made = registry.register_many(
                [_registration(row) for row in some], by=load.by, at=load.at, source=SOURCE
            )
        except registry.RowRefused as refused:
            row = some[refused.row]
            named = isinstance(row, PersonRow)
            with on_line(
                "people.yaml" if named else "population.yaml", row.line if isinstance(row, PersonRow) else 0
            ):
                raise refused.refusal from refused
        for row, facts in zip(some, made, strict=True):
            load.people[row.id] = Known(facts.person_id, facts.holder_id)
        load.tell(len(some), "People 人员")
    for row in load.case.people:
        if not row.id_number:
            with on_line(row.file, row.line):
                person_id = person_of_phone(row.phone, at=row.registered_at, source=SOURCE)
            load.people[row.id] = Known(person_id, None)


def _registration(row: PersonRow | Drawn) -> registry.Registration:
    guardian = row.guardian
    return registry.Registration(
        person_id=None,
        phone=row.phone,
        real_name=row.name,
        id_number=row.id_number,
        residence_code=str(row.residence),
        guardian=registry.GuardianConsent(guardian.name, guardian.phone, guardian.relation)
        if guardian
        else None,
        party_member=row.party_member,
        registered_at=row.registered_at,
    )


def give_roles(load: Load) -> None:
    """Give people the roles of the case, each at its place."""
    for row in load.case.people:
        for role in row.roles:
            place = _place(load, role.at)
            with on_line(row.file, role.line):
                registry.grant_role(
                    load.people[row.id].person_id,
                    Role(role.role),
                    place,
                    by=load.by,
                    at=datetime.combine(role.from_on, time(), load.case.zone),
                    from_on=role.from_on,
                    reason=REASON,
                    source=SOURCE,
                )


def _place(load: Load, at: str) -> str:
    kind, _, name = at.partition(":")
    if kind in {"city", "division"}:
        return at
    places = {"organization": load.organizations, "merchant": load.merchants, "team": load.teams}
    return f"{kind}:{places[kind][name]}"


def add_teams(load: Load) -> None:
    """Make the teams on the days on which they were formed, with their leaders as members."""
    for team in load.case.teams:
        at = datetime.combine(team.formed_on, time(9), load.case.zone)
        organization_id = load.organizations[team.organization]
        with on_line(team.file, team.line):
            load.teams[team.id] = registry.create_team(
                organization_id, team.name, by=load.by, at=at, source=SOURCE
            )
            if team.leader is not None:
                registry.join(
                    load.holder(team.leader),
                    organization_id,
                    team_id=load.teams[team.id],
                    by=load.by,
                    at=at,
                    source=SOURCE,
                )
