"""Endpoints of one's own data: the copy, who looked, consents, a guardian's minors, and the end."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Router, Schema, Status

from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, address_of, public, token_of
from shanshi.foundation.permissions import asks
from shanshi.foundation.problems import REFUSALS, Problem
from shanshi.kernel.quantities import city_day
from shanshi.portal import access, operations
from shanshi.portal.queries.held import held
from shanshi.portal.queries.privacy import ConsentLine, consent_lines, look_lines
from shanshi.registry import operations as registry
from shanshi.registry import queries as people
from shanshi.registry import rules
from shanshi.registry.api import router as registry_router
from shanshi.registry.rules import CODE_MINUTES, CodePurpose, Purpose

router = Router(tags=["one's own data"])
Version = Annotated[str, Field(min_length=1, max_length=60, description='As shown: "location@2015-01-01".')]


class PartOut(Schema):
    """One paragraph of a text, in both languages."""

    title: str
    title_zh: str
    text: str
    text_zh: str


class ConsentTextOut(Schema):
    """What is agreed to for one purpose, in the version that is in force."""

    purpose: Purpose
    version: str
    title: str
    title_zh: str
    parts: list[PartOut]
    stops: str = Field(description="What stops at once when the consent is withdrawn.")
    stops_zh: str
    source: str
    source_zh: str


class ConsentOut(Schema):
    """How somebody stands to one purpose. `is_old`: agreed to a text that is shown no longer; asked again."""

    purpose: Purpose
    version_in_force: str
    is_given: bool
    is_old: bool
    version: str
    given_at: datetime | None
    may_change: bool


class Agreement(Schema):
    """The version of the text that was shown."""

    version: Version


class Withdrawn(Schema):
    """How many places on shifts went back to others at once."""

    places_given_back: int


class CodeSent(Schema):
    """A code to one's own phone."""

    expires_in_seconds: int


class Ending(Schema):
    """The code that `POST me/erasure-codes` sent to one's own phone, and the second factor, if any."""

    code: str = Field(min_length=1, max_length=20)
    second_factor: str = Field(
        "", max_length=20, description="A one-time or recovery code; needed once a second factor is set up."
    )


class LookOut(Schema):
    """Somebody looked at one's identity. The looker's name is masked; empty for staff without a number."""

    looked_at: datetime
    field: str
    purpose: str
    note: str
    capacity: str
    looker: str


class InvitationOut(Schema):
    """An organization wants one as a member. `team`: empty for the whole organization."""

    id: UUID
    organization_id: UUID
    organization: str
    team: str
    invited_at: datetime


class WardOut(Schema):
    """A minor whose guardian one is."""

    holder_id: UUID
    number: str
    masked_name: str
    age: int
    birth_on: date
    relation: str
    is_open: bool = Field(description="Whether the guardian's consent stands.")
    is_child: bool = Field(description="Below 14: the guardian decides everything.")
    is_accompanied: bool
    signs_in: bool


@router.get("/consents", response={200: list[ConsentTextOut], REFUSALS: Problem}, summary="Texts", auth=None)
@public
def texts(request: Request) -> list[ConsentTextOut]:
    """What people agree to here: every purpose with the text in force."""
    return [
        ConsentTextOut(
            **{name: getattr(text, name) for name in ConsentTextOut.model_fields if name != "parts"},
            parts=[
                PartOut(title=part.title, title_zh=part.title_zh, text=part.text, text_zh=part.text_zh)
                for part in text.parts
            ],
        )
        for text in people.consent_texts(city_day(clock.now()))
    ]


@router.get("/me/data", response={200: dict[str, Any], REFUSALS: Problem}, summary="Everything held")
@asks(access.MYSELF)
def data(request: Request) -> dict[str, Any]:
    """Everything that is held about oneself, by room, in the clear; so a token needs the scope names."""
    person_id = access.own_data(request.actor)
    _check_proof(request)
    found = held(person_id, at=clock.now())
    return {**found.rooms, "sensitive": found.sensitive}


@router.get("/me/looks", response={200: list[LookOut], REFUSALS: Problem}, summary="Who looked")
@asks(access.SEE_LOOKS)
def looks(request: Request) -> list[LookOut]:
    """Who looked at one's identity, the latest first, at most 200."""
    return [
        LookOut(
            looked_at=line.look.looked_at,
            field=line.look.field,
            purpose=line.look.purpose,
            note=line.look.note,
            capacity=line.look.capacity,
            looker=line.looker,
        )
        for line in look_lines(access.myself(request.actor))
    ]


@router.get("/me/consents", response={200: list[ConsentOut], REFUSALS: Problem}, summary="One's consents")
@asks(access.CONSENT)
def consents(request: Request) -> list[ConsentOut]:
    """How one stands to every purpose."""
    volunteer = people.volunteer(access.own_consents(request.actor))
    lines = consent_lines(volunteer.holder_id, volunteer.birth_on, is_guardian=False, at=clock.now())
    return [_consent(line) for line in lines]


@router.post("/me/consents/{purpose}", response={204: None, REFUSALS: Problem}, summary="Agree")
@asks(access.CONSENT)
def agree(request: Request, purpose: Purpose, given: Agreement) -> Status[None]:
    """Agree to one purpose, in the version that was shown."""
    holder_id = access.own_consents(request.actor)
    operations.agree(holder_id, purpose, text_version=given.version, by=request.actor, at=clock.now())
    return Status(204, None)


@router.delete("/me/consents/{purpose}", response={200: Withdrawn, REFUSALS: Problem}, summary="Withdraw")
@asks(access.CONSENT)
def withdraw(request: Request, purpose: Purpose) -> Withdrawn:
    """Withdraw one consent; what it stops, stops now."""
    holder_id = access.own_consents(request.actor)
    back = operations.withdraw(holder_id, purpose, by=request.actor, at=clock.now())
    return Withdrawn(places_given_back=back)


@router.post("/me/erasure-codes", response={202: CodeSent, REFUSALS: Problem}, summary="Code for erasure")
@asks(access.MYSELF)
def erasure_code(request: Request) -> Status[CodeSent]:
    """Send a code to one's own phone, with which the account can be erased."""
    person_id, now = access.myself(request.actor), clock.real_now()
    limits.spend("code_per_address", address_of(request), at=now)
    limits.spend("code_per_phone", str(person_id), at=now)
    registry.send_own_code(person_id, CodePurpose.ERASURE, at=now)
    return Status(202, CodeSent(expires_in_seconds=CODE_MINUTES * 60))


# One address has one router, or its other methods would be told that this one does not exist.
@registry_router.delete("/me", response={204: None, REFUSALS: Problem}, summary="Erase oneself")
@asks(access.MYSELF)
def erase(request: Request, ending: Ending) -> Status[None]:
    """Erase one's account for ever: by the code to one's own phone, and the second factor if one is set up.

    A stolen phone alone ends no account; whoever has lost the second factor lets it be reset first.
    """
    person_id, now = access.myself(request.actor), clock.real_now()
    limits.spend("sign_in_per_address", address_of(request), at=now)
    if people.factors(person_id).has_second:
        limits.spend("factor_per_person", str(person_id), at=now)
        registry.spend_factor(person_id, ending.second_factor, at=now)
    registry.prove_own_phone(person_id, ending.code, CodePurpose.ERASURE, at=now)
    operations.erase(person_id, by=request.actor, at=clock.now())
    return Status(204, None)


@router.get(
    "/me/invitations", response={200: list[InvitationOut], REFUSALS: Problem}, summary="One's invitations"
)
@asks(access.INVITATION)
def invitations(request: Request) -> list[InvitationOut]:
    """The organizations that invite one; until one accepts, nothing of one's own opens to them."""
    found = access.own_invitations(request.actor)
    return [
        InvitationOut(**{name: getattr(one, name) for name in InvitationOut.model_fields}) for one in found
    ]


@router.post(
    "/me/invitations/{invitation_id}", response={204: None, REFUSALS: Problem}, summary="Accept an invitation"
)
@asks(access.INVITATION)
def accept_invitation(request: Request, invitation_id: UUID) -> Status[None]:
    """Become a member of the organization that invited one."""
    access.own_invitation(request.actor, invitation_id)
    holder_id = request.actor.volunteer()
    registry.accept_invitation(invitation_id, holder_id=holder_id, by=request.actor, at=clock.now())
    return Status(204, None)


@router.delete(
    "/me/invitations/{invitation_id}",
    response={204: None, REFUSALS: Problem},
    summary="Decline an invitation",
)
@asks(access.INVITATION)
def decline_invitation(request: Request, invitation_id: UUID) -> Status[None]:
    """Decline; the organization does not ask again for 30 days."""
    access.own_invitation(request.actor, invitation_id)
    holder_id = request.actor.volunteer()
    registry.decline_invitation(invitation_id, holder_id=holder_id, by=request.actor, at=clock.now())
    return Status(204, None)


@router.get("/me/wards", response={200: list[WardOut], REFUSALS: Problem}, summary="One's minors")
@asks(access.MYSELF)
def wards(request: Request) -> list[WardOut]:
    """The minors whose guardian one is, until the eighteenth birthday."""
    found = people.wards(access.myself(request.actor), at=clock.now())
    return [WardOut(**{name: getattr(one, name) for name in WardOut.model_fields}) for one in found]


@router.get("/me/wards/{holder_id}/data", response={200: dict[str, Any], REFUSALS: Problem}, summary="Held")
@asks(access.GUARD)
def ward_data(request: Request, holder_id: UUID) -> dict[str, Any]:
    """Everything that is held about a minor, by room, in the clear; so a token needs the scope names."""
    ward = access.data_of_ward(request.actor, holder_id, at=clock.now())
    _check_proof(request)
    found = held(ward.person_id, at=clock.now())
    return {**found.rooms, "sensitive": found.sensitive}


@router.post(
    "/me/wards/{holder_id}/consents/{purpose}", response={204: None, REFUSALS: Problem}, summary="Agree for"
)
@asks(access.GUARD)
def ward_agree(request: Request, holder_id: UUID, purpose: Purpose, given: Agreement) -> Status[None]:
    """Agree to one purpose in a minor's place."""
    now = clock.now()
    access.ward_to_guard(request.actor, holder_id, at=now, is_open=purpose != Purpose.MINORS)
    operations.agree(holder_id, purpose, text_version=given.version, by=request.actor, at=now)
    return Status(204, None)


@router.delete(
    "/me/wards/{holder_id}/consents/{purpose}",
    response={200: Withdrawn, REFUSALS: Problem},
    summary="Withdraw for",
)
@asks(access.GUARD)
def ward_withdraw(request: Request, holder_id: UUID, purpose: Purpose) -> Withdrawn:
    """Withdraw one consent in a minor's place; what it stops, stops now."""
    now = clock.now()
    access.ward_to_guard(request.actor, holder_id, at=now, is_open=purpose != Purpose.MINORS)
    back = operations.withdraw(holder_id, purpose, by=request.actor, at=now)
    return Withdrawn(places_given_back=back)


def _check_proof(request: Request) -> None:
    """A token shows what it was made for; a browser's session, only shortly after a proof."""
    person_id = access.myself(request.actor)
    if token_of(request) is None and not rules.is_fresh(request.session, person_id, at=clock.real_now()):
        raise rules.ProofTooOld


def _consent(line: ConsentLine) -> ConsentOut:
    standing = line.standing
    return ConsentOut(
        purpose=standing.text.purpose,
        version_in_force=standing.text.version,
        is_given=standing.is_given,
        is_old=standing.is_old,
        version=standing.version,
        given_at=standing.given_at,
        may_change=line.may_change,
    )
