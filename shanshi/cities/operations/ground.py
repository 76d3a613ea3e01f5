"""The ground of a case: divisions, organizations, places, the street with its merchants and offers."""

from __future__ import annotations

from shanshi.cities.operations.register import SOURCE, Load, on_line
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
    with on_line("divisions.csv", 0):
        places.add_divisions(rows, by=load.by, at=load.opened_at, source=SOURCE)
    counts = [
        places.PopulationRow(row.division, row.counted_on, row.residents, row.is_estimate, row.source)
        for row in case.residents
    ]
    with on_line("residents.csv", 0):
        places.add_populations(counts, by=load.by, at=load.opened_at, source=SOURCE)


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
    with on_line("venues.csv", 0):
        made = places.add_venues(
            [_venue(row, row.name) for row in case.venues], by=load.by, at=load.opened_at, source=SOURCE
        )
    load.venues = {row.id: key for row, key in zip(case.venues, made, strict=True)}
    with on_line("stations.csv", 0):
        houses = places.add_venues(
            [_venue(row, row.centre or row.name) for row in case.stations],
            by=load.by,
            at=load.opened_at,
            source=SOURCE,
        )
        made = places.add_stations(
            [
                places.StationRow(row.centre or row.name, house, load.organizations[row.host], row.name)
                for row, house in zip(case.stations, houses, strict=True)
            ],
            by=load.by,
            at=load.opened_at,
            source=SOURCE,
        )
    load.stations = {row.id: house for row, house in zip(case.stations, houses, strict=True)}
    streets = [
        places.StreetRow(row.name, row.division, row.subdistrict, row.opened_on) for row in case.streets
    ]
    with on_line("streets.csv", 0):
        made = places.add_streets(streets, by=load.by, at=load.opened_at, source=SOURCE)
    load.streets = {row.id: key for row, key in zip(case.streets, made, strict=True)}


def _venue(row: VenueRow | StationRow, name: str) -> places.VenueRow:
    return places.VenueRow(
        name=name,
        address=row.address,
        latitude=float(row.latitude),
        longitude=float(row.longitude),
        division_code=row.division,
        subdistrict_code=row.subdistrict,
        radius_m=row.radius_m,
    )


def add_merchants(load: Load) -> None:
    """Add the merchants of the streets and what they give."""
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
        )
        for row in load.case.merchants
    ]
    with on_line("merchants.csv", 0):
        made = rewards.add_merchants(merchants, by=load.by, at=load.opened_at, source=SOURCE)
    load.merchants = {row.id: key for row, key in zip(load.case.merchants, made, strict=True)}
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
        )
        for row in load.case.offers
    ]
    with on_line("offers.csv", 0):
        made = rewards.add_offers(offers, by=load.by, at=load.opened_at, source=SOURCE)
    load.offers = {row.id: key for row, key in zip(load.case.offers, made, strict=True)}
