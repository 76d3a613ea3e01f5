"""Refusals: every way in which the product says no.

A refusal states the fact in its class name and carries a stable `code`, an English sentence and the way
that is open. The doors translate; nothing below them knows a language or a status of HTTP.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


def N_(text: str) -> str:  # noqa: N802 - the usual name of a mark for translation
    """Return the text unchanged; marks it for the translators."""
    return text


class Kind(StrEnum):
    """What sort of no it is; the doors turn it into a status."""

    REFUSED = "refused"
    INVALID = "invalid"
    MISSING = "missing"
    UNKNOWN_PERSON = "unknown_person"
    FORBIDDEN = "forbidden"
    TOO_MANY = "too_many"
    TOO_LARGE = "too_large"
    WRONG_TYPE = "wrong_type"


class DomainError(Exception):
    """The domain says no. Subclasses are named after the fact: ShiftFull, AlreadyConfirmed.

    code   stable, "room.fact"; programs rely on it
    says   one English sentence with {facts}: what is wrong and where
    way    one English sentence: what to do now; may be empty
    facts  values that fill the sentences, given to the constructor by name
    parts  refusals of which this one is made, so that a person sees all reasons at once
    """

    code: ClassVar[str] = "kernel.refused"
    says: ClassVar[str] = N_("This cannot be done.")
    way: ClassVar[str] = ""
    kind: ClassVar[Kind] = Kind.REFUSED

    def __init__(self, *parts: DomainError, **facts: object) -> None:
        super().__init__(self.code)
        self.parts = parts
        self.facts = facts

    def __str__(self) -> str:
        return self.says.format(**self.facts) if self.facts else self.says


class Invalid(DomainError):
    """Something typed or sent is not well formed."""

    code = "kernel.invalid"
    says = N_("What was sent is not valid.")
    kind = Kind.INVALID


class Missing(DomainError):
    """There is no such thing, or the asker may not know of it."""

    code = "kernel.missing"
    says = N_("There is nothing here.")
    way = N_("Check the address, or go back and choose again.")
    kind = Kind.MISSING


class Forbidden(DomainError):
    """The asker has no role that allows this."""

    code = "kernel.forbidden"
    says = N_("Your role does not allow this.")
    way = N_("Ask somebody above you in the organization to give you the role.")
    kind = Kind.FORBIDDEN


class VolunteersOnly(Forbidden):
    """The person has signed in, and has not registered as a volunteer."""

    code = "kernel.volunteers_only"
    says = N_("This is for registered volunteers.")
    way = N_("Register first, with your name and ID number.")


class SignInNeeded(DomainError):
    """Nobody is signed in."""

    code = "kernel.sign_in_needed"
    says = N_("Please sign in first.")
    way = N_("Sign in with your phone number and a code.")
    kind = Kind.UNKNOWN_PERSON


class TooMany(DomainError):
    """Too many tries in too short a time."""

    code = "kernel.too_many"
    says = N_("Too many tries.")
    way = N_("Wait {wait_seconds} seconds and try again.")
    kind = Kind.TOO_MANY
