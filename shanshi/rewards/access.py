"""Who may redeem, who may stand at which till."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shanshi.foundation import limits
from shanshi.foundation.actor import Actor, Role
from shanshi.foundation.permissions import Permission, Reach, Who
from shanshi.kernel.errors import Missing
from shanshi.places import queries as places
from shanshi.places.queries import StreetFacts
from shanshi.registry import queries as registry
from shanshi.registry.access import ward_to_guard
from shanshi.rewards import queries, rules
from shanshi.rewards.queries import AppointmentFacts, MerchantFacts, OfferFacts, RedemptionFacts

REDEEM = Permission("redemption", "make", frozenset({Who.VOLUNTEER}), note="With one's own coins.")
LIST_REDEMPTIONS = Permission("redemption", "list", frozenset({Who.VOLUNTEER}), note="Only one's own.")
SEE_REDEMPTION = Permission("redemption", "see", frozenset({Who.SELF}))
SERVE_TILL = Permission(
    "till",
    "serve: show its code, fulfil, void",
    roles={Role.CASHIER: Reach.HERE},
    note="Only redemptions of this merchant.",
)
KEEP_OFFERS = Permission(
    "offer",
    "make, change, end",
    roles={Role.CITY_STAFF: Reach.HERE, Role.DIVISION_STAFF: Reach.HERE, Role.MANAGER: Reach.HERE},
    note="Of the merchant, by who runs it or its body, or by the office of its street.",
)
KEEP_STOCK = Permission(
    "offer",
    "restock",
    roles={
        Role.CITY_STAFF: Reach.HERE,
        Role.DIVISION_STAFF: Reach.HERE,
        Role.MANAGER: Reach.HERE,
        Role.CASHIER: Reach.HERE,
    },
    note="Also by who stands at its till.",
)
KEEP_MERCHANTS = Permission(
    "merchant",
    "add, change, end",
    roles={Role.CITY_STAFF: Reach.HERE, Role.DIVISION_STAFF: Reach.HERE},
    note="Of the streets in the office's division.",
)
APPOINT = Permission(
    "appointment",
    "make, list",
    frozenset({Who.SIGNED_IN}),
    note="One's own, or a child's that does not sign in; a resident needs no volunteer number.",
)
OWN_APPOINTMENT = Permission(
    "appointment", "cancel", frozenset({Who.SELF, Who.GUARDIAN}), note="Before its time begins."
)
_PREFIX = "merchant:"


@dataclass(frozen=True, slots=True)
class Comer:
    """Whose appointment it is: a volunteer, or a resident who has signed in."""

    holder_id: UUID
    is_volunteer: bool


def holder(actor: Actor) -> UUID:
    """Return the holder whose coins the actor may spend and whose redemptions the actor may see: its own.

    Raises SignInNeeded; Forbidden: the person is not a registered volunteer.
    """
    return actor.volunteer()


def own_redemption(actor: Actor, redemption_id: UUID) -> RedemptionFacts:
    """Return a redemption of the actor.

    Raises SignInNeeded, Forbidden; Missing: there is none, or it is somebody else's.
    """
    return queries.redemption(redemption_id, actor.volunteer())


def tills(actor: Actor) -> list[MerchantFacts]:
    """Return the merchants whose till the actor may use, by name.

    Raises SignInNeeded; Forbidden: the actor is no cashier.
    """
    places = SERVE_TILL.somewhere(actor)
    ids = [UUID(place.removeprefix(_PREFIX)) for place in places if place.startswith(_PREFIX)]
    return sorted(queries.merchants(ids).values(), key=lambda merchant: (merchant.name, merchant.id))


def till(actor: Actor, merchant_id: UUID) -> MerchantFacts:
    """Return a merchant whose till the actor may use.

    Raises SignInNeeded; Forbidden: the actor is no cashier there; Missing.
    """
    SERVE_TILL.check(actor, queries.merchant_lineage(merchant_id))
    return queries.merchant(merchant_id)


def redemption_at_till(actor: Actor, redemption_id: UUID) -> RedemptionFacts:
    """Return a redemption that the actor may fulfil or void.

    Raises SignInNeeded; Forbidden: the actor is no cashier; Missing; rules.OtherMerchant: the actor is a
    cashier of another merchant.
    """
    SERVE_TILL.somewhere(actor)
    found = queries.redemption(redemption_id)
    if not SERVE_TILL.by_role(actor, found.lineage):
        raise rules.OtherMerchant(merchant=found.merchant_name)
    return found


def try_code(actor: Actor, code: str, *, real_at: datetime) -> None:
    """Count one try of a cashier, if the code is one in digits: these could be guessed, the long code cannot.

    real_at  real time, with a zone

    Raises SignInNeeded; TooMany: the tries are spent; says how many seconds are left.
    """
    if rules.are_digits(rules.clean_code(code)):
        limits.spend("digits_per_cashier", str(actor.known()), at=real_at)


def comer(actor: Actor, ward_id: UUID | None = None, *, at: datetime) -> Comer:
    """Return for whom the actor makes an appointment: oneself, or a child in whose place the guardian acts.

    ward_id  the child's holder id; None for oneself
    at       with a time zone

    Raises SignInNeeded; for a child registry's WardUnconfirmed, Missing; Forbidden: it signs in itself.
    """
    if ward_id is not None and ward_id != actor.holder_id:
        return Comer(ward_to_guard(actor, ward_id, at=at, acts=True).holder_id, is_volunteer=True)
    person_id = actor.known()
    if actor.holder_id is not None:
        return Comer(actor.holder_id, is_volunteer=True)
    return Comer(registry.holder_of(person_id), is_volunteer=False)


def comers(actor: Actor, *, at: datetime) -> tuple[UUID, ...]:
    """Return whose appointments the actor may see: its own, and those of the minors it guards.

    at  with a time zone

    Raises SignInNeeded.
    """
    own = comer(actor, at=at).holder_id
    wards = registry.wards(actor.known(), at=at)
    return (own, *(ward.holder_id for ward in wards if ward.is_open))


def own_appointment(actor: Actor, appointment_id: UUID, *, at: datetime) -> AppointmentFacts:
    """Return an appointment of the actor or of a minor it guards.

    at  with a time zone

    Raises SignInNeeded; Missing: there is none, or it is somebody else's.
    """
    mine = comers(actor, at=at)
    found = queries.appointment(appointment_id)
    if found.holder_id not in mine:
        raise Missing
    return found


def appointment_at_till(actor: Actor, appointment_id: UUID) -> AppointmentFacts:
    """Return an appointment that the actor may serve.

    Raises SignInNeeded; Forbidden: the actor is no cashier there; Missing.
    """
    SERVE_TILL.somewhere(actor)
    found = queries.appointment(appointment_id)
    SERVE_TILL.check(actor, found.lineage)
    return found


def street_to_keep(actor: Actor, street_id: UUID, on: date) -> StreetFacts:
    """Return a street whose merchants the actor keeps.

    on  in the city's zone

    Raises SignInNeeded, Forbidden; Missing.
    """
    KEEP_MERCHANTS.somewhere(actor)
    KEEP_MERCHANTS.check(actor, queries.street_tree(street_id, on))
    return places.street(street_id)


def merchant_to_keep(actor: Actor, merchant_id: UUID, on: date) -> MerchantFacts:
    """Return a merchant that the actor may change and end.

    on  in the city's zone

    Raises SignInNeeded, Forbidden; Missing.
    """
    KEEP_MERCHANTS.somewhere(actor)
    KEEP_MERCHANTS.check(actor, queries.merchant_tree(merchant_id, on))
    return queries.merchant(merchant_id)


def merchant_of_offers(actor: Actor, merchant_id: UUID, on: date) -> MerchantFacts:
    """Return a merchant whose offers the actor makes, changes and ends.

    on  in the city's zone

    Raises SignInNeeded, Forbidden; Missing.
    """
    KEEP_OFFERS.somewhere(actor)
    KEEP_OFFERS.check(actor, queries.merchant_tree(merchant_id, on))
    return queries.merchant(merchant_id)


def merchant_of_stock(actor: Actor, merchant_id: UUID, on: date) -> MerchantFacts:
    """Return a merchant whose offers the actor may see all of and restock.

    on  in the city's zone

    Raises SignInNeeded, Forbidden; Missing.
    """
    KEEP_STOCK.somewhere(actor)
    KEEP_STOCK.check(actor, queries.merchant_tree(merchant_id, on))
    return queries.merchant(merchant_id)


def offer_to_keep(actor: Actor, offer_id: UUID, on: date) -> OfferFacts:
    """Return an offer that the actor changes and ends.

    on  in the city's zone

    Raises SignInNeeded, Forbidden; Missing.
    """
    KEEP_OFFERS.somewhere(actor)
    found = queries.offer(offer_id)
    KEEP_OFFERS.check(actor, queries.merchant_tree(found.merchant_id, on))
    return found


def offer_to_restock(actor: Actor, offer_id: UUID, on: date) -> OfferFacts:
    """Return an offer whose stock the actor changes.

    on  in the city's zone

    Raises SignInNeeded, Forbidden; Missing.
    """
    KEEP_STOCK.somewhere(actor)
    found = queries.offer(offer_id)
    KEEP_STOCK.check(actor, queries.merchant_tree(found.merchant_id, on))
    return found


def keeps(actor: Actor, merchant_id: UUID, on: date) -> tuple[bool, bool, bool]:
    """Return whether the actor keeps a merchant, its offers, and their stock: for the links of a page.

    on  in the city's zone

    Raises Missing.
    """
    if not actor.grants:
        return False, False, False
    tree = queries.merchant_tree(merchant_id, on)
    return (
        KEEP_MERCHANTS.by_role(actor, tree),
        KEEP_OFFERS.by_role(actor, tree),
        KEEP_STOCK.by_role(actor, tree),
    )


def keeps_street(actor: Actor, street_id: UUID, on: date) -> bool:
    """Whether the actor keeps the merchants of a street: for the links of a page.

    on  in the city's zone

    Raises Missing.
    """
    return bool(actor.grants) and KEEP_MERCHANTS.by_role(actor, queries.street_tree(street_id, on))
