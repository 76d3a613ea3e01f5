"""Endpoints of people: phone codes, tokens, registration, and oneself."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.security import HttpBearer
from ninja.utils import check_csrf

from shanshi.foundation import clock, limits
from shanshi.foundation.actor import Actor, SecondFactorNeeded
from shanshi.foundation.doors import Request, address_of, public, token_of
from shanshi.foundation.permissions import asks
from shanshi.foundation.problems import REFUSALS, Problem
from shanshi.kernel.errors import N_, Forbidden
from shanshi.registry import access, operations, queries, rules

router = Router(tags=["people"])

Phone = Annotated[str, Field(min_length=1, max_length=30, description="A mobile number of the mainland.")]
Code = Annotated[str, Field(min_length=1, max_length=20, description="The six digits that were sent.")]


_REQUEST_ID = Field(
    "",
    max_length=64,
    description="Any random text, the same for asking and proving: then only who knows it can use the code or"
    " use up its tries. Without it the code belongs to the network address that asked.",
)


class FormTokenMissing(Forbidden):
    """A browser's cookie alone does not change anything: another site could have sent the request."""

    code = "registry.form_token_missing"
    says = N_("A request with a cookie must carry the form's token.")
    way = N_("Send the header X-CSRFToken, or use a bearer token.")


class Bearer(HttpBearer):
    """Who asks is known already (registry.middleware); this refuses visitors and foreign forms."""

    def __call__(self, request: HttpRequest) -> Any | None:
        """Return the actor, or None for a visitor: 401."""
        actor: Actor = request.actor  # type: ignore[attr-defined]
        if not actor.is_known:
            return None
        if token_of(request) is None and check_csrf(request) is not None:
            raise FormTokenMissing
        return actor

    def authenticate(self, request: HttpRequest, token: str) -> Any | None:
        """Never asked: the middleware has looked at the token."""
        raise NotImplementedError


bearer = Bearer()


class CodeWanted(Schema):
    """Where a code shall be sent. A guardian's code signs nobody in; it proves a guardian's consent."""

    phone: Phone
    purpose: rules.CodePurpose = rules.CodePurpose.SIGN_IN
    request_id: str = _REQUEST_ID


class CodeSent(Schema):
    """The same whether anybody is registered with the phone or not."""

    expires_in_seconds: int


class PhoneProof(Schema):
    """A phone and the code that was sent to it."""

    phone: Phone
    code: Code
    label: str = Field("", max_length=80, description="What the token is for, shown to its owner.")
    scopes: list[Literal["read", "write", "staff", "names"]] = Field(
        ["read", "write"],
        min_length=1,
        max_length=4,
        description="staff: the owner's roles hold; names: identities are shown, one's own data in the clear "
        "and, with staff, what the roles may look at.",
    )
    days: int = Field(rules.TOKEN_DAYS, ge=1, le=rules.TOKEN_MAX_DAYS, description="After how many it ends.")
    second_factor: str = Field(
        "",
        max_length=32,
        description="A one-time code or a recovery code: needed for staff, and by whoever has set one up.",
    )
    request_id: str = _REQUEST_ID


class TokenOut(Schema):
    """A bearer token, shown this once. `registered` tells whether its owner is a volunteer already."""

    token: str
    expires_at: datetime
    registered: bool


class GuardianIn(Schema):
    """A guardian's consent: the code was sent to the guardian's phone (purpose "guardian")."""

    name: str = Field(max_length=200)
    phone: Phone
    relation: rules.Relation
    code: Code
    request_id: str = _REQUEST_ID


class RegistrationIn(Schema):
    """What a person gives to become a volunteer. `consents` names the version of the terms agreed to."""

    real_name: str = Field(max_length=200)
    id_number: str = Field(max_length=40)
    residence_code: str | None = Field(None, max_length=20, description="Division of residence, 6 digits.")
    guardian: GuardianIn | None = Field(None, description="Needed from 14 to 17.")
    party_member: bool = Field(False, description="Sensitive: seen by the person and their branch only.")
    consents: list[str] = Field(
        max_length=20,
        description="Versions of the texts agreed to; those in force: GET /consents (page /terms).",
        examples=[["terms@2015-01-01"]],
    )


class VolunteerOut(Schema):
    """A volunteer as other people may see one. The number stands for the person."""

    number: str
    masked_name: str
    registered_at: datetime
    has_guardian_consent: bool


class RoleOut(Schema):
    """A role and the place at which it holds, with everything below."""

    role: str
    place: str


class MeOut(Schema):
    """Oneself: masked, as everywhere. Without `number` one is not registered as a volunteer."""

    person_id: UUID
    registered: bool
    masked_phone: str | None
    number: str | None
    masked_name: str | None
    masked_id_number: str | None
    birth_on: date | None
    residence_code: str | None
    registered_at: datetime | None
    has_guardian_consent: bool
    roles: list[RoleOut]


@router.post("/auth/codes", response={202: CodeSent, REFUSALS: Problem}, summary="Send a code", auth=None)
@public
def send_code(request: Request, wanted: CodeWanted) -> Status[CodeSent]:
    """Send six digits to a phone. They live five minutes, have five tries, and end the code before."""
    now = clock.real_now()
    phone = rules.checked_phone(wanted.phone)
    limits.spend("code_per_address", address_of(request), at=now)
    limits.spend("code_per_phone", phone, at=now)
    asked_by = _asked_by(request, wanted.request_id)
    if wanted.purpose == rules.CodePurpose.GUARDIAN:
        operations.send_guardian_code(phone, at=now, asked_by=asked_by)
    else:
        operations.send_code(phone, at=now, asked_by=asked_by)
    return Status(202, CodeSent(expires_in_seconds=rules.CODE_MINUTES * 60))


@router.post("/auth/tokens", response={201: TokenOut, REFUSALS: Problem}, summary="Get a token", auth=None)
@public
def issue_token(request: Request, proof: PhoneProof) -> Status[TokenOut]:
    """Prove a phone with its code, and get a bearer token; a code is used up even if the factor is wrong."""
    now = clock.real_now()
    phone = rules.checked_phone(proof.phone)
    limits.spend("sign_in_per_address", address_of(request), at=now)
    person_id = operations.prove_phone(
        phone, proof.code, at=now, asked_by=_asked_by(request, proof.request_id)
    )
    if proof.second_factor:
        limits.spend("factor_per_person", str(person_id), at=now)
        operations.spend_factor(person_id, proof.second_factor, at=now)
    elif "staff" in proof.scopes or queries.factors(person_id).has_second:
        raise SecondFactorNeeded
    issued = operations.issue_token(
        person_id, label=proof.label, scopes=proof.scopes, days=proof.days, at=now
    )
    actor = queries.actor_of(person_id, clock.now())
    return Status(
        201,
        TokenOut(token=issued.token, expires_at=issued.expires_at, registered=actor.holder_id is not None),
    )


def _asked_by(request: Request, request_id: str) -> str:
    return f"program|{request_id}" if request_id else f"address|{address_of(request)}"


@router.delete("/auth/tokens", response={204: None, REFUSALS: Problem}, summary="Give a token back")
@asks(access.MYSELF)
def revoke_token(request: Request) -> Status[None]:
    """Make the token of this very request worthless."""
    access.myself(request.actor)
    operations.revoke_token(token_of(request) or "")
    return Status(204, None)


@router.post("/volunteers", response={201: VolunteerOut, REFUSALS: Problem}, summary="Register as volunteer")
@asks(access.REGISTER)
def register(request: Request, given: RegistrationIn) -> Status[VolunteerOut]:
    """Register whoever is signed in: at 18 freely, from 14 with a guardian, below through school."""
    person_id = access.may_register(request.actor)
    limits.spend("registration_per_address", address_of(request), at=clock.real_now())
    guardian = None
    if given.guardian is not None:
        typed = given.guardian.dict()
        asked_by = _asked_by(request, typed.pop("request_id"))
        guardian = operations.GuardianConsent(**typed, asked_by=asked_by)
    facts = operations.register(
        operations.Registration(
            person_id=person_id,
            phone=None,
            real_name=given.real_name,
            id_number=given.id_number,
            residence_code=given.residence_code,
            guardian=guardian,
            party_member=given.party_member,
            consents=tuple(given.consents),
        ),
        by=request.actor,
        at=clock.now(),
        real_at=clock.real_now(),
    )
    return Status(
        201,
        VolunteerOut(
            number=facts.number,
            masked_name=facts.masked_name,
            registered_at=facts.registered_at,
            has_guardian_consent=facts.has_guardian_consent,
        ),
    )


@router.get("/me", response={200: MeOut, REFUSALS: Problem}, summary="Oneself")
@asks(access.MYSELF)
def me(request: Request) -> MeOut:
    """Who is signed in, with roles; identity is masked."""
    own = queries.own(access.myself(request.actor))
    volunteer = own.volunteer
    return MeOut(
        person_id=own.person_id,
        registered=volunteer is not None,
        masked_phone=own.masked_phone,
        number=volunteer.number if volunteer else None,
        masked_name=volunteer.masked_name if volunteer else None,
        masked_id_number=own.masked_id_number,
        birth_on=volunteer.birth_on if volunteer else None,
        residence_code=volunteer.residence_code if volunteer else None,
        registered_at=volunteer.registered_at if volunteer else None,
        has_guardian_consent=volunteer.has_guardian_consent if volunteer else False,
        roles=[RoleOut(role=grant.role.value, place=grant.place) for grant in request.actor.grants],
    )
