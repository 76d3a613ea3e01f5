"""What an activity must have before volunteers may see it. Plain Python: no tables, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shanshi.activities.rules.drafts import RisksMissing
from shanshi.kernel.decisions import Decision
from shanshi.kernel.errors import N_, DomainError, Invalid

_BRING_AGREEMENT = N_("Enter the number of the signed agreement.")


class PublicationBlocked(DomainError):
    """The activity lacks something that the law asks for. Its parts are the reasons, all of them."""

    code = "activities.publication_blocked"
    says = N_("This activity cannot be published yet.")
    way = N_("See to each of the reasons, and publish again.")


class ReviewedByOwnHand(DomainError):
    """The reviewer planned, changed or submitted the activity."""

    code = "activities.reviewed_by_own_hand"
    says = N_("Nobody reviews what he planned, changed or submitted himself.")
    way = N_("Ask another reviewer of the parent organization.")


class ReasonMissing(Invalid):
    """A step back needs its reason."""

    code = "activities.reason_missing"
    says = N_("A reason is needed.")
    way = N_("Say in a sentence why.")


class NothingWaits(DomainError):
    """Nothing of the activity waits for a reviewer any more."""

    code = "activities.nothing_waits"
    says = N_("Nothing of this activity waits for a review any more.")
    way = N_("Go on with the next one.")


class AgreementForDanger(DomainError):
    """Danger to persons needs an agreement."""

    code = "activities.agreement_for_danger"
    says = N_("It may endanger people, so an agreement is needed.")
    way = _BRING_AGREEMENT


class AgreementForForeign(DomainError):
    """A foreign-related activity needs an agreement."""

    code = "activities.agreement_for_foreign"
    says = N_("It is foreign-related, so an agreement is needed.")
    way = _BRING_AGREEMENT


class AgreementForLength(DomainError):
    """An activity of over one month needs an agreement."""

    code = "activities.agreement_for_length"
    says = N_("It lasts over one month, so an agreement is needed.")
    way = _BRING_AGREEMENT


class AgreementForSize(DomainError):
    """A large event needs an agreement."""

    code = "activities.agreement_for_size"
    says = N_("It is a large event, so an agreement is needed.")
    way = _BRING_AGREEMENT


class AgreementForDistance(DomainError):
    """An activity outside the province needs an agreement."""

    code = "activities.agreement_for_distance"
    says = N_("It is outside the province, so an agreement is needed.")
    way = _BRING_AGREEMENT


class AgreementAsked(DomainError):
    """One of the two sides asked for an agreement."""

    code = "activities.agreement_asked"
    says = N_("One side asked for an agreement, so it is needed.")
    way = _BRING_AGREEMENT


class InsuranceMissing(DomainError):
    """Danger to persons needs insurance."""

    code = "activities.insurance_missing"
    says = N_("It may endanger people, so the volunteers must be insured.")
    way = N_("Take out the insurance, and enter the number of the policy.")


class AdultsOnlyMissing(DomainError):
    """Rescue and other dangerous work is for adults alone."""

    code = "activities.adults_only_missing"
    says = N_("Rescue and other dangerous work is not for minors.")
    way = N_("Set the minimum age to 18 or above.")


def agreements_needed(facts: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[DomainError, ...]:
    """Return every reason for which an agreement is needed, there or not, in the order of the law's list.

    facts   as declared in the policy "publication"; both days count
    values  of that policy

    Source: Zhejiang Volunteer Service Regulation, art. 21.
    """
    days = (facts["ends_on"] - facts["starts_on"]).days + 1
    reasons: list[tuple[bool, type[DomainError]]] = [
        (bool(set(facts.get("risk_kinds", ())) & set(values["agreement_risks"])), AgreementForDanger),
        (facts.get("is_foreign_related", False), AgreementForForeign),
        (days > values["agreement_over_days"], AgreementForLength),
        (facts["expected_people"] >= values["large_event_people"], AgreementForSize),
        (facts.get("is_outside_province", False), AgreementForDistance),
        (facts.get("a_side_asks", False), AgreementAsked),
    ]
    return tuple(why() for needed, why in reasons if needed)


def needs_insurance(facts: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether the volunteers must be insured.

    Source: State Council Decree 685 art. 17.
    """
    return bool(set(facts.get("risk_kinds", ())) & set(values["insurance_risks"]))


def is_for_adults(facts: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether minors may not take part.

    Source: Zhejiang Volunteer Service Regulation, art. 9.
    """
    return bool(set(facts.get("risk_kinds", ())) & set(values["adult_only_risks"]))


def missing_for_publication(facts: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[DomainError, ...]:
    """Return everything that the activity lacks; empty if it may be published.

    facts   as declared in the policy "publication"
    values  of that policy

    Source: Decree 685 art. 12 (risks), 17 (insurance); Zhejiang regulation art. 21 (agreement), 9 (minors).
    """
    missing: list[DomainError] = [] if facts["states_risks"] else [RisksMissing()]
    if not facts["has_agreement"]:
        missing.extend(agreements_needed(facts, values))
    if needs_insurance(facts, values) and not facts["has_insurance"]:
        missing.append(InsuranceMissing())
    if is_for_adults(facts, values) and facts["min_age"] < values["adult_age"]:
        missing.append(AdultsOnlyMissing())
    return tuple(missing)


def decide_publication(facts: Mapping[str, Any], values: Mapping[str, Any]) -> Decision:
    """Return whether an activity may be published, with every reason against it.

    facts   as declared in the policy "publication"
    values  of that policy

    Source: as missing_for_publication.
    """
    missing = missing_for_publication(facts, values)
    return Decision(
        outcome={
            "may_publish": not missing,
            "needs_agreement": bool(agreements_needed(facts, values)),
            "needs_insurance": needs_insurance(facts, values),
            "adults_only": is_for_adults(facts, values),
        },
        reasons=missing,
    )
