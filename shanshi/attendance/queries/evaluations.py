"""What volunteers say of their visits: one's own in full, others' as a mean of five or more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Exists, Model, OuterRef, QuerySet, Sum

from shanshi.attendance import rules
from shanshi.attendance.models import Evaluation, Visit
from shanshi.attendance.queries.visits import VisitFacts, visit_facts
from shanshi.attendance.rules import Giver, VisitState


@dataclass(frozen=True, slots=True)
class EvaluationFacts:
    """What a volunteer said of a visit, for the volunteer alone."""

    id: UUID
    visit_id: UUID
    score: int
    words: str
    given_at: datetime


@dataclass(frozen=True, slots=True)
class Evaluated:
    """What volunteers say of something together.

    total  sum of the scores, each 1 to 5
    """

    count: int = 0
    total: int = 0

    @property
    def score(self) -> Decimal | None:
        """The mean to one decimal place, as others may see it; None below five evaluations."""
        return rules.mean_score(self.total, self.count)

    def __add__(self, other: Evaluated) -> Evaluated:
        """Both together."""
        return Evaluated(self.count + other.count, self.total + other.total)


def to_evaluate(holder_id: UUID, *, limit: int) -> list[VisitFacts]:
    """Return confirmed visits of which the volunteer has said nothing yet, the latest first, in one query."""
    said = Evaluation.objects.filter(
        holder_id=OuterRef("holder_id"), visit_id=OuterRef("pk"), giver=Giver.VOLUNTEER
    )
    rows = Visit.objects.filter(~Exists(said), holder_id=holder_id, state=VisitState.CONFIRMED)
    return [visit_facts(row) for row in rows.order_by("-came_at", "-id")[:limit]]


def evaluation(visit_id: UUID, *, holder_id: UUID) -> EvaluationFacts | None:
    """Return what the volunteer said of a visit, or None."""
    row = Evaluation.objects.filter(holder_id=holder_id, visit_id=visit_id, giver=Giver.VOLUNTEER).first()
    if row is None:
        return None
    return EvaluationFacts(row.id, row.visit_id, row.score, row.words, row.given_at)


def evaluations_of(activity_ids: Iterable[UUID]) -> dict[UUID, Evaluated]:
    """Return what volunteers say of activities, in one query; one without an evaluation is left out.

    Show `score` and `count` only where `score` is there: fewer evaluations would tell who said what.
    """
    rows = Evaluation.objects.filter(activity_id__in=list(activity_ids), giver=Giver.VOLUNTEER)
    found = rows.values("activity_id").annotate(count=Count("id"), total=Sum("score")).order_by("activity_id")
    return {row["activity_id"]: Evaluated(row["count"], row["total"]) for row in found}


def evaluated_together(activity_ids: Iterable[UUID] | QuerySet[Model, UUID]) -> Evaluated:
    """Return what volunteers say of several activities together, in one query.

    activity_ids  ids, or rows of ids that are looked up in the same query
    """
    rows = Evaluation.objects.filter(activity_id__in=activity_ids, giver=Giver.VOLUNTEER)
    return Evaluated(**rows.aggregate(count=Count("id"), total=Sum("score", default=0)))


def words_of(activity_id: UUID, *, limit: int) -> list[str]:
    """Return what volunteers wrote of an activity, for its organizers, from five evaluations on, in two
    queries.

    In the order of the words themselves: neither their time nor their stars say whose they are.
    """
    said = Evaluation.objects.filter(activity_id=activity_id, giver=Giver.VOLUNTEER)
    if said.count() < rules.SHOWN_FROM:
        return []
    return list(said.exclude(words="").order_by("words").values_list("words", flat=True)[:limit])
