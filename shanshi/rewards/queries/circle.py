"""What goes round on a street: hours become coins, coins come to the shops, and shops give hours back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q, Sum

from shanshi.activities.queries.behind_offers import activities_in
from shanshi.attendance.queries.given import Given, given_at, given_at_each
from shanshi.places import queries as places
from shanshi.rewards import models, rules
from shanshi.rewards.queries.facts import MerchantFacts, OfferFacts
from shanshi.rewards.queries.offers import OfferFilter, merchants_of, offers, offers_by_service


@dataclass(frozen=True, slots=True)
class StreetCircle:
    """A street's merchants and what has gone round on it.

    redemptions         given to volunteers and not taken back, by how many volunteers
    coin_units_taken    for these; coin_units_home: of them, for volunteer service, which is nobody's claim
    services_given      redemptions of services and lessons
    appointments_kept   people who came to volunteer service by appointment, residents with them
    """

    street_id: UUID
    merchants: tuple[MerchantFacts, ...]
    offers: int
    redemptions: int
    volunteers: int
    coin_units_taken: int
    coin_units_home: int
    services_given: int
    appointments_kept: int


@dataclass(frozen=True, slots=True)
class ServiceGiven:
    """What came of one volunteer service of a merchant: the activity that is the cause of the hours."""

    activity_id: UUID
    title: str
    title_en: str
    merchant_id: UUID
    merchant_name: str
    merchant_name_en: str
    given: Given


@dataclass(frozen=True, slots=True)
class WentRound:
    """The other two thirds of the circle.

    earned      confirmed service in the street's district: the hours from which its volunteers' coins come
    given_back  confirmed service at the activities behind the offers; services: the same, one by one
    """

    division_code: str
    earned: Given
    given_back: Given
    services: tuple[ServiceGiven, ...]


def street(street_id: UUID, on: date) -> StreetCircle:
    """Return a street's merchants on a day, how many offers they give, and what has gone round so far."""
    of_service = Q(offer__kind__in=list(rules.SERVICES))
    sums = models.Redemption.objects.filter(
        merchant__street_id=street_id, state=rules.State.FULFILLED
    ).aggregate(
        redemptions=Count("id"),
        volunteers=Count("holder_id", distinct=True),
        coin_units_taken=Sum("price_coin_units", default=0),
        coin_units_home=Sum("price_coin_units", filter=Q(is_settled=False), default=0),
        services_given=Count("id", filter=of_service),
    )
    kept = models.Appointment.objects.filter(
        merchant__street_id=street_id, state=rules.AppointmentState.SERVED
    )
    return StreetCircle(
        street_id=street_id,
        merchants=tuple(merchants_of(street_id, on)),
        offers=offers(OfferFilter(street_id=street_id, day=on)).count(),
        appointments_kept=kept.count(),
        **sums,
    )


def went_round(street_id: UUID) -> WentRound:
    """Return what was earned around a street and what its merchants gave back; a fixed number of questions.

    Sums alone: who earned and who gave is nobody's business here.

    Raises Missing.
    """
    found = places.street(street_id)
    listed = _once_each(offers_by_service(street_id))
    each = given_at_each(listed)
    services = tuple(
        ServiceGiven(
            activity_id=activity_id,
            title=offer.title,
            title_en=offer.title_en,
            merchant_id=offer.merchant_id,
            merchant_name=offer.merchant_name,
            merchant_name_en=offer.merchant_name_en,
            given=each.get(activity_id, Given()),
        )
        for activity_id, offer in listed.items()
    )
    return WentRound(
        division_code=found.division_code,
        earned=given_at(activities_in(found.division_code)),
        given_back=given_at(listed),
        services=services,
    )


def _once_each(listed: list[OfferFacts]) -> dict[UUID, OfferFacts]:
    # Several offers may be given by one activity; its hours count once.
    found = dict[UUID, OfferFacts]()
    for offer in listed:
        if offer.activity_id is not None:
            found.setdefault(offer.activity_id, offer)
    return found
