"""What somebody gives to be registered: as typed, as checked, and what of a batch was refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shanshi.kernel.errors import DomainError
from shanshi.registry import rules


@dataclass(frozen=True, slots=True)
class GuardianConsent:
    """A guardian's consent: the code that was sent to the guardian's phone proves it.

    phone, code  as typed; in a batch the consent was taken on paper and there is no code
    asked_by     who asked for the code, as in `send_guardian_code`
    known_as     the person who agrees, if signed in
    """

    name: str
    phone: str
    relation: str
    code: str | None = None
    asked_by: str = ""
    known_as: UUID | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """What somebody gives to be registered, as typed.

    person_id      who is signed in and registers; None when staff or a case registers them
    phone          of somebody who is not signed in
    residence_code division of residence, 6 digits
    consents       versions of the texts agreed to; people who register themselves agree to the terms
    registered_at  when it happened, for cases; with a zone
    """

    person_id: UUID | None
    phone: str | None
    real_name: str
    id_number: str
    residence_code: str | None = None
    guardian: GuardianConsent | None = None
    party_member: bool = False
    consents: tuple[str, ...] = ()
    registered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clean:
    """A registration whose every part has been checked."""

    real_name: str
    facts: rules.IdFacts
    residence_code: str | None
    guardian: GuardianConsent | None
    party_member: bool
    registered_at: datetime


class RowRefused(DomainError):
    """One row of a batch was refused, and so nothing of the batch was written.

    Carries the row's number from 0 and the refusal itself.
    """

    code = "registry.row_refused"

    def __init__(self, row: int, refusal: DomainError) -> None:
        super().__init__(row=row, **refusal.facts)
        self.row, self.refusal = row, refusal
        self.says, self.way, self.kind = refusal.says, refusal.way, refusal.kind  # type: ignore[misc]
