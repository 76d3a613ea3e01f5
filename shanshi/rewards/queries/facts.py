"""What the room says about merchants, offers and redemptions, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from shanshi.kernel.errors import Missing
from shanshi.places import queries as places
from shanshi.registry import queries as registry
from shanshi.rewards import models, rules


@dataclass(frozen=True, slots=True)
class MerchantFacts:
    """A shop, as everybody may see it. `lineage` are the places at which a role over it may be held."""

    id: UUID
    street_id: UUID
    name: str
    name_en: str
    trade: str
    address: str
    phone: str
    latitude: float | None
    longitude: float | None
    joined_on: date
    left_on: date | None
    organization_id: UUID | None
    source: str
    lineage: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OfferFacts:
    """An offer and whose it is. 60 coin units make one coin; weekdays count from Monday, 1."""

    id: UUID
    merchant_id: UUID
    merchant_name: str
    merchant_name_en: str
    street_id: UUID
    title: str
    title_en: str
    says: str
    kind: rules.OfferKind
    price_coin_units: int
    stock: int
    left_in_stock: int
    per_person: int
    from_on: date
    to_on: date
    weekdays: tuple[int, ...]
    field: str
    activity_id: UUID | None
    is_for_residents: bool
    seats: int
    ended_at: datetime | None
    source: str

    def is_given_on(self, day: date) -> bool:
        """Whether it is given on a day of the city, as far as its terms say and nobody has ended it."""
        return self.ended_at is None and rules.is_given_on(terms_of(self), day)


@dataclass(frozen=True, slots=True)
class RedemptionFacts:
    """One redemption. `code_expires_at` is real time; the other times are those of the domain."""

    id: UUID
    holder_id: UUID
    offer_id: UUID
    offer_title: str
    offer_title_en: str
    merchant_id: UUID
    merchant_name: str
    merchant_name_en: str
    way: rules.Way
    state: rules.State
    price_coin_units: int
    is_settled: bool
    reserved_at: datetime
    code_expires_at: datetime | None
    fulfilled_at: datetime | None
    voided_at: datetime | None
    expired_at: datetime | None
    policy: str
    source: str

    @property
    def lineage(self) -> tuple[str, ...]:
        """The places at which a role over it may be held."""
        return merchant_lineage(self.merchant_id)


def merchant_lineage(merchant_id: UUID) -> tuple[str, ...]:
    """Return the places at which a role over a merchant may be held."""
    return (f"merchant:{merchant_id}",)


def merchant_tree(merchant_id: UUID, on: date) -> tuple[str, ...]:
    """Return a merchant, its body, and the divisions of its street: who is above it gives its roles.

    on  which divisions stand above; in the city's zone

    Raises Missing.
    """
    row = models.Merchant.objects.filter(pk=merchant_id).first()
    if row is None:
        raise Missing
    street = places.street(row.street_id)
    code = street.subdistrict_code or street.division_code
    body = (f"organization:{row.organization_id}",) if row.organization_id else ()
    return (*merchant_lineage(merchant_id), *body, *places.lineage_near(code, on))


def street_tree(street_id: UUID, on: date) -> tuple[str, ...]:
    """Return the divisions of a street, the lowest first: who is there keeps the street's merchants.

    on  in the city's zone

    Raises Missing.
    """
    street = places.street(street_id)
    return places.lineage_near(street.subdistrict_code or street.division_code, on)


def givers_for(merchant_id: UUID) -> frozenset[UUID]:
    """Return the bodies by whose activities a merchant may give volunteer service.

    That is its own, and those of the subdistrict (or district) in which its street lies.

    Raises Missing.
    """
    row = models.Merchant.objects.filter(pk=merchant_id).first()
    if row is None:
        raise Missing
    street = places.street(row.street_id)
    office = f"division:{street.subdistrict_code or street.division_code}"
    found = {body.id for body in registry.organizations_under([office])}
    return frozenset(found | ({row.organization_id} if row.organization_id else set()))


def merchant_facts(row: models.Merchant) -> MerchantFacts:
    """Return a row of merchants as plain values."""
    return MerchantFacts(
        id=row.pk,
        street_id=row.street_id,
        name=row.name,
        name_en=row.name_en,
        trade=row.trade,
        address=row.address,
        phone=row.phone,
        latitude=row.latitude,
        longitude=row.longitude,
        joined_on=row.joined_on,
        left_on=row.left_on,
        organization_id=row.organization_id,
        source=row.source,
        lineage=merchant_lineage(row.pk),
    )


def offer_facts(row: models.Offer) -> OfferFacts:
    """Return a row of offers, with its merchant at hand, as plain values."""
    return OfferFacts(
        id=row.pk,
        merchant_id=row.merchant_id,
        merchant_name=row.merchant.name,
        merchant_name_en=row.merchant.name_en,
        street_id=row.merchant.street_id,
        title=row.title,
        title_en=row.title_en,
        says=row.says,
        kind=rules.OfferKind(row.kind),
        price_coin_units=row.price_coin_units,
        stock=row.stock,
        left_in_stock=row.left_in_stock,
        per_person=row.per_person,
        from_on=row.from_on,
        to_on=row.to_on,
        weekdays=tuple(sorted(row.weekdays)),
        field=row.field,
        activity_id=row.activity_id,
        is_for_residents=row.is_for_residents,
        seats=row.seats,
        ended_at=_in_utc(row.ended_at),
        source=row.source,
    )


def terms_of(offer: OfferFacts) -> rules.OfferTerms:
    """Return what the rules want to know of an offer that was read before."""
    return rules.OfferTerms(
        price_coin_units=offer.price_coin_units,
        per_person=offer.per_person,
        from_on=offer.from_on,
        to_on=offer.to_on,
        weekdays=offer.weekdays,
    )


def offer_terms(row: models.Offer) -> rules.OfferTerms:
    """Return what the rules want to know of an offer."""
    return rules.OfferTerms(
        price_coin_units=row.price_coin_units,
        per_person=row.per_person,
        from_on=row.from_on,
        to_on=row.to_on,
        weekdays=tuple(row.weekdays),
    )


def redemption_facts(row: models.Redemption) -> RedemptionFacts:
    """Return a row of redemptions, with its offer and merchant at hand, as plain values."""
    return RedemptionFacts(
        id=row.pk,
        holder_id=row.holder_id,
        offer_id=row.offer_id,
        offer_title=row.offer.title,
        offer_title_en=row.offer.title_en,
        merchant_id=row.merchant_id,
        merchant_name=row.merchant.name,
        merchant_name_en=row.merchant.name_en,
        way=rules.Way(row.way),
        state=rules.State(row.state),
        price_coin_units=row.price_coin_units,
        is_settled=row.is_settled,
        reserved_at=row.reserved_at.astimezone(UTC),
        code_expires_at=_in_utc(row.code_expires_at),
        fulfilled_at=_in_utc(row.fulfilled_at),
        voided_at=_in_utc(row.voided_at),
        expired_at=_in_utc(row.expired_at),
        policy=row.policy,
        source=row.source,
    )


def _in_utc(moment: datetime | None) -> datetime | None:
    # A row just written and the same row read again say the same.
    return moment.astimezone(UTC) if moment is not None else None
