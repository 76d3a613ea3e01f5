"""Four eyes: something that one person proposes and another decides.

A room that needs two people proposes here and does nothing else. When somebody decides, the room calls
`decide` in the transaction of what follows, and does it only if the answer says that it is to be done now:

    decided = proposals.decide(proposal_id, Verdict.APPROVED, kind=KIND, by=by, at=at, reason=reason)
    if decided.is_carried_out_now:
        ...

Who may propose and who may decide is the business of the room's `access`. That it is never the same person is
kept here by a rule, and once more by a constraint of the database.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from shanshi.foundation import audit
from shanshi.foundation.actor import Actor, system
from shanshi.foundation.models import Proposal
from shanshi.kernel.errors import N_, DomainError, Forbidden, Invalid, Missing
from shanshi.kernel.four_eyes import check_another_person

LIVES: Final = timedelta(days=14)
LONGEST_REASON: Final = 500
# The oldest waits longest, so it comes first.
OLDEST_FIRST: Final = ("proposed_at", "id")


class Verdict(StrEnum):
    """How a proposal ended. Its own author may withdraw it, and decides nothing else about it."""

    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class SamePerson(Forbidden):
    """Whoever proposed something decides about it."""

    code = "foundation.same_person"
    says = N_("You proposed this yourself; another person must decide.")
    way = N_("Ask a colleague with the same role to look at it, or withdraw it.")


class NotTheAuthor(Forbidden):
    """Somebody withdraws what another person proposed."""

    code = "foundation.not_the_author"
    says = N_("Only the person who proposed this can withdraw it.")
    way = N_("Refuse it instead, with a reason.")


class ProposalReasonMissing(Invalid):
    """Something is proposed or decided without a reason, or with one that is too long."""

    code = "foundation.proposal_reason_missing"
    says = N_("A reason is needed, of at most 500 characters.")
    way = N_("Say in a sentence why; it stays on the trail.")


class AlreadyProposed(DomainError):
    """The same sort of thing waits for a decision about the same subject, with other contents."""

    code = "foundation.already_proposed"
    says = N_("Something of this kind already waits for a decision.")
    way = N_("Have it decided or withdrawn first; it is on the page of proposals.")


class AlreadyDecided(DomainError):
    """Somebody else decided first, or it was decided otherwise."""

    code = "foundation.already_decided"
    says = N_("This was decided already.")
    way = N_("Look at what was decided; propose it anew if that was wrong.")


class ProposalExpired(DomainError):
    """Nobody decided in time, so that nothing happens by an old wish."""

    code = "foundation.proposal_expired"
    says = N_("This proposal waited for more than {days} days and has lapsed.")
    way = N_("Propose it anew if it is still wanted.")


class ProposalMissing(Missing):
    """There is no such proposal."""

    code = "foundation.proposal_missing"
    says = N_("There is no such proposal.")
    way = N_("Go back to the list of proposals.")


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """A proposal.

    facts                what was proposed, without personal data
    expires_at           from then on it cannot be decided any more
    verdict              None while it waits
    is_carried_out_now   whether this very decision approved it: what was proposed is to be done, once
    """

    id: UUID
    kind: str
    subject: str
    facts: Mapping[str, Any]
    reason: str
    proposed_at: datetime
    proposed_by: UUID
    expires_at: datetime
    decided_at: datetime | None
    decided_by: UUID | None
    verdict: Verdict | None
    decision_reason: str
    is_carried_out_now: bool = False


def check_second_person(proposed_by: UUID, decided_by: UUID, verdict: Verdict) -> None:
    """Return nothing: this person may give this verdict.

    Raises SamePerson: the author approves or refuses. NotTheAuthor: another person withdraws.
    """
    if verdict is Verdict.WITHDRAWN:
        if decided_by != proposed_by:
            raise NotTheAuthor
    else:
        check_another_person(decided_by, (proposed_by,), SamePerson())


@transaction.atomic
def propose(
    kind: str, subject: str, facts: Mapping[str, Any], *, reason: str, by: Actor, at: datetime
) -> UUID:
    """Write down what shall be done, and return the proposal's id. Proposing it twice is proposing it once.

    kind     what shall be done, for example "registry.city_role"
    subject  to what, for example "person:<uuid>"; of one kind and subject one proposal waits at a time
    facts    whatever is needed to do it, as JSON and without personal data
    at       with a time zone

    Raises SignInNeeded; ProposalReasonMissing; AlreadyProposed: another one waits, by somebody else or with
    other facts.
    """
    author, why = by.known(), _checked_reason(reason)
    _lapse(Proposal.objects.filter(kind=kind, subject=subject), at=at)
    made = Proposal(
        kind=kind, subject=subject, facts=dict(facts), reason=why, proposed_at=at, proposed_by=author
    )
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        standing = Proposal.objects.filter(kind=kind, subject=subject, decided_at=None).first()
        if standing is None or standing.proposed_by != author or standing.facts != dict(facts):
            raise AlreadyProposed from error
        return standing.pk
    audit.record(f"{kind}.propose", subject, by=by, at=at, after=made.facts, reason=why)
    return made.pk


@transaction.atomic
def decide(
    proposal_id: UUID, verdict: Verdict, *, kind: str, by: Actor, at: datetime, reason: str
) -> ProposalFacts:
    """Approve, refuse or withdraw a proposal, and return it; the same decision twice is one.

    Call it inside the transaction of what follows from an approval. Of two who decide at once, one decides.

    kind    of the proposal, as the room that carries it out knows it
    at      with a time zone
    reason  why, in words; it stays on the trail

    Raises SignInNeeded; ProposalMissing: none of this kind; SamePerson, NotTheAuthor; AlreadyDecided: by
    another person, or otherwise; ProposalExpired; ProposalReasonMissing. Locks the proposal.
    """
    decider = by.known()
    row = Proposal.objects.select_for_update().filter(pk=proposal_id, kind=kind).first()
    if row is None:
        raise ProposalMissing
    check_second_person(row.proposed_by, decider, verdict)
    if row.decided_at is not None:
        if (row.decided_by, row.verdict) != (decider, verdict.value):
            raise AlreadyDecided
        return _facts(row)
    if at >= row.proposed_at + LIVES:
        raise ProposalExpired(days=LIVES.days)
    row.decided_at, row.decided_by = at, decider
    row.verdict, row.decision_reason = verdict.value, _checked_reason(reason)
    row.save(update_fields=["decided_at", "decided_by", "verdict", "decision_reason"])
    audit.record(
        f"{kind}.{verdict.value}",
        row.subject,
        by=by,
        at=at,
        before={"verdict": None},
        after={"verdict": verdict.value, "proposed_by": str(row.proposed_by), **row.facts},
        reason=row.decision_reason,
    )
    return _facts(row, is_carried_out_now=verdict is Verdict.APPROVED)


def pending(kinds: Collection[str], *, at: datetime) -> QuerySet[Proposal]:
    """Return the rows that wait for a decision, for paging in OLDEST_FIRST; `proposal_facts` reads a row.

    at  with a time zone; what has lapsed by then waits no longer
    """
    return Proposal.objects.filter(kind__in=set(kinds), decided_at=None, proposed_at__gt=at - LIVES)


def decided(kinds: Collection[str], *, limit: int = 20) -> list[ProposalFacts]:
    """Return what was decided, the latest decision first."""
    rows = Proposal.objects.filter(kind__in=set(kinds), decided_at__isnull=False)
    return [_facts(row) for row in rows.order_by("-decided_at", "-id")[:limit]]


def proposal(proposal_id: UUID) -> ProposalFacts:
    """Return one proposal.

    Raises ProposalMissing.
    """
    row = Proposal.objects.filter(pk=proposal_id).first()
    if row is None:
        raise ProposalMissing
    return _facts(row)


def proposal_facts(row: Proposal) -> ProposalFacts:
    """Return a row of `pending` as plain values."""
    return _facts(row)


@transaction.atomic
def lapse(*, at: datetime) -> int:
    """Close the proposals that nobody decided in time, each with an entry of the trail; return how many.

    at  with a time zone

    Locks these proposals in the order of their ids.
    """
    return _lapse(Proposal.objects.all(), at=at)


def _lapse(rows: QuerySet[Proposal], *, at: datetime) -> int:
    clerk = system("foundation.proposals")
    stale = rows.select_for_update().filter(decided_at=None, proposed_at__lte=at - LIVES).order_by("id")
    closed = list(stale)
    for row in closed:
        row.decided_at, row.decided_by = at, clerk.person_id
        row.verdict, row.decision_reason = Verdict.EXPIRED.value, ""
        row.save(update_fields=["decided_at", "decided_by", "verdict", "decision_reason"])
        audit.record(
            f"{row.kind}.{row.verdict}",
            row.subject,
            by=clerk,
            at=at,
            before={"verdict": None},
            after={"verdict": row.verdict, "proposed_by": str(row.proposed_by), **row.facts},
        )
    return len(closed)


def _checked_reason(reason: str) -> str:
    why = reason.strip()
    if not why or len(why) > LONGEST_REASON or "\x00" in why:
        raise ProposalReasonMissing
    return why


def _facts(row: Proposal, *, is_carried_out_now: bool = False) -> ProposalFacts:
    return ProposalFacts(
        id=row.pk,
        kind=row.kind,
        subject=row.subject,
        facts=row.facts,
        reason=row.reason,
        proposed_at=row.proposed_at,
        proposed_by=row.proposed_by,
        expires_at=row.proposed_at + LIVES,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        verdict=Verdict(row.verdict) if row.verdict else None,
        decision_reason=row.decision_reason,
        is_carried_out_now=is_carried_out_now,
    )
