"""Who may sign up for a shift. Plain Python: no tables, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from shanshi.kernel.decisions import Decision
from shanshi.kernel.errors import N_, DomainError, Missing


class SignUpOver(DomainError):
    """The shift has begun, or sign-up ended before it."""

    code = "activities.sign_up_over"
    says = N_("Sign-up for this shift is over.")
    way = N_("Choose a shift that is still ahead.")


class TooYoung(DomainError):
    """The activity asks for a higher age."""

    code = "activities.too_young"
    says = N_("This activity is for people of {min_age} and over, on the day of the shift.")
    way = N_("Look for an activity without this age limit.")


class NotForMinors(DomainError):
    """Rescue and other dangerous work is for adults."""

    code = "activities.not_for_minors"
    says = N_("This work is dangerous and not for minors.")
    way = N_("Look for another activity.")


class GuardianConsentMissing(DomainError):
    """A minor's guardian has not agreed."""

    code = "activities.guardian_consent_missing"
    says = N_("Volunteers under 18 need their guardian's consent.")
    way = N_("Ask your guardian to give the consent on the registration page.")


class SkillsMissing(DomainError):
    """The activity asks for skills that the volunteer did not state."""

    code = "activities.skills_missing"
    says = N_("This activity asks for skills: {skills}.")
    way = N_("Sign up again and state these skills, if you have them.")


class SignUpClash(DomainError):
    """The person is already signed up for something at the same time."""

    code = "activities.sign_up_clash"
    says = N_("You are already signed up for another shift at this time.")
    way = N_("Withdraw from the other one first.")


class ShiftFull(DomainError):
    """No place is left, and this way in has no waiting list."""

    code = "activities.shift_full"
    says = N_("This shift has no place left.")
    way = N_("Join the waiting list, or choose another shift.")


class NotSignedUp(Missing):
    """The person has no sign-up for this shift."""

    code = "activities.not_signed_up"
    says = N_("You are not signed up for this shift.")
    way = N_("Sign up first.")


class NoPlaceOffered(DomainError):
    """The person still waits: no place has been offered."""

    code = "activities.no_place_offered"
    says = N_("No place has been offered to you yet.")
    way = N_("Keep your position on the waiting list; a place is offered in order.")


class OfferLapsed(DomainError):
    """The deadline to accept the place is over."""

    code = "activities.offer_lapsed"
    says = N_("The time to accept this place is over.")
    way = N_("Sign up again, or choose another shift.")


def reasons_against(facts: Mapping[str, Any], values: Mapping[str, Any]) -> tuple[DomainError, ...]:
    """Return every reason why this person may not sign up, the most final first; empty if none.

    facts   as declared in the policy "sign_up"
    values  of that policy

    Source: Zhejiang regulation art. 9 (minors); sign_up policy (sample).
    """
    is_minor = facts["age"] < values["adult_age"]
    lacking = sorted(set(facts.get("skills_asked", ())) - set(facts.get("skills_held", ())))
    closes_at = facts["shift_starts_at"] - timedelta(minutes=values["closes_before_start_minutes"])
    min_age = facts.get("min_age", 0)
    found: list[DomainError] = []
    if facts["at"] >= closes_at:
        found.append(SignUpOver())
    if is_minor and set(facts.get("risk_kinds", ())) & set(values["adult_only_risks"]):
        found.append(NotForMinors())
    if facts["age"] < min_age:
        found.append(TooYoung(min_age=min_age))
    if is_minor and not facts.get("has_guardian_consent", False):
        found.append(GuardianConsentMissing())
    if lacking:
        found.append(SkillsMissing(skills="、".join(lacking)))
    if facts.get("has_clash", False):
        found.append(SignUpClash())
    return tuple(found)


def decide_sign_up(facts: Mapping[str, Any], values: Mapping[str, Any]) -> Decision:
    """Return whether a person may sign up for a shift, with every reason against it.

    facts   as declared in the policy "sign_up"
    values  of that policy

    Source: as reasons_against.
    """
    against = reasons_against(facts, values)
    if against:
        return Decision({"may_sign_up": False}, against)
    return Decision({"may_sign_up": True, "state": "placed" if facts["places_left"] > 0 else "waiting"})
