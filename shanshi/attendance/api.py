"""Endpoints of the door: scans, codes, visits, rosters with who came, confirmation."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Field, Query, Router, Schema, Status

from shanshi.attendance import access, operations, queries, rules
from shanshi.design.rules import coin_number
from shanshi.foundation import clock, limits, paging
from shanshi.foundation.doors import Request, refusal
from shanshi.foundation.moments import Moment
from shanshi.foundation.permissions import asks
from shanshi.foundation.problems import REFUSALS, Problem
from shanshi.kernel.errors import DomainError
from shanshi.registry import queries as registry
from shanshi.registry.api import bearer

router = Router(tags=["attendance"], auth=bearer)


class ScanIn(Schema):
    """What a device sends when it has read a code."""

    code: str = Field(
        max_length=400, description="Text of the code that was scanned, or the 6 digits of a door."
    )
    device: str = Field(
        min_length=1, max_length=64, description="What the device calls itself, always the same."
    )
    nonce: str = Field(
        min_length=1, max_length=64, description="Made for each scan; a repeated sending keeps it."
    )
    latitude: float | None = Field(None, ge=-90, le=90, description="Degrees, WGS 84.")
    longitude: float | None = Field(None, ge=-180, le=180, description="Degrees, WGS 84.")
    accuracy_m: float | None = Field(None, ge=0, le=100_000, description="Error of the place, in metres.")
    scanned_at: Moment | None = Field(
        None,
        description="Only from a leader's device with a personal code: when it was read, with a zone, up to "
        "10 minutes ago.",
    )
    shift: UUID | None = Field(
        None, description="Only from a leader with a personal code: at which shift's door."
    )


class ScanOut(Schema):
    """What a scan did."""

    visit: UUID
    direction: rules.Direction
    minutes: int | None = Field(
        None, description="At check-out of a service: whole minutes inside the shift, before confirmation."
    )
    shift: UUID
    happened_at: datetime
    repeated: bool = Field(description="The same scan, or one within a minute of it, was answered before.")


class VenueCodeOut(Schema):
    """What a door shows now."""

    code: str = Field(description="For a QR code in alphanumeric mode.")
    digits: str = Field(description="For those who cannot scan.")
    step: int
    expires_at: datetime = Field(description="Real time at which the next code appears.")


class PersonalCodeOut(Schema):
    """What a volunteer's phone shows now; spent once."""

    code: str = Field(description="For a QR code in alphanumeric mode.")
    number: str = Field(description="The volunteer number.")
    expires_at: datetime = Field(description="Real time from which it is no longer taken.")


class VisitOut(Schema):
    """One visit. `minutes` and coins are known once it is confirmed."""

    id: UUID
    shift: UUID
    activity: UUID
    served_on: date
    state: rules.VisitState
    came_at: datetime
    left_at: datetime | None
    minutes: int | None
    minutes_over_limit: int | None = Field(
        description="Minutes above the day's limit; they wait for a review."
    )
    coin_units: int | None = Field(description="60 make a coin.")
    coins: str | None
    spendable: bool = Field(description="Whether the coins have been released.")
    reason: str = Field(description="Why it earned less than the time there; may be empty.")
    policy: str

    @staticmethod
    def of(row: queries.VisitFacts) -> VisitOut:
        """Return the facts as they are sent."""
        return VisitOut(
            id=row.id,
            shift=row.shift_id,
            activity=row.activity_id,
            served_on=row.served_on,
            state=rules.VisitState(row.state),
            came_at=row.came_at,
            left_at=row.left_at,
            minutes=row.minutes,
            minutes_over_limit=row.minutes_over_limit,
            coin_units=row.coin_units,
            coins=None if row.coin_units is None else coin_number(row.coin_units, "en"),
            spendable=row.settled_at is not None,
            reason=row.reason,
            policy=row.policy,
        )


class VisitsOut(Schema):
    """A page of visits, the latest first."""

    items: list[VisitOut]
    next: str | None = Field(description="Cursor of the next page, or null.")


class ConfirmedOut(Schema):
    """What a confirmation accepted."""

    shift: UUID
    visits: int
    minutes: int
    minutes_over_limit: int
    coin_units: int
    forgotten: int = Field(description="Visits that were never checked out, and earn nothing.")
    own_left_out: int = Field(description="Your own visits; somebody else confirms them.")

    @staticmethod
    def of(shift_id: UUID, done: operations.Confirmed) -> ConfirmedOut:
        """Return what was accepted as it is sent."""
        return ConfirmedOut(
            shift=shift_id,
            visits=done.visits,
            minutes=done.minutes,
            minutes_over_limit=done.minutes_over_limit,
            coin_units=done.coin_units,
            forgotten=done.forgotten,
            own_left_out=done.own_left_out,
        )


class UndoneOut(Schema):
    """A scan that was taken back; it stays in the log."""

    scan: UUID
    visit: UUID
    direction: rules.Direction
    undone_at: datetime
    repeated: bool = Field(description="It was taken back before.")


class EvaluationIn(Schema):
    """What a volunteer says of a visit."""

    score: int = Field(ge=1, le=5, description="1 is bad, 5 is excellent.")
    words: str = Field("", max_length=500, pattern="^[^\x00]*$")


class EvaluationOut(Schema):
    """What was kept."""

    id: UUID
    visit: UUID
    score: int


class ShiftsIn(Schema):
    """Shifts to confirm, each by itself."""

    shifts: list[UUID] = Field(min_length=1, max_length=50)


class OneConfirmedOut(Schema):
    """What came of one shift: either `confirmed`, or the `code` of a refusal and its words."""

    shift: UUID
    confirmed: ConfirmedOut | None
    code: str | None
    says: str | None


class EachConfirmedOut(Schema):
    """What came of each shift, in order."""

    items: list[OneConfirmedOut]


@router.post(
    "/scans",
    response={200: ScanOut, REFUSALS: Problem},
    summary="Check in or out by a code",
    description="A volunteer sends the venue code that was scanned, or its 6 digits; a leader sends a "
    "volunteer's personal code. The first scan checks in, the next one out; a second scan within 60 seconds "
    "is the first one again. The same `device` and `nonce` always get their first answer.",
)
@asks(access.SCAN)
def scan(request: Request, body: ScanIn) -> ScanOut:
    """Check in or out."""
    actor = request.actor
    person_id = access.scanner(actor)
    real_at = clock.real_now()
    if rules.codes.is_digits(body.code):
        limits.spend("digits_per_person", str(person_id), at=real_at)
    sent = operations.ScanSent(
        code=body.code,
        device=body.device,
        nonce=body.nonce,
        latitude=body.latitude,
        longitude=body.longitude,
        accuracy_m=body.accuracy_m,
        scanned_at=body.scanned_at,
        shift_id=body.shift,
    )
    with limits.failures("failed_scans", str(person_id), body.device, at=real_at):
        answer = operations.scan(sent, by=actor, at=clock.now(), real_at=real_at)
    return ScanOut(
        visit=answer.visit_id,
        direction=answer.direction,
        minutes=answer.minutes,
        shift=answer.shift_id,
        happened_at=answer.happened_at,
        repeated=answer.is_again,
    )


@router.get(
    "/shifts/{shift_id}/code",
    response={200: VenueCodeOut, REFUSALS: Problem},
    summary="The code of a shift's door, now",
    description="For the shift's leader. The code changes every 15 seconds, the digits every minute.",
)
@asks(access.RUN_SHIFT)
def venue_code(request: Request, shift_id: UUID) -> queries.VenueCode:
    """Return the venue code of now."""
    shift = access.shift_to_run(request.actor, shift_id)
    return queries.venue_code(shift.id, clock.real_now())


@router.get(
    "/me/code",
    response={200: PersonalCodeOut, REFUSALS: Problem},
    summary="Your personal code, now",
    description="For a leader to scan; lives for 60 seconds and is spent once.",
)
@asks(access.OWN_CODE)
def personal_code(request: Request) -> queries.PersonalCode:
    """Return a fresh personal code."""
    holder_id = access.own_visits(request.actor)
    return queries.personal_code(holder_id, registry.volunteer(holder_id).number, clock.real_now())


@router.get(
    "/me/visits",
    response={200: VisitsOut, REFUSALS: Problem},
    summary="Your visits, the latest first",
)
@asks(access.LIST_VISITS)
def my_visits(
    request: Request,
    cursor: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> VisitsOut:
    """Return a page of one's own visits."""
    rows = queries.visits(access.own_visits(request.actor))
    found, after = paging.page(rows, order=("-came_at", "-id"), cursor=cursor, limit=limit)
    return VisitsOut(items=[VisitOut.of(queries.visit_facts(row)) for row in found], next=after)


@router.post(
    "/me/visits/{visit_id}/evaluation",
    response={201: EvaluationOut, REFUSALS: Problem},
    summary="Say how a visit was",
    description="1 to 5, and words if you like; once, after the confirmation, of one's own visit. Others see "
    "only the mean of an activity, from five evaluations on.",
)
@asks(access.EVALUATE)
def evaluate(request: Request, visit_id: UUID, body: EvaluationIn) -> Status[EvaluationOut]:
    """Keep what the volunteer says."""
    visit = access.visit_to_evaluate(request.actor, visit_id)
    given = operations.evaluate(visit.id, body.score, body.words, by=request.actor, at=clock.now())
    return Status(201, EvaluationOut(id=given, visit=visit.id, score=body.score))


@router.post(
    "/shifts/{shift_id}/confirm",
    response={200: ConfirmedOut, REFUSALS: Problem},
    summary="Confirm a shift",
    description="For the shift's leader, after its end. Verified minutes and pending coins are in the books "
    "at once. While somebody may still check out it is refused; your own visit waits for another leader.",
)
@asks(access.RUN_SHIFT)
def confirm(request: Request, shift_id: UUID) -> ConfirmedOut:
    """Accept the visits to a shift."""
    actor = request.actor
    shift = access.shift_to_run(actor, shift_id)
    return ConfirmedOut.of(shift.id, operations.confirm(shift.id, by=actor, at=clock.now()))


@router.post(
    "/confirmations",
    response={200: EachConfirmedOut, REFUSALS: Problem},
    summary="Confirm several shifts",
    description="Each is confirmed by itself, up to 50 at once: what one refuses stops no other.",
)
@asks(access.RUN_SHIFT)
def confirm_each(request: Request, body: ShiftsIn) -> EachConfirmedOut:
    """Accept the visits to several shifts."""
    actor = request.actor
    shifts = access.shifts_to_run(actor, body.shifts)
    items = []
    for shift_id, came in operations.confirm_each([one.id for one in shifts], by=actor, at=clock.now()):
        if isinstance(came, DomainError):
            items.append(
                OneConfirmedOut(shift=shift_id, confirmed=None, code=came.code, says=refusal(came).says)
            )
        else:
            items.append(
                OneConfirmedOut(
                    shift=shift_id, confirmed=ConfirmedOut.of(shift_id, came), code=None, says=None
                )
            )
    return EachConfirmedOut(items=items)


@router.post(
    "/scans/{scan_id}/undo",
    response={200: UndoneOut, REFUSALS: Problem},
    summary="Take a scan back",
    description="For the shift's leader, within minutes, and never one's own. A visit that the scan opened "
    "was never made; one that it closed is open again. The scan stays in the log.",
)
@asks(access.RUN_SHIFT)
def undo(request: Request, scan_id: UUID) -> UndoneOut:
    """Take a scan back."""
    scan = access.scan_to_undo(request.actor, scan_id)
    done = operations.undo(scan.id, shift_id=scan.shift_id, by=request.actor, at=clock.now())
    return UndoneOut(
        scan=done.scan_id,
        visit=done.visit_id,
        direction=done.direction,
        undone_at=done.undone_at,
        repeated=done.is_again,
    )
