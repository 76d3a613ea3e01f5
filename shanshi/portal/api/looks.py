"""The endpoint that unmasks: for a purpose, no more than it needs, written down and shown to the person."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpResponse
from ninja import Field, Router, Schema

from shanshi.foundation import clock
from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.foundation.problems import REFUSALS, Problem
from shanshi.portal import access
from shanshi.registry import operations, queries
from shanshi.registry.rules import IdentityField, LookPurpose

router = Router(tags=["staff"])
Number = Annotated[str, Field(min_length=1, max_length=30)]


class LookIn(Schema):
    """At whom, at what, and for what; a token needs the scope names."""

    place: str = Field(
        max_length=100,
        description='What joins you: "shift:<id>" whose roster they are on, "organization:<id>" or '
        '"team:<id>" whose members they are, "city" for its staff.',
    )
    numbers: list[Number] = Field(min_length=1, max_length=50)
    fields_wanted: list[IdentityField] = Field(min_length=1, max_length=4)
    purpose: LookPurpose
    note: str = Field("", max_length=300, description="What happened, without names; the person reads it.")


class IdentityOut(Schema):
    """What was asked for, of one person; a field that is not there is null, as is one not asked for."""

    number: str
    real_name: str | None = None
    phone: str | None = None
    id_number: str | None = None
    birth_on: str | None = None


class IdentitiesOut(Schema):
    """What was asked for."""

    items: list[IdentityOut]


@router.post("/looks", response={200: IdentitiesOut, REFUSALS: Problem}, summary="Look at identities")
@asks(access.LOOK_AT_NAMES)
def look(request: Request, response: HttpResponse, given: LookIn) -> IdentitiesOut:
    """Show identities once. Each field of each person counts against the looker's limit of the day."""
    now = clock.now()
    holders, capacity = access.people_to_look_at(
        request.actor, given.place, given.numbers, purpose=given.purpose.value, at=now
    )
    found = operations.look(
        holders,
        [field.value for field in given.fields_wanted],
        purpose=given.purpose.value,
        note=given.note,
        by=request.actor,
        capacity=capacity,
        at=now,
    )
    people = queries.volunteers(found)
    response["Cache-Control"] = "no-store"
    return IdentitiesOut(
        items=[
            IdentityOut(
                number=people[holder_id].number, **{field.value: text for field, text in shown.items()}
            )
            for holder_id, shown in found.items()
        ]
    )
