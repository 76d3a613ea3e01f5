"""Who may redeem, who may stand at which till."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shanshi.foundation import limits
from shanshi.foundation.actor import Actor, Role
from shanshi.foundation.permissions import Permission, Reach, Who
from shanshi.rewards import queries, rules
from shanshi.rewards.queries import MerchantFacts, RedemptionFacts

REDEEM = Permission("redemption", "make", frozenset({Who.VOLUNTEER}), note="With one's own coins.")
LIST_REDEMPTIONS = Permission("redemption", "list", frozenset({Who.VOLUNTEER}), note="Only one's own.")
SEE_REDEMPTION = Permission("redemption", "see", frozenset({Who.SELF}))
SERVE_TILL = Permission(
    "till",
    "serve: show its code, fulfil, void",
    roles={Role.CASHIER: Reach.HERE},
    note="Only redemptions of this merchant.",
)
_PREFIX = "merchant:"


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
