"""Who may scan, see and confirm."""

from __future__ import annotations

from uuid import UUID

from shanshi.activities import queries as activities
from shanshi.activities.queries import ShiftFacts
from shanshi.attendance import queries, rules
from shanshi.attendance.queries import VisitFacts
from shanshi.foundation.actor import Actor, Role
from shanshi.kernel.errors import Missing


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
    manager of the shift or of a body above it.
    """
    actor.known()
    shift = activities.shift(shift_id)
    if not rules.leads(actor, shift.lineage):
        raise rules.NotALeader
    return shift


def visit_to_see(actor: Actor, visit_id: UUID) -> VisitFacts:
    """Return a visit that the actor may see: the own one, one at a shift they run, or any for an auditor.

    Raises SignInNeeded: nobody is signed in. Missing: no such visit, or not for this person.
    """
    actor.known()
    visit = queries.visit(visit_id)
    if visit is None:
        raise Missing
    if visit.holder_id == actor.holder_id or actor.holds(Role.AUDITOR, ()):
        return visit
    if rules.leads(actor, activities.shift(visit.shift_id).lineage):
        return visit
    raise Missing
