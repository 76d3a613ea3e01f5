"""What the registry tells people: the wording of its notices."""

from __future__ import annotations

from datetime import date
from typing import Final

from shanshi.kernel.errors import N_
from shanshi.notices.rules import IN_APP_ONLY, Message

ROLE_WORDS: Final = {
    "city_staff": N_("Staff of the city"),
    "division_staff": N_("Staff of a district or subdistrict"),
    "reviewer": N_("Reviewer"),
    "manager": N_("Manager"),
    "leader": N_("Leader"),
    "cashier": N_("Cashier"),
    "bank_clerk": N_("Clerk of a bank"),
    "auditor": N_("Auditor"),
}


def role_given(role: str, place: str, from_on: date) -> Message:
    """Return what somebody is told who has a new role. `place` is what it is called; empty: not named."""
    if not place:
        return Message(
            template="registry.role_given",
            title=N_("You have a new role"),
            text=N_("You have a new role: {role_word}, from {from_on}. Your work is on the platform."),
            facts={"role_word": ROLE_WORDS[role], "from_on": from_on},
            url="/me",
        )
    return Message(
        template="registry.role_given_at",
        title=N_("You have a new role"),
        text=N_("You have a new role: {role_word} at {place}, from {from_on}. Your work is on the platform."),
        facts={"role_word": ROLE_WORDS[role], "place": place, "from_on": from_on},
        url="/me",
    )


def role_ended(role: str, place: str) -> Message:
    """Return what somebody is told whose role has ended. `place` as in `role_given`."""
    if not place:
        return Message(
            template="registry.role_ended",
            title=N_("A role of yours has ended"),
            text=N_("Your role has ended: {role_word}. Whoever gave it can tell you why."),
            facts={"role_word": ROLE_WORDS[role]},
            url="/me",
        )
    return Message(
        template="registry.role_ended_at",
        title=N_("A role of yours has ended"),
        text=N_("Your role has ended: {role_word} at {place}. Whoever gave it can tell you why."),
        facts={"role_word": ROLE_WORDS[role], "place": place},
        url="/me",
    )


def invited(organization: str) -> Message:
    """Return what somebody is told whom an organization invites."""
    return Message(
        template="registry.invited",
        title=N_("An invitation"),
        text=N_("{organization} invites you to become a member. Accept or decline on your page."),
        facts={"organization": organization},
        url="/me",
    )


def second_factor_reset() -> Message:
    """Return what somebody is told whose second step was reset by staff."""
    return Message(
        template="registry.second_factor_reset",
        title=N_("The second step of your account was reset"),
        text=N_(
            "The second step of your account was reset by two people of your office, and everything was"
            " signed out. If you did not ask for it, tell your office at once."
        ),
        url="/account/security",
        is_urgent=True,
    )


def phone_moved() -> Message:
    """Return what somebody is told whose account was moved to another phone."""
    return Message(
        template="registry.phone_moved",
        title=N_("Another phone"),
        text=N_(
            "Your account was moved to another phone. If it was not you, come to a station with your ID card."
        ),
        url="/account/security",
        channels=IN_APP_ONLY,
        is_urgent=True,
    )


def guardian_withdrew() -> Message:
    """Return what a minor is told whose guardian has withdrawn the consent."""
    return Message(
        template="registry.guardian_withdrew",
        title=N_("Your guardian has withdrawn"),
        text=N_(
            "Your guardian has withdrawn the consent to your volunteering. Your places on shifts went back."
        ),
        url="/me",
    )
