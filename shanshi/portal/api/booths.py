"""Endpoints of stations with their shifts, of an event's booths, and of their stamps."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Query, Router, Schema

from shanshi.activities import access, queries
from shanshi.attendance import access as attendance_access
from shanshi.attendance.operations.stamps import stamp as stamp_own
from shanshi.attendance.operations.stamps import stamp_person
from shanshi.attendance.queries import VenueCode
from shanshi.attendance.queries.stamps import booth_code, stamp_counts, stamps_of
from shanshi.foundation import clock, limits
from shanshi.foundation.doors import Request, public
from shanshi.foundation.permissions import asks
from shanshi.foundation.problems import REFUSALS, Problem
from shanshi.places import queries as places
from shanshi.portal.queries.programs import station_page

router = Router(tags=["stations and booths"])
Code = Annotated[str, Query(pattern=r"^[0-9]{6}$", description="GB/T 2260 code of a district.")]


class StationOut(Schema):
    """A fixed place that volunteers serve from. Degrees in WGS 84."""

    id: UUID
    name: str
    house: str = Field(description="The centre or kiosk that it is in.")
    address: str
    division: str = Field(description="GB/T 2260 code.")
    latitude: float
    longitude: float
    organization: UUID | None = Field(description="Who keeps it.")


class StationsOut(Schema):
    """Stations, sorted by the sound of their houses' names."""

    items: list[StationOut]


class StationShiftOut(Schema):
    """A shift at a station within two weeks."""

    id: UUID
    activity: UUID
    title: str
    starts_at: datetime
    ends_at: datetime
    free: int = Field(description="Places that somebody can have at once.")


class StationWithShiftsOut(StationOut):
    """A station with the shifts of the next two weeks."""

    shifts: list[StationShiftOut]


class BoothOut(Schema):
    """A stand of an event."""

    id: UUID
    name: str
    says: str
    organization: UUID | None = Field(description="Who keeps it, if not the event's own people.")
    stamped: int = Field(description="How many visits it has stamped.")


class BoothsOut(Schema):
    """The booths of an event, in order."""

    items: list[BoothOut]


class BoothCodeOut(Schema):
    """What a booth shows now."""

    code: str = Field(description="For a QR code in alphanumeric mode.")
    digits: str = Field(description="For those who cannot scan.")
    step: int
    expires_at: datetime = Field(description="Real time at which the next code appears.")


class StampIn(Schema):
    """A booth's code that a volunteer read; or, from a booth's keeper, a volunteer's personal code."""

    code: str = Field(max_length=400)
    booth: UUID | None = Field(None, description="Only from the keeper of a booth: which one.")


class StampOut(Schema):
    """A stamp. It earns nothing by itself."""

    booth: UUID
    activity: UUID
    visit: UUID
    stamped_at: datetime
    repeated: bool = Field(description="This booth had stamped this visit before.")


class StampsOut(Schema):
    """One's own stamps, the earliest first."""

    items: list[StampOut]


@router.get(
    "/stations",
    response={200: StationsOut, REFUSALS: Problem},
    summary="List the stations",
    auth=None,
)
@public
def list_stations(request: Request, division: Code | None = None) -> StationsOut:
    """All stations, or those of a district."""
    return StationsOut(items=[StationOut(**_station(one)) for one in places.stations(division)])


@router.get(
    "/stations/{station_id}",
    response={200: StationWithShiftsOut, REFUSALS: Problem},
    summary="Show a station with its shifts",
    auth=None,
)
@public
def show_station(request: Request, station_id: UUID) -> StationWithShiftsOut:
    """A station and the shifts of the next two weeks there."""
    page = station_page(station_id, at=clock.now())
    return StationWithShiftsOut(
        **_station(page.station),
        shifts=[
            StationShiftOut(
                id=shift.id,
                activity=shift.activity_id,
                title=shift.title,
                starts_at=shift.starts_at,
                ends_at=shift.ends_at,
                free=shift.free,
            )
            for shift in page.shifts
        ],
    )


@router.get(
    "/activities/{activity_id}/booths",
    response={200: BoothsOut, REFUSALS: Problem},
    summary="List the booths of an event",
    auth=None,
)
@asks(access.SEE_ACTIVITY)
def list_booths(request: Request, activity_id: UUID) -> BoothsOut:
    """The booths of an event with how many visits each has stamped."""
    event = access.activity_to_see(request.actor, activity_id)
    counts = stamp_counts(event.id)
    return BoothsOut(
        items=[
            BoothOut(
                id=booth.id,
                name=booth.name,
                says=booth.says,
                organization=booth.organization_id,
                stamped=counts.get(booth.id, 0),
            )
            for booth in queries.booths(event.id)
        ]
    )


@router.get(
    "/booths/{booth_id}/code",
    response={200: BoothCodeOut, REFUSALS: Problem},
    summary="The code of a booth, now (keeper)",
)
@asks(access.RUN_BOOTH)
def show_booth_code(request: Request, booth_id: UUID) -> VenueCode:
    """The code changes every 15 seconds, the digits every minute; a printed one does not work."""
    access.booth_to_run(request.actor, booth_id)
    return booth_code(booth_id, clock.real_now())


@router.post(
    "/stamps",
    response={200: StampOut, REFUSALS: Problem},
    summary="Stamp the open visit by a booth's code",
    description="A volunteer sends the code that was read at a booth, or its 6 digits; the keeper of a booth "
    "sends a volunteer's personal code with `booth`. One stamp a booth and visit: twice is the same answer.",
)
@asks(attendance_access.SCAN)
def stamp(request: Request, body: StampIn) -> StampOut:
    """Stamp a visit."""
    actor, real_at = request.actor, clock.real_now()
    person_id = attendance_access.scanner(actor)
    if body.booth is not None:
        access.booth_to_run(actor, body.booth)
    with limits.failures("failed_scans", str(person_id), at=real_at):
        if body.booth is None:
            answer = stamp_own(body.code, by=actor, at=clock.now(), real_at=real_at)
        else:
            answer = stamp_person(body.booth, body.code, by=actor, at=clock.now(), real_at=real_at)
    return StampOut(
        booth=answer.booth_id,
        activity=answer.activity_id,
        visit=answer.visit_id,
        stamped_at=answer.stamped_at,
        repeated=answer.is_again,
    )


@router.get("/me/stamps", response={200: StampsOut, REFUSALS: Problem}, summary="List my stamps")
@asks(attendance_access.LIST_VISITS)
def list_stamps(request: Request, activity: UUID | None = None) -> StampsOut:
    """One's own stamps, of one event or of all."""
    found = stamps_of(attendance_access.own_visits(request.actor), activity_id=activity)
    return StampsOut(
        items=[
            StampOut(
                booth=one.booth_id,
                activity=one.activity_id,
                visit=one.visit_id,
                stamped_at=one.stamped_at,
                repeated=True,
            )
            for one in found
        ]
    )


def _station(one: places.StationFacts) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.nickname or one.name,
        "house": one.name,
        "address": one.venue.address,
        "division": one.venue.division_code,
        "latitude": one.venue.latitude,
        "longitude": one.venue.longitude,
        "organization": one.organization_id,
    }
