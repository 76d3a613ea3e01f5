"""Making, changing and moving organizations and their teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import Missing
from shanshi.kernel.ids import new_id
from shanshi.kernel.quantities import city_day
from shanshi.places import queries as places
from shanshi.places.rules import name_key
from shanshi.registry import models, rules
from shanshi.registry.rules import bodies


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """An organization to make. `division_code` after GB/T 2260, `credit_code` with 18 characters."""

    name: str
    kind: str
    parent_id: UUID | None
    division_code: str
    credit_code: str | None = None
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class OrganizationChange:
    """What an organization shall say of itself; where it stands changes by `move_organization` alone."""

    name: str
    kind: str
    credit_code: str | None = None
    name_en: str = ""


@transaction.atomic
def create_organization(row: OrganizationRow, *, by: Actor, at: datetime, source: str = "platform") -> UUID:
    """Make an organization and return its id.

    by  who makes it, for the trail
    at  with a time zone

    Raises rules.OrganizationInvalid: no name, unknown kind, unknown parent; rules.CreditCodeInvalid;
    places.DivisionUnknown; rules.OrganizationExists: name in this division, or credit code.
    Waits while an organization moves, so that nobody is made below a place that is no more.
    """
    name, credit_code = _checked(row)
    _hold_tree(to_move=False)
    above = places.lineage_near(row.division_code, city_day(at))
    if row.parent_id is not None:
        parent = (
            models.Organization.objects.filter(pk=row.parent_id).values_list("lineage", flat=True).first()
        )
        if parent is None:
            raise rules.OrganizationInvalid(what="parent")
        # The parent's divisions are not the child's: a city body's team may work in one district only.
        above = (*(place for place in parent if place.startswith("organization:")), *above)
    key = new_id()
    made = models.Organization(
        id=key,
        name=name,
        name_en=row.name_en.strip(),
        name_key=name_key(name),
        kind=row.kind,
        parent_id=row.parent_id,
        division_code=row.division_code,
        lineage=[f"organization:{key}", *above],
        credit_code=credit_code,
        made_at=at,
        made_by=by.known(),
        source=source,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise rules.OrganizationExists from error
    after = {
        "name": name,
        "kind": row.kind,
        "parent": str(row.parent_id) if row.parent_id else None,
        "division_code": row.division_code,
    }
    audit.record("registry.create_organization", f"organization:{key}", by=by, at=at, after=after)
    return key


@transaction.atomic
def change_organization(
    organization_id: UUID, change: OrganizationChange, *, by: Actor, at: datetime
) -> None:
    """Let an organization say something else of itself; what it says already leaves no trace.

    at  with a time zone

    Raises SignInNeeded; Missing; rules.OrganizationInvalid: no name, unknown kind; rules.CreditCodeInvalid;
    rules.OrganizationExists. Then nothing has changed. Locks the organization.
    """
    by.known()
    row = models.Organization.objects.select_for_update().filter(pk=organization_id).first()
    if row is None:
        raise Missing
    name, credit_code = _checked(change)
    was = {"name": row.name, "kind": row.kind, "credit_code": row.credit_code, "name_en": row.name_en}
    now = {
        "name": name,
        "kind": change.kind,
        "credit_code": credit_code,
        "name_en": change.name_en.strip()[:200],
    }
    changed = [fact for fact in was if was[fact] != now[fact]]
    if not changed:
        return
    rows = models.Organization.objects.filter(pk=row.pk)
    try:
        with transaction.atomic():
            rows.update(name_key=name_key(name), **now)
    except IntegrityError as error:
        raise rules.OrganizationExists from error
    audit.record(
        "registry.change_organization",
        f"organization:{row.pk}",
        by=by,
        at=at,
        before={fact: was[fact] for fact in changed},
        after={fact: now[fact] for fact in changed},
    )


@transaction.atomic
def move_organization(
    organization_id: UUID, parent_id: UUID | None, *, reason: str, by: Actor, at: datetime
) -> int:
    """Put an organization, with all below it, under another parent, and return how many have moved.

    Whoever stands above decides who reviews it and who runs it, so the lineages of all below it, and of the
    roles that are held there, follow in the same transaction. Its divisions stay. To where it stands
    already, nothing moves.

    by      somebody above both places; access decides that
    at      with a time zone
    reason  why, in words; it stays on the trail

    Raises SignInNeeded; bodies.ReasonNeeded; Missing: no such organization; MoveToTop: without a parent;
    rules.OrganizationInvalid: no such parent; ParentBelow. Then nothing has changed.
    Locks the tree, so that of two who move at once the second sees what the first did.
    """
    by.known()
    why = bodies.checked_reason(reason)
    if parent_id is None:
        raise bodies.MoveToTop
    _hold_tree(to_move=True)
    row = models.Organization.objects.filter(pk=organization_id).first()
    if row is None:
        raise Missing
    parent = models.Organization.objects.filter(pk=parent_id).first()
    if parent is None:
        raise rules.OrganizationInvalid(what="parent")
    place, was = f"organization:{row.pk}", row.parent_id
    if place in parent.lineage:
        raise bodies.ParentBelow
    if was == parent_id:
        return 0
    below = list(models.Organization.objects.filter(lineage__contains=[place]))
    roles = list(models.RoleGrant.objects.filter(lineage__contains=[place]))
    above = bodies.organizations_above(parent.lineage)
    for body in below:
        body.lineage = bodies.moved(body.lineage, place, above)
    for role in roles:
        role.lineage = bodies.moved(role.lineage, place, above)
    models.Organization.objects.filter(pk=row.pk).update(parent_id=parent_id)
    models.Organization.objects.bulk_update(below, ["lineage"], batch_size=500)
    models.RoleGrant.objects.bulk_update(roles, ["lineage"], batch_size=500)
    audit.record(
        "registry.move_organization",
        place,
        by=by,
        at=at,
        before={"parent": str(was) if was else None},
        after={"parent": str(parent_id), "organizations": len(below), "roles": len(roles)},
        reason=why,
    )
    return len(below)


@transaction.atomic
def create_team(
    organization_id: UUID, name: str, *, by: Actor, at: datetime, source: str = "platform"
) -> UUID:
    """Make a team inside an organization and return its id.

    at  with a time zone

    Raises rules.OrganizationInvalid: no name, no such organization; rules.OrganizationExists.
    """
    name = bodies.checked_body_name(name)
    if not name:
        raise rules.OrganizationInvalid(what="name")
    if not models.Organization.objects.filter(pk=organization_id).exists():
        raise rules.OrganizationInvalid(what="organization")
    made = models.Team(
        organization_id=organization_id,
        name=name,
        name_key=name_key(name),
        made_at=at,
        made_by=by.known(),
        source=source,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise rules.OrganizationExists from error
    audit.record("registry.create_team", f"team:{made.pk}", by=by, at=at, after={"name": name})
    return made.pk


@transaction.atomic
def rename_team(team_id: UUID, name: str, *, by: Actor, at: datetime) -> None:
    """Call a team by another name; by its own, nothing changes.

    at  with a time zone

    Raises SignInNeeded; Missing; rules.OrganizationInvalid: no name; rules.OrganizationExists.
    Locks the team.
    """
    by.known()
    row = models.Team.objects.select_for_update().filter(pk=team_id).first()
    if row is None:
        raise Missing
    new = bodies.checked_body_name(name)
    if not new:
        raise rules.OrganizationInvalid(what="name")
    if new == row.name:
        return
    try:
        with transaction.atomic():
            models.Team.objects.filter(pk=row.pk).update(name=new, name_key=name_key(new))
    except IntegrityError as error:
        raise rules.OrganizationExists from error
    audit.record(
        "registry.rename_team",
        f"team:{row.pk}",
        by=by,
        at=at,
        before={"name": row.name},
        after={"name": new},
    )


def _checked(said: OrganizationRow | OrganizationChange) -> tuple[str, str | None]:
    """The name and the credit code of an organization, as they are stored."""
    name = bodies.checked_body_name(said.name)
    if not name:
        raise rules.OrganizationInvalid(what="name")
    if said.kind not in set(rules.OrganizationKind):
        raise rules.OrganizationInvalid(what=f"kind {said.kind[:20]!r}")
    return name, rules.checked_credit_code(said.credit_code) if said.credit_code else None


def _hold_tree(*, to_move: bool) -> None:
    """Let many make organizations at once, and nobody while one moves, until the transaction ends."""
    lock = "pg_advisory_xact_lock" if to_move else "pg_advisory_xact_lock_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtext('registry.tree'))")
