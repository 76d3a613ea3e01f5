"""Who may scan, see and confirm."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from shanshi.activities import queries as activities
from shanshi.activities.queries import ShiftFacts
from shanshi.attendance import queries, rules
from shanshi.attendance.queries import ScanFacts, VisitFacts
from shanshi.attendance.rules import RUN_SHIFT
from shanshi.foundation.actor import Actor, Role
from shanshi.foundation.permissions import Permission, Reach, Who
from shanshi.kernel.errors import Missing

__all__ = [
    "EVALUATE",
    "LIST_VISITS",
    "OWN_CODE",
    "RUN_SHIFT",
    "SCAN",
    "SEE_VISIT",
    "own_visits",
    "scan_to_undo",
    "scanner",
    "shift_to_run",
    "shifts_to_run",
    "visit_to_evaluate",
    "visit_to_see",
]

SCAN = Permission(
    "scan", "send", frozenset({Who.SIGNED_IN}), note="The code says whether it is taken; see shift, run."
)
OWN_CODE = Permission("personal code", "show", frozenset({Who.VOLUNTEER}), note="Only one's own.")
LIST_VISITS = Permission("visit", "list", frozenset({Who.VOLUNTEER}), note="Only one's own.")
EVALUATE = Permission("evaluation", "give", frozenset({Who.SELF}), note="Once, of one's own confirmed visit.")
SEE_VISIT = Permission(
    "visit",
    "see",
    frozenset({Who.SELF}),
    {Role.MANAGER: Reach.HERE, Role.LEADER: Reach.HERE, Role.AUDITOR: Reach.HERE},
    note="With a masked name.",
)


def scanner(actor: Actor) -> UUID:
    """Return the person who may send a scan: anybody signed in; whether it is taken depends on the code.

    Raises SignInNeeded: nobody is signed in.
    """
    return actor.known()


def own_visits(actor: Actor) -> UUID:
    """Return the holder whose visits and codes the actor may see as their own.

    Raises SignInNeeded: nobody is signed in. Forbidden: the person is not a registered volunteer.
    """
    return actor.volunteer()


def shift_to_run(actor: Actor, shift_id: UUID) -> ShiftFacts:
    """Return a shift whose door the actor may run: its code, its roster, its confirmation.

    Raises SignInNeeded: nobody is signed in. activities.ShiftMissing. rules.NotALeader: neither leader nor
    manager of the shift or of a body above it; SecondFactorNeeded.
    """
    actor.known()
    shift = activities.shift(shift_id)
    if not RUN_SHIFT.by_role(actor, shift.lineage):
        raise RUN_SHIFT.refusal(actor, shift.lineage, rules.NotALeader())
    return shift


def shifts_to_run(actor: Actor, shift_ids: Iterable[UUID]) -> list[ShiftFacts]:
    """Return several shifts whose doors the actor may run, by start, in three queries.

    Raises SignInNeeded: nobody is signed in; Forbidden: the actor runs none anywhere. rules.
    ShiftUnknown: one is not there. rules.NotALeader: one is not theirs; SecondFactorNeeded.
    """
    RUN_SHIFT.somewhere(actor)
    wanted = set(shift_ids)
    shifts = activities.shifts(wanted)
    if len(shifts) < len(wanted):
        raise rules.ShiftUnknown
    for shift in shifts:
        if not RUN_SHIFT.by_role(actor, shift.lineage):
            raise RUN_SHIFT.refusal(actor, shift.lineage, rules.NotALeader())
    return shifts


def scan_to_undo(actor: Actor, scan_id: UUID) -> ScanFacts:
    """Return a scan at a door that the actor runs.

    Raises SignInNeeded: nobody is signed in. rules.ScanUnknown: no such scan, or at no door of this person;
    SecondFactorNeeded.
    """
    actor.known()
    scan = queries.scan(scan_id)
    if scan is None:
        raise rules.ScanUnknown
    lineage = activities.shift(scan.shift_id).lineage
    if not RUN_SHIFT.by_role(actor, lineage):
        raise RUN_SHIFT.refusal(actor, lineage, rules.ScanUnknown())
    return scan


def visit_to_see(actor: Actor, visit_id: UUID) -> VisitFacts:
    """Return a visit that the actor may see: the own one, one at a shift they run, or any for an auditor.

    Raises SignInNeeded: nobody is signed in. Missing: no such visit, or not for this person;
    SecondFactorNeeded.
    """
    actor.known()
    visit = queries.visit(visit_id)
    if visit is None:
        raise Missing
    if visit.holder_id == actor.holder_id:
        return visit
    lineage = activities.shift(visit.shift_id).lineage
    if not SEE_VISIT.by_role(actor, lineage):
        raise SEE_VISIT.refusal(actor, lineage, Missing())
    return visit


def visit_to_evaluate(actor: Actor, visit_id: UUID) -> VisitFacts:
    """Return a visit of the actor's own, of which they may say how it was.

    Raises SignInNeeded: nobody is signed in. Missing: no such visit of theirs.
    """
    actor.known()
    visit = None if actor.holder_id is None else queries.visit(visit_id, holder_id=actor.holder_id)
    if visit is None:
        raise Missing
    return visit
