"""Merchants, offers and redemptions."""

from __future__ import annotations

from collections import Counter

from shanshi.cities.rules.case import Case
from shanshi.cities.rules.problems import Notes
from shanshi.cities.rules.shapes import MerchantRow, OfferRow
from shanshi.kernel.quantities import COIN_UNITS
from shanshi.rewards.rules.kinds import OfferKind


def check(case: Case, notes: Notes) -> None:
    """Note offers that contradict themselves and redemptions that no offer allows."""
    merchants = {row.id: row for row in case.merchants}
    for merchant in case.merchants:
        if (merchant.latitude is None) != (merchant.longitude is None):
            notes.add(
                merchant.file, merchant.line, "latitude", "Give both latitude and longitude, or neither."
            )
    for offer in case.offers:
        if (offer.price_coins * COIN_UNITS) % 1:
            notes.add(
                offer.file, offer.line_of("price_coins"), "price_coins", "Prices go in steps of 0.05 coins."
            )
        if len(set(offer.days)) < len(offer.days):
            notes.add(offer.file, offer.line_of("days"), "days", "A day is named twice.")
        if offer.to_on < offer.from_on:
            notes.add(offer.file, offer.line_of("to_on"), "to_on", "The last day is before the first.")
        by = merchants.get(offer.merchant)
        _service(offer, by, case, notes)
        if by is not None and offer.from_on < by.joined_on:
            reason = f"The merchant joined only on {by.joined_on}."
            notes.add(offer.file, offer.line_of("from_on"), "from_on", reason)
    _redemptions(case, notes)


def _service(offer: OfferRow, by: MerchantRow | None, case: Case, notes: Notes) -> None:
    def wrong(name: str, reason: str) -> None:
        notes.add(offer.file, offer.line_of(name), name, reason)

    if offer.activity is None:
        for name in ("is_for_residents", "seats"):
            if getattr(offer, name):
                wrong(name, "Only what is given by an activity has this; name the activity.")
        return
    activity = next((row for row in case.activities if row.id == offer.activity), None)
    if offer.is_for_residents and not offer.seats:
        wrong("is_for_residents", "Residents make an appointment; say how many seats a shift has.")
    if offer.kind not in {OfferKind.SERVICE, OfferKind.LESSON}:
        wrong("kind", "What an activity gives is a service or a lesson.")
    if by is not None and by.organization is None:
        wrong("activity", f"{by.id} has no organization, so it gives no volunteer service.")
    elif by is not None and activity is not None and activity.organizers[0] != by.organization:
        wrong("activity", f"The activity is led by {activity.organizers[0]}, not by {by.organization}.")


def _redemptions(case: Case, notes: Notes) -> None:
    offers = {row.id: row for row in case.offers}
    volunteers = {row.id for row in case.people if row.id_number}
    people = {row.id for row in case.people}
    had: Counter[tuple[str, str]] = Counter()
    gone: Counter[str] = Counter()
    for row in case.redemptions:
        offer = offers.get(row.offer)
        if offer is None or row.person not in people:
            continue
        on = row.redeemed_at.astimezone(case.zone).date()
        if row.person not in volunteers:
            notes.add(
                row.file,
                row.line_of("person"),
                "person",
                f'"{row.person}" has no id_number, so is no volunteer.',
            )
        if row.redeemed_at >= case.clock:
            reason = "This is not before the moment at which the clock starts."
            notes.add(row.file, row.line_of("redeemed_at"), "redeemed_at", reason)
        if not offer.from_on <= on <= offer.to_on or str(on.isoweekday()) not in offer.days:
            notes.add(
                row.file, row.line_of("redeemed_at"), "redeemed_at", "The offer is not given on this day."
            )
        had[row.person, row.offer] += 1
        gone[row.offer] += 1
        if had[row.person, row.offer] > offer.limit_per_person:
            notes.add(row.file, row.line, "offer", f"One person may have {offer.limit_per_person}.")
        if gone[row.offer] > offer.stock:
            notes.add(row.file, row.line, "offer", f"There are {offer.stock} in all.")
