"""Who may have an offer, on which days, for which coins, and how long it may be taken back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from shanshi.design.rules import coin_number
from shanshi.kernel.decisions import Decision
from shanshi.kernel.errors import DomainError
from shanshi.kernel.quantities import city_day
from shanshi.rewards.rules.kinds import SERVICES, OfferKind
from shanshi.rewards.rules.refusals import (
    CodeExpired,
    CoinsTooFew,
    LimitReached,
    OfferInvalid,
    OfferNotToday,
    SoldOut,
    VoidTooLate,
)


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """On which days an offer is given, and to whom how often.

    price_coin_units  60 units make one coin
    weekdays          1 is Monday, 7 is Sunday
    """

    price_coin_units: int
    per_person: int
    from_on: date
    to_on: date
    weekdays: Collection[int]


def is_given_on(terms: OfferTerms, day: date) -> bool:
    """Return whether the offer is given on a day.

    day  in the city's zone
    """
    return terms.from_on <= day <= terms.to_on and day.isoweekday() in terms.weekdays


def check_offer(
    place: int,
    *,
    price_coin_units: int,
    stock: int,
    per_person: int,
    from_on: date,
    to_on: date,
    weekdays: Collection[int],
) -> None:
    """Return if there can be such an offer.

    place     which of several it is, from 1
    weekdays  1 is Monday, 7 is Sunday

    Raises OfferInvalid: the first field that is wrong.
    """
    demands = [
        ("price_coin_units", price_coin_units, "1 or more", price_coin_units >= 1),
        ("stock", stock, "0 or more", stock >= 0),
        ("per_person", per_person, "1 or more", per_person >= 1),
        ("to_on", to_on, f"{from_on} or later", to_on >= from_on),
        ("weekdays", weekdays, "days from 1 to 7", bool(weekdays) and set(weekdays) <= set(range(1, 8))),
    ]
    for field, value, expected, right in demands:
        if not right:
            raise OfferInvalid(place=place, field=field, value=value, expected=expected)


def check_service(
    place: int, *, kind: OfferKind, is_of_an_activity: bool, seats: int, is_for_residents: bool
) -> None:
    """Return if an offer may be a volunteer service of the merchant's in this way, or is none.

    place              which of several it is, from 1
    is_of_an_activity  whether an activity stands behind it
    seats              appointments that one shift has room for

    Raises OfferInvalid: the first field that is wrong.
    """
    is_service = kind in SERVICES
    demands = [
        ("kind", kind.value, "service or lesson", is_service or not is_of_an_activity),
        ("seats", seats, "0 or more", seats >= 0),
        ("seats", seats, "0, without an activity", is_of_an_activity or seats == 0),
        ("is_for_residents", is_for_residents, "an activity and seats", seats > 0 or not is_for_residents),
    ]
    for field, value, expected, right in demands:
        if not right:
            raise OfferInvalid(place=place, field=field, value=value, expected=expected)


def check_day(terms: OfferTerms, at: datetime) -> None:
    """Return if the offer is given at a moment.

    at  with a time zone

    Raises OfferNotToday.
    """
    if not is_given_on(terms, city_day(at)):
        raise OfferNotToday


def coins_too_few(price_coin_units: int, balance_coin_units: int) -> CoinsTooFew:
    """Return the refusal for somebody who has too little; 60 units make one coin."""
    return CoinsTooFew(
        price=coin_number(price_coin_units, "en"), balance=coin_number(balance_coin_units, "en")
    )


def code_expires_at(real_at: datetime, values: Mapping[str, Any]) -> datetime:
    """Return until when a code made now is good.

    real_at  real time, with a zone
    values   of the policy "redemption"

    Source: redemption policy (docs/policies/redemption.yaml), code_seconds.
    """
    return real_at + timedelta(seconds=values["code_seconds"])


def has_expired(expires_at: datetime, real_at: datetime) -> bool:
    """Return whether a code's time is over; at the very end it is.

    expires_at, real_at  real time, with a zone
    """
    return real_at >= expires_at


def check_void(fulfilled_at: datetime, at: datetime, values: Mapping[str, Any]) -> None:
    """Return if a redemption may still be taken back.

    fulfilled_at, at  times of the domain, with a zone
    values            of the policy "redemption"

    Raises VoidTooLate.
    Source: redemption policy (docs/policies/redemption.yaml), void_minutes.
    """
    if at - fulfilled_at > timedelta(minutes=values["void_minutes"]):
        raise VoidTooLate(void_minutes=values["void_minutes"])


def free_slot(taken: Collection[int], per_person: int) -> int:
    """Return the first of a person's places under the limit that is free.

    taken  places of this person and offer that are reserved or used, from 1

    Raises LimitReached.
    """
    for slot in range(1, per_person + 1):
        if slot not in taken:
            return slot
    raise LimitReached(per_person=per_person)


def parts_oldest_first(
    price_coin_units: int, by_year: Mapping[int, int], *, from_year: int
) -> dict[int, int]:
    """Return which years pay a price: year of earning -> units, the oldest first.

    by_year    coin units that can be spent, by year of earning
    from_year  coins earned before have expired

    Raises CoinsTooFew.
    """
    parts = dict[int, int]()
    missing = price_coin_units
    for year in sorted(year for year, units in by_year.items() if year >= from_year and units > 0):
        units = min(missing, by_year[year])
        if units:
            parts[year] = units
        missing -= units
    if missing:
        raise coins_too_few(price_coin_units, price_coin_units - missing)
    return parts


def decide_redemption(facts: Mapping[str, Any], values: Mapping[str, Any]) -> Decision:
    """Return whether an offer may be redeemed, fulfilled or taken back, with the reasons against it.

    facts   as docs/policies/redemption.yaml declares them
    values  of the policy "redemption"

    Source: redemption policy (docs/policies/redemption.yaml).
    """
    against: list[DomainError] = []
    weekdays = {int(one) for one in facts.get("weekdays", "1234567")}
    if not (facts["from_on"] <= facts["day"] <= facts["to_on"] and facts["day"].isoweekday() in weekdays):
        against.append(OfferNotToday())
    if facts["left_in_stock"] < 1:
        against.append(SoldOut())
    if facts["had_by_person"] >= facts["per_person"]:
        against.append(LimitReached(per_person=facts["per_person"]))
    if facts["balance_coin_units"] < facts["price_coin_units"]:
        against.append(coins_too_few(facts["price_coin_units"], facts["balance_coin_units"]))
    # The most particular question that was asked is the decisive one, and stands first.
    outcome: dict[str, object] = {"may_redeem": not against}
    if "code_age_seconds" in facts:
        outcome = {"code_is_good": facts["code_age_seconds"] < values["code_seconds"], **outcome}
        if not outcome["code_is_good"]:
            against.append(CodeExpired(seconds=values["code_seconds"]))
    if "minutes_since_fulfilled" in facts:
        outcome = {"may_void": facts["minutes_since_fulfilled"] <= values["void_minutes"], **outcome}
        if not outcome["may_void"]:
            against.append(VoidTooLate(void_minutes=values["void_minutes"]))
    return Decision(outcome=outcome, reasons=tuple(against))
