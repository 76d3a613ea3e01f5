"""Giving and ending roles."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from shanshi.foundation import audit
from shanshi.foundation.actor import Actor, Role
from shanshi.kernel.errors import Missing
from shanshi.registry import models, rules


@transaction.atomic
def grant_role(
    person_id: UUID,
    role: Role,
    place: str,
    *,
    by: Actor,
    at: datetime,
    from_on: date,
    to_on: date | None = None,
    reason: str,
    source: str = "platform",
) -> UUID:
    """Give a person a role at a place for some days, and return the grant's id.

    place           "city", "division:<code>", "organization:<uuid>", "merchant:<uuid>", "shift:<uuid>"
    by              somebody above; `access.may_grant` decides who that is
    at              with a time zone
    from_on, to_on  first and last day in the city; without a last day it holds until it is ended
    reason          why, in words; it stays on the trail

    Raises SignInNeeded; rules.OwnRole; rules.RoleInvalid: place, reason or days; rules.PersonUnknown;
    rules.RoleHeld: the same role at the same place for days not yet over.
    """
    giver = by.known()
    if giver == person_id:
        raise rules.OwnRole
    rules.check_place_name(place)
    if not reason.strip():
        raise rules.RoleInvalid(what="no reason")
    if to_on is not None and to_on < from_on:
        raise rules.RoleInvalid(what="ends before it begins")
    if not models.Person.objects.filter(pk=person_id, erased_at=None).exists():
        raise rules.PersonUnknown
    held = models.RoleGrant.objects.filter(person_id=person_id, role=role, place=place, ended_at=None)
    # One whose last day is over makes room for a new one.
    held.filter(to_on__lt=from_on).update(ended_at=at, ended_by=giver, end_reason="its last day is over")
    made = models.RoleGrant(
        person_id=person_id,
        role=role,
        place=place,
        from_on=from_on,
        to_on=to_on,
        reason=reason.strip(),
        given_at=at,
        given_by=giver,
        source=source,
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise rules.RoleHeld from error
    after = {"role": role.value, "place": place, "from_on": from_on.isoformat()}
    audit.record("registry.grant_role", f"person:{person_id}", by=by, at=at, after=after, reason=reason)
    return made.pk


@transaction.atomic
def end_role(grant_id: UUID, *, by: Actor, at: datetime, reason: str) -> None:
    """End a role now; one that has ended stays as it is.

    at      with a time zone
    reason  why, in words; it stays on the trail

    Raises SignInNeeded; rules.RoleInvalid: no reason; Missing.
    """
    ender = by.known()
    if not reason.strip():
        raise rules.RoleInvalid(what="no reason")
    row = models.RoleGrant.objects.select_for_update().filter(pk=grant_id).first()
    if row is None:
        raise Missing
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_by, row.end_reason = at, ender, reason.strip()
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    before = {"role": row.role, "place": row.place}
    audit.record("registry.end_role", f"person:{row.person_id}", by=by, at=at, before=before, reason=reason)
