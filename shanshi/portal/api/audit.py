"""Endpoints of the auditor: the trail of staff, looks at identities, the books; never an identity."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Query, Router, Schema

from shanshi.foundation import paging
from shanshi.foundation.doors import Request
from shanshi.foundation.permissions import asks
from shanshi.foundation.problems import REFUSALS, Problem
from shanshi.ledger import queries as ledger
from shanshi.portal import access
from shanshi.portal.api.roles import PersonOut
from shanshi.portal.queries.trail import TrailFilter, looked_page, trail_page
from shanshi.registry.rules import LookPurpose

router = Router(tags=["staff"])
Limit = Annotated[int, Field(ge=1, le=paging.LARGEST)]
Word = Annotated[str, Field(max_length=100, pattern="^[^\x00]*$")]


class Days(Schema):
    """Days in the city, both included, and a volunteer number; what is left out means everything."""

    from_on: Annotated[date, Field(ge=date(2000, 1, 1), le=date(9000, 1, 1))] | None = None
    until_on: Annotated[date, Field(ge=date(2000, 1, 1), le=date(9000, 1, 1))] | None = None
    number: Word = Field("", description="Who did it, or to whom it was done.")


class TrailIn(Days):
    """What of the trail is wanted."""

    verb: Word = Field("", description='A room, "registry", or a step, "activities.publish".')
    thing: Word = Field("", description='Such as "activity:<id>".')


class LooksIn(Days):
    """What of the looks is wanted."""

    purpose: LookPurpose | None = None


class EntryOut(Schema):
    """One change by staff. `person` is set where it was done to a person."""

    id: UUID
    happened_at: datetime
    by: PersonOut
    verb: str
    thing: str
    person: PersonOut | None
    before: dict[str, Any]
    after: dict[str, Any]
    reason: str


class EntriesOut(Schema):
    """A page of the trail, the newest first."""

    items: list[EntryOut]
    next: str | None = Field(description="Cursor of the next page, or null")


class LookedOut(Schema):
    """One look at one field of one person, who is known here by number alone; empty once erased."""

    id: UUID
    looked_at: datetime
    by: PersonOut
    role: str
    place: str
    number: str
    field: str
    purpose: str
    note: str


class LookedPage(Schema):
    """A page of looks, the newest first."""

    items: list[LookedOut]
    next: str | None = Field(description="Cursor of the next page, or null")


class TotalOut(Schema):
    """What all accounts of a kind hold of a unit. Each unit sums to zero."""

    kind: str
    unit: str
    amount: int


class TotalsOut(Schema):
    """What all accounts hold."""

    items: list[TotalOut]


class BookLine(Schema):
    """One transfer of a holder's book."""

    id: UUID
    unit: str
    amount: int
    giver: str
    taker: str
    source: str
    reason: str
    policy: str
    happened_at: datetime
    posted_at: datetime
    reverses: UUID | None


class BookOut(Schema):
    """A page of a holder's book, the newest first."""

    holder_id: UUID
    items: list[BookLine]
    next: str | None = Field(description="Cursor of the next page, or null")


@router.get("/audit", response={200: EntriesOut, REFUSALS: Problem}, summary="Trail of staff")
@asks(access.READ_TRAIL)
def trail(
    request: Request, wanted: Query[TrailIn], cursor: str | None = None, limit: Limit = 50
) -> EntriesOut:
    """Who changed what, from what, to what, and why."""
    access.may_read_trail(request.actor)
    lines, following = trail_page(TrailFilter(**wanted.dict()), cursor=cursor, limit=limit)
    items = [
        EntryOut(
            id=line.entry.id,
            happened_at=line.entry.happened_at,
            by=PersonOut.from_orm(line.by),
            verb=line.entry.verb,
            thing=line.entry.thing,
            person=PersonOut.from_orm(line.subject) if line.subject else None,
            before=dict(line.entry.before),
            after=dict(line.entry.after),
            reason=line.entry.reason,
        )
        for line in lines
    ]
    return EntriesOut(items=items, next=following)


@router.get("/audit/looks", response={200: LookedPage, REFUSALS: Problem}, summary="Looks at identities")
@asks(access.READ_LOOKS)
def looks(
    request: Request, wanted: Query[LooksIn], cursor: str | None = None, limit: Limit = 50
) -> LookedPage:
    """Who looked at whose identity, as what and why; never what was seen."""
    access.may_read_looks(request.actor)
    given = wanted.dict()
    given["purpose"] = wanted.purpose.value if wanted.purpose else ""
    lines, following = looked_page(TrailFilter(**given), cursor=cursor, limit=limit)
    items = [
        LookedOut(
            id=line.look.id,
            looked_at=line.look.looked_at,
            by=PersonOut.from_orm(line.by),
            role=line.role,
            place=line.place,
            number=line.seen,
            field=line.look.field,
            purpose=line.look.purpose,
            note=line.look.note,
        )
        for line in lines
    ]
    return LookedPage(items=items, next=following)


@router.get("/audit/books", response={200: TotalsOut, REFUSALS: Problem}, summary="What all accounts hold")
@asks(access.READ_BOOKS)
def books(request: Request) -> TotalsOut:
    """Sums of all accounts by kind and unit."""
    access.all_books(request.actor)
    items = [TotalOut(kind=one.kind, unit=one.unit, amount=one.amount) for one in ledger.totals()]
    return TotalsOut(items=items)


@router.get("/audit/books/{book_of}", response={200: BookOut, REFUSALS: Problem}, summary="One book")
@asks(access.READ_BOOKS)
def book(request: Request, book_of: UUID, cursor: str | None = None, limit: Limit = 50) -> BookOut:
    """The transfers of one holder, who stands here without a name."""
    access.all_books(request.actor)
    rows, following = paging.page(ledger.transfers(book_of), order=ledger.ORDER, cursor=cursor, limit=limit)
    found = [ledger.transfer_facts(row) for row in rows]
    items = [
        BookLine(
            id=one.id,
            unit=one.unit,
            amount=one.amount,
            giver=one.giver.kind,
            taker=one.taker.kind,
            source=one.source,
            reason=one.reason,
            policy=one.policy,
            happened_at=one.happened_at,
            posted_at=one.posted_at,
            reverses=one.reverses,
        )
        for one in found
    ]
    return BookOut(holder_id=book_of, items=items, next=following)
