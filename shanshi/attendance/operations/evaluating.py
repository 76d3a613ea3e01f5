"""A volunteer says how a visit was."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from shanshi.attendance import models, rules
from shanshi.attendance.rules import Giver, VisitState
from shanshi.foundation.actor import Actor
from shanshi.kernel.errors import Missing
from shanshi.kernel.ids import new_id


@transaction.atomic
def evaluate(visit_id: UUID, score: int, words: str = "", *, by: Actor, at: datetime) -> UUID:
    """Keep what a volunteer says of an own, confirmed visit, and return the evaluation's id.

    score  1 to 5
    words  up to 500 characters
    at     with a time zone

    Raises SignInNeeded; Forbidden: no volunteer; Missing: no such visit of this person; rules.
    EvaluationUnreadable, NothingToEvaluate, EvaluationGiven. Then nothing has changed.
    """
    holder_id = by.volunteer()
    visit = models.Visit.objects.filter(holder_id=holder_id, pk=visit_id).first()
    if visit is None:
        raise Missing
    said = rules.checked_evaluation(score, words, state=VisitState(visit.state))
    row = models.Evaluation(
        id=new_id(),
        holder_id=holder_id,
        visit_id=visit_id,
        activity_id=visit.activity_id,
        giver=Giver.VOLUNTEER.value,
        score=score,
        words=said,
        given_at=at,
        given_by=by.known(),
    )
    try:
        # A double press is two requests: the table knows which came first.
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise rules.EvaluationGiven from None
    return row.id
