"""Giving, changing and ending roles. Doors call `give_role`, `change_role` and `withdraw_role`.

What reaches over the whole city (`tree.reaches_city`) they only propose; `decide_city_role` does it once
a second person has approved it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction

from shanshi.foundation import audit, proposals
from shanshi.foundation.actor import Actor, Role
from shanshi.foundation.proposals import Verdict
from shanshi.kernel.errors import Missing
from shanshi.kernel.quantities import city_day
from shanshi.registry import models, rules
from shanshi.registry.operations.factors import reset_second_factor
from shanshi.registry.operations.notices import tell
from shanshi.registry.queries import tree
from shanshi.registry.queries.people import holder_of

CITY_ROLE: Final = "registry.city_role"
SECOND_FACTOR: Final = "registry.second_factor"


@dataclass(frozen=True, slots=True)
class RoleWish:
    """A role that somebody shall hold. `from_on` and `to_on` are days in the city, both included."""

    person_id: UUID
    role: Role
    place: str
    from_on: date
    to_on: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: a role of somebody, or a proposal that waits for a second person."""

    grant_id: UUID | None = None
    proposal_id: UUID | None = None


@transaction.atomic
def give_role(wish: RoleWish, *, lineage: Sequence[str], kind: str = "", by: Actor, at: datetime) -> Outcome:
    """Give a role from today or a later day on; over the whole city, propose it to a second person.

    lineage  the place and all above it, the lowest first
    kind     of the organization or division, as `check_role_fits` takes it
    by       somebody above; `access.may_grant` decides who that is
    at       with a time zone

    Raises SignInNeeded; rules.OwnRole; RoleInvalid: place, reason or days; PersonUnknown; RoleHeld; for the
    whole city proposals.AlreadyProposed.
    """
    if by.known() == wish.person_id:
        raise rules.OwnRole
    rules.check_place_name(wish.place)
    rules.check_role_fits(wish.role, wish.place, kind=kind)
    rules.checked_role_reason(wish.reason)
    rules.check_days(wish.from_on, wish.to_on, today=city_day(at))
    if not tree.reaches_city(wish.role, tree.PlaceFacts(wish.place, kind, "", tuple(lineage))):
        granted = grant_role(
            wish.person_id,
            wish.role,
            wish.place,
            by=by,
            at=at,
            from_on=wish.from_on,
            to_on=wish.to_on,
            reason=wish.reason,
            lineage=lineage,
        )
        return Outcome(grant_id=granted)
    _check_person(wish.person_id)
    if _standing(wish.person_id, wish.role, wish.place, wish.from_on).exists():
        raise rules.RoleHeld
    facts = {"step": "give", "role": wish.role.value, "place": wish.place, **_days(wish.from_on, wish.to_on)}
    return _propose(wish.person_id, facts, reason=wish.reason, by=by, at=at)


@transaction.atomic
def change_role(
    grant_id: UUID, *, from_on: date, to_on: date | None, by: Actor, at: datetime, reason: str
) -> Outcome:
    """Let a role be held for other days; over the whole city, propose it to a second person.

    from_on, to_on  days in the city; the first day of a role that has begun stays
    at              with a time zone

    Raises SignInNeeded; rules.RoleInvalid: reason or days; Missing: no such role, or it has ended; OwnRole;
    for the whole city proposals.AlreadyProposed. Locks the role.
    """
    changer, why = by.known(), rules.checked_role_reason(reason)
    row = _locked(grant_id)
    if row is None or row.ended_at is not None:
        raise Missing
    if row.person_id == changer:
        raise rules.OwnRole
    rules.check_new_days(from_on, to_on, began_on=row.from_on, today=city_day(at))
    if (row.from_on, row.to_on) == (from_on, to_on):
        return Outcome(grant_id=row.pk)
    if not _reaches_city(row, at):
        _change(row, from_on, to_on, by=by, at=at, reason=why)
        return Outcome(grant_id=row.pk)
    facts = {
        "step": "change",
        "grant_id": str(row.pk),
        "role": row.role,
        "place": row.place,
        **_days(from_on, to_on),
    }
    return _propose(row.person_id, facts, reason=why, by=by, at=at)


@transaction.atomic
def withdraw_role(grant_id: UUID, *, by: Actor, at: datetime, reason: str) -> Outcome:
    """End a role now; over the whole city, propose it to a second person. One that has ended stays as it is.

    at      with a time zone
    reason  why, in words; it stays on the trail

    Raises SignInNeeded; rules.RoleInvalid: no reason; Missing; for the whole city proposals.AlreadyProposed.
    Locks the role.
    """
    by.known()
    why = rules.checked_role_reason(reason)
    row = _locked(grant_id)
    if row is None:
        raise Missing
    if row.ended_at is not None or not _reaches_city(row, at):
        end_role(grant_id, by=by, at=at, reason=why)
        return Outcome(grant_id=grant_id)
    facts = {"step": "end", "grant_id": str(row.pk), "role": row.role, "place": row.place}
    return _propose(row.person_id, facts, reason=why, by=by, at=at)


@transaction.atomic
def decide_city_role(
    proposal_id: UUID, verdict: Verdict, *, by: Actor, at: datetime, reason: str
) -> Verdict | None:
    """Decide about a role over the whole city, do what was approved, and return the verdict that stands.

    by  another person than who proposed it, than who would get the role, and, to refuse, than who has it
    at  with a time zone; a role that should have begun before begins on this day

    Raises what proposals.decide refuses; rules.OwnRole; then RoleInvalid, RoleHeld, PersonUnknown, Missing:
    what was proposed can no longer be done. Locks the proposal, then the role.
    """
    found = proposals.decide(proposal_id, verdict, kind=CITY_ROLE, by=by, at=at, reason=reason)
    if verdict is Verdict.REFUSED and found.facts["step"] != "give":
        # Whose power shall end cannot hold it by refusing.
        _check_not_about_oneself(found, by)
    if found.is_carried_out_now:
        _carry_out(found, by=by, at=at)
    return found.verdict


@transaction.atomic
def propose_factor_reset(person_id: UUID, *, by: Actor, at: datetime, reason: str) -> UUID:
    """Propose that a person who has lost all second factors may set up new ones; return the proposal's id.

    at  with a time zone

    Raises SignInNeeded; rules.OwnRole: oneself; RoleInvalid: no reason; PersonUnknown; AlreadyProposed.
    """
    if by.known() == person_id:
        raise rules.OwnRole
    why = rules.checked_role_reason(reason)
    _check_person(person_id)
    return proposals.propose(SECOND_FACTOR, f"person:{person_id}", {}, reason=why, by=by, at=at)


@transaction.atomic
def decide_factor_reset(
    proposal_id: UUID, verdict: Verdict, *, by: Actor, at: datetime, reason: str
) -> Verdict | None:
    """Decide about the second factors of somebody, reset them if approved, and return the standing verdict.

    by  another person than who proposed it, and than whose factors they are
    at  with a time zone

    Raises what proposals.decide refuses; rules.OwnRole; PersonUnknown: erased since. Locks the proposal.
    """
    found = proposals.decide(proposal_id, verdict, kind=SECOND_FACTOR, by=by, at=at, reason=reason)
    person_id = _check_not_about_oneself(found, by)
    if found.is_carried_out_now:
        _check_person(person_id)
        reset_second_factor(person_id, by=by, at=at, reason=found.reason)
    return found.verdict


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
    lineage: Sequence[str] = (),
) -> UUID:
    """Give a person a role at a place for some days, and return the grant's id. For loaders and the command;
    a door calls `give_role`.

    place           "city", "division:<code>", "organization:<uuid>", "merchant:<uuid>", "shift:<uuid>"
    by              somebody above; `access.may_grant` decides who that is
    at              with a time zone
    from_on, to_on  first and last day in the city; without a last day it holds until it is ended
    reason          why, in words; it stays on the trail
    lineage         the place and all above it, the lowest first; looked up in the tree if it is not given

    Raises SignInNeeded; rules.OwnRole; rules.RoleInvalid: place, reason or days; rules.PersonUnknown;
    rules.RoleHeld: the same role at the same place for days not yet over.
    """
    giver = by.known()
    if giver == person_id:
        raise rules.OwnRole
    rules.check_place_name(place)
    rules.check_role_fits(role, place)
    if not reason.strip():
        raise rules.RoleInvalid(what="no reason")
    if to_on is not None and to_on < from_on:
        raise rules.RoleInvalid(what="ends before it begins")
    _check_person(person_id)
    held = models.RoleGrant.objects.filter(person_id=person_id, role=role, place=place, ended_at=None)
    # One whose last day is over makes room for a new one.
    held.filter(to_on__lt=from_on).update(ended_at=at, ended_by=giver, end_reason="its last day is over")
    made = models.RoleGrant(
        person_id=person_id,
        role=role,
        place=place,
        lineage=list(lineage) or _lineage(place, city_day(at)),
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
    after = {"role": role.value, "place": place, **_days(from_on, to_on)}
    audit.record("registry.grant_role", f"person:{person_id}", by=by, at=at, after=after, reason=reason)
    if source == "platform":
        message = rules.notices.role_given(role.value, _place_name(made, at), from_on)
        tell([holder_of(person_id)], message, key=f"role_given:{made.pk}", at=at)
    return made.pk


@transaction.atomic
def end_role(grant_id: UUID, *, by: Actor, at: datetime, reason: str) -> None:
    """End a role now; one that has ended stays as it is. A door calls `withdraw_role`.

    at      with a time zone
    reason  why, in words; it stays on the trail

    Raises SignInNeeded; rules.RoleInvalid: no reason; Missing. Locks the role.
    """
    ender = by.known()
    if not reason.strip():
        raise rules.RoleInvalid(what="no reason")
    row = _locked(grant_id)
    if row is None:
        raise Missing
    if row.ended_at is not None:
        return
    row.ended_at, row.ended_by, row.end_reason = at, ender, reason.strip()
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    before = {"role": row.role, "place": row.place, **_days(row.from_on, row.to_on)}
    after = {"ended_at": at.isoformat()}
    thing = f"person:{row.person_id}"
    audit.record("registry.end_role", thing, by=by, at=at, before=before, after=after, reason=reason)
    message = rules.notices.role_ended(row.role, _place_name(row, at))
    tell([holder_of(row.person_id)], message, key=f"role_ended:{row.pk}", at=at)


def _change(
    row: models.RoleGrant, from_on: date, to_on: date | None, *, by: Actor, at: datetime, reason: str
) -> None:
    about = {"role": row.role, "place": row.place}
    before, after = _days(row.from_on, row.to_on), _days(from_on, to_on)
    row.from_on, row.to_on = from_on, to_on
    row.save(update_fields=["from_on", "to_on"])
    audit.record(
        "registry.change_role",
        f"person:{row.person_id}",
        by=by,
        at=at,
        before={**about, **before},
        after={**about, **after},
        reason=reason,
    )


def _carry_out(found: proposals.ProposalFacts, *, by: Actor, at: datetime) -> None:
    facts, today = found.facts, city_day(at)
    person_id = UUID(found.subject.removeprefix("person:"))
    if by.known() == person_id and facts["step"] != "end":
        raise rules.OwnRole
    if facts["step"] == "end":
        end_role(UUID(facts["grant_id"]), by=by, at=at, reason=found.reason)
        return
    from_on, to_on = _days_in(facts)
    if facts["step"] == "change":
        row = _locked(UUID(facts["grant_id"]))
        if row is None or row.ended_at is not None:
            raise Missing
        began_on = row.from_on
        # Days may have passed while the proposal waited.
        from_on = from_on if began_on > today else began_on
        rules.check_new_days(from_on, to_on, began_on=began_on, today=today)
        _change(row, from_on, to_on, by=by, at=at, reason=found.reason)
        return
    grant_role(
        person_id,
        Role(facts["role"]),
        facts["place"],
        by=by,
        at=at,
        from_on=max(from_on, today),
        to_on=to_on,
        reason=found.reason,
    )


def _propose(person_id: UUID, facts: Mapping[str, Any], *, reason: str, by: Actor, at: datetime) -> Outcome:
    made = proposals.propose(CITY_ROLE, f"person:{person_id}", facts, reason=reason, by=by, at=at)
    return Outcome(proposal_id=made)


def _check_not_about_oneself(found: proposals.ProposalFacts, by: Actor) -> UUID:
    person_id = UUID(found.subject.removeprefix("person:"))
    if by.known() == person_id:
        raise rules.OwnRole
    return person_id


def _check_person(person_id: UUID) -> None:
    if not models.Person.objects.filter(pk=person_id, erased_at=None).exists():
        raise rules.PersonUnknown


def _standing(person_id: UUID, role: Role, place: str, from_on: date) -> Any:
    held = models.RoleGrant.objects.filter(person_id=person_id, role=role, place=place, ended_at=None)
    return held.exclude(to_on__lt=from_on)


def _locked(grant_id: UUID) -> models.RoleGrant | None:
    return models.RoleGrant.objects.select_for_update().filter(pk=grant_id).first()


def _place_name(row: models.RoleGrant, at: datetime) -> str:
    return tree.place_of_role(row.place, row.lineage, city_day(at)).name


def _reaches_city(row: models.RoleGrant, at: datetime) -> bool:
    return tree.reaches_city(Role(row.role), tree.place_of_role(row.place, row.lineage, city_day(at)))


def _lineage(place: str, on: date) -> list[str]:
    return list(tree.place_of_role(place, (), on).lineage)


def _days(from_on: date, to_on: date | None) -> dict[str, object]:
    return {"from_on": from_on.isoformat(), "to_on": to_on.isoformat() if to_on else None}


def _days_in(facts: Mapping[str, Any]) -> tuple[date, date | None]:
    to_on = facts["to_on"]
    return date.fromisoformat(facts["from_on"]), date.fromisoformat(to_on) if to_on else None
