"""What a volunteer says of a visit: 1 to 5 and words, once, after it was confirmed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from shanshi.attendance.rules.states import VisitState
from shanshi.kernel.errors import N_, DomainError, Invalid

LEAST_SCORE: Final = 1
MOST_SCORE: Final = 5
MOST_WORDS: Final = 500
# Fewer would let an organizer guess who said what.
SHOWN_FROM: Final = 5


class NothingToEvaluate(DomainError):
    """The visit was not confirmed, or not yet."""

    code = "attendance.nothing_to_evaluate"
    says = N_("This visit is not confirmed yet.")
    way = N_("Say how it was once the leader has confirmed the shift.")


class EvaluationGiven(DomainError):
    """The visit was evaluated before; what was said is not changed afterwards."""

    code = "attendance.evaluation_given"
    says = N_("You have said how it was already.")
    way = N_("An evaluation is given once, so that nobody can be asked to change it.")


class EvaluationUnreadable(Invalid):
    """The score is not 1 to 5, or the words are too many."""

    code = "attendance.evaluation_unreadable"
    says = N_("An evaluation is 1 to 5 stars, and up to {most} characters.")
    way = N_("Choose one to five stars, and say it in fewer words.")


def checked_evaluation(score: int, words: str, *, state: VisitState) -> str:
    """Return the words of an evaluation as they are kept.

    score  1 to 5
    words  up to 500 characters; may be empty
    state  how the visit stands

    Raises EvaluationUnreadable; NothingToEvaluate: only a confirmed visit is evaluated.
    Source: rules of the city, sections 1 (service and evaluation) and 4 (at least 3 of 5).
    """
    said = words.strip()
    if not LEAST_SCORE <= score <= MOST_SCORE or len(said) > MOST_WORDS:
        raise EvaluationUnreadable(most=MOST_WORDS)
    if state is not VisitState.CONFIRMED:
        raise NothingToEvaluate
    return said


def mean_score(total: int, count: int) -> Decimal | None:
    """Return the mean of evaluations to one decimal place, as others may see it; None below five of them.

    total  sum of the scores
    count  how many there are
    """
    if count < SHOWN_FROM:
        return None
    return (Decimal(total) / count).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
