"""The ground of a city: the case itself, divisions, places, the partner street."""

# ruff: noqa: RUF009 - each default is made by a function of fields.py, which makes a dataclass field

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from shanshi.cities.rules.fields import (
    Ref,
    Row,
    day,
    days,
    flag,
    moment,
    number,
    one_of,
    ref,
    slug,
    text,
    whole,
    zone,
)
from shanshi.rewards.rules.kinds import OfferKind

CODE = "[0-9]{6}"
PHONE = "1[0-9]{10}"


class DivisionKind(StrEnum):
    """What a division is."""

    CITY = "city"
    DISTRICT = "district"
    COUNTY = "county"
    COUNTY_CITY = "county_city"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow(Row):
    """A published figure: either exact (`value`) or a lower bound (`at_least`, printed with 余)."""

    value: Decimal | None = number("the exact figure", "0", "1000000000000", required=False)
    at_least: Decimal | None = number("the lower bound", "0", "1000000000000", required=False)
    unit: str = text("what is counted: `persons`, `ml`, `yuan` ...", most=40, required=False)
    counted_on: date | None = day("the day that the figure is of", required=False)
    source: str = text("who says so", required=False)
    activity: Ref | None = ref("the activity whose figure it is", "activity", required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow(Row):
    """`case.yaml`: one record, the case itself."""

    format: int = whole("the version of this format", 1, 1)
    id: str = slug("short name of the case")
    name_zh: str = text("name in Chinese")
    name_en: str = text("name in English")
    city: Ref = ref("the city: code of the division of kind `city`", "division")
    timezone: ZoneInfo = zone("where local times are local, for example `Asia/Shanghai`")
    clock_starts_at: datetime = moment(
        "what the demo's clock shows first; visits before it are earlier visits"
    )
    closed_on: tuple[date, ...] = days("days on which weekly shifts do not take place")


@dataclass(frozen=True, slots=True, kw_only=True)
class DivisionRow(Row):
    """`divisions.csv`: areas down to the district, with dates of validity. A code may come again, later."""

    code: str = text("GB/T 2260 code", most=6, pattern=CODE)
    name: str = text("name", most=40)
    kind: str = one_of("what it is", DivisionKind)
    parent: str = text("code of the division above; empty for the city", most=6, pattern=CODE, required=False)
    valid_from: date | None = day("first day; empty: always", required=False)
    valid_to: date | None = day("last day; empty: still valid", required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidentsRow(Row):
    """`residents.csv`: how many people live in a division, on a day, and who says so."""

    division: str = text("code of a division", most=6, pattern=CODE)
    counted_on: date = day("the day of the count")
    residents: int = whole("residents", 0, 1_000_000_000, unit="persons")
    is_estimate: bool = flag("whether the figure is an estimate; estimates are shown as such")
    source: str = text("where the figure is from", most=300)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubdistrictRow(Row):
    """`subdistricts.csv`: subdistricts, towns and townships, with dates of validity."""

    code: str = text("nine digits: the district's six and three more", most=9, pattern="[0-9]{9}")
    name: str = text("name", most=40)
    district: str = text("code of the district, county or county-level city", most=6, pattern=CODE)
    valid_from: date | None = day("first day; empty: always", required=False)
    valid_to: date | None = day("last day; empty: still valid", required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow(Row):
    """A place with its point on the earth."""

    id: str = slug("short name, one in this file")
    name: str = text("name")
    division: Ref = ref("code of its district", "division")
    subdistrict: Ref | None = ref("code of its subdistrict", "subdistrict", required=False)
    address: str = text("street and number", required=False)
    latitude: Decimal = number("latitude, WGS 84", "-90", "90", unit="degrees")
    longitude: Decimal = number("longitude, WGS 84", "-180", "180", unit="degrees")
    radius_m: int = whole("how far from the point a check-in is near", 10, 20_000, unit="metres")


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueRow(PlaceRow):
    """`venues.csv`: places where activities are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationRow(PlaceRow):
    """`stations.csv`: fixed places that volunteers serve from, 志愿者之家."""

    centre: str = text(
        "the house it is in: a Party-mass service centre, a practice centre, a kiosk", required=False
    )
    host: Ref = ref("the organization that keeps it", "organization")


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetRow(Row):
    """`streets.csv`: partner streets, 智慧伙伴街."""

    id: str = slug("short name, one in this file")
    name: str = text("name")
    program: Ref | None = ref("the program it belongs to", "program", required=False)
    division: Ref = ref("code of its district", "division")
    subdistrict: Ref | None = ref("code of its subdistrict", "subdistrict", required=False)
    opened_on: date | None = day("first day; empty: not known", required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantRow(Row):
    """`merchants.csv`: shops on a partner street."""

    id: str = slug("short name, one in this file")
    name: str = text("name")
    street: Ref = ref("the street", "street")
    trade: str = text("what the shop does", most=40, required=False)
    address: str = text("street and number", required=False)
    phone: str = text("telephone", most=11, pattern=PHONE, required=False)
    latitude: Decimal | None = number("latitude, WGS 84", "-90", "90", required=False, unit="degrees")
    longitude: Decimal | None = number("longitude, WGS 84", "-180", "180", required=False, unit="degrees")
    joined_on: date = day("first day on the platform")
    organization: Ref | None = ref(
        "the body in whose name the shop gives volunteer service, if it does", "organization", required=False
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow(Row):
    """`offers.csv`: what merchants give for coins."""

    id: str = slug("short name, one in this file")
    merchant: Ref = ref("who gives it", "merchant")
    name: str = text("what it is")
    kind: str = one_of("what sort of thing it is", OfferKind)
    price_coins: Decimal = number("price", "0.05", "10000", unit="coins, in steps of 0.05", places=2)
    stock: int = whole("how many there are in all", 1, 1_000_000)
    limit_per_person: int = whole("how many one person may have", 1, 1_000)
    days: str = text(
        "days of the week on which it can be redeemed: 1 Monday to 7 Sunday", most=7, pattern="[1-7]{1,7}"
    )
    from_on: date = day("first day")
    to_on: date = day("last day, not before the first")
    says: str = text("what is good to know", most=500, required=False)
    field: str = text("field of service, for what is given as service", most=40, required=False)
    activity: Ref | None = ref(
        "the activity by which the shop gives it as volunteer service: led by the shop's organization",
        "activity",
        required=False,
    )
    is_for_residents: bool = flag("whether residents who are no volunteers may book it, too")
    seats: int = whole(
        "appointments that one shift of the activity has room for", 0, 500, required=False, default=0
    )
