"""Changes of places, each a batch in one transaction: places come in tables, from a case or the staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from shanshi.foundation import audit
from shanshi.foundation.actor import Actor
from shanshi.kernel.ids import new_id
from shanshi.places import models, rules


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """A division to add. Code after GB/T 2260; `valid_from` and `valid_to` are its first and last day."""

    code: str
    name: str
    kind: str
    parent_code: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class PopulationRow:
    """Residents of a division on a day. `counted_by` names the source; an estimate says that it is one."""

    division_code: str
    counted_on: date
    residents: int
    is_estimate: bool
    counted_by: str


@dataclass(frozen=True, slots=True)
class VenueRow:
    """A venue to add. Degrees in WGS 84, radius in metres."""

    name: str
    address: str
    latitude: float
    longitude: float
    division_code: str
    subdistrict_code: str | None = None
    radius_m: int = 150


@dataclass(frozen=True, slots=True)
class StationRow:
    """A station to add, at a venue that is there."""

    name: str
    venue_id: UUID
    organization_id: UUID | None = None
    nickname: str = ""


@dataclass(frozen=True, slots=True)
class StreetRow:
    """A partner street to add."""

    name: str
    division_code: str
    subdistrict_code: str | None = None
    opened_on: date | None = None


@transaction.atomic
def add_divisions(
    rows: Sequence[DivisionRow], *, by: Actor, at: datetime, source: str = "platform"
) -> list[UUID]:
    """Add divisions, all or none; return their ids in the order given.

    by  who adds them, for the trail
    at  with a time zone

    Raises rules.DivisionInvalid; rules.AlreadyThere: a code would name two areas on one day.
    """
    made = []
    for row in rows:
        rules.check_division(row.code, row.kind, row.valid_from, row.valid_to)
        if not row.name.strip():
            raise rules.DivisionInvalid(division_code=row.code, what="no name")
        made.append(
            models.Division(
                id=new_id(),
                code=row.code,
                name=row.name.strip(),
                name_key=rules.name_key(row.name),
                kind=row.kind,
                parent_code=row.parent_code,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
                source=source,
            )
        )
    try:
        with transaction.atomic():
            models.Division.objects.bulk_create(made)
    except IntegrityError as error:
        raise rules.AlreadyThere(what=", ".join(sorted({row.code for row in rows})[:5])) from error
    _note("places.add_divisions", len(made), by=by, at=at)
    return [one.pk for one in made]


@transaction.atomic
def add_populations(
    rows: Sequence[PopulationRow], *, by: Actor, at: datetime, source: str = "platform"
) -> None:
    """Add counts of residents, all or none. A count of the same division and day takes the old one's place.

    by  who adds them, for the trail
    at  with a time zone

    Raises rules.DivisionInvalid: a count below nothing.
    """
    for row in rows:
        if row.residents < 0:
            raise rules.DivisionInvalid(
                division_code=row.division_code[:20], what=f"{row.residents} residents"
            )
    models.DivisionPopulation.objects.bulk_create(
        [
            models.DivisionPopulation(
                id=new_id(),
                division_code=row.division_code,
                counted_on=row.counted_on,
                residents=row.residents,
                is_estimate=row.is_estimate,
                counted_by=row.counted_by,
                source=source,
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["division_code", "counted_on"],
        update_fields=["residents", "is_estimate", "counted_by", "source"],
    )
    _note("places.add_populations", len(rows), by=by, at=at)


@transaction.atomic
def add_venues(rows: Sequence[VenueRow], *, by: Actor, at: datetime, source: str = "platform") -> list[UUID]:
    """Add venues, all or none; return their ids in the order given.

    by  who adds them, for the trail
    at  with a time zone

    Raises rules.PlaceInvalid, rules.AlreadyThere.
    """
    for row in rows:
        rules.check_place(row.name, row.latitude, row.longitude, row.radius_m)
    made = [
        models.Venue(
            id=new_id(),
            name=row.name.strip(),
            name_key=rules.name_key(row.name),
            address=row.address.strip(),
            latitude=row.latitude,
            longitude=row.longitude,
            radius_m=row.radius_m,
            division_code=row.division_code,
            subdistrict_code=row.subdistrict_code or None,
            source=source,
        )
        for row in rows
    ]
    try:
        with transaction.atomic():
            models.Venue.objects.bulk_create(made)
    except IntegrityError as error:
        raise rules.AlreadyThere(what=", ".join(row.name for row in rows[:5])) from error
    _note("places.add_venues", len(made), by=by, at=at)
    return [one.pk for one in made]


@transaction.atomic
def add_stations(
    rows: Sequence[StationRow], *, by: Actor, at: datetime, source: str = "platform"
) -> list[UUID]:
    """Add stations, all or none; return their ids in the order given.

    by  who adds them, for the trail
    at  with a time zone

    Raises rules.PlaceInvalid: no name, or no such venue; rules.AlreadyThere.
    """
    known = set(
        models.Venue.objects.filter(pk__in={row.venue_id for row in rows}).values_list("pk", flat=True)
    )
    for row in rows:
        if not row.name.strip() or row.venue_id not in known:
            raise rules.PlaceInvalid(name=row.name[:80], what="no name or no such venue")
    made = [
        models.Station(
            id=new_id(),
            name=row.name.strip(),
            nickname=row.nickname.strip(),
            venue_id=row.venue_id,
            organization_id=row.organization_id,
            source=source,
        )
        for row in rows
    ]
    try:
        with transaction.atomic():
            models.Station.objects.bulk_create(made)
    except IntegrityError as error:
        raise rules.AlreadyThere(what=", ".join(row.name for row in rows[:5])) from error
    _note("places.add_stations", len(made), by=by, at=at)
    return [one.pk for one in made]


@transaction.atomic
def add_streets(
    rows: Sequence[StreetRow], *, by: Actor, at: datetime, source: str = "platform"
) -> list[UUID]:
    """Add partner streets, all or none; return their ids in the order given.

    by  who adds them, for the trail
    at  with a time zone

    Raises rules.PlaceInvalid: no name; rules.AlreadyThere.
    """
    made = []
    for row in rows:
        if not row.name.strip():
            raise rules.PlaceInvalid(name="", what="no name")
        made.append(
            models.PartnerStreet(
                id=new_id(),
                name=row.name.strip(),
                name_key=rules.name_key(row.name),
                division_code=row.division_code,
                subdistrict_code=row.subdistrict_code or None,
                opened_on=row.opened_on,
                source=source,
            )
        )
    try:
        with transaction.atomic():
            models.PartnerStreet.objects.bulk_create(made)
    except IntegrityError as error:
        raise rules.AlreadyThere(what=", ".join(row.name for row in rows[:5])) from error
    _note("places.add_streets", len(made), by=by, at=at)
    return [one.pk for one in made]


def _note(verb: str, count: int, *, by: Actor, at: datetime) -> None:
    audit.record(verb, "places", by=by, at=at, after={"rows": count})
