"""Something that two people decide: never the same person, never twice, never too late."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from shanshi.foundation import proposals, tasks
from shanshi.foundation.actor import VISITOR, system
from shanshi.foundation.models import AuditEntry, Proposal
from shanshi.foundation.proposals import Verdict
from shanshi.kernel.errors import SignInNeeded

KIND, SUBJECT = "tests.flag", "flag:1"
ZHOU, SUN, XU = system("zhou"), system("sun"), system("xu")


def proposed(at, *, by=ZHOU, **facts):
    return proposals.propose(KIND, SUBJECT, {"colour": "red", **facts}, reason="parade", by=by, at=at)


def decide(proposal_id, verdict=Verdict.APPROVED, *, by=SUN, at, reason="agreed", kind=KIND):
    return proposals.decide(proposal_id, verdict, kind=kind, by=by, at=at, reason=reason)


@pytest.mark.django_db
def test_one_proposes_and_another_approves_once(at):
    proposal_id = proposed(at)
    assert [row.pk for row in proposals.pending([KIND], at=at)] == [proposal_id]

    done = decide(proposal_id, at=at)
    again = decide(proposal_id, at=at)

    assert (done.is_carried_out_now, again.is_carried_out_now) == (True, False)
    assert (done.verdict, done.proposed_by, done.decided_by) == ("approved", ZHOU.person_id, SUN.person_id)
    assert not proposals.pending([KIND], at=at).exists()
    assert [one.id for one in proposals.decided([KIND])] == [proposal_id]
    trail = AuditEntry.objects.order_by("happened_at", "id").values_list("verb", "by", "reason")
    assert list(trail) == [
        ("tests.flag.propose", ZHOU.person_id, "parade"),
        ("tests.flag.approved", SUN.person_id, "agreed"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("verdict", [Verdict.APPROVED, Verdict.REFUSED])
def test_nobody_decides_about_an_own_proposal(at, verdict):
    proposal_id = proposed(at)
    with pytest.raises(proposals.SamePerson):
        decide(proposal_id, verdict, by=ZHOU, at=at)
    assert proposals.proposal(proposal_id).verdict is None


@pytest.mark.django_db
def test_the_database_refuses_the_same_person_too(at):
    proposal_id = proposed(at)
    with pytest.raises(IntegrityError, match="proposal_needs_a_second_person"), transaction.atomic():
        Proposal.objects.filter(pk=proposal_id).update(
            decided_at=at, decided_by=ZHOU.person_id, verdict="approved"
        )
    assert proposals.proposal(proposal_id).verdict is None


@pytest.mark.django_db
def test_only_the_author_withdraws(at):
    proposal_id = proposed(at)
    with pytest.raises(proposals.NotTheAuthor):
        decide(proposal_id, Verdict.WITHDRAWN, at=at)
    assert not decide(proposal_id, Verdict.WITHDRAWN, by=ZHOU, at=at).is_carried_out_now
    assert proposals.proposal(proposal_id).verdict == "withdrawn"


@pytest.mark.django_db
def test_proposing_the_same_twice_is_proposing_once_and_something_else_must_wait(at):
    proposal_id = proposed(at)
    assert proposed(at) == proposal_id
    for other in ({"by": XU}, {"colour": "blue"}):
        with pytest.raises(proposals.AlreadyProposed):
            proposed(at, **other)
    assert Proposal.objects.count() == 1
    decide(proposal_id, Verdict.REFUSED, at=at)
    assert proposed(at) != proposal_id


@pytest.mark.django_db
def test_what_was_decided_stays_decided(at):
    proposal_id = proposed(at)
    decide(proposal_id, Verdict.REFUSED, at=at)
    for by, verdict in ((SUN, Verdict.APPROVED), (XU, Verdict.APPROVED), (XU, Verdict.REFUSED)):
        with pytest.raises(proposals.AlreadyDecided):
            decide(proposal_id, verdict, by=by, at=at)
    assert proposals.proposal(proposal_id).verdict == "refused"


@pytest.mark.django_db
def test_a_proposal_lapses_after_fourteen_days_and_makes_room(at):
    proposal_id = proposed(at)
    late = at + proposals.LIVES
    with pytest.raises(proposals.ProposalExpired):
        decide(proposal_id, at=late)
    assert not proposals.pending([KIND], at=late).exists()
    assert proposals.pending([KIND], at=late - timedelta(seconds=1)).exists()

    assert proposed(late, by=XU) != proposal_id
    assert proposals.proposal(proposal_id).verdict == "expired"
    assert proposals.lapse(at=late) == 0
    assert proposals.lapse(at=late + proposals.LIVES) == 1


@pytest.mark.django_db
def test_the_job_of_each_hour_closes_stale_proposals_and_leaves_an_entry_of_the_trail(at, the_clock):
    proposal_id = proposed(at)
    tasks.lapse_proposals(timestamp=0)
    assert proposals.proposal(proposal_id).verdict is None

    the_clock(at + proposals.LIVES)
    for _again in range(2):
        tasks.lapse_proposals(timestamp=0)

    closed = proposals.proposal(proposal_id)
    assert (closed.verdict, closed.decided_at) == (Verdict.EXPIRED, at + proposals.LIVES)
    (entry,) = AuditEntry.objects.filter(verb="tests.flag.expired")
    assert (entry.thing, entry.by) == (SUBJECT, system("foundation.proposals").person_id)
    assert (entry.before, entry.after["verdict"]) == ({"verdict": None}, "expired")


@pytest.mark.django_db
def test_what_is_not_right_is_refused_and_nothing_is_written(at):
    for reason in ("", "  ", "x" * 501, "a\x00b"):
        with pytest.raises(proposals.ProposalReasonMissing):
            proposals.propose(KIND, SUBJECT, {}, reason=reason, by=ZHOU, at=at)
    with pytest.raises(SignInNeeded):
        proposed(at, by=VISITOR)
    assert not Proposal.objects.exists()
    assert not AuditEntry.objects.exists()

    proposal_id = proposed(at)
    with pytest.raises(proposals.ProposalReasonMissing):
        decide(proposal_id, at=at, reason=" ")
    for wrong in ({"kind": "tests.other"}, {"proposal_id": uuid4()}):
        with pytest.raises(proposals.ProposalMissing):
            decide(**{"proposal_id": proposal_id, "at": at, **wrong})
    with pytest.raises(proposals.ProposalMissing):
        proposals.proposal(uuid4())
    assert proposals.proposal(proposal_id).verdict is None


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_wins(at, together):
    proposal_id = proposed(at)
    answers = together(
        lambda: decide(proposal_id, by=SUN, at=at),
        lambda: decide(proposal_id, Verdict.REFUSED, by=XU, at=at),
        lambda: decide(proposal_id, by=XU, at=at),
    )
    won = [one for one in answers if isinstance(one, proposals.ProposalFacts)]
    assert len(won) == 1
    assert sum(isinstance(one, proposals.AlreadyDecided) for one in answers) == 2
    assert AuditEntry.objects.exclude(verb="tests.flag.propose").count() == 1
