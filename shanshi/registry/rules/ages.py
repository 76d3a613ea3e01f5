"""Who may register at which age."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from shanshi.kernel.decisions import Decision
from shanshi.kernel.errors import DomainError
from shanshi.registry.rules.refusals import GuardianNeeded, TooYoung


def age_on(birth_on: date, day: date) -> int:
    """Return full years of age on a day; who is born on 29 February is a year older on 1 March.

    day  in the city's zone, not before the birth
    """
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def check_age(
    age: int, *, has_guardian: bool, values: Mapping[str, Any], through_guardian: bool = False
) -> None:
    """Return nothing: somebody of this age may register.

    age               full years
    has_guardian      whether a guardian's consent comes with it
    values            of the policy "registration"
    through_guardian  whether the guardian registers the child, not the child itself

    Raises TooYoung, GuardianNeeded.
    Source: registration policy (docs/policies/registration.yaml).
    """
    if age < values["own_consent_age"] and not (has_guardian and through_guardian):
        raise TooYoung(own_consent_age=values["own_consent_age"])
    if age < values["adult_age"] and not has_guardian:
        raise GuardianNeeded(adult_age=values["adult_age"])


def decide_registration(facts: Mapping[str, Any], values: Mapping[str, Any]) -> Decision:
    """Return whether somebody may register, and what is needed.

    facts   as docs/policies/registration.yaml declares them
    values  of the policy "registration"

    Source: registration policy (docs/policies/registration.yaml).
    """
    age: int = facts["age"]
    reasons: tuple[DomainError, ...] = ()
    try:
        check_age(
            age,
            has_guardian=facts.get("guardian_consents", False),
            values=values,
            through_guardian=facts.get("through_guardian", False),
        )
    except DomainError as refusal:
        reasons = (refusal,)
    outcome = {
        "may_register": not reasons,
        "needs_guardian": values["own_consent_age"] <= age < values["adult_age"],
        "accompanied": age < values["accompanied_below_age"],
    }
    return Decision(outcome=outcome, reasons=reasons)
