"""The ground of a case: divisions, organizations, places, the street with its merchants and offers."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from shanshi.cities.operations.register import SOURCE, Load, lines_of, on_line, write_located
from shanshi.cities.rules.shapes import StationRow, VenueRow
from shanshi.kernel.quantities import COIN_UNITS
from shanshi.places import operations as places
from shanshi.registry import operations as registry
from shanshi.rewards import operations as rewards
from shanshi.rewards.rules.kinds import OfferKind


def add_divisions(load: Load) -> None:
    """Add divisions, subdistricts and counts of residents."""
    case = load.case
    rows = [
        places.DivisionRow(row.code, row.name, row.kind, row.parent or None, row.valid_from, row.valid_to)
        for row in case.divisions
    ]
    rows += [
        places.DivisionRow(row.code, row.name, "subdistrict", row.district, row.valid_from, row.valid_to)
        for row in case.subdistricts
    ]
    write_located(
        rows,
        lines_of([*case.divisions, *case.subdistricts]),
        lambda some: places.add_divisions(some, by=load.by, at=load.opened_at, source=SOURCE),
    )
    counts = [
        places.PopulationRow(row.division, row.counted_on, row.residents, row.is_estimate, row.source)
        for row in case.residents
    ]
    write_located(
        counts,
        lines_of(case.residents),
        lambda some: places.add_populations(some, by=load.by, at=load.opened_at, source=SOURCE),
    )


def add_organizations(load: Load) -> None:
    """Add organizations, parents first, and their teams on the days on which they were formed."""
    for row in load.case.organizations:
        with on_line(row.file, row.line):
            load.organizations[row.id] = registry.create_organization(
                registry.OrganizationRow(
                    name=row.name,
                    kind=row.kind,
                    parent_id=load.organizations[row.parent] if row.parent else None,
                    division_code=row.division,
                    credit_code=row.credit_code or None,
                    name_en=row.name_en,
                ),
                by=load.by,
                at=load.opened_at,
                source=SOURCE,
            )


def add_places(load: Load) -> None:
    """Add venues, stations with the venue that each is in, and partner streets."""
    case = load.case
    load.venues = dict(zip((row.id for row in case.venues), _add_venues(load, case.venues), strict=True))
    houses = _add_venues(load, case.stations)
    load.stations = dict(zip((row.id for row in case.stations), houses, strict=True))
    write_located(
        [
            places.StationRow(row.centre or row.name, house, load.organizations[row.host], row.name)
            for row, house in zip(case.stations, houses, strict=True)
        ],
        lines_of(case.stations),
        lambda some: places.add_stations(some, by=load.by, at=load.opened_at, source=SOURCE),
    )
    made = write_located(
        [places.StreetRow(row.name, row.division, row.subdistrict, row.opened_on) for row in case.streets],
        lines_of(case.streets),
        lambda some: places.add_streets(some, by=load.by, at=load.opened_at, source=SOURCE),
    )
    load.streets = dict(zip((row.id for row in case.streets), made, strict=True))


def _add_venues(load: Load, rows: Sequence[VenueRow | StationRow]) -> list[UUID]:
    return write_located(
        [_venue(row) for row in rows],
        lines_of(rows),
        lambda some: places.add_venues(some, by=load.by, at=load.opened_at, source=SOURCE),
    )


def _venue(row: VenueRow | StationRow) -> places.VenueRow:
    return places.VenueRow(
        name=row.centre or row.name if isinstance(row, StationRow) else row.name,
        address=row.address,
        latitude=float(row.latitude),
        longitude=float(row.longitude),
        division_code=row.division,
        subdistrict_code=row.subdistrict,
        radius_m=row.radius_m,
    )


def add_merchants(load: Load) -> None:
    """Add the merchants of the streets."""
    merchants = [
        rewards.MerchantRow(
            street_id=load.streets[row.street],
            name=row.name,
            joined_on=row.joined_on,
            trade=row.trade,
            address=row.address,
            phone=row.phone,
            latitude=None if row.latitude is None else float(row.latitude),
            longitude=None if row.longitude is None else float(row.longitude),
            organization_id=load.organizations[row.organization] if row.organization else None,
        )
        for row in load.case.merchants
    ]
    made = write_located(
        merchants,
        lines_of(load.case.merchants),
        lambda some: rewards.add_merchants(some, by=load.by, at=load.opened_at, source=SOURCE),
    )
    load.merchants = {row.id: key for row, key in zip(load.case.merchants, made, strict=True)}


def add_offers(load: Load) -> None:
    """Add what the merchants give; what they give as volunteer service names its activity."""
    offers = [
        rewards.OfferRow(
            merchant_id=load.merchants[row.merchant],
            title=row.name,
            kind=OfferKind(row.kind),
            price_coin_units=int(row.price_coins * COIN_UNITS),
            stock=row.stock,
            per_person=row.limit_per_person,
            from_on=row.from_on,
            to_on=row.to_on,
            weekdays=tuple(sorted(int(day) for day in row.days)),
            says=row.says,
            field=row.field,
            activity_id=load.activities[row.activity] if row.activity else None,
            is_for_residents=row.is_for_residents,
            seats=row.seats,
        )
        for row in load.case.offers
    ]
    made = write_located(
        offers,
        lines_of(load.case.offers),
        lambda some: rewards.add_offers(some, by=load.by, at=load.opened_at, source=SOURCE),
    )
    load.offers = {row.id: key for row, key in zip(load.case.offers, made, strict=True)}
